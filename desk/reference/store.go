package reference

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/fxamacker/cbor/v2"
	bolt "go.etcd.io/bbolt"

	"gatehouse/ledger"
)

// About says what a set of reference data is.
type About struct {
	Version uint64    `json:"version"` // of the customers: grows with every set
	AsOf    time.Time `json:"as_of"`   // when the balances were true
	// Counted says how far the balances in this set count the entries of each log.
	// What a station took after that is still to be counted.
	Counted []Counted `json:"counted,omitempty"`
	// Feeds are the versions of the feeds that the set was made from, by their names.
	Feeds []FeedVersion `json:"feeds,omitempty"`
	// Index is the name of the file beside this one that finds the customers; empty
	// is the set's own name and ".index".
	Index string `json:"index,omitempty"`
}

// Counted is how far a log is counted.
type Counted struct {
	_       struct{} `cbor:",toarray"`
	Log     ledger.LogID
	Through uint64 // number of the last entry that is counted
}

// FeedVersion is the version of a feed.
type FeedVersion struct {
	_       struct{} `cbor:",toarray"`
	Feed    string
	Version uint64
}

// Through is the last entry of a log that the balances count; 0 is none.
func (a About) Through(log ledger.LogID) uint64 {
	for _, c := range a.Counted {
		if c.Log == log {
			return c.Through
		}
	}
	return 0
}

// Feed is the version of a feed that is in the set; 0 is none.
func (a About) Feed(name string) uint64 {
	for _, f := range a.Feeds {
		if f.Feed == name {
			return f.Version
		}
	}
	return 0
}

// Store is a set of reference data, open for reading.
type Store struct {
	db    *bolt.DB
	about About
}

var (
	bucketAbout = []byte("about")
	keyAbout    = []byte("about")
)

// maxKey bounds the key of a record.
const maxKey = 64

// Open opens a set. It is read only: any number of programs may have it open.
func Open(path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open the reference data: %w", err)
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return nil, fmt.Errorf("open the reference data %s: %w; put a fresh set in its place", path, err)
	}
	s := &Store{db: db}
	err = s.view(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketAbout)
		if b == nil {
			return errors.New("it is not a set of reference data")
		}
		return cbor.Unmarshal(b.Get(keyAbout), &s.about)
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the reference data %s: %w", path, err), db.Close())
	}
	return s, nil
}

// About says what the set is.
func (s *Store) About() About { return s.about }

// Get reads one record of a feed into v, and says whether it is there.
func (s *Store) Get(feed, key string, v any) (found bool, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(feed))
		if b == nil {
			return nil
		}
		raw := b.Get([]byte(key))
		if raw == nil {
			return nil
		}
		found = true
		return cbor.Unmarshal(raw, v)
	})
	if err != nil {
		return false, fmt.Errorf("read %s %q of the reference data: %w", feed, key, err)
	}
	return found, nil
}

// Keys returns up to limit keys of a feed in order.
func (s *Store) Keys(feed string, limit int) (keys []string, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(feed))
		if b == nil {
			return nil
		}
		c := b.Cursor()
		for k, _ := c.First(); k != nil && len(keys) < limit; k, _ = c.Next() {
			keys = append(keys, string(k))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the keys of %s in the reference data: %w", feed, err)
	}
	return keys, nil
}

// Feeds lists the feeds that have a record, in order.
func (s *Store) Feeds() (names []string, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
			if !bytes.Equal(name, bucketAbout) {
				names = append(names, string(name))
			}
			return nil
		})
	})
	return names, err
}

// Records gives the records of a feed in order, each with its CBOR, until the first
// error.
func (s *Store) Records(feed string) iter.Seq2[Raw, error] {
	return func(yield func(Raw, error) bool) {
		after := ""
		for {
			page, err := s.page(feed, after)
			if err != nil {
				yield(Raw{}, fmt.Errorf("read %s of the reference data: %w", feed, err))
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
				after = r.Key
			}
			if len(page) == 0 {
				return
			}
		}
	}
}

// Raw is a record as it is stored.
type Raw struct {
	Key   string
	Value []byte // CBOR
}

