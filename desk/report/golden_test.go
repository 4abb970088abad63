package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/desk/watch"
	"gatehouse/ledger"
)

var update = flag.Bool("update", false, "write the golden files anew")

// suspicious finds something in any two weeks.
var suspicious = watch.Policy{Swap: 1, VoidMinutes: 1, AdjustDays: 30, Approvals: 3, NoSales: 1, Unasked: 1, ReliefDays: 2, LateDeposits: 1}

// marks are the parts of an entry's hash: they are others in each run of the test.
var marks = regexp.MustCompile(`\b[0-9a-f]{64}\b|(A1-[0-9]{6})-[0-9A-Z]{4}\b`)

// TestTables: every report of two weeks, as a terminal shows it.
func TestTables(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	Weeks(s, 2)
	for _, k := range report.Kinds() {
		ask := report.Ask{Period: report.Period{From: 20261123, To: 20261204}, Watch: suspicious}
		if k.Name == "proof" {
			ask.Session = "A1-S0003"
		}
		table := makeOf(t, s, k.Name, ask)
		var got bytes.Buffer
		if err := table.Text(&got); err != nil {
			t.Fatal(err)
		}
		golden(t, k.Name+".txt", marks.ReplaceAll(got.Bytes(), []byte("$1-MARK")))
	}
	table := makeOf(t, s, "over-short", report.Ask{Period: report.Day(20261125)})
	var got bytes.Buffer
	if err := table.CSV(&got); err != nil {
		t.Fatal(err)
	}
	golden(t, "over-short.csv", got.Bytes())
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

// TestPeriods: a fiscal year begins when the policy says, and the Zs say the same year.
func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		got  report.Period
		want string
	}{
		{report.Day(20261123), "2026-11-23"},
		{report.Month(20261130), "2026-11-01 to 2026-11-30"},
		{report.Month(20280205), "2028-02-01 to 2028-02-29"},
		{report.Year(20260630, 0), "2025-07-01 to 2026-06-30"},
		{report.Year(20260701, 0), "2026-07-01 to 2027-06-30"},
		{report.Year(20261231, 1), "2026-01-01 to 2026-12-31"},
		{report.Year(20260930, 10), "2025-10-01 to 2026-09-30"},
	} {
		if c.got.String() != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
	for _, begins := range []int{0, 1, 10} {
		s := New(t, Options{Policy: func(p *desk.Policy) { Everything(p); p.Cash.FiscalYearBegins = begins }})
		Weeks(s, 1)
		for _, e := range s.Entries() {
			if e.Kind != cash.KindDrawerClosed {
				continue
			}
			z := Body[cash.DrawerClosed](s, e)
			if end := report.Year(e.Date, begins).To; int(end/10000) != z.FiscalYear {
				t.Errorf("a year that begins in month %d: Z %d says %d, the period ends on %s", begins, z.Z, z.FiscalYear, end)
			}
		}
	}
}

// TestWhatIsRefused: dates that no calendar has, and reports that nobody knows.
func TestWhatIsRefused(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	for _, c := range []struct {
		name string
		ask  report.Ask
		want string
	}{
		{"gl", report.Ask{}, "report.bad_date at from"},
		{"gl", report.Ask{Period: report.Period{From: 20260230, To: 20260301}}, "report.bad_date at from"},
		{"gl", report.Ask{Period: report.Period{From: 20261123, To: 20261122}}, "report.bad_period at to"},
		{"gossip", report.Ask{}, "report.unknown at what"},
		{"cash", report.Ask{}, ""},
	} {
		s.Look(func(st *ledger.State) error {
			if _, err := report.Make(st, c.name, c.ask); Code(err) != c.want {
				t.Errorf("%s %v: %v, want %q", c.name, c.ask.Period, err, c.want)
			}
			return nil
		})
	}
}

// TestNothingHappened: every report of an empty ledger, and of a day on which nobody
// took anything, is there and comes to nothing.
func TestNothingHappened(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	check := func() {
		for _, k := range report.Kinds() {
			table := makeOf(t, s, k.Name, report.Ask{Period: report.Day(20261123)})
			for i, cell := range table.Totals {
				// A float that goes out and comes back moves money in the books.
				moves := table.Columns[i].Title == "Debit" || table.Columns[i].Title == "Credit"
				if table.Columns[i].Form == report.Money && cell.N != 0 && !moves {
					t.Errorf("%s: %s is %s", k.Name, table.Columns[i].Title, table.Columns[i].Write(cell))
				}
			}
		}
	}
	check()
	s.Morning(Tom, "1")
	s.CloseCounted(Tom, cash.CountDrawer{Count: Count(200_00)})
	check()
	if z := makeOf(t, s, "day", report.Ask{Period: report.Day(20261123)}); z.Facts[0].Value != "1" {
		t.Errorf("the Z of a day with no payment: %v", z.Facts)
	}
}

