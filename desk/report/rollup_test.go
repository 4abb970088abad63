package report_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// TestAZThatDisagreesIsNoticed: a Z that says other than the entries of its session is
// named in the roll-up, with what it says and what the entries say.
func TestAZThatDisagreesIsNoticed(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*cash.DrawerClosed)
		want   []string // of each problem
	}{
		{"as it was", func(*cash.DrawerClosed) {}, nil},
		{"less cash taken", func(z *cash.DrawerClosed) {
			z.Totals.Tenders[0].Taken, z.Totals.Tenders[0].Net = 40_00, 40_00
		},
			[]string{"Z 2 says cash taken 40.00, the entries say 60.00.", "Z 2 says cash net 40.00, the entries say 60.00."}},
		{"a payment left out", func(z *cash.DrawerClosed) { z.Totals.Payments = 0 },
			[]string{"Z 2 says payments 0, the entries say 1."}},
		{"another float", func(z *cash.DrawerClosed) { z.Totals.Float = 1 },
			[]string{"Z 2 says float 0.01, the entries say 200.00."}},
		{"another expectation", func(z *cash.DrawerClosed) {
			z.Differences[0].Expected, z.Differences[0].Counted = 1, 1
		}, []string{"Z 2 says cash expected 0.01, the entries say 260.00."}},
		{"over but not posted", func(z *cash.DrawerClosed) {
			z.Differences[0].Counted += 5
			z.Differences[0].Over, z.Over = 5, 5
		}, []string{"Z 2 says over and short 0.05, the entries say 0.00."}},
		{"a number skipped", func(z *cash.DrawerClosed) { z.Z = 3 },
			[]string{"Z 3 says its number is 3, the entries say 2."}},
		{"another Z before", func(z *cash.DrawerClosed) { z.PreviousZ[0]++ },
			[]string{"Z 2 says the hash of the Z before is"}},
		{"another log before", func(z *cash.DrawerClosed) { z.Head[0]++ },
			[]string{"Z 2 says the hash of the log before is"}},
		{"grand totals reset", func(z *cash.DrawerClosed) { z.Taken, z.Returned = 0, 7 },
			[]string{"Z 2 says the grand total taken is 0.00, the entries say 110.00.", "Z 2 says the grand total given back is 0.07, the entries say 0.00."}},
	} {
		s := New(t, Options{Policy: Everything})
		s.Morning(Tom, "1")
		s.Do(Tom, inCash(Oak, 50_00))
		s.CloseCounted(Tom, cash.CountDrawer{Count: Count(250_00)})
		s.Morning(Tom, "1")
		s.Do(Tom, inCash(Oak, 60_00))
		s.Do(Tom, cash.CountDrawer{Count: Count(260_00)})
		closeWrong(t, s, c.change)
		var all []report.Rollup
		s.Look(func(st *ledger.State) (err error) {
			all, err = report.Rollups(st, report.Day(20261123))
			return err
		})
		got := all[0].Problems
		if len(got) != len(c.want) || !slices.EqualFunc(got, c.want, func(g, w string) bool { return strings.HasPrefix(g, w) }) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		table := makeOf(t, s, "day", report.Ask{Period: report.Day(20261123)})
		if says := strings.Contains(strings.Join(table.Notes, " "), "DOES NOT AGREE"); says != (len(c.want) > 0) {
			t.Errorf("%s: the report's notes are %q", c.name, table.Notes)
		}
	}
}

// closeWrong closes Tom's drawer by the rule, with a Z that says something else.
func closeWrong(t *testing.T, s *Station, change func(*cash.DrawerClosed)) {
	t.Helper()
	id, err := s.NewID()
	if err != nil {
		t.Fatal(err)
	}
	tom, err := s.Staff.Person(Tom)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Book.Commit(context.Background(), ledger.Command{ID: id, Actor: string(Tom), Input: "close", Decide: func(st *ledger.State) ([]ledger.Draft, error) {
		drafts, err := s.Cash.CloseDrawer(st, staff.Acting{Who: tom}, cash.CloseDrawer{})
		if err != nil {
			return nil, err
		}
		z := drafts[0].Body.(cash.DrawerClosed)
		z.Totals.Tenders, z.Differences = slices.Clone(z.Totals.Tenders), slices.Clone(z.Differences)
		change(&z)
		drafts[0].Body = z
		return drafts, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSessionsOverMidnight: a session belongs to the date it was opened on, and so does
// its Z, however late it was closed; the number in between is said to be another day's.
func TestSessionsOverMidnight(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	s.Morning(Tom, "1")
	s.Do(Tom, inCash(Oak, 50_00))
	for range 2 { // the second drawer opens and closes on two days
		s.Morning(Ana, "2")
		s.CloseCounted(Ana, cash.CountDrawer{Count: Count(200_00)})
		s.Clock.Pass(24 * time.Hour)
	}
	open := makeOf(t, s, "day", report.Ask{Period: report.Day(20261123)})
	if !slices.Contains(open.Notes, "Session A1-S0001 is still open and has no Z yet.") {
		t.Errorf("notes %q", open.Notes)
	}
	s.SignIn(Tom)
	s.CloseCounted(Tom, cash.CountDrawer{Count: Count(250_00)})
	day := makeOf(t, s, "day", report.Ask{Period: report.Day(20261123)})
	if day.Facts[0].Value != "1 to 3" || day.Total("Net") != 50_00 || !slices.Contains(day.Notes, "Z 2 in between: sessions that were opened on another business date.") {
		t.Errorf("facts %v, net %s, notes %q", day.Facts, day.Total("Net"), day.Notes)
	}
	if month := makeOf(t, s, "month", report.Ask{Period: report.Day(20261130)}); month.Facts[0].Value != "1 to 3" || len(month.Notes) != 2 {
		t.Errorf("facts %v, notes %q", month.Facts, month.Notes)
	}
}

// TestReprintsAreFound: the papers' entries are told to the report from outside.
func TestReprintsAreFound(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	s.Morning(Tom, "1")
	paid := s.Do(Tom, inCash(Oak, 50_00))
	table := makeOf(t, s, "voids", report.Ask{Reprint: func(e *ledger.Entry) (uint64, bool, error) {
		return paid.Seq, e.Kind == cash.KindDrawerOpened, nil
	}})
	if !slices.ContainsFunc(table.Rows, func(r report.Row) bool {
		return r.Cells[0].Text == "Reprint" && r.Cells[2].Text == "Tom Baker" && r.Cells[4].Text == string(paid.ReceiptNo("A1"))
	}) {
		t.Errorf("rows %+v", table.Rows)
	}
}
