package cash_test

import (
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
)

// Central is away for thirty days: everything goes on, but for what the policy takes
// only while central answers. A second person approves with the PIN that is here.
func TestCentralAwayForAMonth(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) {
		controlled(p)
		for i := range p.Cash.Tenders {
			switch p.Cash.Tenders[i].Kind {
			case cash.Card:
				p.Cash.Tenders[i].OnlineOnly = true
			case cash.Check:
				p.Cash.Tenders[i].ApproveAbove = 100_00
			}
		}
	}})
	s.Options.Offline = true
	for range 30 {
		s.Morning(Maria, "1")
		_, err := s.Try(Maria, pay(Garcia, 1_00, cash.Tender{Kind: cash.Card, Amount: 1_00, Reference: "TX-1", LastFour: "4242"}))
		expect(t, "a card without central", err, "cash.online_only at tenders")
		large := pay(Oak, 150_00, cash.Tender{Kind: cash.Check, Amount: 150_00, Number: "1187"})
		_, err = s.Try(Maria, large)
		expect(t, "a large check alone", err, "staff.approval_needed at approver")
		paid := Body[cash.Payment](s, s.DoApproved(Maria, Ana, large))
		if !paid.Offline || paid.Approver != Ana {
			t.Fatalf("the payment says offline %v, approved by %q", paid.Offline, paid.Approver)
		}
		s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 150_00}}})
		s.Clock.Pass(24 * time.Hour)
	}
	s.Options.Offline = false
	s.Morning(Maria, "1")
	if paid := Body[cash.Payment](s, s.Do(Maria, pay(Garcia, 1_00, cash.Tender{Kind: cash.Card, Amount: 1_00, Reference: "TX-2", LastFour: "4242"}))); paid.Offline {
		t.Error("central is back, and the payment says it is not")
	}
	s.Verify()
}

// Two people close one drawer: one of them does.
func TestTwoPeopleCloseOneDrawer(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	s.Do(Maria, cash.CountDrawer{Count: Count(200_00)})
	s.SignIn(Ana)
	s.DoApproved(Ana, Tom, cash.CountDrawer{Drawer: "1", Count: Count(200_00)})
	_, err := s.TryApproved(Ana, Maria, cash.CountDrawer{Drawer: "1", Count: Count(200_00)})
	expect(t, "a third count", err, "cash.counted_twice")
	s.Do(Ana, cash.CloseDrawer{Drawer: "1", Reason: "missing cash"})
	_, err = s.Try(Ana, cash.CloseDrawer{Drawer: "1"})
	expect(t, "the lead once more", err, "cash.closed_already")
	s.SignIn(Maria)
	_, err = s.Try(Maria, cash.CloseDrawer{})
	expect(t, "the cashier too", err, "cash.closed_already")
	s.Clock.Pass(24 * time.Hour)
	_, err = s.Try(Maria, cash.CloseDrawer{})
	expect(t, "the cashier the day after", err, "cash.no_session")
	s.Verify()
}
