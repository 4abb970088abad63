package report_test

import (
	"slices"
	"testing"

	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// TestTakenIsMoneyThatCameIn: 40.00 in cash, 31.00 in cash that are voided, and 5.00 of
// credit are 71.00 taken and 40.00 net in every report that says either, with the credit
// beside it; and a Z names what its cashier reversed while it was open.
func TestTakenIsMoneyThatCameIn(t *testing.T) {
	s := New(t, Options{Policy: Everything})
	s.Morning(Tom, "1")
	before := s.Do(Tom, inCash(Garcia, 12_00))
	s.CloseCounted(Tom, cash.CountDrawer{Count: Count(212_00)})
	s.Do(Tom, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	s.DoApproved(Tom, Ben, cash.ReversePayment{Receipt: before.ReceiptNo("A1"), Reason: "wrong account"})
	s.Do(Tom, inCash(Garcia, 40_00))
	wrong := s.Do(Tom, inCash(Oak, 31_00))
	s.DoApproved(Tom, Ben, cash.VoidPayment{Receipt: wrong.ReceiptNo("A1"), Reason: "wrong account"})
	s.DoApproved(Tom, Ben, cash.TakePayment{Pay: []cash.Pay{{Account: Oak, Amount: 5_00}}, Tenders: []cash.Tender{{Kind: cash.Credit, Amount: 5_00, Reference: string(Paid)}}})
	closed := s.CloseCounted(Tom, cash.CountDrawer{Count: Count(240_00)})
	for _, name := range []string{"day", "days", "cashiers", "tenders"} {
		table := makeOf(t, s, name, report.Ask{Period: report.Day(20261123)})
		got := []ledger.Cents{table.Total("Taken"), table.Total("Given back"), table.Total("Net")}
		if want := []ledger.Cents{83_00, 31_00, 52_00}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		credit := table.Total("Credit applied")
		if slices.Contains(table.Facts, report.Fact{Name: "Credit applied, no money came in", Value: "1, 5.00"}) {
			credit = 5_00
		}
		if credit != 5_00 {
			t.Errorf("%s: credit applied %s; %v", name, credit, table.Facts)
		}
	}
	// Three payments were not voided: the average is of the money that is left.
	cashiers := makeOf(t, s, "cashiers", report.Ask{})
	if average := cashiers.Total("Net per payment"); average != 52_00/3 {
		t.Errorf("net per payment %s", average)
	}
	z := Body[cash.DrawerClosed](s, closed)
	if z.Totals.Reversals != 1 || z.Totals.Reversed != 12_00 {
		t.Errorf("the Z has %d reversals of %s", z.Totals.Reversals, z.Totals.Reversed)
	}
	if day := makeOf(t, s, "day", report.Ask{Period: report.Day(20261123)}); day.Disagrees() {
		t.Error(day.Notes)
	}
}
