package ledger

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Options is what a Book is opened with.
type Options struct {
	Path    string    // the ledger file; made if it is not there
	Station StationID // whose ledger it is; must agree with the file
	Signer  Signer    // the station's key; must agree with the file

	Views        []View        // of the duties, in their order
	Consequences []Consequence // of the duties, in their order

	Mirror  string   // folder of the mirror log; empty means none
	Follows *Follows // for a new ledger only: the log it goes on from
	// Witnesses are folders that may be there or not, see Witness. The ledger is
	// compared with them as it opens; a Witness carries it to each.
	Witnesses []string
	// WitnessWait is how long a start waits for a witness that does not answer,
	// and an end for its last entries: a share may hang for good. 0 means 3 s.
	WitnessWait time.Duration
	Training    bool // a practice ledger: another file, another key, another number range
	// Location is the station's time zone, for calendar dates. Nil is UTC.
	Location *time.Location

	Clock  Clock        // nil is time.Now
	Random io.Reader    // nil is crypto/rand
	Log    *slog.Logger // nil is silent

	// Wait is how long to wait for another process to let go of the file.
	// 0 means 500 ms.
	Wait time.Duration
}

// Identity is what the first entry says about a log.
type Identity struct {
	Station  StationID `json:"station"`
	Log      LogID     `json:"log"`
	Key      []byte    `json:"key"` // Ed25519 public key
	Training bool      `json:"training,omitempty"`
	Software string    `json:"software"`
	// Follows names the log that this one goes on from; nil for a station that
	// begins with nothing.
	Follows *Follows `json:"follows,omitempty"`
}

// KindOpened is the first entry of every log, KindClock a step of the clock.
const (
	KindOpened Kind = "ledger.opened.v1"
	KindClock  Kind = "ledger.clock_stepped.v1"
)

// ClockStepped is the body of KindClock: the clock moved by By microseconds
// more than time went by.
type ClockStepped struct {
	From int64 `json:"from"` // microseconds since 1970 UTC, expected
	To   int64 `json:"to"`   // found
	By   int64 `json:"by"`
}

// schema is the layout of the file. A file of a later schema is refused.
const schema = 1

// meta is what the file says about itself besides its entries.
type meta struct {
	Schema   int      `json:"schema"`
	Identity Identity `json:"identity"`
}

// signedHead is the head as it lies in the file, signed.
type signedHead struct {
	_         struct{} `cbor:",toarray"`
	Head      Head
	Signature []byte
}

// Book is a station's ledger, open for writing. Its methods may be called from
// any goroutine.
type Book struct {
	o     Options
	id    Identity
	views []View
	queue chan *request
	stop  chan struct{} // closed to end the writer
	done  chan struct{} // closed when the writer has ended
	gone  chan struct{} // closed when the file was let go of

	mirror *mirror

	mu     sync.Mutex // guards what follows
	db     *bolt.DB
	head   Head
	fault  error         // why nothing more is accepted
	grew   chan struct{} // closed and replaced at each commit
	closed bool

	readers sync.RWMutex // held for reading while db is in use, for writing while it is exchanged
	rest    []Entry      // tail of the log as of head; the writer's own
	last    time.Time    // time of the last commit, with its monotonic reading; the writer's own
}

// Open opens a station's ledger, or makes it. It compares the end of the log
// with its signature, with the last entries, and with the mirror; if the mirror
// knows entries that the file lost, they are put back.
func Open(o Options) (*Book, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Wait == 0 {
		o.Wait = 500 * time.Millisecond
	}
	if o.WitnessWait == 0 {
		o.WitnessWait = 3 * time.Second
	}
	if _, err := ParseStationID(string(o.Station)); err != nil {
		return nil, err
	}
	if o.Signer == nil {
		return nil, errors.New("open the ledger: no station key")
	}
	b := &Book{
		o:     o,
		views: o.Views,
		queue: make(chan *request, 256),
		stop:  make(chan struct{}),
		done:  make(chan struct{}),
		gone:  make(chan struct{}),
		grew:  make(chan struct{}),
	}
	if _, err := os.Stat(o.Path); errors.Is(err, os.ErrNotExist) {
		if err := b.create(); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, fmt.Errorf("make the ledger %s: %w", o.Path, err)
		}
	}
	if err := b.open(); err != nil {
		return nil, fmt.Errorf("open the ledger %s: %w", o.Path, err)
	}
	if b.mirror != nil {
		go b.mirror.follow(b)
	}
	go b.write()
	return b, nil
}

