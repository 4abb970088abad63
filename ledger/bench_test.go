package ledger_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"

	"gatehouse/ledger"
)

// payment is a body the size of a real payment's.
type payment struct {
	Session string   `json:"session"`
	Lines   []string `json:"lines"`
}

func newPayment(i int) ledger.Draft {
	account := fmt.Sprintf("%02d-%04d-%d", i%100, i%10000, i%10)
	return ledger.Draft{
		Kind:    "bench.payment.v1",
		Body:    payment{Session: "S12", Lines: []string{account, "cash 200.00", "change 11.80", "past due 62.10", "current 126.10"}},
		Receipt: true, Taken: 18820,
		Lines: []ledger.Posting{
			{Account: "assets:drawer:cash", Sub: "S12", Amount: 18820},
			{Account: "income:water:past-due", Sub: account, Amount: -6210},
			{Account: "income:water:current", Sub: account, Amount: -12610},
		},
	}
}

func openBench(b *testing.B, dir string) *ledger.Book {
	key, err := ledger.NewKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	book, err := ledger.Open(ledger.Options{Path: filepath.Join(dir, "ledger.db"), Station: "A1", Signer: key})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { book.Close() })
	return book
}

func commitOne(b *testing.B, book *ledger.Book, i int) ledger.Entry {
	id, err := ledger.NewCommandID(rand.Reader)
	if err != nil {
		b.Error(err)
	}
	entries, err := book.Commit(context.Background(), ledger.Command{
		ID: id, Actor: "maria", Input: i,
		Decide: func(*ledger.State) ([]ledger.Draft, error) { return []ledger.Draft{newPayment(i)}, nil },
	})
	if err != nil {
		b.Error(err)
		return ledger.Entry{}
	}
	return entries[0]
}

// BenchmarkCommitAgainstPut measures one payment entry with postings, views and
// hash against one raw put of the same bytes, both flushed, in turns in one run.
// The metric ratio is commits a second over puts a second.
func BenchmarkCommitAgainstPut(b *testing.B) {
	for _, callers := range []int{1, 16} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			dir := b.TempDir()
			book := openBench(b, dir)
			raw, err := bolt.Open(filepath.Join(dir, "raw.db"), 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType})
			if err != nil {
				b.Fatal(err)
			}
			defer raw.Close()
			bytes := commitOne(b, book, 0).Raw
			n := 0
			put := func(int) {
				err := raw.Update(func(tx *bolt.Tx) error {
					bucket, err := tx.CreateBucketIfNotExists([]byte("log"))
					if err != nil {
						return err
					}
					n++
					return bucket.Put(ledger.SeqKey(uint64(n)), bytes)
				})
				if err != nil {
					b.Error(err)
				}
			}
			commit := func(i int) { commitOne(b, book, i) }
			const round = 160
			var ours, theirs timer
			for b.Loop() {
				ours.run(callers, round, commit)
				theirs.run(callers, round, put)
			}
			b.ReportMetric(theirs.seconds()/ours.seconds(), "ratio")
			b.ReportMetric(ours.perSecond(), "commits/s")
			b.ReportMetric(theirs.perSecond(), "puts/s")
		})
	}
}

func (t *timer) run(callers, n int, f func(int)) {
	t.start()
	defer t.stop(n)
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := c; i < n; i += callers {
				f(i)
			}
		})
	}
	wg.Wait()
}
