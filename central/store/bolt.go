package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Options is what a Bolt is opened with.
type Options struct {
	Path  string       // the file; made, with its folder, if it is not there
	Clock ledger.Clock // for the time of receipt; nil is time.Now
	Codec *wire.Codec
	// Wait is how long to wait for another process to let go of the file. 0
	// means 500 ms.
	Wait time.Duration
}

// Bolt is a Store in one bbolt file:
//
//	about              layout of the file; key of central
//	logs      log      the log, CBOR
//	entries   log/seq  time of receipt in microseconds (8 bytes), then the entry
//	evidence  log/hash evidence, CBOR
//	blobs     hash/feed time it was put in microseconds (8 bytes), then the bytes
type Bolt struct {
	o  Options
	db *bolt.DB
}

// layout of the file; a file of a later layout is refused.
const layout = "gatehouse central 1"

var (
	bucketAbout    = []byte("about")
	bucketLogs     = []byte("logs")
	bucketEntries  = []byte("entries")
	bucketEvidence = []byte("evidence")
	bucketBlobs    = []byte("blobs")
)

// OpenBolt opens the embedded store.
func OpenBolt(o Options) (*Bolt, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Wait == 0 {
		o.Wait = 500 * time.Millisecond
	}
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, fmt.Errorf("open central's store: %w", err)
	}
	db, err := bolt.Open(o.Path, 0o600, &bolt.Options{Timeout: o.Wait, FreelistType: bolt.FreelistMapType})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("open central's store %s: another program holds it; end the other gatehouse-central first", o.Path)
	}
	if err != nil {
		return nil, fmt.Errorf("open central's store %s: %w", o.Path, err)
	}
	if err := db.Update(prepare); err != nil {
		return nil, errors.Join(fmt.Errorf("open central's store %s: %w", o.Path, err), db.Close())
	}
	return &Bolt{o, db}, nil
}

func prepare(tx *bolt.Tx) error {
	for _, name := range [][]byte{bucketAbout, bucketLogs, bucketEntries, bucketEvidence, bucketBlobs} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	about := tx.Bucket(bucketAbout)
	found := about.Get([]byte("layout"))
	if found == nil {
		return about.Put([]byte("layout"), []byte(layout))
	}
	if string(found) != layout {
		return fmt.Errorf("it was written by another version (%q, this program knows %q)", found, layout)
	}
	return nil
}

// Claim implements Store.
func (b *Bolt) Claim(ctx context.Context, key ed25519.PublicKey) error {
	return b.update(ctx, func(tx *bolt.Tx) error {
		about := tx.Bucket(bucketAbout)
		switch found := about.Get([]byte("key")); {
		case found == nil:
			return about.Put([]byte("key"), key)
		case !bytes.Equal(found, key):
			return ErrOtherCentral
		}
		return nil
	})
}

// Close lets what is under way end, then lets go of the file.
func (b *Bolt) Close() error { return b.db.Close() }

// record is a Log in the file.
type record struct {
	First    []byte       `json:"first"` // the first entry, verbatim
	Head     ledger.Head  `json:"head"`
	Enrolled int64        `json:"enrolled"` // microseconds since 1970 UTC
	Received int64        `json:"received"`
	Evidence uint64       `json:"evidence,omitempty"`
	Trouble  wire.Problem `json:"trouble,omitempty"`
}

func readLog(tx *bolt.Tx, id ledger.LogID) (Log, record, error) {
	var r record
	raw := tx.Bucket(bucketLogs).Get(id[:])
	if raw == nil {
		return Log{}, r, ErrUnknownLog
	}
	if err := cbor.Unmarshal(raw, &r); err != nil {
		return Log{}, r, fmt.Errorf("read log %s in central's store: %w", id, err)
	}
	first, err := ledger.DecodeEntry(r.First)
	if err != nil {
		return Log{}, r, fmt.Errorf("read log %s in central's store: %w", id, err)
	}
	identity, err := wire.IdentityOf(&first)
	if err != nil {
		return Log{}, r, fmt.Errorf("read log %s in central's store: %w", id, err)
	}
	return Log{
		ID: id, Identity: identity, Head: r.Head,
		Enrolled: time.UnixMicro(r.Enrolled).UTC(), Received: time.UnixMicro(r.Received).UTC(),
		Evidence: r.Evidence, Trouble: r.Trouble,
	}, r, nil
}

