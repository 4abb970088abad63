package ledger_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/ledger"
)

// desk is a small ledger for tests: notes without money, and sales.
type fixture struct {
	dir  string
	key  *ledger.Key
	opts ledger.Options
	book *ledger.Book
}

func newFixture(t *testing.T, change ...func(*ledger.Options)) *fixture {
	t.Helper()
	key, err := ledger.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{dir: t.TempDir(), key: key}
	f.opts = ledger.Options{Path: filepath.Join(f.dir, "ledger.db"), Station: "A1", Signer: key, Views: []ledger.View{noteCount{}}}
	for _, c := range change {
		c(&f.opts)
	}
	f.open(t)
	return f
}

func (f *fixture) open(t *testing.T) {
	t.Helper()
	book, err := ledger.Open(f.opts)
	if err != nil {
		t.Fatal(err)
	}
	f.book = book
	t.Cleanup(func() { book.Close() })
}

func (f *fixture) close(t *testing.T) {
	t.Helper()
	if err := f.book.Close(); err != nil {
		t.Fatal(err)
	}
}

type note struct {
	Text string `json:"text"`
}

const (
	kindNote ledger.Kind = "test.note.v1"
	kindSale ledger.Kind = "test.sale.v1"
)

// noteCount is a view that counts notes by text.
type noteCount struct{}

func (noteCount) Name() string         { return "test.notes" }
func (noteCount) Kinds() []ledger.Kind { return []ledger.Kind{kindNote} }
func (noteCount) Fold(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[note](e)
	if err != nil {
		return err
	}
	n := byte(0)
	if row := t.Get([]byte(body.Text)); row != nil {
		n = row[0]
	}
	t.Put([]byte(body.Text), []byte{n + 1})
	return nil
}

func newID(t testing.TB) ledger.CommandID {
	id, err := ledger.NewCommandID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func write(d ...ledger.Draft) func(*ledger.State) ([]ledger.Draft, error) {
	return func(*ledger.State) ([]ledger.Draft, error) { return d, nil }
}

func noteOf(text string) ledger.Draft { return ledger.Draft{Kind: kindNote, Body: note{text}} }

func sale(account string, amount ledger.Cents) ledger.Draft {
	return ledger.Draft{Kind: kindSale, Body: note{"sale"}, Receipt: true, Taken: amount, Lines: []ledger.Posting{
		{Account: "assets:drawer:cash", Sub: "S1", Amount: amount},
		{Account: "assets:receivable:current", Sub: account, Amount: -amount},
	}}
}

func (f *fixture) commit(t testing.TB, d ...ledger.Draft) []ledger.Entry {
	t.Helper()
	entries, err := f.book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "maria", Decide: write(d...)})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestEntriesAreNumberedChainedAndSigned(t *testing.T) {
	f := newFixture(t)
	var all []ledger.Entry
	for i := range 5 {
		all = append(all, f.commit(t, noteOf(fmt.Sprint(i)), sale("01-0001-1", 100))...)
	}
	prev := ledger.Leaf{}
	entries, err := f.book.Entries(1, 100)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1+len(all) {
		t.Fatalf("got %d entries, want the opening and %d", len(entries), len(all))
	}
	for i, e := range entries {
		if e.Seq != uint64(i+1) || e.Prev != prev || e.Leaf != ledger.LeafOf(e.Raw) {
			t.Errorf("entry %d: number %d, chained to %s, want %s", i+1, e.Seq, e.Prev, prev)
		}
		prev = e.Leaf
	}
	last := entries[len(entries)-1]
	if last.Receipt != 5 || last.Totals.Receipts != 5 || last.Totals.Taken != 500 {
		t.Errorf("grand totals %+v, receipt %d: want 5 receipts of 5.00", last.Totals, last.Receipt)
	}
	f.close(t)
	report := verify(t, f)
	if len(report.Problems) != 0 {
		t.Errorf("verify: %v", report.Problems)
	}
	if report.Head.Seq != last.Seq || report.Views["test.notes"] != 5 {
		t.Errorf("report %+v", report)
	}
}

