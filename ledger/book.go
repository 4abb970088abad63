package ledger

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
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

	Mirror   string // folder of the mirror log; empty means none
	Training bool   // a practice ledger: another file, another key, another number range
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

	mirror *mirror

	mu     sync.Mutex // guards what follows
	db     *bolt.DB
	head   Head
	fault  error         // why nothing more is accepted
	grew   chan struct{} // closed and replaced at each commit
	closed bool

	readers sync.RWMutex // held for reading while db is in use, for writing while it is exchanged
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
	if _, err := ParseStationID(string(o.Station)); err != nil {
		return nil, err
	}
	if o.Signer == nil {
		return nil, errors.New("open the ledger: no station key")
	}
	b := &Book{
		o:     o,
		views: append([]View{commands{}, books{}}, o.Views...),
		queue: make(chan *request, 256),
		stop:  make(chan struct{}),
		done:  make(chan struct{}),
		grew:  make(chan struct{}),
	}
	if _, err := os.Stat(o.Path); errors.Is(err, os.ErrNotExist) {
		if err := b.create(); err != nil {
			return nil, fmt.Errorf("make the ledger %s: %w", o.Path, err)
		}
	}
	if err := b.open(); err != nil {
		return nil, fmt.Errorf("open the ledger %s: %w", o.Path, err)
	}
	if o.Mirror != "" {
		if err := b.openWitness(); err != nil {
			b.db.Close()
			return nil, fmt.Errorf("open the ledger %s: %w", o.Path, err)
		}
		go b.mirror.follow(b)
	}
	go b.write()
	return b, nil
}

// create makes the file with its first entry, beside its place, and renames it:
// a file half made is never found.
func (b *Book) create() error {
	if err := os.MkdirAll(filepath.Dir(b.o.Path), 0o700); err != nil {
		return err
	}
	if found, err := mirrorHolds(b.o.Mirror); err != nil || found {
		return errors.Join(err, fmt.Errorf("the file is missing but its mirror %s is not empty; restore it with gatehousectl restore, or move the mirror away to begin anew", b.o.Mirror))
	}
	var log LogID
	if _, err := io.ReadFull(b.o.Random, log[:]); err != nil {
		return err
	}
	b.id = Identity{Station: b.o.Station, Log: log, Key: b.o.Signer.Public(), Training: b.o.Training, Software: "gatehouse 0.1"}
	temp := b.o.Path + ".new"
	os.Remove(temp)
	db, err := openFile(temp, b.o.Wait, false)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketMeta, bucketLog, bucketCursor} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		for _, v := range b.views {
			if _, err := tx.CreateBucket(viewBucket(v.Name())); err != nil {
				return err
			}
		}
		if err := putMeta(tx, "about", meta{Schema: schema, Identity: b.id}); err != nil {
			return err
		}
		first, err := NewCommandID(b.o.Random)
		if err != nil {
			return err
		}
		w := b.writerIn(tx, Head{}, b.o.Clock())
		if err := w.append(&request{Command: Command{ID: first, Actor: actorStation}}, Draft{Kind: KindOpened, Body: b.id}); err != nil {
			return err
		}
		return w.finish()
	})
	err = errors.Join(err, db.Close())
	if err != nil {
		os.Remove(temp)
		return err
	}
	if err := os.Rename(temp, b.o.Path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(b.o.Path))
}

// actorStation is who acts when the program itself writes an entry.
const actorStation = "station"

// openFile opens a bbolt file with the settings every ledger has: each commit
// flushed, the free list kept on disk so that opening does not read the file.
func openFile(path string, wait time.Duration, readOnly bool) (*bolt.DB, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{
		Timeout:      wait,
		ReadOnly:     readOnly,
		FreelistType: bolt.FreelistMapType,
	})
	if errors.Is(err, bolt.ErrTimeout) {
		return nil, fmt.Errorf("%w: close the other Gatehouse on this machine, or wait for it to end", ErrInUse)
	}
	return db, err
}

// open opens the file that is there and checks that it is whole at its end.
func (b *Book) open() (err error) {
	var db *bolt.DB
	err = guard(func() error {
		db, err = openFile(b.o.Path, b.o.Wait, false)
		return err
	})
	if err != nil {
		if errors.Is(err, ErrInUse) {
			return err
		}
		return damaged(err)
	}
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	var head Head
	err = guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			about, err := readMeta(tx)
			if err != nil {
				return err
			}
			if about.Identity.Station != b.o.Station {
				return fmt.Errorf("it belongs to station %s, this is %s", about.Identity.Station, b.o.Station)
			}
			if about.Identity.Training != b.o.Training {
				return errors.New("a training ledger and a real one cannot take each other's place")
			}
			if string(about.Identity.Key) != string(b.o.Signer.Public()) {
				return errors.New("it was signed with another key; restore this station's key file")
			}
			b.id = about.Identity
			head, err = checkTail(tx, b.id, tailChecked)
			return err
		})
	})
	if err != nil {
		return err
	}
	b.db, b.head = db, head
	b.last = b.o.Clock()
	if err := guard(b.makeViews); err != nil {
		return err
	}
	return nil
}

// openWitness opens the mirror and compares the ledger with it.
func (b *Book) openWitness() (err error) {
	if b.mirror, err = openMirror(b.o.Mirror, b.id, b.o.Log); err != nil {
		return err
	}
	return guard(b.reconcile)
}

