package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"
	bolt "go.etcd.io/bbolt"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// maxRead bounds how many entries one call returns.
const maxRead = 2000

// Entries implements Store.
func (b *Bolt) Entries(ctx context.Context, id ledger.LogID, from uint64, limit int) (out []Stored, err error) {
	err = b.view(ctx, func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketEntries).Cursor()
		for k, v := c.Seek(entryKey(id, from)); ofLog(k, id) && len(out) < min(limit, maxRead); k, v = c.Next() {
			e, err := readEntry(id, seqOf(k), v)
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

// Before implements Store.
func (b *Bolt) Before(ctx context.Context, id ledger.LogID, before uint64, limit int) (out []Stored, err error) {
	err = b.view(ctx, func(tx *bolt.Tx) error {
		log, _, err := readLog(tx, id)
		if err != nil {
			return err
		}
		seq := log.Head.Seq
		if before > 0 {
			seq = min(seq, before-1)
		}
		bucket := tx.Bucket(bucketEntries)
		for ; seq > 0 && len(out) < min(limit, maxRead); seq-- {
			e, err := readEntry(id, seq, bucket.Get(entryKey(id, seq)))
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

func ofLog(key []byte, id ledger.LogID) bool {
	return len(key) == len(id)+8 && bytes.Equal(key[:len(id)], id[:])
}

func seqOf(key []byte) uint64 { return ledger.KeySeq(key[len(key)-8:]) }

// readEntry reads an entry as put wrote it, and says so if it is not the one
// that belongs there.
func readEntry(id ledger.LogID, seq uint64, value []byte) (Stored, error) {
	if len(value) < 8 {
		return Stored{}, missing(id, seq)
	}
	return decodeStored(id, seq, int64(ledger.KeySeq(value[:8])), bytes.Clone(value[8:]))
}

func missing(id ledger.LogID, seq uint64) error {
	return fmt.Errorf("central's store is damaged: entry %d of log %s is missing; restore it, the stations send again what is lost", seq, id)
}

// decodeStored reads the bytes of an entry, which it keeps. Received is in
// microseconds since 1970 UTC.
func decodeStored(id ledger.LogID, seq uint64, received int64, raw []byte) (Stored, error) {
	e, err := ledger.DecodeEntry(raw)
	if err == nil && (e.Seq != seq || e.Log != id) {
		err = fmt.Errorf("entry %d of log %s lies in its place", e.Seq, e.Log)
	}
	if err != nil {
		return Stored{}, fmt.Errorf("central's store is damaged: entry %d of log %s: %w", seq, id, err)
	}
	return Stored{e, time.UnixMicro(received).UTC()}, nil
}

// evidenceRecord is Evidence in the file.
type evidenceRecord struct {
	Reason    wire.Problem `json:"reason"`
	Received  int64        `json:"received"` // microseconds since 1970 UTC
	From      uint64       `json:"from"`
	Prev      ledger.Leaf  `json:"prev"`
	Count     int          `json:"count"`
	Last      ledger.Leaf  `json:"last"`
	Signature []byte       `json:"signature"`
	Packed    []byte       `json:"packed"`
}

func (e Evidence) record() evidenceRecord {
	h := e.Batch.Header
	return evidenceRecord{e.Reason, e.Received.UnixMicro(), h.From, h.Prev, h.Count, h.Last, h.Signature, e.Batch.Packed}
}

func (r evidenceRecord) evidence(id ledger.LogID) Evidence {
	h := wire.Header{Log: id, From: r.From, Prev: r.Prev, Count: r.Count, Last: r.Last, Signature: r.Signature}
	return Evidence{r.Reason, time.UnixMicro(r.Received).UTC(), wire.Batch{Header: h, Packed: r.Packed}}
}

// Evidence implements Store.
func (b *Bolt) Evidence(ctx context.Context, id ledger.LogID) (out []Evidence, err error) {
	err = b.view(ctx, func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketEvidence).Cursor()
		for k, v := c.Seek(id[:]); bytes.HasPrefix(k, id[:]); k, v = c.Next() {
			var r evidenceRecord
			if err := cbor.Unmarshal(v, &r); err != nil {
				return fmt.Errorf("read the evidence of log %s: %w", id, err)
			}
			out = append(out, r.evidence(id))
		}
		return nil
	})
	slices.SortStableFunc(out, func(x, y Evidence) int { return x.Received.Compare(y.Received) })
	return out, err
}