// page reads the next records, in a transaction of its own: none lasts long.
func (s *Store) page(feed, after string) (page []Raw, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(feed))
		if b == nil {
			return nil
		}
		c := b.Cursor()
		k, v := c.Seek([]byte(after + "\x00"))
		for ; k != nil && len(page) < batch; k, v = c.Next() {
			page = append(page, Raw{string(k), bytes.Clone(v)})
		}
		return nil
	})
	return page, err
}

// view runs a function on the file. A damaged page shows itself as a panic of
// bbolt or as a memory fault in the mapped file; it must not stop the station.
func (s *Store) view(read func(*bolt.Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file is damaged: %v; put a fresh set in its place", p)
		}
	}()
	return s.db.View(read)
}

// Close lets go of the file.
func (s *Store) Close() error { return s.db.Close() }

// Writer fills a new set.
type Writer struct {
	db      *bolt.DB
	pending []record
	pause   func() error
}

// Gently has the set flushed to disk piece by piece as it is built, with pause between
// two pieces: others who flush to the same disk then wait for a piece at most. An
// error of pause ends the building.
func (w *Writer) Gently(pause func() error) { w.pause = pause }

type record struct {
	feed, key string
	value     []byte
}

// batch is how many records go into one transaction.
const batch = 5000

// Put adds a record to a feed. Records are stored fastest feed after feed, each
// in the order of its keys.
func (w *Writer) Put(feed, key string, v any) error {
	raw, err := cbor.Marshal(v)
	if err != nil {
		return fmt.Errorf("reference data: %s %q: %w", feed, key, err)
	}
	return w.PutRaw(feed, key, raw)
}

// PutRaw adds a record that is CBOR already.
func (w *Writer) PutRaw(feed, key string, raw []byte) error {
	if feed == "" || feed == string(bucketAbout) || len(feed) > maxKey {
		return fmt.Errorf("reference data: %q cannot be the name of a feed", feed)
	}
	if key == "" || len(key) > maxKey {
		return fmt.Errorf("reference data: key %q of %s is empty or longer than %d bytes", key, feed, maxKey)
	}
	// A transaction is of one feed: bbolt writes several buckets in no fixed order,
	// and the same records are to make the same file.
	if len(w.pending) >= batch || (len(w.pending) > 0 && w.pending[0].feed != feed) {
		if err := w.flush(); err != nil {
			return err
		}
	}
	w.pending = append(w.pending, record{feed, key, raw})
	return nil
}

func (w *Writer) flush() error {
	err := w.db.Update(func(tx *bolt.Tx) error {
		for _, r := range w.pending {
			b, err := tx.CreateBucketIfNotExists([]byte(r.feed))
			if err != nil {
				return err
			}
			if err := b.Put([]byte(r.key), r.value); err != nil {
				return err
			}
		}
		return nil
	})
	w.pending = w.pending[:0]
	if err == nil && w.pause != nil {
		if err = w.db.Sync(); err == nil {
			err = w.pause()
		}
	}
	return err
}

// Build makes a set beside its place and renames it there, so that a station
// never sees half of one. fill puts the records.
func Build(path string, about About, fill func(*Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("build the reference data: %w", err)
	}
	temp := path + ".new"
	os.Remove(temp)
	defer os.Remove(temp)
	// The set can be built again: it is flushed once, at the end.
	db, err := bolt.Open(temp, 0o600, &bolt.Options{Timeout: time.Second, NoSync: true, NoFreelistSync: true})
	if err != nil {
		return fmt.Errorf("build the reference data: %w", err)
	}
	w := &Writer{db: db}
	err = fill(w)
	if err == nil {
		err = w.flush()
	}
	if err == nil {
		err = db.Update(func(tx *bolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists(bucketAbout)
			if err != nil {
				return err
			}
			raw, err := cbor.Marshal(about)
			if err != nil {
				return err
			}
			return b.Put(keyAbout, raw)
		})
	}
	if err == nil {
		err = db.Sync()
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("build the reference data: %w", err)
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("build the reference data: %w", err)
	}
	return nil
}