// makeViews folds views that the file does not have yet, so that a new duty
// finds its rows for what happened before it came.
func (b *Book) makeViews() error {
	var missing []View
	if err := b.db.View(func(tx *bolt.Tx) error {
		for _, v := range b.views {
			if tx.Bucket(viewBucket(v.Name())) == nil {
				missing = append(missing, v)
			}
		}
		return nil
	}); err != nil || len(missing) == 0 {
		return err
	}
	return b.db.Update(func(tx *bolt.Tx) error {
		var folds []*fold
		for _, v := range missing {
			bucket, err := tx.CreateBucket(viewBucket(v.Name()))
			if err != nil {
				return err
			}
			folds = append(folds, newFold(v, &boltTable{b: bucket}))
		}
		return tx.Bucket(bucketLog).ForEach(func(_, raw []byte) error {
			e, err := DecodeEntry(raw)
			if err != nil {
				return err
			}
			return foldInto(folds, &e)
		})
	})
}

// tailChecked is how many entries at the end are checked at each start.
const tailChecked = 256

// checkTail proves the last entries of the log: chain, signature of the head.
// It takes the same time however long the log is.
func checkTail(tx *bolt.Tx, id Identity, n int) (Head, error) {
	signed, err := readHead(tx)
	if err != nil {
		return Head{}, err
	}
	head := signed.Head
	if !CheckHead(id.Key, id.Log, head.Seq, head.Leaf, signed.Signature) {
		return Head{}, fmt.Errorf("%w: the signature of its end, entry %d, does not hold", ErrDamaged, head.Seq)
	}
	want, seq := head.Leaf, head.Seq
	c := tx.Bucket(bucketLog).Cursor()
	for k, raw := c.Last(); k != nil && n > 0; k, raw = c.Prev() {
		if KeySeq(k) != seq || LeafOf(raw) != want {
			return Head{}, fmt.Errorf("%w: entry %d is not the one that was written", ErrDamaged, seq)
		}
		e, err := DecodeEntry(raw)
		if err != nil || e.Seq != seq || e.Log != id.Log {
			return Head{}, fmt.Errorf("%w: entry %d cannot be read: %v", ErrDamaged, seq, err)
		}
		want = e.Prev
		seq--
		n--
	}
	if n > 0 && seq != 0 {
		return Head{}, fmt.Errorf("%w: entry %d is missing", ErrDamaged, seq)
	}
	return head, nil
}

func readMeta(tx *bolt.Tx) (meta, error) {
	var about meta
	bucket := tx.Bucket(bucketMeta)
	if bucket == nil || tx.Bucket(bucketLog) == nil {
		return about, fmt.Errorf("%w: it is not a Gatehouse ledger", ErrDamaged)
	}
	if err := decoder.Unmarshal(bucket.Get([]byte("about")), &about); err != nil {
		return about, fmt.Errorf("%w: what it says about itself cannot be read: %v", ErrDamaged, err)
	}
	if about.Schema > schema {
		return about, fmt.Errorf("%w: schema %d, this program knows %d", ErrTooNew, about.Schema, schema)
	}
	if len(about.Identity.Key) != ed25519.PublicKeySize {
		return about, fmt.Errorf("%w: it has no station key", ErrDamaged)
	}
	return about, nil
}

func readHead(tx *bolt.Tx) (signedHead, error) {
	var s signedHead
	if err := decoder.Unmarshal(tx.Bucket(bucketMeta).Get([]byte("head")), &s); err != nil {
		return s, fmt.Errorf("%w: its head cannot be read: %v", ErrDamaged, err)
	}
	return s, nil
}

func putMeta(tx *bolt.Tx, key string, v any) error {
	packed, err := Pack(v)
	if err != nil {
		return err
	}
	return tx.Bucket(bucketMeta).Put([]byte(key), packed)
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

// Read runs a function on the ledger as it stands. The function must be short
// and must not keep what it was given.
func (b *Book) Read(read func(*State) error) error {
	b.readers.RLock()
	defer b.readers.RUnlock()
	b.mu.Lock()
	db, fault := b.db, b.fault
	b.mu.Unlock()
	if db == nil {
		return errors.Join(ErrClosed, fault)
	}
	return guard(func() error {
		return db.View(func(tx *bolt.Tx) error {
			signed, err := readHead(tx)
			if err != nil {
				return err
			}
			return read(b.stateIn(tx, signed.Head, b.o.Clock()))
		})
	})
}

func (b *Book) stateIn(tx *bolt.Tx, head Head, now time.Time) *State {
	return &State{tx: tx, now: now, station: b.id.Station, training: b.id.Training, head: head}
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
		<-b.done
		return nil
	}
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
		err = errors.Join(err, db.Close())
	}
	return err
}

// Remember keeps a follower's own note, such as how far central has the log. It
// is not part of the record, and a follower must do without it when it is lost.
func (b *Book) Remember(name string, note []byte) error {
	b.readers.RLock()
	defer b.readers.RUnlock()
	b.mu.Lock()
	db := b.db
	b.mu.Unlock()
	if db == nil {
		return ErrClosed
	}
	return guard(func() error {
		return db.Update(func(tx *bolt.Tx) error {
			return tx.Bucket(bucketCursor).Put([]byte(name), note)
		})
	})
}

// Recall returns what Remember kept, nil if nothing was.
func (b *Book) Recall(name string) (note []byte, err error) {
	err = b.Read(func(s *State) error {
		note = append(note, s.tx.Bucket(bucketCursor).Get([]byte(name))...)
		return nil
	})
	return note, err
}
