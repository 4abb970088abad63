package storetest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

func claimed(t *testing.T, b *bench) {
	one, two := NewStation(t, "A1").Key.Public(), NewStation(t, "A2").Key.Public()
	must(t, b.Claim(context.Background(), one))
	must(t, b.Store.Close())
	b.Store = b.open(t, b.place, b.clock)
	must(t, b.Claim(context.Background(), one))
	if err := b.Claim(context.Background(), two); !errors.Is(err, store.ErrOtherCentral) {
		t.Errorf("another central: %v", err)
	}
}

func unknownLog(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	id := s.Book.Identity().Log
	if _, err := b.Log(context.Background(), id); !errors.Is(err, store.ErrUnknownLog) {
		t.Errorf("Log: %v", err)
	}
	if _, err := b.Append(context.Background(), s.Batch(t, 1, 1)); !errors.Is(err, store.ErrUnknownLog) {
		t.Errorf("Append: %v", err)
	}
	if _, err := b.Before(context.Background(), id, 0, 10); !errors.Is(err, store.ErrUnknownLog) {
		t.Errorf("Before: %v", err)
	}
	if len(b.entries(t, id)) != 0 {
		t.Error("entries of a log that nobody enrolled")
	}
}

func enrolAgain(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	first := b.enrol(t, s)
	headIs(t, first, s.Book.Head())
	if first.Identity.Station != "A1" || !bytes.Equal(first.Identity.Key, s.Key.Public()) {
		t.Errorf("enrolled as %+v", first.Identity)
	}
	s.Pay(t, 3, 100)
	b.append(t, s.Batch(t, 2, 3))
	again := b.enrol(t, s)
	headIs(t, again, s.Book.Head())
	if again.Enrolled != first.Enrolled {
		t.Error("enrolling again moved the time of enrolment")
	}
	s.Same(t, b.entries(t, first.ID))
}

func otherKey(t *testing.T, b *bench) {
	s, thief := NewStation(t, "A1"), NewStation(t, "A1")
	b.enrol(t, s)
	// The thief's first entry, made out in the name of the other log.
	id := thief.Book.Identity()
	id.Log = s.Book.Identity().Log
	first := thief.Entries(t, 1, 1)[0]
	first.Log = id.Log
	body, err := ledger.Pack(id)
	must(t, err)
	first.Body = body
	raw, err := ledger.Pack(first)
	must(t, err)
	first, err = ledger.DecodeEntry(raw)
	must(t, err)
	if _, err := b.Enrol(context.Background(), first); !errors.Is(err, store.ErrOtherKey) {
		t.Fatalf("got %v, want ErrOtherKey", err)
	}
	s.Same(t, b.entries(t, id.Log))
}

func keepsBytes(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	enrolled := b.enrol(t, s)
	s.Pay(t, 5, 4250)
	log := b.append(t, s.Batch(t, 2, 5))
	headIs(t, log, s.Book.Head())
	if log.Head.Totals.Taken != 5*4250 || log.Head.Totals.Receipts != 5 {
		t.Errorf("totals at central: %+v", log.Head.Totals)
	}
	s.Same(t, b.entries(t, log.ID))
	stored, err := b.Entries(context.Background(), log.ID, 2, 1)
	must(t, err)
	if !stored[0].Received.After(enrolled.Enrolled) || !log.Received.Equal(stored[0].Received) {
		t.Errorf("received %v, log %v, enrolled %v", stored[0].Received, log.Received, enrolled.Enrolled)
	}
}

func sentTwice(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	b.enrol(t, s)
	s.Pay(t, 4, 100)
	batch := s.Batch(t, 2, 4)
	once := b.append(t, batch)
	twice := b.append(t, batch)
	if !equalLogs(once, twice) {
		t.Errorf("the second time changed the log: %+v, %+v", once, twice)
	}
	s.Same(t, b.entries(t, once.ID))
}

func equalLogs(x, y store.Log) bool {
	return x.Head == y.Head && x.Received.Equal(y.Received) && x.Evidence == y.Evidence
}

func overlap(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	log := b.enrol(t, s)
	s.Pay(t, 9, 100)
	for _, part := range []struct {
		from  uint64
		count int
	}{{1, 3}, {2, 4}, {1, 1}, {5, 1}, {4, 5}, {3, 2}, {1, 10}} {
		b.append(t, s.Batch(t, part.from, part.count))
	}
	s.Same(t, b.entries(t, log.ID))
	b.evidence(t, log.ID, 0)
	// Each came when it came first.
	stored, err := b.Entries(context.Background(), log.ID, 1, 10)
	must(t, err)
	if !stored[1].Received.Before(stored[4].Received) || !stored[4].Received.Before(stored[7].Received) {
		t.Error("an overlap changed when entries came")
	}
}