// Identity says whose log this is.
func (b *Book) Identity() Identity { return b.id }

// Signer is the station's key, for what is signed outside the ledger: receipts
// and batches to central.
func (b *Book) Signer() Signer { return b.o.Signer }

// Location is the station's time zone.
func (b *Book) Location() *time.Location { return b.o.Location }

// Head is the end of the log after the last commit.
func (b *Book) Head() Head {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.head
}

// Fault is why the book accepts nothing more, nil while it does.
func (b *Book) Fault() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.fault
}

// Wait returns when the log is longer than after, or with the context's error.
// This is how followers follow.
func (b *Book) Wait(ctx context.Context, after uint64) error {
	for {
		b.mu.Lock()
		head, grew, closed := b.head.Seq, b.grew, b.closed
		b.mu.Unlock()
		if head > after {
			return nil
		}
		if closed {
			return ErrClosed
		}
		select {
		case <-grew:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Read runs a function on the ledger as it stands. The function must be short,
// must not keep what it was given, and must not read or commit by the book
// itself: it would wait for a writer that waits for it.
//
// It never sees an entry that is not on disk: bbolt shows readers a commit
// whose last flush is still under way, so such a reading is put off until it is
// done.
func (b *Book) Read(read func(*State) error) error {
	for {
		b.mu.Lock()
		grew, closed := b.grew, b.closed
		b.mu.Unlock()
		early, err := b.readOnce(read)
		if !early || err != nil {
			return err
		}
		if closed {
			return ErrClosed
		}
		<-grew
	}
}

// readOnce reads, unless the file is ahead of what is known to be on disk.
func (b *Book) readOnce(read func(*State) error) (early bool, err error) {
	b.readers.RLock()
	defer b.readers.RUnlock()
	b.mu.Lock()
	db, fault := b.db, b.fault
	b.mu.Unlock()
	if db == nil {
		return false, errors.Join(ErrClosed, fault)
	}
	err = guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			signed, err := readHead(tx)
			if err != nil {
				return err
			}
			if early = signed.Head.Seq > b.Head().Seq; early {
				return nil
			}
			return read(b.stateIn(tx, signed.Head, b.o.Clock()))
		})
	})
	return early, err
}

func (b *Book) stateIn(tx *bolt.Tx, head Head, now time.Time) *State {
	return &State{tx: tx, now: now, station: b.id.Station, log: b.id.Log, training: b.id.Training, head: head}
}

// Entries returns up to limit entries, beginning with number from.
func (b *Book) Entries(from uint64, limit int) ([]Entry, error) {
	var out []Entry
	err := b.Read(func(s *State) error {
		for seq := from; seq <= s.head.Seq && len(out) < limit; seq++ {
			e, err := s.Entry(seq)
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

// Close lets what waits be stored, then lets go of the file.
func (b *Book) Close() error {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		<-b.gone
		return nil
	}
	defer close(b.gone)
	b.closed = true
	close(b.grew)
	b.mu.Unlock()
	close(b.stop)
	<-b.done
	var err error
	if b.mirror != nil {
		err = b.mirror.close()
	}
	b.readers.Lock()
	defer b.readers.Unlock()
	b.mu.Lock()
	db := b.db
	b.db = nil
	b.mu.Unlock()
	if db != nil {
		err = errors.Join(err, closeInOrder(db))
	}
	return err
}
