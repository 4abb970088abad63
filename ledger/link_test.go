package ledger_test

import (
	"crypto/rand"
	"fmt"
	"runtime"
	"testing"

	"gatehouse/ledger"
)

func TestTheLinkIsReadWithoutTheRest(t *testing.T) {
	f := newFixture(t)
	for i := range 300 { // numbers of one and of two bytes, and of three
		f.commit(t, sale("1001", ledger.Cents(i+1)))
	}
	entries, err := f.book.Entries(1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var c ledger.Chain
	for i := range entries {
		e := &entries[i]
		l, err := ledger.ReadLink(e.Raw)
		if err != nil || l.Log != e.Log || l.Seq != e.Seq || l.Prev != e.Prev || ledger.Leaf(e.Raw[l.At:]) != e.Prev {
			t.Fatalf("entry %d: %+v, %v", e.Seq, l, err)
		}
		short, err := ledger.AppendShort([]byte("before"), e.Raw)
		if err != nil || len(short) != len("before")+len(e.Raw)-33 {
			t.Fatalf("entry %d is %d bytes in short, of %d: %v", e.Seq, len(short), len(e.Raw), err)
		}
		if back, err := ledger.Lengthen(short[len("before"):], e.Prev); err != nil || string(back) != string(e.Raw) {
			t.Fatalf("entry %d does not come back: %v", e.Seq, err)
		}
		if err := c.Next(e.Raw); err != nil {
			t.Fatal(err)
		}
	}
	if c.Leaf != f.book.Head().Leaf || c.Seq != f.book.Head().Seq {
		t.Errorf("the chain ends at %d", c.Seq)
	}
	for i := range entries[7].Raw {
		c := ledger.Chain{Log: entries[6].Log, Seq: entries[6].Seq, Leaf: entries[6].Leaf}
		spoilt := append([]byte(nil), entries[7].Raw...)
		spoilt[i] ^= 0x10
		if c.Next(spoilt) == nil && c.Next(entries[8].Raw) == nil {
			t.Fatalf("byte %d altered is not noticed", i)
		}
	}
	for name, next := range map[string]int{"again": 6, "left out": 8} {
		c := ledger.Chain{Log: entries[6].Log, Seq: entries[6].Seq, Leaf: entries[6].Leaf}
		if c.Next(entries[next].Raw) == nil {
			t.Errorf("an entry that is there %s is not noticed", name)
		}
	}
}

func FuzzReadLink(f *testing.F) {
	f.Add([]byte{0x8f, 1, 0x50})
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := ledger.ReadLink(raw)
		if err == nil && ledger.Leaf(raw[l.At:l.At+32]) != l.Prev {
			t.Error("the hash before is not where it is said to be")
		}
		if back, err := ledger.Lengthen(raw, ledger.Leaf{1}); err == nil {
			if short, err := ledger.AppendShort(nil, back); err != nil && string(short) != string(raw) {
				t.Error("what was lengthened cannot be shortened")
			}
		}
		// Whatever is an entry has a link, and the same one.
		if e, bad := ledger.DecodeEntry(raw); bad == nil && (err != nil || e.Seq != l.Seq || e.Prev != l.Prev || e.Log != l.Log) {
			t.Errorf("entry %d has link %+v, %v", e.Seq, l, err)
		}
	})
}

// BenchmarkVerifyChain proves the chain of a log in memory on one core.
func BenchmarkVerifyChain(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	f := newBenchBook(b)
	entries, err := f.Entries(1, 20_000)
	if err != nil {
		b.Fatal(err)
	}
	size := 0
	for i := range entries {
		size += len(entries[i].Raw)
	}
	b.ResetTimer()
	for b.Loop() {
		var c ledger.Chain
		for i := range entries {
			if err := c.Next(entries[i].Raw); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(entries))*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(float64(size)/float64(len(entries)), "bytes/entry")
}

// newBenchBook is a ledger of 20,000 payments.
func newBenchBook(b *testing.B) *ledger.Book {
	b.Helper()
	key, err := ledger.NewKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	book, err := ledger.Open(ledger.Options{Path: b.TempDir() + "/ledger.db", Station: "A1", Signer: key})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { book.Close() })
	for range 20_000 / 20 {
		var drafts []ledger.Draft
		for i := range 20 {
			d := sale(fmt.Sprint(1000+i), ledger.Cents(i+1))
			// As long as a payment of the desk.
			d.Body = map[string]any{"name": "GARCIA, MARIA E", "service": "1420 CANYON RD APT 12", "tenders": []string{"cash", "check 1045"}, "allocations": []int{6210, 500, 120}, "session": "A1-S0001"}
			drafts = append(drafts, d)
		}
		if _, err := book.Commit(b.Context(), ledger.Command{ID: newID(b), Actor: "maria", Decide: write(drafts...)}); err != nil {
			b.Fatal(err)
		}
	}
	return book
}
