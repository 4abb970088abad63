package report_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/desk/safe"
)

// whole is a report as a terminal shows it.
func whole(t *testing.T, s *Station, name string) string {
	t.Helper()
	table := makeOf(t, s, name, report.Ask{Period: always()})
	var got bytes.Buffer
	if err := table.Text(&got); err != nil {
		t.Fatal(err)
	}
	return string(marks.ReplaceAll(got.Bytes(), []byte("$1-MARK")))
}

// bagged is a day with a bag in the safe.
func bagged(t *testing.T) *Station {
	s := New(t, Options{Policy: Everything})
	s.Morning(Tom, "1")
	s.Do(Tom, inCash(Garcia, 100_00))
	s.DoApproved(Tom, Ana, cash.Skim{Bag: "AB-0001", Count: Count(60_00)})
	s.CloseCounted(Tom, cash.CountDrawer{Count: Count(240_00)})
	s.SignIn(Ben)
	return s
}

// TestABagThatIsNotThere: a bag that a count of the safe does not find, and one that
// nobody put there, are where a lead looks: what was done beside the ordinary, over and
// short, the cash position, deposits on their way, and the watch.
func TestABagThatIsNotThere(t *testing.T) {
	s := bagged(t)
	s.DoApproved(Ben, Ana, safe.CountSafe{There: []string{"A1-S0001", "X-7"}})
	for _, name := range []string{"voids", "over-short", "cash", "transit", "watch"} {
		golden(t, name+"-missing.txt", []byte(whole(t, s, name)))
	}
	// It stays so until a count finds it, whatever other counts there are between.
	s.DoApproved(Ben, Ana, safe.CountSafe{There: []string{"A1-S0001"}})
	if text := whole(t, s, "cash"); !strings.Contains(text, "bag AB-0001, NOT THERE") || strings.Count(text, "NOT THERE: ") != 1 {
		t.Error(text)
	}
	s.DoApproved(Ben, Ana, safe.CountSafe{There: []string{"A1-S0001", "AB-0001"}})
	if text := whole(t, s, "cash") + whole(t, s, "transit"); strings.Contains(text, "NOT THERE") {
		t.Error(text)
	}
}

// TestABagThatWentToTheBank: what was not found and then deposited is absent no more.
func TestABagThatWentToTheBank(t *testing.T) {
	s := bagged(t)
	s.DoApproved(Ben, Ana, safe.CountSafe{})
	if text := whole(t, s, "transit"); strings.Count(text, "NOT THERE: ") != 2 {
		t.Error(text)
	}
	s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{"AB-0001", "A1-S0001"}, Bag: "D-1", Count: Count(100_00)})
	if text := whole(t, s, "transit"); strings.Contains(text, "NOT THERE") || !strings.Contains(text, "A1-D0001") {
		t.Error(text)
	}
}

// TestWhatTheBankShowsAndNobodyKnows: a line of a statement that is no deposit stands in
// the report on deposits until it is matched.
func TestWhatTheBankShowsAndNobodyKnows(t *testing.T) {
	s := bagged(t)
	s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{"AB-0001", "A1-S0001"}, Bag: "D-1", Count: Count(100_00)})
	odd := safe.Line{Date: 20261124, Amount: 99_00, Reference: "D-2", Text: "DEPOSIT"}
	s.Do(Ben, safe.RecordStatement{Bank: "first", File: "november.csv", Lines: []safe.Line{odd, {Date: 20261124, Amount: -4_00, Text: "SERVICE FEE"}}})
	golden(t, "transit-shown.txt", []byte(whole(t, s, "transit")))
	table := makeOf(t, s, "transit", report.Ask{})
	if table.Total("Amount") != 100_00 || table.Total("Bank shows") != 95_00 {
		t.Errorf("on its way %s, shown %s", table.Total("Amount"), table.Total("Bank shows"))
	}
	statement := s.Entries()[len(s.Entries())-1].Seq
	if at := slices.IndexFunc(table.Rows, func(r report.Row) bool { return slices.Contains(r.Entries, statement) }); at < 0 {
		t.Errorf("no row names the entry of the statement, %d: %+v", statement, table.Rows)
	}
	s.DoApproved(Ben, Ana, safe.MatchByHand{Bank: "first", Line: odd, Deposit: "A1-D0001", Note: "the bank counted one less"})
	table = makeOf(t, s, "transit", report.Ask{})
	if len(table.Rows) != 1 || table.Total("Bank shows") != -4_00 {
		t.Errorf("after the match: %+v", table.Rows)
	}
}
