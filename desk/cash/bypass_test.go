package cash_test

import (
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Ways around the control of cash, each of which is shut: money that would leave twice,
// one's own account behind a receipt's number, and a record that would say what was not.

func numbered(n string, a ledger.Cents) cash.Tender {
	return cash.Tender{Kind: cash.Check, Amount: a, Number: n}
}

func TestACheckThatCameBackIsNotReversed(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Oak, 100_00, byCheck(100_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 100_00}}})
	s.Clock.Pass(24 * time.Hour)
	s.SignIn(Ben)
	s.Do(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "1042", Reason: "insufficient funds"})
	s.Morning(Maria, "1")
	_, err := s.TryApproved(Maria, Ana, cash.ReversePayment{Receipt: e.ReceiptNo("A1"), Reason: "wrong account"})
	expect(t, "a check that never paid", err, "cash.returned_before at receipt")
	_, err = s.TryApproved(Maria, Ana, cash.Refund{From: "A1-000001", Amount: 100_00, By: cash.RefundCash, Reason: "paid twice"})
	expect(t, "its money", err, "cash.refund_amount at amount")
}

func TestMoneyWithoutAnAccountIsGivenBackOnce(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, cash.TakePayment{Pay: []cash.Pay{{For: "J DOE, new service", Amount: 100_00}}, Tenders: []cash.Tender{inCash(100_00)}})
	no := e.ReceiptNo("A1")
	s.DoApproved(Maria, Ana, cash.Refund{From: string(no), Amount: 100_00, By: cash.RefundCash, Reason: "paid twice"})
	_, err := s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: no, Reason: "wrong account"})
	expect(t, "what was given back", err, "cash.undo_used at receipt")
}

func TestAReceiptIsItsPayersOwn(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Tom, "1")
	e := s.Do(Tom, pay(Own, 50_00, inCash(50_00))) // Own is Maria's
	s.CloseCounted(Tom, cash.CountDrawer{Count: Count(250_00)})
	s.Clock.Pass(24 * time.Hour)
	s.DoApproved(Tom, Ana, cash.ReversePayment{Receipt: e.ReceiptNo("A1"), Reason: "wrong account"})
	s.Morning(Maria, "1")
	_, err := s.TryApproved(Maria, Ana, cash.Refund{From: "A1-000001", Amount: 10_00, By: cash.RefundCash, Reason: "paid twice"})
	expect(t, "given back to herself", err, "cash.own_account at from")
	_, err = s.Try(Maria, pay(Oak, 10_00, cash.Tender{Kind: cash.Credit, Amount: 10_00, Reference: "A1-000001"}))
	expect(t, "moved by herself", err, "cash.own_account at reference")
	_, err = s.Try(Maria, pay(Oak, 10_00, cash.Tender{Kind: cash.Credit, Amount: 10_00, Reference: "A1-000001-ZZZZ"}))
	expect(t, "with wrong letters", err, "cash.receipt_mark at reference")
}

func TestTwoChecksOfOnePaymentComeBack(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, cash.TakePayment{Pay: []cash.Pay{{Account: Oak, Amount: 100_00}, {Account: Garcia, Amount: 100_00}},
		Tenders: []cash.Tender{numbered("1", 100_00), numbered("2", 100_00)}})
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 2, Amount: 200_00}}})
	s.SignIn(Ben)
	for _, n := range []string{"1", "2"} {
		s.Do(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: n, Reason: "insufficient funds"})
	}
	s.Look(func(st *ledger.State) error {
		garcia, err := s.Accounts.Standing(st, Garcia)
		if owes := garcia.Balance(); err == nil && owes != 188_20 {
			t.Errorf("Garcia owed 188.20 before and owes %s", owes)
		}
		return err
	})
}