func gap(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	log := b.enrol(t, s)
	s.Pay(t, 6, 100)
	c := b.refuses(t, s.Batch(t, 4, 2), wire.ProblemGap)
	headIs(t, c.Log, log.Head)
	b.evidence(t, log.ID, 0)
	b.append(t, s.Batch(t, 2, 6))
	s.Same(t, b.entries(t, log.ID))
}

// cloned enrols a station, stores n payments of it, and clones it; then both
// take two more.
func cloned(t *testing.T, b *bench, n int) (s, clone *Station, log store.Log) {
	s = NewStation(t, "A1")
	log = b.enrol(t, s)
	s.Pay(t, n, 100)
	b.append(t, s.Batch(t, 2, n))
	clone = s.Clone(t)
	s.Pay(t, 2, 500)
	clone.Pay(t, 2, 700)
	return s, clone, log
}

func fork(t *testing.T, b *bench) {
	s, clone, log := cloned(t, b, 3)
	b.append(t, s.Batch(t, 5, 2))
	batch := clone.Batch(t, 5, 2)
	c := b.refuses(t, batch, wire.ProblemFork)
	headIs(t, c.Log, s.Book.Head())
	if c.At != 5 || c.Log.Evidence != 1 || c.Log.Trouble != wire.ProblemFork {
		t.Errorf("conflict at %d, %d pieces of evidence, trouble %q", c.At, c.Log.Evidence, c.Log.Trouble)
	}
	s.Same(t, b.entries(t, log.ID))
	kept := b.evidence(t, log.ID, 1)[0]
	if kept.Reason != wire.ProblemFork || !bytes.Equal(kept.Batch.Packed, batch.Packed) {
		t.Errorf("evidence is %s of %d bytes", kept.Reason, len(kept.Batch.Packed))
	}
	// It is evidence only if it can still be checked.
	codec, err := wire.NewCodec()
	must(t, err)
	entries, err := codec.Open(log.Identity.Key, kept.Batch)
	must(t, err)
	if len(entries) != 2 || !bytes.Equal(entries[1].Raw, clone.Entries(t, 6, 1)[0].Raw) {
		t.Error("the evidence does not hold the clone's entries")
	}
}

func forkBefore(t *testing.T, b *bench) {
	s, clone, log := cloned(t, b, 3)
	b.append(t, s.Batch(t, 5, 1))
	// The clone's second entry comes right after central's head, but follows
	// another one.
	b.refuses(t, clone.Batch(t, 6, 1), wire.ProblemFork)
	b.evidence(t, log.ID, 1)
}

func forkGoesOn(t *testing.T, b *bench) {
	s, clone, log := cloned(t, b, 3)
	b.append(t, s.Batch(t, 5, 2))
	b.refuses(t, clone.Batch(t, 5, 2), wire.ProblemFork)
	s.Pay(t, 2, 100)
	headIs(t, b.append(t, s.Batch(t, 7, 2)), s.Book.Head())
	s.Same(t, b.entries(t, log.ID))
}

func evidenceOnce(t *testing.T, b *bench) {
	s, clone, log := cloned(t, b, 1)
	b.append(t, s.Batch(t, 3, 2))
	batch := clone.Batch(t, 3, 2)
	for range 3 {
		b.refuses(t, batch, wire.ProblemFork)
	}
	b.refuses(t, clone.Batch(t, 3, 1), wire.ProblemFork)
	b.evidence(t, log.ID, 2)
}

func evidenceBounded(t *testing.T, b *bench) {
	s, clone, log := cloned(t, b, 1)
	b.append(t, s.Batch(t, 3, 2))
	h := clone.Batch(t, 3, 1).Header
	entries := clone.Entries(t, 3, 1)
	for n := range store.MaxEvidence + 3 {
		h.From = uint64(100 + n) // a header that does not fit what it heads
		b.refuses(t, clone.Sign(t, h, entries), wire.ProblemBroken)
	}
	b.evidence(t, log.ID, store.MaxEvidence)
	now, err := b.Log(context.Background(), log.ID)
	must(t, err)
	if now.Evidence != store.MaxEvidence+3 {
		t.Errorf("%d counted", now.Evidence)
	}
}

func alteredByte(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	log := b.enrol(t, s)
	s.Pay(t, 3, 100)
	good := s.Batch(t, 2, 3)
	for i := range good.Packed {
		bad := wire.Batch{Header: good.Header, Packed: bytes.Clone(good.Packed)}
		bad.Packed[i] ^= 1 << (i % 8)
		if _, err := b.Append(context.Background(), bad); !errors.Is(err, wire.ErrSignature) {
			t.Fatalf("byte %d altered: %v", i, err)
		}
	}
	if n := len(b.entries(t, log.ID)); n != 1 {
		t.Fatalf("%d entries got in", n)
	}
	b.evidence(t, log.ID, 0)
	b.append(t, good)
	s.Same(t, b.entries(t, log.ID))
}

