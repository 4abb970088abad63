package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Opener opens the store that lies at a place, or makes it. Opening the same
// place again gives what was stored there before. The caller closes it.
type Opener func(t testing.TB, place string, clock ledger.Clock) store.Store

// Run holds a store to all that central needs of it.
func Run(t *testing.T, open Opener) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *bench)
	}{
		{"it belongs to one central's key", claimed},
		{"a log that nobody enrolled is unknown", unknownLog},
		{"enrolling again changes nothing", enrolAgain},
		{"another key cannot take a log over", otherKey},
		{"entries are kept byte for byte, in order, with the time they came", keepsBytes},
		{"what is sent twice is there once", sentTwice},
		{"any overlap is fine if the hashes agree", overlap},
		{"a gap is answered with the head and keeps nothing", gap},
		{"a clone is a fork and its entries are evidence", fork},
		{"a fork before the batch is noticed too", forkBefore},
		{"a fork does not stop the log that was there first", forkGoesOn},
		{"the same evidence is kept once", evidenceOnce},
		{"evidence is bounded", evidenceBounded},
		{"an altered byte is refused and kept out", alteredByte},
		{"another station's key is refused", wrongSigner},
		{"a broken chain is evidence", brokenChain},
		{"a kind that nobody knows is kept", unknownKind},
		{"everything is there after it was opened again", reopened},
		{"many senders at once leave each entry once", concurrent},
		{"it is read in pages from both ends", pages},
		{"logs are listed by station", listed},
		{"what central writes itself follows the head or is not kept", extended},
		{"what a revoked station sends is evidence", revoked},
		{"pieces of reference data are kept under their hash", blobs},
		{"what a feed does not need any more is dropped, what is fresh is not", blobsDropped},
		{"nothing is done for a caller who has gone", gone},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := &bench{open: open, place: t.TempDir(), now: time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC)}
			b.Store = open(t, b.place, b.clock)
			t.Cleanup(func() { b.Store.Close() })
			test.run(t, b)
		})
	}
}

// bench is one store under test.
type bench struct {
	store.Store
	open  Opener
	place string
	mu    sync.Mutex
	now   time.Time
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(time.Second)
	return b.now
}

func (b *bench) enrol(t *testing.T, s *Station) store.Log {
	t.Helper()
	log, err := b.Enrol(context.Background(), s.Entries(t, 1, 1)[0])
	must(t, err)
	return log
}

func (b *bench) append(t *testing.T, batch wire.Batch) store.Log {
	t.Helper()
	log, err := b.Append(context.Background(), batch)
	must(t, err)
	return log
}

// refuses appends and wants a conflict.
func (b *bench) refuses(t *testing.T, batch wire.Batch, want wire.Problem) *store.Conflict {
	t.Helper()
	_, err := b.Append(context.Background(), batch)
	var c *store.Conflict
	if !errors.As(err, &c) || c.Problem != want {
		t.Fatalf("got %v, want a conflict %s", err, want)
	}
	return c
}

func (b *bench) entries(t *testing.T, id ledger.LogID) []ledger.Entry {
	t.Helper()
	stored, err := b.Entries(context.Background(), id, 1, 1000)
	must(t, err)
	out := make([]ledger.Entry, len(stored))
	for i := range stored {
		out[i] = stored[i].Entry
	}
	return out
}

func (b *bench) evidence(t *testing.T, id ledger.LogID, want int) []store.Evidence {
	t.Helper()
	found, err := b.Evidence(context.Background(), id)
	must(t, err)
	if len(found) != want {
		t.Fatalf("%d pieces of evidence, want %d", len(found), want)
	}
	return found
}

func headIs(t *testing.T, log store.Log, want ledger.Head) {
	t.Helper()
	if log.Head != want {
		t.Fatalf("head at central is %+v, want %+v", log.Head, want)
	}
}
