package gatehouse

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/spool"
)

// These benchmarks measure the house as it stands together: real payments of
// the sample utility, with the views of every duty.

func layouts(b *testing.B) *paper.Layouts {
	l, err := paper.Standard()
	if err != nil {
		b.Fatal(err)
	}
	return l
}

const benchCashier staff.ID = "maria"

// openBench opens a desk of the sample utility in a folder. close ends it.
func openBench(b *testing.B, dir string) (d *desk.Desk, close func()) {
	b.Helper()
	refs := filepath.Join(dir, "ref.db")
	if _, err := os.Stat(refs); errors.Is(err, os.ErrNotExist) {
		if err := sample.Write(dir, time.Now(), 5000); err != nil {
			b.Fatal(err)
		}
	}
	live, err := desk.OpenLive(refs)
	if err != nil {
		b.Fatal(err)
	}
	policy, err := sample.Policy()
	if err != nil {
		b.Fatal(err)
	}
	key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	d, err = spool.OpenDesk(desk.Options{
		Ledger: ledger.Options{Path: filepath.Join(dir, "ledger.db"), Station: "A1", Signer: key},
		Policy: policy, Roster: live, Customers: live,
	}, layouts(b))
	if err != nil {
		b.Fatal(err)
	}
	return d, func() {
		if err := errors.Join(d.Close(), live.Close()); err != nil {
			b.Fatal(err)
		}
	}
}

func do(b *testing.B, d *desk.Desk, o desk.Order) ledger.Entry {
	id, err := d.NewID()
	if err != nil {
		b.Fatal(err)
	}
	o.ID, o.By = id, benchCashier
	entries, err := d.Do(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	return entries[0]
}

// begin signs in and opens the drawer.
func begin(b *testing.B, d *desk.Desk) {
	pin := ""
	for _, h := range sample.PINs() {
		if h.ID == benchCashier {
			pin = h.PIN
		}
	}
	do(b, d, desk.Order{PIN: pin, Do: staff.SignIn{}})
	do(b, d, desk.Order{Do: cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 2000, N: 15}}}})
}

// accounts are customers who owe something.
func accounts(b *testing.B, d *desk.Desk) []account.No {
	found, _, err := d.Accounts.Customers.Find("a", 500)
	if err != nil || len(found) < 100 {
		b.Fatalf("found %d customers, %v", len(found), err)
	}
	var out []account.No
	for _, c := range found {
		out = append(out, c.No)
	}
	return out
}

func pay(b *testing.B, d *desk.Desk, no account.No) ledger.Entry {
	return do(b, d, desk.Order{Do: cash.TakePayment{
		Pay:     []cash.Pay{{Account: no, Amount: 100}},
		Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 200}},
	}})
}

// stopwatch adds up the time of what is measured, where two things are measured
// in turns in one benchmark.
type stopwatch struct {
	total time.Duration
	n     int
}

func (s *stopwatch) measure(callers, n int, f func(int)) {
	began := time.Now()
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := c; i < n; i += callers {
				f(i)
			}
		})
	}
	wg.Wait()
	s.total += time.Since(began)
	s.n += n
}

func (s *stopwatch) perSecond() float64 { return float64(s.n) / s.total.Seconds() }

// BenchmarkPaymentAgainstPut measures whole payments, rule, postings, views and
// hash, against raw puts of the same bytes, both flushed, in turns in one run.
func BenchmarkPaymentAgainstPut(b *testing.B) {
	for _, callers := range []int{1, 16} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			dir := b.TempDir()
			d, end := openBench(b, dir)
			defer end()
			begin(b, d)
			nos := accounts(b, d)
			raw, err := bolt.Open(filepath.Join(dir, "raw.db"), 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType})
			if err != nil {
				b.Fatal(err)
			}
			defer raw.Close()
			bytes := pay(b, d, nos[0]).Raw
			var n uint64
			put := func(int) {
				if err := raw.Update(func(tx *bolt.Tx) error {
					bucket, err := tx.CreateBucketIfNotExists([]byte("log"))
					if err != nil {
						return err
					}
					n++
					return bucket.Put(ledger.SeqKey(n), bytes)
				}); err != nil {
					b.Error(err)
				}
			}
			var ours, theirs stopwatch
			for b.Loop() {
				ours.measure(callers, 160, func(i int) { pay(b, d, nos[i%len(nos)]) })
				theirs.measure(callers, 160, put)
			}
			b.ReportMetric(ours.perSecond()/theirs.perSecond(), "ratio")
			b.ReportMetric(ours.perSecond(), "payments/s")
			b.ReportMetric(theirs.perSecond(), "puts/s")
		})
	}
}

