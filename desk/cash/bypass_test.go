package cash_test

import (
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
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
	t.Logf("reverse after return: %v", err)
	_, err = s.TryApproved(Maria, Ana, cash.Refund{From: "A1-000001", Amount: 100_00, By: cash.RefundCash, Reason: "paid twice"})
	t.Logf("refund: %v", err)
	s.Look(func(st *ledger.State) error {
		st2, err := s.Accounts.Standing(st, Oak)
		t.Logf("Oak owed 1204.11; owes now %s (fee 25)", st2.Balance())
		return err
	})
	if err == nil {
		t.Error("100.00 in cash was given back for a check that bounced")
	}
}

func TestMoneyWithoutAnAccountIsGivenBackOnce(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	o := s.Morning(Maria, "1")
	e := s.Do(Maria, cash.TakePayment{Pay: []cash.Pay{{For: "J DOE, new service", Amount: 100_00}}, Tenders: []cash.Tender{inCash(100_00)}})
	no := e.ReceiptNo("A1")
	s.DoApproved(Maria, Ana, cash.Refund{From: string(no), Amount: 100_00, By: cash.RefundCash, Reason: "paid twice"})
	_, err := s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: no, Reason: "wrong account"})
	if err == nil {
		t.Errorf("100.00 came in and 200.00 went out: the drawer of 200.00 holds %s", inDrawer(s, o.Session, cash.Cash))
	}
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
	if err == nil {
		t.Error("Maria gave her own money back to herself")
	}
	_, err = s.Try(Maria, pay(Oak, 10_00, cash.Tender{Kind: cash.Credit, Amount: 10_00, Reference: "A1-000001"}))
	if err == nil {
		t.Error("Maria moved her own account's money, alone")
	}
	// wrong letters
	_, err = s.TryApproved(Tom, Ana, cash.Refund{From: "A1-000001-ZZZZ", Amount: 10_00, By: cash.RefundCash, Reason: "paid twice"})
	t.Logf("refund of a receipt with wrong letters by Tom: %v", err)
	_, err = s.Try(Maria, pay(Oak, 10_00, cash.Tender{Kind: cash.Credit, Amount: 10_00, Reference: "A1-000001-ZZZZ"}))
	if err == nil {
		t.Error("a receipt number with wrong letters is taken")
	}
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
		for no, was := range map[account.No]ledger.Cents{Oak: 1204_11, Garcia: 188_20} {
			st2, err := s.Accounts.Standing(st, no)
			if err != nil {
				return err
			}
			t.Logf("%s owed %s, paid 100 by checks that both bounced, owes %s", no, was, st2.Balance())
			if no == Garcia && st2.Balance() != was {
				t.Error("Garcia's is wrong")
			}
		}
		return nil
	})
}

func TestAPaymentByCreditIsReversed(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Oak, 5_00, cash.Tender{Kind: cash.Credit, Amount: 5_00, Reference: string(Paid)}))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	s.Clock.Pass(24 * time.Hour)
	_, err := s.TryApproved(Maria, Ana, cash.ReversePayment{Receipt: e.ReceiptNo("A1"), Reason: "wrong account"})
	if err != nil {
		t.Errorf("reverse: %v", err)
	}
}

func TestACheckIsFoundWithoutTheBlanks(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Oak, 100_00, numbered("1042 ", 100_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 100_00}}})
	s.SignIn(Ben)
	_, err := s.Try(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "1042 ", Reason: "insufficient funds"})
	if err != nil {
		t.Errorf("return: %v", err)
	}
}

func TestTwoChecksWithOneNumberComeBack(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e := s.Do(Maria, pay(Oak, 100_00, numbered("101", 60_00), numbered("101", 40_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 2, Amount: 100_00}}})
	s.SignIn(Ben)
	s.Do(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "101", Reason: "insufficient funds"})
	if _, err := s.Try(Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "101", Reason: "insufficient funds"}); err != nil {
		t.Errorf("the second: %v", err)
	}
}

func TestCreditIsNotCounted(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e, err := s.Try(Maria, cash.CountDrawer{Count: Count(100_00), Other: []cash.CountedTender{{Kind: cash.Credit, Count: 1, Amount: 100_00}}})
	if err == nil {
		b := Body[cash.Counted](s, e[0])
		t.Errorf("100.00 of cash are missing, and the count says over/short %s", b.Over)
	}
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
	if _, err := s.TryApproved(Ana, Ben, cash.ReturnCheck{Receipt: e.ReceiptNo("A1"), Number: "1042", Reason: "insufficient funds", Waive: true}); err == nil {
		t.Error("Ben approved the waiving of his own fee")
	}
}

func TestATraineeDoesNotSignForRealMoney(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Oak, 100_00, inCash(100_00)))
	if _, err := s.TryApproved(Maria, Trainee, cash.Skim{Count: Count(50_00), Bag: "B1"}); err == nil {
		t.Error("a trainee signed for real money")
	}
}

func TestABagIsNotNamedLikeASession(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Oak, 100_00, inCash(100_00)))
	if _, err := s.TryApproved(Maria, Tom, cash.Skim{Count: Count(50_00), Bag: "A1-S0001"}); err == nil {
		t.Error("a bag is named like the session")
	}
}

func TestNobodyIsOnRecordAsTheirOwnApprover(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Maria, "1")
	e, err := s.TryApproved(Maria, Maria, pay(Oak, 100_00, inCash(100_00)))
	if err == nil {
		if b := Body[cash.Payment](s, e[0]); b.Approver != "" {
			t.Errorf("the payment of %s says approved by %s", e[0].Actor, b.ApproverName)
		}
	}
}

func TestNobodyApprovesTendersForTheirOwnAccount(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) {
		withCredits(p)
		p.Cash.Tenders = append(p.Cash.Tenders, cash.TenderRule{Kind: cash.Pledge, ApproveAbove: 10_00})
	}})
	s.Morning(Maria, "1")
	if _, err := s.TryApproved(Maria, Ben, pay(Bens, 50_00, cash.Tender{Kind: cash.Pledge, Amount: 50_00, Number: "L1"})); err == nil {
		t.Error("Ben approved a pledge above the limit for his own account")
	}
}

func TestACountedDrawerGivesNoChange(t *testing.T) {
	s := New(t, Options{Policy: withCredits})
	s.Morning(Tom, "2")
	s.Do(Tom, cash.CountDrawer{Count: Count(200_00)})
	s.Morning(Maria, "1")
	if _, err := s.TryApproved(Maria, Tom, cash.ChangeOrder{With: "2", Give: cash.Count{{Value: 100_00, N: 1}}, Get: cash.Count{{Value: 20_00, N: 5}}}); err == nil {
		t.Error("pieces of a drawer that was counted are changed")
	}
}