func verify(t *testing.T, f *fixture) ledger.Report {
	t.Helper()
	report, err := ledger.Verify(f.opts.Path, ledger.VerifyOptions{Views: f.opts.Views, Key: f.key.Public(), Mirror: f.opts.Mirror})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestTheSameCommandGivesTheSameEntries(t *testing.T) {
	f := newFixture(t)
	c := ledger.Command{ID: newID(t), Actor: "maria", Input: "pay 5", Decide: write(sale("01-0001-1", 500), noteOf("a"))}
	first, err := f.book.Commit(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	f.close(t)
	f.open(t) // also after a restart
	again, err := f.book.Commit(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	if len(again) != 2 || again[0].Leaf != first[0].Leaf || again[1].Leaf != first[1].Leaf {
		t.Errorf("the repeat gave %d entries, not the two that were made", len(again))
	}
	if f.book.Head().Seq != 3 {
		t.Errorf("the ledger has %d entries, want 3", f.book.Head().Seq)
	}
	for name, other := range map[string]ledger.Command{
		"other content": {ID: c.ID, Actor: "maria", Input: "pay 6", Decide: c.Decide},
		"other person":  {ID: c.ID, Actor: "ana", Input: "pay 5", Decide: c.Decide},
	} {
		if _, err := f.book.Commit(context.Background(), other); refusalCode(err) != "ledger.command_reused" {
			t.Errorf("%s under the same id: got %v, want a refusal", name, err)
		}
	}
}

func refusalCode(err error) string {
	if r, ok := ledger.AsRefusal(err); ok {
		return r.Code
	}
	return ""
}

func TestARefusalWritesNothing(t *testing.T) {
	f := newFixture(t)
	head := f.book.Head()
	_, err := f.book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "maria",
		Decide: func(*ledger.State) ([]ledger.Draft, error) {
			return nil, ledger.Refuse("test.no", "No, {who}.", "who", "Maria")
		}})
	if refusalCode(err) != "test.no" || err.Error() != "No, Maria." {
		t.Errorf("got %v", err)
	}
	if f.book.Head() != head {
		t.Error("a refusal changed the ledger")
	}
}

func TestPostingsThatDoNotBalanceAreNeverStored(t *testing.T) {
	lines := func(l ...ledger.Posting) ledger.Draft { return ledger.Draft{Kind: kindNote, Body: note{}, Lines: l} }
	for name, d := range map[string]ledger.Draft{
		"one-sided":     lines(ledger.Posting{Account: "a", Amount: 5}),
		"sum not zero":  lines(ledger.Posting{Account: "a", Amount: 5}, ledger.Posting{Account: "b", Amount: -4}),
		"line of zero":  lines(ledger.Posting{Account: "a"}, ledger.Posting{Account: "b"}),
		"no account":    lines(ledger.Posting{Amount: 5}, ledger.Posting{Account: "b", Amount: -5}),
		"space in name": lines(ledger.Posting{Account: "a b", Amount: 5}, ledger.Posting{Account: "b", Amount: -5}),
		"separator":     lines(ledger.Posting{Account: "a", Sub: "x\x00b", Amount: 5}, ledger.Posting{Account: "b", Amount: -5}),
		"out of range":  lines(ledger.Posting{Account: "a", Amount: 1 << 60}, ledger.Posting{Account: "b", Amount: -1 << 60}),
		"huge body":     {Kind: kindNote, Body: note{strings.Repeat("x", ledger.MaxBody+1)}},
		"no kind":       {Body: note{}},
		"taken < 0":     {Kind: kindNote, Body: note{}, Taken: -1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			if _, err := f.book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "maria", Decide: write(noteOf("first"), d)}); err == nil {
				t.Fatal("accepted")
			}
			if seq := f.book.Head().Seq; seq != 1 {
				t.Errorf("the ledger has %d entries, want only the opening", seq)
			}
			f.commit(t, noteOf("the ledger goes on"))
		})
	}
}

func TestAConsequenceIsInTheSameCommand(t *testing.T) {
	f := newFixture(t, func(o *ledger.Options) {
		o.Consequences = []ledger.Consequence{{On: kindSale, Then: func(s *ledger.State, e *ledger.Entry) ([]ledger.Draft, error) {
			if got := s.Balance("assets:drawer:cash", "S1").Net(); got != 700 {
				return nil, fmt.Errorf("the consequence sees %s in the drawer, want 7.00", got)
			}
			return []ledger.Draft{noteOf("because of " + e.ReceiptNo(s.Station()).String())}, nil
		}}}
	})
	entries := f.commit(t, sale("01-0001-1", 700))
	if len(entries) != 2 || entries[1].Kind != kindNote || entries[1].Command != entries[0].Command || entries[1].Part != 1 {
		t.Errorf("got %d entries: %+v", len(entries), entries)
	}
}