func TestAPaymentByCreditIsApprovedAndReversed(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	_, err := s.Try(Maria, pay(Oak, 5_00, cash.Tender{Kind: cash.Credit, Amount: 5_00, Reference: string(Paid)}))
	expect(t, "one person alone moves a customer's money", err, "staff.approval_needed at approver")
	e := s.DoApproved(Maria, Ana, pay(Oak, 5_00, cash.Tender{Kind: cash.Credit, Amount: 5_00, Reference: string(Paid)}))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	s.Clock.Pass(24 * time.Hour)
	_, err = s.TryApproved(Maria, Ana, cash.ReversePayment{Receipt: e.ReceiptNo("A1"), Reason: "wrong account"})
	expect(t, "the reversal", err, "")
}

func TestACheckIsFoundWithoutTheBlanks(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Oak, 100_00, numbered("1042 ", 100_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 100_00}}})
	s.SignIn(Ben)
	_, err := s.Try(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "1042 ", Reason: "insufficient funds"})
	expect(t, "the return", err, "")
}

func TestTwoChecksWithOneNumberComeBack(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Oak, 100_00, numbered("101", 60_00), numbered("101", 40_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 2, Amount: 100_00}}})
	s.SignIn(Ben)
	s.Do(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "101", Reason: "insufficient funds"})
	_, err := s.Try(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "101", Reason: "insufficient funds"})
	expect(t, "the second", err, "")
}

func TestCreditIsNotCounted(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	_, err := s.Try(Maria, cash.CountDrawer{Count: Count(100_00), Other: []cash.CountedTender{{Kind: cash.Credit, Count: 1, Amount: 100_00}}})
	expect(t, "credit for missing cash", err, "cash.bad_count at other")
}

func TestNobodyApprovesForTheirOwnAccountThatAFeeIsWaived(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) {
		withCredits(p)
		p.Staff.Rights[staff.CSS2] = append(p.Staff.Rights[staff.CSS2], staff.Bank)
	}})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Bens, 50_00, byCheck(50_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 50_00}}})
	s.SignIn(Ana)
	_, err := s.TryApproved(Ana, Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "1042", Reason: "insufficient funds", Waive: true})
	expect(t, "his own fee", err, "cash.own_account at receipt")
}

func TestSkimsThatAreNone(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Oak, 100_00, inCash(100_00)))
	_, err := s.TryApproved(Maria, Trainee, cash.Skim{Count: Count(50_00), Bag: "B1"})
	expect(t, "a trainee signs for real money", err, "staff.may_not_witness at approver")
	_, err = s.TryApproved(Maria, Tom, cash.Skim{Count: Count(50_00), Bag: "A1-S0001"})
	expect(t, "a bag named like the session", err, "cash.bag_like_session at bag")
}

func TestNobodyIsOnRecordAsTheirOwnApprover(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	_, err := s.TryApproved(Maria, Maria, pay(Oak, 100_00, inCash(100_00)))
	expect(t, "nobody had to approve", err, "staff.own_approval at approver")
}

func TestNobodyApprovesTendersForTheirOwnAccount(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) {
		withCredits(p)
		p.Cash.Tenders = append(p.Cash.Tenders, cash.TenderRule{Kind: cash.Pledge, ApproveAbove: 10_00})
	}})
	s.Morning(Maria, "1")
	_, err := s.TryApproved(Maria, Ben, pay(Bens, 50_00, cash.Tender{Kind: cash.Pledge, Amount: 50_00, Number: "L1"}))
	expect(t, "a pledge above the limit", err, "cash.own_account at pay")
}

func TestACountedDrawerGivesNoChange(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Tom, "2")
	s.Do(Tom, cash.CountDrawer{Count: Count(200_00)})
	s.Morning(Maria, "1")
	_, err := s.TryApproved(Maria, Tom, cash.ChangeOrder{With: "2", Give: cash.Count{{Value: 100_00, N: 1}}, Get: cash.Count{{Value: 20_00, N: 5}}})
	expect(t, "pieces that were counted", err, "cash.counted at with")
}