// TestCreditGrowsOld: unapplied money moves from age to age, and what is used of it is
// the oldest.
func TestCreditGrowsOld(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	s.Morning(Tom, "1")
	s.Do(Tom, inCash(Paid, 100_00)) // all of it is credit
	for _, c := range []struct {
		pass int
		ages []ledger.Cents
	}{
		{0, []ledger.Cents{100_00, 0, 0, 0, 0}},
		{30, []ledger.Cents{100_00, 0, 0, 0, 0}},
		{1, []ledger.Cents{0, 100_00, 0, 0, 0}},
		{59, []ledger.Cents{0, 100_00, 0, 0, 0}},
		{1, []ledger.Cents{0, 0, 100_00, 0, 0}},
		{275, []ledger.Cents{0, 0, 0, 100_00, 0}},
		{729, []ledger.Cents{0, 0, 0, 100_00, 0}},
		{1, []ledger.Cents{0, 0, 0, 0, 100_00}},
	} {
		s.Clock.Pass(time.Duration(c.pass) * 24 * time.Hour)
		if got := ages(t, s); !slices.Equal(got, c.ages) {
			t.Errorf("%d days later: %v, want %v", c.pass, got, c.ages)
		}
	}
	// 40.00 more, and then 120.00 are used: 20.00 of the young money are left.
	s.CloseCounted(Tom, cash.CountDrawer{Count: Count(300_00)})
	s.Do(Tom, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	s.Do(Tom, inCash(Paid, 40_00))
	s.DoApproved(Tom, Ben, cash.Refund{From: string(Paid), Amount: 120_00, By: cash.RefundWarrant, Reason: "paid twice"})
	if got := ages(t, s); !slices.Equal(got, []ledger.Cents{20_00, 0, 0, 0, 0}) {
		t.Errorf("after a refund: %v", got)
	}
}

// TestWhatIsToBePublished: money past the years of the rule is published before it
// becomes the utility's, but for small items; the report says what and when.
func TestWhatIsToBePublished(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	s.Morning(Tom, "1")
	s.Do(Tom, inCash(Paid, 15_00))
	s.Do(Tom, inCash(Paid, 14_99))
	for _, c := range []struct {
		pass    int // days
		publish ledger.Cents
		notes   int
	}{{1095, 0, 2}, {1, 15_00, 3}} {
		s.Clock.Pass(time.Duration(c.pass) * 24 * time.Hour)
		table := makeOf(t, s, "credit", report.Ask{})
		if got := table.Total("To be published"); got != c.publish || len(table.Notes) != c.notes || table.Rows[0].Cells[9].Text != "2029-11-23" {
			t.Errorf("%s is to be published, want %s; %+v %q", got, c.publish, table.Rows[0].Cells, table.Notes)
		}
	}
	if last := makeOf(t, s, "credit", report.Ask{}).Notes[2]; last != "If the notice first appears on 2029-11-23, it appears last on 2029-11-30 and names a date from 2030-01-07 to 2030-01-22." {
		t.Error(last)
	}
}

func inCash(no account.No, amount ledger.Cents) cash.TakePayment {
	return cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: amount}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: amount}}}
}

func ages(t *testing.T, s *Station) (all []ledger.Cents) {
	table := makeOf(t, s, "credit", report.Ask{})
	for _, title := range []string{"0-30 days", "31-90 days", "91-365 days", "Over a year", "Unclaimed"} {
		all = append(all, table.Total(title))
	}
	return all
}

// TestFormulasAreWords: a name that a spreadsheet would work out is marked.
func TestFormulasAreWords(t *testing.T) {
	table := report.Table{Columns: []report.Column{{Title: "Name"}, {Title: "Amount", Form: report.Money}},
		Rows: []report.Row{{Cells: []report.Cell{{Set: true, Text: "=HYPERLINK(1)"}, {Set: true, N: -5}}, Entries: []uint64{1, 2}}}}
	var out bytes.Buffer
	if err := table.CSV(&out); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "Name,Amount,Entries\n'=HYPERLINK(1),-0.05,1 2\n" {
		t.Errorf("%q", got)
	}
}

func BenchmarkOverShort(b *testing.B) {
	s := New(b, Options{Policy: Everything})
	Weeks(s, 20)
	b.ReportMetric(float64(len(s.Entries())), "entries")
	for b.Loop() {
		s.Look(func(st *ledger.State) error {
			_, err := report.Make(st, "over-short", report.Ask{Period: always()})
			return err
		})
	}
}
