package reference

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fxamacker/cbor/v2"
	bolt "go.etcd.io/bbolt"
)

// About says what a set of reference data is.
type About struct {
	Version uint64    `json:"version"` // grows with every set
	AsOf    time.Time `json:"as_of"`   // when the balances were true
	// Through is the last entry of this station's log that the balances in this
	// set already count. What the station took after it is still to be counted.
	Through uint64 `json:"through"`
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
		return nil, fmt.Errorf("open the reference data %s: %w; delete it and let central send it again", path, err)
	}
	s := &Store{db: db}
	err = db.View(func(tx *bolt.Tx) error {
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
	err = s.db.View(func(tx *bolt.Tx) error {
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
	err = s.db.View(func(tx *bolt.Tx) error {
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
	return keys, err
}

// Close lets go of the file.
func (s *Store) Close() error { return s.db.Close() }

// Writer fills a new set.
type Writer struct {
	db      *bolt.DB
	pending []record
}

type record struct {
	feed, key string
	value     []byte
}

// batch is how many records go into one transaction.
const batch = 5000

// Put adds a record to a feed. Records of one feed are stored fastest in the
// order of their keys.
func (w *Writer) Put(feed, key string, v any) error {
	if key == "" || len(key) > maxKey {
		return fmt.Errorf("reference data: key %q of %s is empty or longer than %d bytes", key, feed, maxKey)
	}
	raw, err := cbor.Marshal(v)
	if err != nil {
		return fmt.Errorf("reference data: %s %q: %w", feed, key, err)
	}
	w.pending = append(w.pending, record{feed, key, raw})
	if len(w.pending) >= batch {
		return w.flush()
	}
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
