package relay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fxamacker/cbor/v2"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// outbox is a file of what upstream has not said it has:
//
//	about       key of upstream
//	heads       log               upstream's last head, JSON
//	enrolments  log               the enrolment as the station sent it, JSON
//	batches     log/from/signed   a batch, CBOR
//	evidence    log/from/signed   a batch that does not fit, CBOR
//	manifests   feed              upstream's last manifest of it, signed
type outbox struct{ db *bolt.DB }

var (
	bucketAbout      = []byte("about")
	bucketHeads      = []byte("heads")
	bucketEnrolments = []byte("enrolments")
	bucketBatches    = []byte("batches")
	bucketEvidence   = []byte("evidence")
	bucketManifests  = []byte("manifests")
)

// openOutbox opens the file, or makes it.
func openOutbox(path string, wait time.Duration) (outbox, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return outbox{}, fmt.Errorf("open the relay's outbox: %w", err)
	}
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: wait, FreelistType: bolt.FreelistMapType})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return outbox{}, fmt.Errorf("open the relay's outbox %s: another program holds it", path)
	}
	if err == nil {
		err = db.Update(func(tx *bolt.Tx) error {
			for _, name := range [][]byte{bucketAbout, bucketHeads, bucketEnrolments, bucketBatches, bucketEvidence, bucketManifests} {
				if _, err := tx.CreateBucketIfNotExists(name); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return outbox{}, fmt.Errorf("open the relay's outbox %s: %w", path, err)
	}
	return outbox{db}, nil
}

// kept is a batch in the file.
type kept struct {
	From      uint64      `json:"from"`
	Prev      ledger.Leaf `json:"prev"`
	Count     int         `json:"count"`
	Last      ledger.Leaf `json:"last"`
	Signature []byte      `json:"signature"`
	Packed    []byte      `json:"packed"`
}

func (k kept) batch(log ledger.LogID) wire.Batch {
	return wire.Batch{Header: wire.Header{Log: log, From: k.From, Prev: k.Prev, Count: k.Count, Last: k.Last, Signature: k.Signature}, Packed: k.Packed}
}

// end is the number of the last entry of a batch.
func end(h wire.Header) uint64 { return h.From + uint64(h.Count) - 1 }

// keyOf is the same for the same batch sent again: its signature covers all of it.
func keyOf(h wire.Header) []byte {
	hash := ledger.LeafOf(h.Signature)
	return append(append(h.Log[:], ledger.SeqKey(h.From)...), hash[:8]...)
}

// put keeps a batch. Evidence is bounded like a central's own.
func (o outbox) put(bucket []byte, b wire.Batch) error {
	h := b.Header
	packed, err := ledger.Pack(kept{h.From, h.Prev, h.Count, h.Last, h.Signature, b.Packed})
	if err != nil {
		return err
	}
	return o.db.Update(func(tx *bolt.Tx) error {
		to := tx.Bucket(bucket)
		if bytes.Equal(bucket, bucketEvidence) {
			n := 0
			c := to.Cursor()
			for k, _ := c.Seek(h.Log[:]); bytes.HasPrefix(k, h.Log[:]); k, _ = c.Next() {
				n++
			}
			if n >= store.MaxEvidence {
				return nil
			}
		}
		return to.Put(keyOf(h), packed)
	})
}

// drop forgets a batch.
func (o outbox) drop(bucket []byte, h wire.Header) error {
	return o.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucket).Delete(keyOf(h)) })
}

// first is the first batch of a log that goes further than a number; false
// without one.
func (o outbox) first(bucket []byte, log ledger.LogID, after uint64) (out wire.Batch, found bool, err error) {
	err = o.each(bucket, log, func(k []byte, b wire.Batch) (bool, error) {
		if found = end(b.Header) > after; found {
			out = b
		}
		return !found, nil
	})
	return out, found, err
}

// each walks the batches of a log by their numbers, until more is false.
func (o outbox) each(bucket []byte, log ledger.LogID, see func(key []byte, b wire.Batch) (more bool, err error)) error {
	return o.db.View(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucket).Cursor()
		for k, raw := c.Seek(log[:]); bytes.HasPrefix(k, log[:]); k, raw = c.Next() {
			var one kept
			if err := cbor.Unmarshal(bytes.Clone(raw), &one); err != nil {
				return fmt.Errorf("read the relay's outbox: %w", err)
			}
			if more, err := see(k, one.batch(log)); err != nil || !more {
				return err
			}
		}
		return nil
	})
}

// covered is how far a log reaches without a gap, from what upstream has.
func (o outbox) covered(log ledger.LogID, upstream uint64) (uint64, error) {
	err := o.each(bucketBatches, log, func(_ []byte, b wire.Batch) (bool, error) {
		if b.Header.From <= upstream+1 {
			upstream = max(upstream, end(b.Header))
		}
		return true, nil
	})
	return upstream, err
}

// arrived keeps upstream's head of a log, and forgets what upstream has.
func (o outbox) arrived(h wire.Head) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	var gone [][]byte
	if err := o.each(bucketBatches, h.Log, func(k []byte, b wire.Batch) (bool, error) {
		if end(b.Header) <= h.Seq {
			gone = append(gone, bytes.Clone(k))
		}
		return true, nil
	}); err != nil {
		return err
	}
	return o.db.Update(func(tx *bolt.Tx) error {
		for _, k := range gone {
			if err := tx.Bucket(bucketBatches).Delete(k); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketHeads).Put(h.Log[:], text)
	})
}

// heads are upstream's heads as they were kept.
func (o outbox) heads() (map[ledger.LogID]wire.Head, error) {
	out := make(map[ledger.LogID]wire.Head)
	err := o.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketHeads).ForEach(func(k, text []byte) error {
			var h wire.Head
			if err := json.Unmarshal(text, &h); err != nil {
				return fmt.Errorf("read the relay's outbox: %w", err)
			}
			out[h.Log] = h
			return nil
		})
	})
	return out, err
}

// value and setValue keep small things by their keys.
func (o outbox) value(bucket, key []byte) (out []byte, err error) {
	err = o.db.View(func(tx *bolt.Tx) error {
		out = bytes.Clone(tx.Bucket(bucket).Get(key))
		return nil
	})
	return out, err
}

// values are all of a bucket.
func (o outbox) values(bucket []byte) (out [][]byte, err error) {
	err = o.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(bucket).ForEach(func(_, v []byte) error {
			out = append(out, bytes.Clone(v))
			return nil
		})
	})
	return out, err
}

func (o outbox) setValue(bucket, key, value []byte) error {
	return o.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucket).Put(key, value) })
}