func putLog(tx *bolt.Tx, id ledger.LogID, r record) error {
	packed, err := ledger.Pack(r)
	if err != nil {
		return err
	}
	return tx.Bucket(bucketLogs).Put(id[:], packed)
}

// Enrol implements Store.
func (b *Bolt) Enrol(ctx context.Context, first ledger.Entry) (out Log, err error) {
	if _, err := wire.IdentityOf(&first); err != nil {
		return out, err
	}
	err = b.update(ctx, func(tx *bolt.Tx) error {
		var r record
		var err error
		if out, r, err = readLog(tx, first.Log); err == nil {
			if !bytes.Equal(r.First, first.Raw) {
				return ErrOtherKey
			}
			return nil
		}
		if !errors.Is(err, ErrUnknownLog) {
			return err
		}
		now := b.o.Clock().UnixMicro()
		r = record{First: first.Raw, Enrolled: now, Received: now}
		if err := b.put(tx, &r, first.Log, []ledger.Entry{first}); err != nil {
			return err
		}
		out, _, err = readLog(tx, first.Log)
		return err
	})
	return out, err
}

// put stores fresh entries and moves the head.
func (b *Bolt) put(tx *bolt.Tx, r *record, log ledger.LogID, fresh []ledger.Entry) error {
	now := b.o.Clock().UnixMicro()
	bucket := tx.Bucket(bucketEntries)
	for i := range fresh {
		e := &fresh[i]
		value := append(ledger.SeqKey(uint64(now)), e.Raw...)
		if err := bucket.Put(entryKey(log, e.Seq), value); err != nil {
			return err
		}
	}
	last := &fresh[len(fresh)-1]
	r.Head = ledger.Head{Seq: last.Seq, Leaf: last.Leaf, Totals: last.Totals}
	r.Received = now
	return putLog(tx, log, *r)
}

func entryKey(log ledger.LogID, seq uint64) []byte { return append(log[:], ledger.SeqKey(seq)...) }

// Append implements Store.
func (b *Bolt) Append(ctx context.Context, batch wire.Batch) (Log, error) {
	id := batch.Header.Log
	known, err := b.Log(ctx, id)
	if err != nil {
		return known, err
	}
	// A log's key never changes, so the costly part needs no transaction.
	entries, unfit := b.o.Codec.Open(known.Identity.Key, batch)
	if unfit != nil {
		problem, evidence := Unfit(unfit)
		if !evidence {
			return known, unfit
		}
		return known, b.keep(ctx, batch, &Conflict{Problem: problem, At: batch.Header.From, Cause: unfit})
	}
	var out Log
	err = b.update(ctx, func(tx *bolt.Tx) error {
		log, r, err := readLog(tx, id)
		if err != nil {
			return err
		}
		fresh, err := Place(log.Head, batch.Header.Prev, entries, leavesIn(tx, log))
		if err != nil {
			return err
		}
		if len(fresh) > 0 {
			if err := b.put(tx, &r, id, fresh); err != nil {
				return err
			}
		}
		out, _, err = readLog(tx, id)
		return err
	})
	var conflict *Conflict
	if errors.As(err, &conflict) {
		return known, b.keep(ctx, batch, conflict)
	}
	return out, err
}