func TestManyAtOnceAreEachStoredOnce(t *testing.T) {
	f := newFixture(t)
	const callers, each = 16, 50
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				f.commit(t, sale(fmt.Sprintf("%02d-%04d-1", c, i), 100))
			}
		})
	}
	wg.Wait()
	err := f.book.Read(func(s *ledger.State) error {
		if got := s.Balance("assets:drawer:cash", "S1"); got.Net() != callers*each*100 || got.Lines != callers*each {
			t.Errorf("drawer holds %s in %d lines", got.Net(), got.Lines)
		}
		for n := uint64(1); n <= callers*each; n++ {
			if e, err := s.Receipt(n); err != nil || e.Receipt != n {
				t.Errorf("receipt %d: found %d, %v", n, e.Receipt, err)
			}
		}
		if _, err := s.Receipt(callers*each + 1); refusalCode(err) != "ledger.no_such_receipt" {
			t.Errorf("a receipt never made: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestHistoryIsNewestFirst(t *testing.T) {
	f := newFixture(t)
	for range 3 {
		f.commit(t, sale("01-0001-1", 100), sale("02-0002-2", 100))
	}
	f.book.Read(func(s *ledger.State) error {
		var got []uint64
		for seq := range s.History("01-0001-1") {
			got = append(got, seq)
		}
		if fmt.Sprint(got) != "[6 4 2]" {
			t.Errorf("history %v", got)
		}
		return nil
	})
}

// steppedClock is a clock that can be set, without a monotonic reading.
type steppedClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *steppedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *steppedClock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestAClockSetBackIsAnEntry(t *testing.T) {
	clock := &steppedClock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	f := newFixture(t, func(o *ledger.Options) { o.Clock = clock.Now })
	f.commit(t, noteOf("a"))
	clock.step(time.Minute)
	f.commit(t, noteOf("b"))
	clock.step(-time.Hour)
	f.commit(t, noteOf("c"))
	entries, _ := f.book.Entries(1, 10)
	var kinds []string
	for _, e := range entries {
		kinds = append(kinds, string(e.Kind))
	}
	want := "ledger.opened.v1 test.note.v1 test.note.v1 ledger.clock_stepped.v1 test.note.v1"
	if strings.Join(kinds, " ") != want {
		t.Fatalf("kinds %v", kinds)
	}
	step, err := ledger.Unpack[ledger.ClockStepped](&entries[3])
	if err != nil || time.Duration(step.By)*time.Microsecond != -time.Hour {
		t.Errorf("step %+v, %v: want one hour back", step, err)
	}
	f.close(t)
	clock.step(-time.Hour)
	f.open(t) // set back while the station was off
	f.commit(t, noteOf("d"))
	if e, _ := f.book.Entries(6, 1); e[0].Kind != ledger.KindClock {
		t.Errorf("after a restart entry 6 is %s", e[0].Kind)
	}
}

func TestOnlyATrainingLedgerTakesATime(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	real := newFixture(t)
	_, err := real.book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "m", At: at, Decide: write(noteOf("x"))})
	if refusalCode(err) != "ledger.time_is_the_clocks" {
		t.Errorf("a real ledger: %v", err)
	}
	training := newFixture(t, func(o *ledger.Options) { o.Training = true })
	e, err := training.book.Commit(context.Background(), ledger.Command{ID: newID(t), Actor: "m", At: at, Decide: write(noteOf("x"))})
	if err != nil || !e[0].At().Equal(at) || e[0].Date != 20260301 {
		t.Errorf("a training ledger: %v, %v", e, err)
	}
	training.close(t)
	training.opts.Training = false
	if _, err := ledger.Open(training.opts); err == nil {
		t.Error("a training ledger was opened as a real one")
	}
}

func TestFollowersWaitForTheLedgerToGrow(t *testing.T) {
	f := newFixture(t)
	ctx, cancel := context.WithCancel(context.Background())
	got := make(chan error)
	go func() { got <- f.book.Wait(ctx, 1) }()
	f.commit(t, noteOf("a"))
	if err := <-got; err != nil {
		t.Fatal(err)
	}
	go func() { got <- f.book.Wait(ctx, 2) }()
	cancel()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled wait: %v", err)
	}
	go func() { got <- f.book.Wait(context.Background(), 2) }()
	f.close(t)
	if err := <-got; !errors.Is(err, ledger.ErrClosed) {
		t.Errorf("waiting on a closed ledger: %v", err)
	}
}

