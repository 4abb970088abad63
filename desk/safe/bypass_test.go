package safe_test

import (
	"fmt"
	"testing"

	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

func TestASessionIsInADepositOnce(t *testing.T) {
	s := New(t, Options{Policy: banked})
	day(s) // its card is not the first bank's, so it still waits
	_, err := s.TryApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{"A1-S0001", "a1-s0001"}, Count: Count(50_00), Bag: "D1", Note: "x"})
	expect(t, "in small letters", err, "safe.not_waiting at parts")
}

func TestAReversedCheckIsOnTheSlip(t *testing.T) {
	s := New(t, Options{Policy: banked})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Oak, check("11", 30_00)))
	s.Do(Maria, pay(Oak, check("12", 40_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 2, Amount: 70_00}}})
	s.DoApproved(Maria, Ana, cash.ReversePayment{Receipt: e.ReceiptNo("A1"), Reason: "wrong account"})
	s.SignIn(Ben)
	b := Body[safe.Deposit](s, s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{"A1-S0001"}, Bag: "D1"}))
	var sum ledger.Cents
	for _, c := range b.Checks {
		sum += c.Amount
	}
	if sum != b.Total {
		t.Errorf("the slip says %s and lists checks of %s: %v", b.Total, sum, b.Checks)
	}
}

func TestTheNextStatementFindsTheRest(t *testing.T) {
	s := New(t, Options{Policy: banked})
	var lines []safe.Line
	for i := range 22 {
		s.Morning(Maria, "1")
		s.Do(Maria, pay(Oak, cash.Tender{Kind: cash.Cash, Amount: 10_00}))
		s.CloseCounted(Maria, cash.CountDrawer{Count: Count(210_00)})
		s.SignIn(Ben)
		b := Body[safe.Deposit](s, s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{fmt.Sprintf("A1-S%04d", i+1)}, Count: Count(10_00), Bag: fmt.Sprint("D", i)}))
		lines = append(lines, safe.Line{Date: 20261123, Amount: 10_00, Reference: b.No})
	}
	s.Do(Ben, safe.RecordStatement{Bank: "first", File: "a", Lines: lines})
	s.Do(Ben, safe.RecordStatement{Bank: "first", File: "b", Lines: []safe.Line{{Date: 20261124, Amount: 1}}})
	s.Look(func(st *ledger.State) error {
		all, err := safe.InTransit(st)
		if len(all) > 0 {
			t.Errorf("still in transit after the next statement: %d", len(all))
		}
		return err
	})
}

func TestTwoEqualLinesOfOneFileAreTwo(t *testing.T) {
	s := New(t, Options{Policy: banked})
	s.SignIn(Ben)
	l := safe.Line{Date: 20261123, Amount: 10_00, Text: "DEPOSIT"}
	b := Body[safe.Statement](s, s.Do(Ben, safe.RecordStatement{Bank: "first", File: "a", Lines: []safe.Line{l, l}}))
	if len(b.Lines) != 2 {
		t.Errorf("of two deposits of 10.00 in one statement %d is kept, %d said to be known", len(b.Lines), b.Known)
	}
	_, err := s.Try(Ben, safe.RecordStatement{Bank: "first", File: "a", Lines: []safe.Line{l, l}})
	expect(t, "the same file", err, "safe.all_known at lines")
	if b := Body[safe.Statement](s, s.Do(Ben, safe.RecordStatement{Bank: "first", File: "a", Lines: []safe.Line{l, l, l}})); len(b.Lines) != 1 || b.Known != 2 {
		t.Errorf("a third: %d are kept, %d said to be known", len(b.Lines), b.Known)
	}
	s.Verify()
}

func TestABagOfTheBankIsSealedOnce(t *testing.T) {
	s := New(t, Options{Policy: banked})
	day(s)
	s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{"A1-S0001"}, Count: Count(50_00), Bag: "D1"})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Oak, cash.Tender{Kind: cash.Cash, Amount: 100_00}))
	_, err := s.TryApproved(Maria, Tom, cash.Skim{Count: Count(50_00), Bag: "D1"})
	expect(t, "the bag of a deposit", err, "cash.bag_used at bag")
}

// TestAMatchByHandSaysWhoApprovedIt: the difference is written off by two.
func TestAMatchByHandSaysWhoApprovedIt(t *testing.T) {
	s := New(t, Options{Policy: banked})
	day(s)
	s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: []string{"A1-S0001"}, Count: Count(50_00), Bag: "D1"})
	line := safe.Line{Date: 20261123, Amount: 85_00, Text: "DEPOSIT"}
	s.Do(Ben, safe.RecordStatement{Bank: "first", File: "a", Lines: []safe.Line{line}})
	b := Body[safe.Matched](s, s.DoApproved(Ben, Ana, safe.MatchByHand{Bank: "first", Deposit: "A1-D0001", Line: line, Note: "the bank counted less"}))
	if b.Approver != Ana || b.ApproverName == "" {
		t.Errorf("%+v", b)
	}
}
