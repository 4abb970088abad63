package ledger

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Replica is a copy of a station's ledger where the station's key is not: at
// central, to read it with the same rules and reports as at the desk. It is
// rebuilt from entries that somebody else keeps and has verified, and may be
// deleted at any time.
type Replica struct {
	book    Book
	mu      sync.RWMutex // held for writing while entries are taken in
	head    Head
	started bool
}

// ReplicaOptions is what a Replica is opened with.
type ReplicaOptions struct {
	Path     string // the file; made, with its folder, if it is not there
	Views    []View // of the duties, in their order
	Location *time.Location
	Clock    Clock // nil is time.Now
	Wait     time.Duration
}

// OpenReplica opens a copy, or makes an empty one. A file that is damaged is an
// error: delete it and begin anew.
func OpenReplica(o ReplicaOptions) (*Replica, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Wait == 0 {
		o.Wait = lookWait
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, fmt.Errorf("open the copy of a ledger: %w", err)
	}
	db, err := openFile(o.Path, o.Wait, false)
	if err != nil {
		return nil, fmt.Errorf("open the copy of a ledger %s: %w", o.Path, err)
	}
	r := &Replica{book: Book{o: Options{Path: o.Path, Location: o.Location, Clock: o.Clock}, views: o.Views, db: db}}
	if err := guard(r.read); err != nil {
		return nil, errors.Join(fmt.Errorf("open the copy of a ledger %s: %w", o.Path, err), db.Close())
	}
	return r, nil
}

// read finds out how far the file goes.
func (r *Replica) read() error {
	empty := false
	err := r.book.db.View(func(tx *bolt.Tx) error {
		if empty = tx.Bucket(bucketMeta) == nil; empty {
			return nil
		}
		about, err := readMeta(tx)
		if err != nil {
			return err
		}
		signed, err := readHead(tx)
		r.book.id, r.head, r.started = about.Identity, signed.Head, true
		return err
	})
	if err != nil || empty {
		return err
	}
	return r.book.makeViews()
}

// Identity says whose log this is a copy of; without entries nobody's.
func (r *Replica) Identity() Identity {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.book.id
}

// Head is the last entry of the copy.
func (r *Replica) Head() Head {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.head
}

// Append takes in entries that follow the head, in one transaction; the first of
// all must open the log. What does not follow is an error, and nothing of it is
// taken in.
func (r *Replica) Append(entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	head := r.head
	err := guard(func() error {
		return r.book.db.Update(func(tx *bolt.Tx) error {
			if !r.started {
				if err := r.lay(tx, &entries[0]); err != nil {
					return err
				}
			}
			w := r.book.writerIn(tx, head, r.book.o.Clock())
			for i := range entries {
				e := &entries[i]
				if e.Log != r.book.id.Log || e.Seq != w.head.Seq+1 || e.Prev != w.head.Leaf {
					return fmt.Errorf("entry %d of log %s does not follow entry %d of %s", e.Seq, e.Log, w.head.Seq, r.book.id.Log)
				}
				if err := w.put(e); err != nil {
					return err
				}
			}
			head = w.head
			return putMeta(tx, "head", signedHead{Head: head})
		})
	})
	if err != nil {
		if !r.started {
			r.book.id = Identity{}
		}
		return fmt.Errorf("copy the ledger of station %s: %w", r.book.id.Station, err)
	}
	r.head, r.started, r.book.rest = head, true, nil
	return nil
}

// lay makes the buckets of an empty copy.
func (r *Replica) lay(tx *bolt.Tx, first *Entry) error {
	if first.Kind != KindOpened || first.Seq != 1 {
		return errors.New("it does not begin with the entry that opens a log")
	}
	var err error
	if r.book.id, err = Unpack[Identity](first); err != nil {
		return err
	}
	return r.book.layBuckets(tx)
}

// Read runs a function on the copy as it stands. The function must not keep what
// it was given. An empty copy has nothing to read: ErrEmpty.
func (r *Replica) Read(read func(*State) error) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if !r.started {
		return ErrEmpty
	}
	return guard(func() error {
		return r.book.db.View(func(tx *bolt.Tx) error {
			return read(r.book.stateIn(tx, r.head, r.book.o.Clock()))
		})
	})
}

// ErrEmpty: no entry was copied yet.
var ErrEmpty = errors.New("the copy has no entries yet")

// Close lets go of the file.
func (r *Replica) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.book.db.Close()
}