func TestANewViewIsFoldedFromWhatHappenedBefore(t *testing.T) {
	f := newFixture(t, func(o *ledger.Options) { o.Views = nil })
	f.commit(t, noteOf("a"))
	f.commit(t, noteOf("a"))
	f.close(t)
	f.opts.Views = []ledger.View{noteCount{}}
	f.open(t)
	f.book.Read(func(s *ledger.State) error {
		if row := s.Rows("test.notes").Get([]byte("a")); len(row) != 1 || row[0] != 2 {
			t.Errorf("row %v, want 2", row)
		}
		return nil
	})
	f.close(t)
	if r := verify(t, f); len(r.Problems) != 0 {
		t.Error(r.Problems)
	}
}

// TestTheFormOfAnEntryIsFrozen compares an entry made of fixed parts with its
// golden bytes. If it fails, the form changed: stations in the field could no
// longer be verified. A new form takes a new number.
func TestTheFormOfAnEntryIsFrozen(t *testing.T) {
	zero := zeroReader{}
	key, err := ledger.NewKey(strings.NewReader(strings.Repeat("k", 64)))
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return time.Date(2026, 11, 23, 17, 4, 5, 678900_000, time.UTC) }
	book, err := ledger.Open(ledger.Options{Path: filepath.Join(t.TempDir(), "l.db"), Station: "A1", Signer: key, Clock: clock, Random: zero})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	entries, err := book.Commit(context.Background(), ledger.Command{ID: ledger.CommandID{1, 2, 3}, Actor: "maria", Input: "x",
		Decide: write(sale("01-0001-1", 18820))})
	if err != nil {
		t.Fatal(err)
	}
	e := entries[0]
	// The key is made by the library from the random source and is not fixed;
	// it is only in the first entry, and so in Prev.
	body := fmt.Sprintf("%x", e.Raw)
	prev := fmt.Sprintf("%x", e.Prev[:])
	got := strings.Replace(body, prev, strings.Repeat("00", 32), 1)
	want, err := os.ReadFile("testdata/entry-form-1.hex")
	if err != nil {
		t.Fatal(err)
	}
	if got != strings.TrimSpace(string(want)) {
		t.Errorf("an entry is now\n%s\nwant\n%s", got, want)
	}
	back, err := ledger.DecodeEntry(e.Raw)
	if err != nil || back.Leaf != e.Leaf || back.Lines[1].Amount != -18820 {
		t.Errorf("read back: %+v, %v", back, err)
	}
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestNobodyReadsWhatIsNotOnDisk reads while commits are under way: what a
// reader finds must already be acknowledged as the head.
func TestNobodyReadsWhatIsNotOnDisk(t *testing.T) {
	f := newFixture(t)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				err := f.book.Read(func(s *ledger.State) error {
					if found, known := s.Head().Seq, f.book.Head().Seq; found > known {
						return fmt.Errorf("read entry %d while the head is %d", found, known)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 300 {
		f.commit(t, noteOf("x"))
	}
	close(stop)
	wg.Wait()
}

// moreKinds is the view of notes in a program that folds sales too.
type moreKinds struct{ noteCount }

func (moreKinds) Kinds() []ledger.Kind { return []ledger.Kind{kindNote, kindSale} }

func TestAViewThatFoldsOtherKindsIsFoldedAnew(t *testing.T) {
	f := newFixture(t)
	f.commit(t, noteOf("sale"), sale("01-0001-1", 100))
	f.close(t)
	f.opts.Views = []ledger.View{moreKinds{}}
	if r := verify(t, f); len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Text, "other kinds") {
		t.Errorf("verify before: %v", r.Problems)
	}
	f.open(t)
	f.book.Read(func(s *ledger.State) error {
		if row := s.Rows("test.notes").Get([]byte("sale")); len(row) != 1 || row[0] != 2 {
			t.Errorf("row %v, want 2", row)
		}
		return nil
	})
	f.close(t)
	if r := verify(t, f); len(r.Problems) != 0 {
		t.Error(r.Problems)
	}
}