// payments is how many the large ledger has.
const payments = 1_000_000

// largeLedger makes a ledger of a million payments, or finds the one made
// before, and returns its folder.
func largeLedger(b *testing.B) string {
	dir := filepath.Join(os.TempDir(), "gatehouse-bench-2")
	done := filepath.Join(dir, "done")
	if _, err := os.Stat(done); err == nil {
		return dir
	}
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		b.Fatal(err)
	}
	d, end := openBench(b, dir)
	begin(b, d)
	nos := accounts(b, d)
	var s stopwatch
	s.measure(256, payments, func(i int) { pay(b, d, nos[i%len(nos)]) })
	end()
	if err := os.WriteFile(done, nil, 0o600); err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkFold folds every view of a million payments from nothing.
func BenchmarkFold(b *testing.B) {
	path := filepath.Join(largeLedger(b), "ledger.db")
	all := spool.Views(layouts(b))
	// Once before the clock runs, so that the file is in memory: what is measured
	// is the folding, not the disk.
	if _, err := ledger.FoldFile(path, all); err != nil {
		b.Fatal(err)
	}
	// The fastest counts: the others say what else the machine had to do.
	fastest := time.Duration(math.MaxInt64)
	for b.Loop() {
		began := time.Now()
		folded, err := ledger.FoldFile(path, all)
		if err != nil || folded.Entries < payments {
			b.Fatal(folded.Entries, err)
		}
		fastest = min(fastest, time.Since(began))
	}
	b.ReportMetric(fastest.Seconds(), "s/fold")
}

// BenchmarkVerify verifies a million payments, every byte.
func BenchmarkVerify(b *testing.B) {
	path := filepath.Join(largeLedger(b), "ledger.db")
	all := spool.Views(layouts(b))
	for b.Loop() {
		report, err := ledger.Verify(path, ledger.VerifyOptions{Views: all})
		if err != nil || len(report.Problems) > 0 {
			b.Fatal(report.Problems, err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/verify")
}

// aDay is how many payments a ledger has after a busy day: more entries than are
// checked at each start.
const aDay = 500

// BenchmarkOpenLarge opens the large ledger. The metric growth is its time over that
// of a ledger of one day.
func BenchmarkOpenLarge(b *testing.B) {
	large, small := largeLedger(b), b.TempDir()
	d, end := openBench(b, small)
	begin(b, d)
	nos := accounts(b, d)
	for i := range aDay {
		pay(b, d, nos[i%len(nos)])
	}
	end()
	open := func(dir string) time.Duration {
		began := time.Now()
		_, end := openBench(b, dir)
		took := time.Since(began)
		end()
		return took
	}
	var day, million time.Duration
	for b.Loop() {
		day += open(small)
		million += open(large)
	}
	b.ReportMetric(million.Seconds()*1000/float64(b.N), "ms/open")
	b.ReportMetric(million.Seconds()/day.Seconds(), "growth")
}

// BenchmarkReadAtDesk reads what the cashier sees of an account, in the large
// ledger: its standing, and the newest of its history.
func BenchmarkReadAtDesk(b *testing.B) {
	d, end := openBench(b, largeLedger(b))
	defer end()
	nos := accounts(b, d)
	i := 0
	for b.Loop() {
		no := nos[i%len(nos)]
		i++
		err := d.Read(func(s *ledger.State) error {
			if _, err := d.Accounts.Standing(s, no); err != nil {
				return err
			}
			seen := 0
			for seq := range s.History(string(no)) {
				if _, err := s.Entry(seq); err != nil {
					return err
				}
				if seen++; seen == 10 {
					break
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/read")
}
