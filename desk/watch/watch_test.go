package watch_test

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/desk/watch"
	"gatehouse/ledger"
)

var policy = watch.Policy{Swap: 20_00, VoidMinutes: 10, AdjustDays: 3, Approvals: 3, NoSales: 3, Unasked: 2, ReliefDays: 10, LateDeposits: 1}

func town(p *desk.Policy) {
	p.Safe = safe.Policy{Banks: []safe.Bank{{ID: "first", Name: "First", Tenders: []cash.TenderKind{cash.Cash, cash.Check}}}}
	p.Cash.Reasons.Adjust = []string{"penalty waived"}
	p.Cash.AdjustLimits = []cash.AdjustLimit{{From: 20260101, Role: staff.Supervisor, Most: 500_00, Source: "x"}}
}

func inCash(no account.No, amount ledger.Cents) cash.TakePayment {
	return cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: amount}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: amount}}}
}

func closing(amount ledger.Cents) cash.CountDrawer { return cash.CountDrawer{Count: Count(amount)} }

// Each pattern, and beside it what looks much like it and is none.
func TestPatterns(t *testing.T) {
	void := func(s *Station, no ledger.ReceiptNo, approver staff.ID) {
		s.DoApproved(Maria, approver, cash.VoidPayment{Receipt: no, Reason: "wrong amount"})
	}
	deposit := func(s *Station, sessions ...string) {
		s.SignIn(Ben)
		s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: sessions, Note: "counted"})
	}
	for _, c := range []struct {
		name string
		do   func(*Station)
		want string
	}{
		{"an honest day", func(s *Station) {
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Oak, 10_00))
			s.CloseCounted(Maria, closing(210_00))
		}, "[]"},
		{"checks for cash", func(s *Station) {
			s.Morning(Maria, "1")
			s.CloseCounted(Maria, cash.CountDrawer{Count: Count(170_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 30_00}}})
		}, "[swap Maria Lopez]"},
		{"only short", func(s *Station) { s.Morning(Maria, "1"); s.CloseCounted(Maria, closing(170_00)) }, "[]"},
		{"a late void of cash", func(s *Station) {
			s.Morning(Maria, "1")
			e := s.Do(Maria, inCash(Oak, 10_00))
			s.Clock.Pass(10 * time.Minute)
			void(s, e.ReceiptNo("A1"), Ana)
		}, "[late void Maria Lopez]"},
		{"a void at once", func(s *Station) {
			s.Morning(Maria, "1")
			void(s, paid(s), Ana)
		}, "[]"},
		{"an adjustment after cash", func(s *Station) {
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Garcia, 10_00))
			s.SignIn(Ben)
			s.Clock.Pass(50 * time.Hour)
			s.DoApproved(Ben, Ana, cash.Adjust{Account: Garcia, Bucket: account.Current, Amount: -10_00, Reason: "penalty waived"})
		}, "[adjusted after cash Ben Okafor]"},
		{"an adjustment of another account, of more, and later", func(s *Station) {
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Garcia, 10_00))
			s.SignIn(Ben)
			adjust := cash.Adjust{Account: Oak, Bucket: account.Current, Amount: -10_00, Reason: "penalty waived"}
			s.DoApproved(Ben, Ana, adjust)
			adjust.Account, adjust.Amount = Garcia, 10_00
			s.DoApproved(Ben, Ana, adjust)
			s.Clock.Pass(73 * time.Hour)
			adjust.Amount = -10_00
			s.DoApproved(Ben, Ana, adjust)
		}, "[one approver Ben Okafor]"},
		{"one approver", func(s *Station) {
			s.Morning(Maria, "1")
			for range 3 {
				void(s, paid(s), Ana)
			}
		}, "[one approver Maria Lopez]"},
		{"two approvers", func(s *Station) {
			s.Morning(Maria, "1")
			for _, who := range []staff.ID{Ana, Ana, Ben, Ana} {
				void(s, paid(s), who)
			}
		}, "[]"},
		{"a drawer without cause", func(s *Station) {
			s.Morning(Maria, "1")
			for range 3 {
				s.Do(Maria, cash.NoSaleCommand{Reason: "change for a customer"})
			}
			s.Do(desk.StationActor, cash.NoteUnasked{Drawer: "1"})
			s.Do(desk.StationActor, cash.NoteUnasked{Drawer: "1"})
			s.Do(desk.StationActor, cash.NoteUnasked{Drawer: "2"})
			s.CloseCounted(Maria, closing(200_00))
		}, "[drawer without cause Maria Lopez drawer without cause Maria Lopez drawer without cause ]"},
		{"no relief", func(s *Station) {
			for range 12 {
				s.Morning(Maria, "1")
				s.CloseCounted(Maria, closing(200_00))
				s.Clock.Pass(24 * time.Hour)
			}
		}, "[no relief Maria Lopez]"},
		{"relief", func(s *Station) {
			for day := range 20 {
				who := Maria
				if day%9 == 8 {
					who = Tom
				}
				s.Morning(who, "1")
				s.CloseCounted(who, closing(200_00))
				s.Clock.Pass(24 * time.Hour)
			}
		}, "[]"},
		{"lapping", func(s *Station) {
			for range 2 {
				s.Morning(Maria, "1")
				s.Do(Maria, inCash(Oak, 10_00))
				s.CloseCounted(Maria, closing(210_00))
			}
			deposit(s, "A1-S0002")
		}, "[lapping Maria Lopez]"},
		{"in order, and together", func(s *Station) {
			for range 3 {
				s.Morning(Maria, "1")
				s.Do(Maria, inCash(Oak, 10_00))
				s.CloseCounted(Maria, closing(210_00))
			}
			deposit(s, "A1-S0001")
			deposit(s, "A1-S0003", "A1-S0002")
		}, "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := New(t, Options{Policy: town})
			c.do(s)
			got := find(t, s)
			if got != c.want {
				t.Errorf("found %s, want %s", got, c.want)
			}
			s.Verify()
		})
	}
}

// paid is the receipt of ten dollars.
func paid(s *Station) ledger.ReceiptNo {
	e := s.Do(Maria, inCash(Oak, 10_00))
	return e.ReceiptNo("A1")
}

func find(t *testing.T, s *Station) string {
	t.Helper()
	var names []string
	s.Look(func(st *ledger.State) error {
		all, err := watch.Look(st, 1, policy, nil)
		for _, f := range all {
			if len(f.Entries) == 0 || f.What == "" {
				t.Errorf("a finding without its entries: %+v", f)
			}
			names = append(names, fmt.Sprint(f.Pattern, " ", f.Who))
		}
		return err
	})
	return fmt.Sprint(names)
}