func wrongSigner(t *testing.T, b *bench) {
	s, other := NewStation(t, "A1"), NewStation(t, "B2")
	log := b.enrol(t, s)
	b.enrol(t, other)
	s.Pay(t, 1, 100)
	good := s.Batch(t, 2, 1)
	forged := other.Sign(t, good.Header, s.Entries(t, 2, 1))
	if _, err := b.Append(context.Background(), forged); !errors.Is(err, wire.ErrSignature) {
		t.Fatalf("got %v, want ErrSignature", err)
	}
	if n := len(b.entries(t, log.ID)); n != 1 {
		t.Fatalf("%d entries got in", n)
	}
}

func brokenChain(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	log := b.enrol(t, s)
	s.Pay(t, 4, 100)
	all := s.Entries(t, 2, 4)
	h := s.Batch(t, 2, 4).Header
	for name, entries := range map[string][]ledger.Entry{
		"two exchanged":   {all[0], all[2], all[1], all[3]},
		"one twice":       {all[0], all[1], all[1], all[3]},
		"an older at end": {all[0], all[1], all[2], all[0]},
	} {
		t.Run(name, func(t *testing.T) {
			b.refuses(t, s.Sign(t, h, entries), wire.ProblemBroken)
		})
	}
	// One byte of an amount, changed in the ledger itself and signed again.
	bent := all[1]
	bent.Lines = []ledger.Posting{
		{Account: bent.Lines[0].Account, Sub: bent.Lines[0].Sub, Amount: 101},
		{Account: bent.Lines[1].Account, Sub: bent.Lines[1].Sub, Amount: -101},
	}
	raw, err := ledger.Pack(bent)
	must(t, err)
	bent, err = ledger.DecodeEntry(raw)
	must(t, err)
	b.refuses(t, s.Sign(t, h, []ledger.Entry{all[0], bent, all[2], all[3]}), wire.ProblemBroken)
	b.evidence(t, log.ID, 4)
	if n := len(b.entries(t, log.ID)); n != 1 {
		t.Fatalf("%d entries got in", n)
	}
}

func unknownKind(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	log := b.enrol(t, s)
	s.Write(t, ledger.Draft{Kind: "valve.turned.v7", Body: map[string]any{"turns": 3}})
	b.append(t, s.Batch(t, 2, 1))
	s.Same(t, b.entries(t, log.ID))
}

func reopened(t *testing.T, b *bench) {
	s, clone, log := cloned(t, b, 3)
	b.append(t, s.Batch(t, 5, 2))
	b.refuses(t, clone.Batch(t, 5, 2), wire.ProblemFork)
	before, err := b.Log(context.Background(), log.ID)
	must(t, err)
	must(t, b.Close())
	b.Store = b.open(t, b.place, b.clock)
	after, err := b.Log(context.Background(), log.ID)
	must(t, err)
	if !equalLogs(before, after) || after.Identity.Station != "A1" {
		t.Errorf("before %+v, after %+v", before, after)
	}
	s.Same(t, b.entries(t, log.ID))
	b.evidence(t, log.ID, 1)
}

