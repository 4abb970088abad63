package watch_test

import (
	"cmp"
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

var policy = watch.Policy{Swap: 20_00, VoidMinutes: 10, AdjustDays: 3, Approvals: 3, NoSales: 3, Unasked: 2, ReliefDays: 10, LateDeposits: 1,
	Flips:        []watch.FlipRule{{From: 20260101, Days: 3, Source: "x"}, {From: 20261201, Days: 0, Source: "y"}},
	Compositions: []watch.CompositionRule{{From: 20260101, Points: 5, Least: 15_00, Source: "x"}}}

func town(p *desk.Policy) {
	p.Safe = safe.Policy{Banks: []safe.Bank{{ID: "first", Name: "First", Bagged: true, Tenders: []cash.TenderKind{cash.Cash, cash.Check}}}}
	p.Cash.Reasons.Adjust = []string{"penalty waived"}
	p.Cash.Reasons.Returned = []string{"bank's error"}
	p.Cash.Reasons.Refund = []string{"paid twice"}
	p.Cash.Returned = []cash.ReturnedRule{{From: 20260101, First: 25_00, Further: 35_00, Months: 12, NoChecksAfter: 1, NoChecksDays: 365, Answer: 30, Source: "x"}}
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
	deposit := func(s *Station, counted ledger.Cents, sessions ...string) {
		s.SignIn(Ben)
		s.DoApproved(Ben, Ana, safe.MakeDeposit{Bank: "first", Parts: sessions, Bag: "D-" + sessions[0], Count: Count(counted), Note: "counted"})
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
		{"a bag that a count of the safe does not find, and one that nobody put there", func(s *Station) {
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Oak, 100_00))
			s.DoApproved(Maria, Ana, cash.Skim{Bag: "B-1", Count: Count(100_00)})
			s.CloseCounted(Maria, closing(200_00))
			s.SignIn(Ben)
			s.DoApproved(Ben, Ana, safe.CountSafe{There: []string{"X-9"}})
		}, "[safe unlike the books Ben Okafor safe unlike the books Ben Okafor]"},
		{"a bag that it finds", func(s *Station) {
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Oak, 100_00))
			s.DoApproved(Maria, Ana, cash.Skim{Bag: "B-1", Count: Count(100_00)})
			s.CloseCounted(Maria, closing(200_00))
			s.SignIn(Ben)
			s.DoApproved(Ben, Ana, safe.CountSafe{There: []string{"B-1"}})
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
			deposit(s, 10_00, "A1-S0002")
		}, "[lapping Maria Lopez]"},
		{"who took cash waives the penalty", func(s *Station) {
			s.Morning(Ben, "1")
			s.Do(Ben, inCash(Garcia, 10_00))
			s.Clock.Pass(time.Hour)
			s.DoApproved(Ben, Ana, cash.Adjust{Account: Garcia, Bucket: account.Penalties, Amount: -5_00, Reason: "penalty waived"})
		}, "[adjusted after cash Ben Okafor status flip after cash Ben Okafor]"},
		{"who took cash leaves something owed, raises it, or waits", func(s *Station) {
			s.Morning(Ben, "1")
			s.Do(Ben, inCash(Garcia, 10_00))
			for _, adjust := range []cash.Adjust{{Bucket: account.Current, Amount: -5_00}, {Bucket: account.PastDue, Amount: 5_00}} {
				adjust.Account, adjust.Reason = Garcia, "penalty waived"
				s.DoApproved(Ben, Ana, adjust)
			}
			s.Clock.Pass(73 * time.Hour)
			s.DoApproved(Ben, Ana, cash.Adjust{Account: Garcia, Bucket: account.Penalties, Amount: -5_00, Reason: "penalty waived"})
		}, "[adjusted after cash Ben Okafor one approver Ben Okafor]"},
		{"a returned check that left no mark", func(s *Station) {
			s.SignIn(Ben)
			check := banked(s, Ben)
			s.Morning(Ben, "1")
			s.Do(Ben, inCash(Oak, 10_00))
			s.DoApproved(Ben, Ana, cash.ReturnCheck{Receipt: check, Number: "101", Reason: "bank's error", Waive: true})
		}, "[status flip after cash Ben Okafor]"},
		{"a returned check that bears its fee", func(s *Station) {
			s.SignIn(Ben)
			check := banked(s, Ben)
			s.Morning(Ben, "1")
			s.Do(Ben, inCash(Oak, 10_00))
			s.DoApproved(Ben, Ana, cash.ReturnCheck{Receipt: check, Number: "101", Reason: "bank's error"})
		}, "[]"},
		{"a returned check that left none, of whose account another took cash", func(s *Station) {
			check := banked(s, Maria)
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Oak, 10_00))
			s.SignIn(Ben)
			s.DoApproved(Ben, Ana, cash.ReturnCheck{Receipt: check, Number: "101", Reason: "bank's error", Waive: true})
		}, "[]"},
		{"a little of check for cash in each session", func(s *Station) {
			substituted(s, 3, 5_00)
			deposit(s, 165_00, "A1-S0001", "A1-S0002", "A1-S0003")
		}, "[composition unlike receipts Maria Lopez]"},
		{"less than worth a look", func(s *Station) {
			substituted(s, 3, 4_99)
			deposit(s, 165_03, "A1-S0001", "A1-S0002", "A1-S0003")
		}, "[]"},
		{"a refund and a void in between", func(s *Station) {
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Paid, 60_00))
			s.Do(Maria, cash.TakePayment{Pay: []cash.Pay{{Account: Oak, Amount: 50_00}}, Tenders: []cash.Tender{{Kind: cash.Check, Amount: 50_00, Number: "101"}}})
			s.DoApproved(Maria, Ana, cash.Refund{From: string(Paid), Amount: 40_00, By: cash.RefundCash, Reason: "paid twice"})
			void(s, paid(s), Ben)
			s.CloseCounted(Maria, cash.CountDrawer{Count: Count(220_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 50_00}}})
			deposit(s, 20_00, "A1-S0001")
		}, "[]"},
		{"cash that went between the safe and the bank", func(s *Station) {
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Oak, 60_00))
			s.CloseCounted(Maria, closing(260_00))
			banked(s, Tom)
			deposit(s, 44_99, "A1-S0001", "A1-S0002")
		}, "[composition unlike receipts Maria Lopez, Tom Baker]"},
		{"a bag first, and the checks after the close", func(s *Station) {
			s.Morning(Maria, "1")
			s.Do(Maria, inCash(Oak, 60_00))
			s.Do(Maria, cash.TakePayment{Pay: []cash.Pay{{Account: Oak, Amount: 50_00}}, Tenders: []cash.Tender{{Kind: cash.Check, Amount: 50_00, Number: "101"}}})
			s.DoApproved(Maria, Ana, cash.Skim{Bag: "B-1", Count: Count(60_00)})
			s.Do(Maria, inCash(Oak, 20_00))
			deposit(s, 60_00, "B-1")
			s.SignIn(Maria)
			s.CloseCounted(Maria, cash.CountDrawer{Count: Count(220_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 50_00}}})
			deposit(s, 20_00, "A1-S0001")
		}, "[]"},
		{"in order, and together", func(s *Station) {
			for range 3 {
				s.Morning(Maria, "1")
				s.Do(Maria, inCash(Oak, 10_00))
				s.CloseCounted(Maria, closing(210_00))
			}
			deposit(s, 10_00, "A1-S0001")
			deposit(s, 20_00, "A1-S0003", "A1-S0002")
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

// banked is the receipt of a check for Oak, in a session that is closed.
func banked(s *Station, who staff.ID) ledger.ReceiptNo {
	s.Morning(who, cmp.Or(map[staff.ID]cash.DrawerID{Tom: "2"}[who], "1"))
	e := s.Do(who, cash.TakePayment{Pay: []cash.Pay{{Account: Oak, Amount: 50_00}}, Tenders: []cash.Tender{{Kind: cash.Check, Amount: 50_00, Number: "101"}}})
	s.CloseCounted(who, cash.CountDrawer{Count: Count(200_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 50_00}}})
	return e.ReceiptNo("A1")
}

// substituted is sessions of sixty in cash, in each of which a check that nobody recorded
// stands for some of it.
func substituted(s *Station, sessions int, amount ledger.Cents) {
	for range sessions {
		s.Morning(Maria, "1")
		s.Do(Maria, inCash(Oak, 60_00))
		s.CloseCounted(Maria, cash.CountDrawer{Count: Count(260_00 - amount), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: amount}}})
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