// Keep implements Store.
func (b *Bolt) Keep(ctx context.Context, batch wire.Batch, reason wire.Problem) error {
	known, err := b.Log(ctx, batch.Header.Log)
	if err != nil {
		return err
	}
	if _, err := b.o.Codec.Open(known.Identity.Key, batch); err != nil {
		return err
	}
	return b.keep(ctx, batch, &Conflict{Problem: reason, At: batch.Header.From})
}

// Extend implements Store.
func (b *Bolt) Extend(ctx context.Context, id ledger.LogID, entries []ledger.Entry) (out Log, err error) {
	err = b.update(ctx, func(tx *bolt.Tx) error {
		log, r, err := readLog(tx, id)
		if err != nil {
			return err
		}
		if err := extends(log.Head, entries); err != nil {
			return err
		}
		if len(entries) > 0 {
			if err := b.put(tx, &r, id, entries); err != nil {
				return err
			}
		}
		out, _, err = readLog(tx, id)
		return err
	})
	return out, err
}

func leavesIn(tx *bolt.Tx, log Log) func(uint64) (ledger.Leaf, error) {
	return func(seq uint64) (ledger.Leaf, error) {
		if seq == log.Head.Seq {
			return log.Head.Leaf, nil
		}
		e, err := readEntry(log.ID, seq, tx.Bucket(bucketEntries).Get(entryKey(log.ID, seq)))
		return e.Leaf, err
	}
}

// keep stores a batch that does not fit as evidence, unless it is only a gap,
// and completes the conflict with the log as it stands.
func (b *Bolt) keep(ctx context.Context, batch wire.Batch, c *Conflict) error {
	err := b.update(ctx, func(tx *bolt.Tx) error {
		var err error
		if c.Problem != wire.ProblemGap {
			err = b.putEvidence(tx, batch, c.Problem)
		}
		if err == nil {
			c.Log, _, err = readLog(tx, batch.Header.Log)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the evidence of a conflict (%v): %w", c, err)
	}
	return c
}

func (b *Bolt) putEvidence(tx *bolt.Tx, batch wire.Batch, reason wire.Problem) error {
	id := batch.Header.Log
	_, r, err := readLog(tx, id)
	if err != nil {
		return err
	}
	// The same batch sent again is the same evidence. The signature covers all
	// of a batch, and Ed25519 gives the same one for the same bytes.
	hash := ledger.LeafOf(batch.Header.Signature)
	key := append(id[:], hash[:]...)
	bucket := tx.Bucket(bucketEvidence)
	if bucket.Get(key) != nil {
		return nil
	}
	if r.Evidence < MaxEvidence {
		packed, err := ledger.Pack(Evidence{Reason: reason, Received: b.o.Clock(), Batch: batch}.record())
		if err != nil {
			return err
		}
		if err := bucket.Put(key, packed); err != nil {
			return err
		}
	}
	r.Evidence++
	r.Trouble = reason
	return putLog(tx, id, r)
}

// Log implements Store.
func (b *Bolt) Log(ctx context.Context, id ledger.LogID) (out Log, err error) {
	err = b.view(ctx, func(tx *bolt.Tx) error {
		out, _, err = readLog(tx, id)
		return err
	})
	return out, err
}

// Logs implements Store.
func (b *Bolt) Logs(ctx context.Context) (out []Log, err error) {
	err = b.view(ctx, func(tx *bolt.Tx) error {
		return tx.Bucket(bucketLogs).ForEach(func(k, _ []byte) error {
			log, _, err := readLog(tx, ledger.LogID(k))
			out = append(out, log)
			return err
		})
	})
	slices.SortStableFunc(out, func(x, y Log) int {
		if c := strings.Compare(string(x.Identity.Station), string(y.Identity.Station)); c != 0 {
			return c
		}
		return x.Enrolled.Compare(y.Enrolled)
	})
	return out, err
}

// update and view run a transaction unless the caller has gone.

func (b *Bolt) update(ctx context.Context, f func(*bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.db.Update(f)
}

func (b *Bolt) view(ctx context.Context, f func(*bolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.db.View(f)
}