func concurrent(t *testing.T, b *bench) {
	const payments = 40
	s := NewStation(t, "A1")
	log := b.enrol(t, s)
	s.Pay(t, payments, 100)
	var batches []wire.Batch
	for from := uint64(2); from <= payments; from += 3 {
		batches = append(batches, s.Batch(t, from, 7))
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, batch := range batches {
				// The others may be behind us or ahead: a gap is fine.
				_, err := b.Append(context.Background(), batch)
				var c *store.Conflict
				if err != nil && (!errors.As(err, &c) || c.Problem != wire.ProblemGap) {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	s.Same(t, b.entries(t, log.ID))
	b.evidence(t, log.ID, 0)
}

func pages(t *testing.T, b *bench) {
	s, other := NewStation(t, "A1"), NewStation(t, "B2")
	log := b.enrol(t, s)
	b.enrol(t, other)
	other.Pay(t, 3, 100)
	b.append(t, other.Batch(t, 2, 3))
	s.Pay(t, 9, 100)
	b.append(t, s.Batch(t, 2, 9))
	ctx := context.Background()
	for _, page := range []struct {
		before uint64
		limit  int
		want   []uint64
	}{{0, 3, []uint64{10, 9, 8}}, {8, 3, []uint64{7, 6, 5}}, {3, 9, []uint64{2, 1}}, {1, 9, nil}, {99, 1, []uint64{10}}} {
		found, err := b.Before(ctx, log.ID, page.before, page.limit)
		must(t, err)
		numbersAre(t, found, page.want)
	}
	found, err := b.Entries(ctx, log.ID, 9, 5)
	must(t, err)
	numbersAre(t, found, []uint64{9, 10})
}

func numbersAre(t *testing.T, found []store.Stored, want []uint64) {
	t.Helper()
	if len(found) != len(want) {
		t.Fatalf("%d entries, want %v", len(found), want)
	}
	for i, e := range found {
		if e.Seq != want[i] {
			t.Fatalf("entry %d is number %d, want %v", i, e.Seq, want)
		}
	}
}

func listed(t *testing.T, b *bench) {
	for _, name := range []ledger.StationID{"C3", "A1", "B2"} {
		b.enrol(t, NewStation(t, name))
	}
	logs, err := b.Logs(context.Background())
	must(t, err)
	if len(logs) != 3 || logs[0].Identity.Station != "A1" || logs[2].Identity.Station != "C3" {
		t.Fatalf("listed %+v", logs)
	}
}

func gone(t *testing.T, b *bench) {
	s := NewStation(t, "A1")
	log := b.enrol(t, s)
	s.Pay(t, 1, 100)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.Append(ctx, s.Batch(t, 2, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the caller has gone", err)
	}
	if n := len(b.entries(t, log.ID)); n != 1 {
		t.Fatalf("%d entries got in", n)
	}
}

func extended(t *testing.T, b *bench) {
	ctx := context.Background()
	own := ledger.Identity{Station: "CENTRAL", Log: ledger.LogID{7}, Key: NewStation(t, "A1").Key.Public(), Software: "test"}
	first, err := ledger.Begin(own, ledger.CommandID{1}, b.clock())
	must(t, err)
	if _, err := b.Extend(ctx, own.Log, []ledger.Entry{first}); !errors.Is(err, store.ErrUnknownLog) {
		t.Errorf("a log that nobody began went on: %v", err)
	}
	log, err := b.Enrol(ctx, first)
	must(t, err)
	act := func(head ledger.Head, n byte) []ledger.Entry {
		made, err := ledger.Continue(own.Log, head, ledger.Act{ID: ledger.CommandID{n}, Actor: "ana", At: b.clock(),
			Drafts: []ledger.Draft{{Kind: "test.noise.v1", Body: n}, {Kind: "test.noise.v1", Body: n}}})
		must(t, err)
		return made
	}
	one, other := act(log.Head, 2), act(log.Head, 3)
	after, err := b.Extend(ctx, own.Log, one)
	must(t, err)
	if after.Head.Leaf != one[1].Leaf {
		t.Errorf("the log ends at entry %d, want 3", after.Head.Seq)
	}
	if _, err := b.Extend(ctx, own.Log, other); !errors.Is(err, store.ErrMoved) {
		t.Errorf("an act that came too late: %v", err)
	}
	if _, err := b.Extend(ctx, own.Log, one); !errors.Is(err, store.ErrMoved) {
		t.Errorf("an act that is there already: %v", err)
	}
	if now, err := b.Log(ctx, own.Log); err != nil || now.Evidence != 0 || now.Head != after.Head {
		t.Errorf("a late act left the log at %d with %d pieces of evidence: %v", now.Head.Seq, now.Evidence, err)
	}
	if n := len(b.entries(t, own.Log)); n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
}

func revoked(t *testing.T, b *bench) {
	ctx := context.Background()
	s, other := NewStation(t, "A1"), NewStation(t, "B2")
	log := b.enrol(t, s)
	s.Pay(t, 2, 100)
	for range 2 { // the same twice is kept once
		var conflict *store.Conflict
		if err := b.Keep(ctx, s.Batch(t, 2, 2), wire.ProblemRevoked); !errors.As(err, &conflict) || conflict.Problem != wire.ProblemRevoked || conflict.Log.Head.Seq != 1 {
			t.Fatalf("kept apart: %v", err)
		}
	}
	must(t, other.Book.Close())
	forged := s.Batch(t, 2, 2)
	forged.Header.Signature = other.Key.Sign(wire.Message(forged.Header, forged.Packed))
	if err := b.Keep(ctx, forged, wire.ProblemRevoked); !errors.Is(err, wire.ErrSignature) {
		t.Errorf("what the station did not sign: %v", err)
	}
	found, err := b.Evidence(ctx, log.ID)
	must(t, err)
	if len(found) != 1 || found[0].Reason != wire.ProblemRevoked {
		t.Fatalf("evidence: %+v", found)
	}
	if n := len(b.entries(t, log.ID)); n != 1 {
		t.Errorf("%d entries in the log, want 1", n)
	}
	// Approved again, the station sends from the head, and all is as ever.
	if after := b.append(t, s.Batch(t, 2, 2)); after.Head.Seq != 3 {
		t.Errorf("the log ends at %d, want 3", after.Head.Seq)
	}
}
