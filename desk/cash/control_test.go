package cash_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// controlled is the town with the rules of an auditor.
func controlled(p *desk.Policy) {
	allOfIt(p)
	p.Cash.Rounding = cash.Rounding{}
	p.Cash.Limit = cash.Limit{Warn: 400_00, Stop: 500_00, Source: "procedure 4"}
	p.Cash.Paid = append(p.Cash.Paid, cash.PaidRule{Reason: "change fund from the bank", Way: cash.In, Place: cash.PlaceSafe, Account: "equity:change-fund"},
		cash.PaidRule{Reason: "stamps", Way: cash.Out, Place: cash.PlaceDrawer, Account: "expenses:postage", Most: 10_00, ApproveAbove: 5_00})
	p.Cash.OverShort = []cash.OverShort{{From: 20260101, Source: "procedure 7", YearReport: 300_00, Tiers: []cash.Tier{
		{From: 1_00, Reason: true, Approve: true}, {From: 10_00, Reason: true, Approve: true, Memo: true}, {From: 200_00, Reason: true, Approve: true, Memo: true, Report: true}}}}
	p.Cash.Reasons.OverShort = []string{"missing cash", "missing check"}
	p.Cash.Reasons.Adjust = []string{"penalty waived"}
	p.Cash.Reasons.Returned = []string{"insufficient funds"}
	p.Cash.Returned = []cash.ReturnedRule{{From: 20260101, First: 25_00, Further: 35_00, Months: 12, NoChecksAfter: 2, NoChecksDays: 365, Answer: 30, Source: "Civil Code 1719"}}
	p.Cash.AdjustLimits = []cash.AdjustLimit{{From: 20260101, Role: staff.Supervisor, Most: 50_00, Source: "resolution 9"}, {From: 20270101, Role: staff.Supervisor, Most: 80_00, Source: "resolution 12"}}
	p.Cash.CashWatch = cash.CashWatch{Above: 10_000_00, FileIn: 15, Source: "26 USC 6050I"}
}

func TestADrawerIsFullUntilASkim(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Oak, 299_99, inCash(299_99)))
	s.Do(Maria, pay(Oak, 50_00, inCash(50_00))) // what passes the limit is still taken
	_, err := s.Try(Maria, pay(Oak, 1, inCash(1)))
	expect(t, "cash into a full drawer", err, "cash.drawer_full at tenders")
	s.Do(Maria, pay(Oak, 10_00, byCheck(10_00)))
	skim := cash.Skim{Count: Count(300_00), Bag: " b-17 "}
	_, err = s.Try(Maria, skim)
	expect(t, "a skim alone", err, "staff.witness_needed at approver")
	_, err = s.TryApproved(Maria, Maria, skim)
	expect(t, "a skim with oneself", err, "staff.own_approval at approver")
	e := s.DoApproved(Maria, Tom, skim)
	if body := Body[cash.Skimmed](s, e); body.Bag != "B-17" || body.Cash != 300_00 || body.Amount != 300_00 || body.Witness != Tom {
		t.Errorf("skimmed %+v", body)
	}
	s.Do(Maria, pay(Oak, 1_00, inCash(1_00)))
	for _, c := range []struct {
		name string
		do   cash.Skim
		want string
	}{
		{"the same bag", cash.Skim{Count: Count(1_00), Bag: "B-17"}, "cash.bag_used at bag"},
		{"no bag", cash.Skim{Count: Count(1_00)}, "cash.bag_number at bag"},
		{"a bag of odd letters", cash.Skim{Count: Count(1_00), Bag: "b\x1b"}, "cash.bag_number at bag"},
		{"a long bag", cash.Skim{Count: Count(1_00), Bag: strings.Repeat("7", 25)}, "cash.bag_number at bag"},
		{"nothing", cash.Skim{Bag: "B-18"}, "cash.skim_nothing at count"},
		{"more than there is", cash.Skim{Count: Count(1_000_00), Bag: "B-18"}, "cash.skim_too_much at count"},
		{"checks not ticked", cash.Skim{Bag: "B-18", Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 10_00}}}, "cash.skim_tick at other"},
		{"a card", cash.Skim{Bag: "B-18", Other: []cash.CountedTender{{Kind: cash.Card, Count: 1, Amount: 10_00}}}, "cash.skim_kind at other"},
		{"a check that is not there", cash.Skim{Bag: "B-18", Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 10_00, Ticked: []cash.Item{{Receipt: 2, Number: "1042", Amount: 10_00}}}}}, "cash.skim_tick at other"},
		{"a check", cash.Skim{Bag: "B-18", Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 10_00, Ticked: []cash.Item{{Receipt: 3, Number: "1042", Amount: 10_00}}}}}, ""},
	} {
		_, err := s.TryApproved(Maria, Tom, c.do)
		expect(t, c.name, err, c.want)
	}
	s.Look(func(st *ledger.State) error {
		session, _, err := cash.SessionByID(st, "A1-S0001")
		if items, err := cash.Items(st, session, cash.Check); err != nil || len(items) != 0 {
			t.Errorf("checks in the drawer: %v %v", items, err)
		}
		return err
	})
	s.Verify()
}

// TestWhatLiesInABagIsNotHandedBack: that the drawer holds other checks of that worth
// does not bring this one back.
func TestWhatLiesInABagIsNotHandedBack(t *testing.T) {
	s := New(t, Options{})
	opened := s.Morning(Maria, "1")
	bagged := s.Do(Maria, pay(Oak, 10_00, byCheck(10_00)))
	check := cash.CountedTender{Kind: cash.Check, Count: 1, Amount: 10_00, Ticked: []cash.Item{{Receipt: bagged.Receipt, Number: "1042", Amount: 10_00}}}
	s.DoApproved(Maria, Tom, cash.Skim{Bag: "B-1", Other: []cash.CountedTender{check}})
	here := s.Do(Maria, pay(Oak, 50_00, byCheck(50_00)))
	_, err := s.TryApproved(Maria, Ana, cash.VoidPayment{Receipt: bagged.ReceiptNo("A1"), Reason: "wrong amount"})
	expect(t, "a check in a bag", err, "cash.void_gone at receipt")
	s.DoApproved(Maria, Ana, cash.VoidPayment{Receipt: here.ReceiptNo("A1"), Reason: "wrong amount"})
	if got := inDrawer(s, opened.Session, cash.Check); got != 0 {
		t.Errorf("%s of checks in the drawer", got)
	}
	s.Verify()
}

func TestMoneyInAndOut(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	for _, c := range []struct {
		name     string
		do       cash.PayInOrOut
		approver staff.ID
		want     string
	}{
		{"a reason of one's own", cash.PayInOrOut{Reason: "lunch", Amount: 1_00}, "", "cash.reason at reason"},
		{"nothing", cash.PayInOrOut{Reason: "stamps"}, "", "cash.paid_amount at amount"},
		{"below nothing", cash.PayInOrOut{Reason: "stamps", Amount: -1}, "", "cash.paid_amount at amount"},
		{"above the limit", cash.PayInOrOut{Reason: "stamps", Amount: 10_01}, Ana, "cash.paid_limit at amount"},
		{"above what one may alone", cash.PayInOrOut{Reason: "stamps", Amount: 5_01}, "", "staff.approval_needed at approver"},
		{"approved by a cashier", cash.PayInOrOut{Reason: "stamps", Amount: 5_01}, Tom, "staff.may_not_approve at approver"},
		{"approved", cash.PayInOrOut{Reason: "stamps", Amount: 5_01}, Ana, ""},
		{"more than there is", cash.PayInOrOut{Reason: "postage", Amount: 500_00}, Ana, "cash.paid_too_much at amount"},
		{"the safe, by a cashier", cash.PayInOrOut{Reason: "change fund from the bank", Amount: 5_00}, Ana, "staff.no_right"},
		{"a long note", cash.PayInOrOut{Reason: "stamps", Amount: 1, Note: strings.Repeat("x", 121)}, "", "cash.note_too_long at note"},
	} {
		var err error
		if c.approver == "" {
			_, err = s.Try(Maria, c.do)
		} else {
			_, err = s.TryApproved(Maria, c.approver, c.do)
		}
		expect(t, c.name, err, c.want)
	}
	if got := inDrawer(s, "A1-S0001", cash.Cash); got != 194_99 {
		t.Errorf("%s in the drawer", got)
	}
	s.SignIn(Ben)
	s.DoApproved(Ben, Ana, cash.PayInOrOut{Reason: "change fund from the bank", Amount: 1_000_00})
	s.Look(func(st *ledger.State) error {
		if got := st.Balance("assets:safe:float", "").Net(); got != 800_00 {
			t.Errorf("%s in the safe, a float is out", got)
		}
		return nil
	})
	s.Verify()
}

func TestChangeIsEven(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	s.SignIn(Tom)
	s.Do(Tom, cash.OpenDrawer{Drawer: "2", Count: Count(200_00)})
	twenty, coins := cash.Count{{Value: 20_00, N: 1}}, cash.Count{{Value: 25, N: 80}}
	for _, c := range []struct {
		name     string
		do       cash.ChangeOrder
		approver staff.ID
		want     string
	}{
		{"even", cash.ChangeOrder{With: cash.Safe, Give: twenty, Get: coins}, Ana, ""},
		{"uneven", cash.ChangeOrder{With: cash.Safe, Give: twenty, Get: coins[:0]}, Ana, "cash.change_uneven at get"},
		{"nothing", cash.ChangeOrder{With: cash.Safe}, Ana, "cash.change_uneven at get"},
		{"with oneself", cash.ChangeOrder{With: "2", Give: twenty, Get: coins}, Ana, "cash.change_with at with"},
		{"with no drawer", cash.ChangeOrder{With: "7", Give: twenty, Get: coins}, Ana, "cash.change_with at with"},
		{"behind her back", cash.ChangeOrder{With: "1", Give: twenty, Get: coins}, Ana, "cash.change_with_whom at approver"},
		{"with her", cash.ChangeOrder{With: "1", Give: twenty, Get: coins}, Maria, ""},
		{"a coin of 3 cents", cash.ChangeOrder{With: cash.Safe, Give: cash.Count{{Value: 3, N: 1}}, Get: cash.Count{{Value: 3, N: 1}}}, Ana, "cash.denomination at count"},
	} {
		_, err := s.TryApproved(Tom, c.approver, c.do)
		expect(t, c.name, err, c.want)
	}
	if inDrawer(s, "A1-S0001", cash.Cash) != 200_00 || inDrawer(s, "A1-S0002", cash.Cash) != 200_00 {
		t.Error("changing pieces made somebody richer")
	}
	s.Verify()
}

func TestACountIsKeptWhateverItIs(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Garcia, 10_00, inCash(20_00)))
	_, err := s.Try(Maria, cash.CloseDrawer{})
	expect(t, "a close without a count", err, "cash.count_first at count")
	first := Body[cash.Counted](s, s.Do(Maria, cash.CountDrawer{Count: Count(150_00)}))
	if first.Round != 1 || first.Over != -60_00 || first.Off != 60_00 {
		t.Errorf("first count %+v", first)
	}
	for name, do := range map[string]any{"a payment": pay(Garcia, 1, inCash(1)), "a no-sale": cash.NoSaleCommand{Reason: "change for a customer"},
		"money out": cash.PayInOrOut{Reason: "stamps", Amount: 1}} {
		_, err := s.Try(Maria, do)
		expect(t, name+" after the count", err, "cash.counted")
	}
	second := Body[cash.Counted](s, s.Do(Maria, cash.CountDrawer{Count: Count(195_00), Note: "a twenty stuck"}))
	if second.Round != 2 || second.Over != -15_00 {
		t.Errorf("second count %+v", second)
	}
	_, err = s.Try(Maria, cash.CountDrawer{Count: Count(210_00)})
	expect(t, "a third count", err, "cash.counted_twice")
	for _, c := range []struct {
		name     string
		do       cash.CloseDrawer
		approver staff.ID
		want     string
	}{
		{"without a reason", cash.CloseDrawer{}, Ana, "cash.over_short_reason at reason"},
		{"a reason of one's own", cash.CloseDrawer{Reason: "bad luck"}, Ana, "cash.over_short_reason at reason"},
		{"without a word", cash.CloseDrawer{Reason: "missing cash", Memo: " "}, Ana, "cash.memo_needed at memo"},
		{"alone", cash.CloseDrawer{Reason: "missing cash", Memo: "gave a twenty for a five"}, "", "staff.approval_needed at approver"},
		{"approved by a cashier", cash.CloseDrawer{Reason: "missing cash", Memo: "gave a twenty for a five"}, Tom, "staff.may_not_approve at approver"},
		{"all of it", cash.CloseDrawer{Reason: "missing cash", Memo: "gave a twenty for a five"}, Ana, ""},
	} {
		var entries []ledger.Entry
		if c.approver == "" {
			entries, err = s.Try(Maria, c.do)
		} else {
			entries, err = s.TryApproved(Maria, c.approver, c.do)
		}
		expect(t, c.name, err, c.want)
		if err == nil {
			z := Body[cash.DrawerClosed](s, entries[0])
			if len(z.Counts) != 2 || z.Over != -15_00 || z.Reason != "missing cash" || z.Approver != Ana || z.Tier != "procedure 7" || z.Report || z.YearShort != 15_00 || z.FiscalYear != 2027 {
				t.Errorf("Z %+v", z)
			}
		}
	}
	s.Verify()
}

func TestShortagesOfAYearAddUp(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	var got []bool
	for day, counted := range []ledger.Cents{100_00, 60_00, 0, 0} {
		s.SignIn(Maria)
		s.Look(func(st *ledger.State) error {
			if float := s.Cash.ExpectedFloat(st, "1"); day > 0 && float == 0 {
				return nil
			}
			return nil
		})
		s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00), Reason: "counted wrong at close"})
		s.Do(Maria, cash.CountDrawer{Count: Count(counted)})
		got = append(got, Body[cash.DrawerClosed](s, s.DoApproved(Maria, Ana, cash.CloseDrawer{Reason: "missing cash", Memo: "gone"})).Report)
		if day == 2 {
			s.Clock.Pass(365 * 24 * time.Hour) // the next fiscal year
		}
	}
	// 100; 240 together; 440 and 200 at once; 200 at once in a new year.
	if want := []bool{false, false, true, true}; !equal(got, want) {
		t.Errorf("finance is told %v, want %v", got, want)
	}
	s.Verify()
}

func equal(a, b []bool) bool {
	for i := range a {
		if len(a) != len(b) || a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestACheckThatStandsForCashIsSeen(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	s.Do(Maria, pay(Garcia, 30_00, byCheck(30_00)))
	s.Do(Maria, pay(Oak, 40_00, with(byCheck(40_00), func(c *cash.Tender) { c.Number = "77" })))
	count := Body[cash.Counted](s, s.Do(Maria, cash.CountDrawer{Count: Count(160_00), Other: []cash.CountedTender{{Kind: cash.Check, Count: 3, Amount: 110_00,
		Ticked: []cash.Item{{Receipt: 1, Number: "1042", Amount: 30_00}}}}}))
	if count.Over != 0 || count.Off != 80_00 || len(count.Missing) != 1 || count.Missing[0].Number != "77" {
		t.Errorf("counted %+v", count)
	}
	_, err := s.Try(Maria, cash.CloseDrawer{})
	expect(t, "a sum that comes out even", err, "cash.over_short_reason at reason")
}

func TestSomebodyElsesDrawer(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	s.SignIn(Ana)
	surprise := cash.CountDrawer{Drawer: "1", Surprise: true, Count: Count(200_00)}
	_, err := s.Try(Ana, surprise)
	expect(t, "a surprise alone", err, "staff.witness_needed at approver")
	e := s.DoApproved(Ana, Maria, surprise)
	seen := Body[cash.Counted](s, e)
	if e.Kind != cash.KindSurprise || seen.Who != Maria || seen.Counter != "Ana Ruiz" || seen.Witness != Maria {
		t.Errorf("surprise %+v", seen)
	}
	_, err = s.TryApproved(Ana, Maria, cash.CountDrawer{Drawer: "2", Surprise: true})
	expect(t, "a drawer that is not open", err, "cash.drawer_not_open at drawer")
	s.SignIn(Maria)
	s.Do(Maria, pay(Garcia, 1_00, inCash(1_00))) // the service goes on
	_, err = s.TryApproved(Maria, Ana, cash.CountDrawer{Surprise: true, Count: Count(201_00)})
	expect(t, "a surprise of oneself", err, "cash.own_surprise at drawer")
	s.SignIn(Tom)
	_, err = s.TryApproved(Tom, Ana, cash.CountDrawer{Drawer: "1", Count: Count(201_00)})
	expect(t, "a close by another cashier", err, "staff.no_right")
	s.SignIn(Ben)
	s.DoApproved(Ben, Ana, cash.CountDrawer{Drawer: "1", Count: Count(201_00)})
	s.SignIn(Maria)
	_, err = s.Try(Maria, pay(Garcia, 1_00, inCash(1_00)))
	expect(t, "a payment into a drawer that is being closed", err, "cash.counted")
	s.SignIn(Ben)
	z := Body[cash.DrawerClosed](s, s.Do(Ben, cash.CloseDrawer{Drawer: "1"}))
	if z.Who != Maria || z.ClosedBy != "Ben Okafor" {
		t.Errorf("Z %+v", z)
	}
	s.SignIn(Maria)
	_, err = s.Try(Maria, pay(Garcia, 1_00, inCash(1_00)))
	expect(t, "a payment after it", err, "cash.no_session")
	s.Verify()
}

func TestRounding(t *testing.T) {
	off := Policy().Cash
	on := Policy().Cash
	on.Rounding = cash.Rounding{Resolution: "2026-40", Adopted: 20261001, From: 20261101, To: 20261130}
	check := func(amount ledger.Cents) cash.Tender { return byCheck(amount) }
	for _, c := range []struct {
		name    string
		policy  cash.Policy
		date    ledger.Date
		total   ledger.Cents
		tenders []cash.Tender
		want    cash.Settled
	}{
		{"off", off, 20261123, 10_02, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_98}},
		{"before its date", on, 20261031, 10_02, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_98}},
		{"after its date", on, 20261201, 10_02, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_98}},
		{"1 goes down", on, 20261123, 10_01, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 10_00, Rounding: -1}},
		{"2 goes down", on, 20261123, 10_02, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 10_00, Rounding: -2}},
		{"3 goes up", on, 20261123, 10_03, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_95, Rounding: 2}},
		{"4 goes up", on, 20261123, 10_04, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_95, Rounding: 1}},
		{"5 stays", on, 20261123, 10_05, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_95}},
		{"6 goes down", on, 20261123, 10_06, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_95, Rounding: -1}},
		{"7 goes down", on, 20261123, 10_07, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_95, Rounding: -2}},
		{"8 goes up", on, 20261123, 10_08, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_90, Rounding: 2}},
		{"9 goes up", on, 20261123, 10_09, []cash.Tender{inCash(20_00)}, cash.Settled{Change: 9_90, Rounding: 1}},
		{"exact coins", on, 20261123, 10_03, []cash.Tender{inCash(10_03)}, cash.Settled{}},
		{"the rounded amount", on, 20261123, 10_02, []cash.Tender{inCash(10_00)}, cash.Settled{Rounding: -2}},
		{"only the cash leg", on, 20261123, 10_03, []cash.Tender{check(5_01), inCash(5_00)}, cash.Settled{Rounding: -2}},
		{"no cash, no rounding", on, 20261123, 10_03, []cash.Tender{check(10_03)}, cash.Settled{}},
		{"two cents", on, 20261123, 2, []cash.Tender{inCash(5)}, cash.Settled{Rounding: 3}},
	} {
		got, err := c.policy.Settle(c.date, c.total, c.tenders)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v %v, want %+v", c.name, got, err, c.want)
		}
	}
}

func TestWhatAReversedReceiptLeaves(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	wrong := s.Do(Maria, pay(Garcia, 100_00, inCash(100_00)))
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(300_00)})
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	s.DoApproved(Maria, Ana, cash.ReversePayment{Receipt: wrong.ReceiptNo("A1"), Reason: "wrong account"})
	credit := func(amount ledger.Cents, from string) cash.Tender {
		return cash.Tender{Kind: cash.Credit, Amount: amount, Reference: from}
	}
	s.Options.Policy = func(p *desk.Policy) {
		controlled(p)
		p.Cash.Tenders = append(p.Cash.Tenders, cash.TenderRule{Kind: cash.Credit})
	}
	s.Reopen()
	_, err := s.Try(Maria, pay(Oak, 100_01, credit(100_01, "A1-000001")))
	expect(t, "more than it left", err, "cash.credit_short at tenders")
	s.DoApproved(Maria, Ana, pay(Oak, 60_00, credit(60_00, "A1-000001")))
	x := Body[cash.XReport](s, s.Do(Maria, cash.XReportCommand{})).Totals
	if x.Payments != 1 || !slices.ContainsFunc(x.Tenders, func(t cash.TenderTotal) bool { return t.Kind == cash.Credit && t.Count == 1 && t.Net == 60_00 }) {
		t.Errorf("a payment by credit alone is not in the totals of its session: %+v", x)
	}
	refund := cash.Refund{From: "A1-000001", Amount: 40_00, By: cash.RefundCash, Reason: "paid twice"}
	_, err = s.Try(Maria, refund)
	expect(t, "a refund alone", err, "staff.approval_needed at approver")
	for _, c := range []struct {
		name string
		do   func(*cash.Refund)
		want string
	}{
		{"more than is left", func(r *cash.Refund) { r.Amount = 40_01 }, "cash.refund_amount at amount"},
		{"nothing", func(r *cash.Refund) { r.Amount = 0 }, "cash.refund_amount at amount"},
		{"by shells", func(r *cash.Refund) { r.By = "shells" }, "cash.refund_by at how"},
		{"without a reason", func(r *cash.Refund) { r.Reason = "" }, "cash.reason at reason"},
		{"from nobody", func(r *cash.Refund) { r.From = "99-9999-9" }, "account.unknown"},
		{"all that is left", func(*cash.Refund) {}, ""},
		{"once more", func(*cash.Refund) {}, "cash.refund_amount at amount"},
	} {
		do := refund
		c.do(&do)
		_, err := s.TryApproved(Maria, Ana, do)
		expect(t, c.name, err, c.want)
	}
	if got := inDrawer(s, "A1-S0002", cash.Cash); got != 160_00 {
		t.Errorf("%s in the drawer", got)
	}
	s.Verify()
}

func TestAdjusting(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.SignIn(Ben)
	adjust := cash.Adjust{Account: Garcia, Bucket: account.Penalties, Amount: -5_00, Reason: "penalty waived"}
	_, err := s.Try(Ben, adjust)
	expect(t, "alone", err, "staff.approval_needed at approver")
	for _, c := range []struct {
		name string
		do   func(*cash.Adjust)
		want string
	}{
		{"nothing", func(a *cash.Adjust) { a.Amount = 0 }, "cash.adjust_amount at amount"},
		{"above the limit", func(a *cash.Adjust) { a.Amount = -50_01 }, "cash.adjust_limit at amount"},
		{"above the limit, more owed", func(a *cash.Adjust) { a.Amount = 50_01 }, "cash.adjust_limit at amount"},
		{"his own account", func(a *cash.Adjust) { a.Account = Bens }, "cash.own_account at account"},
		{"no bucket", func(a *cash.Adjust) { a.Bucket = account.Credit }, "cash.bucket at bucket"},
		{"no reason", func(a *cash.Adjust) { a.Reason = "" }, "cash.reason at reason"},
		{"nobody's account", func(a *cash.Adjust) { a.Account = "99-9999-9" }, "account.unknown"},
		{"right", func(*cash.Adjust) {}, ""},
	} {
		do := adjust
		c.do(&do)
		_, err := s.TryApproved(Ben, Ana, do)
		expect(t, c.name, err, c.want)
	}
	s.Look(func(st *ledger.State) error {
		standing, err := s.Accounts.Standing(st, Garcia)
		if standing.Balance() != 183_20 || standing.Owed(account.Penalties) != 0 {
			t.Errorf("owes %s, penalties %s", standing.Balance(), standing.Owed(account.Penalties))
		}
		return err
	})
	s.SignIn(Maria)
	_, err = s.TryApproved(Maria, Ana, adjust)
	expect(t, "a cashier", err, "staff.no_right")
	s.Verify()
}

func TestReturnedChecks(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	paid := func(number string) ledger.ReceiptNo {
		s.SignIn(Maria)
		s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
		e := s.Do(Maria, pay(Garcia, 188_20, with(byCheck(100_00), func(c *cash.Tender) { c.Number = number }), inCash(88_20)))
		s.CloseCounted(Maria, cash.CountDrawer{Count: Count(288_20), Other: []cash.CountedTender{{Kind: cash.Check, Count: 1, Amount: 100_00}}})
		s.SignIn(Ben)
		return e.ReceiptNo("A1")
	}
	no := paid("7")
	_, err := s.Try(Ben, cash.ReturnCheck{Receipt: no, Number: "8", Reason: "insufficient funds"})
	expect(t, "another check", err, "cash.no_such_check at number")
	first := Body[cash.Returned](s, s.Do(Ben, cash.ReturnCheck{Receipt: no, Number: "7", Reason: "insufficient funds"}))
	if first.Rank != 1 || first.Fee != 25_00 || first.NoChecksUntil != 0 || first.AnswerBy != 20261223 {
		t.Errorf("first %+v", first)
	}
	_, err = s.Try(Ben, cash.ReturnCheck{Receipt: no, Number: "7", Reason: "insufficient funds"})
	expect(t, "twice", err, "cash.returned_before at number")
	s.Look(func(st *ledger.State) error {
		standing, err := s.Accounts.Standing(st, Garcia)
		// What was allocated last is owed again first: 100.00 of the 121.10 current.
		if standing.Owed(account.PastDue) != 0 || standing.Owed(account.Current) != 100_00 || standing.Owed(account.Penalties) != 25_00 {
			t.Errorf("owes %+v", standing.Here)
		}
		return err
	})
	again := paid("9")
	second := Body[cash.Returned](s, s.Do(Ben, cash.ReturnCheck{Receipt: again, Number: "9", Reason: "insufficient funds"}))
	if second.Rank != 2 || second.Fee != 35_00 || second.NoChecksUntil != 20271123 {
		t.Errorf("second %+v", second)
	}
	s.SignIn(Maria)
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	_, err = s.Try(Maria, pay(Garcia, 1_00, byCheck(1_00)))
	expect(t, "a third check", err, "cash.no_checks at tenders")
	s.Clock.Pass(366 * 24 * time.Hour)
	s.CloseCounted(Maria, cash.CountDrawer{Count: Count(200_00)})
	s.Do(Maria, cash.OpenDrawer{Drawer: "1", Count: Count(200_00)})
	s.Do(Maria, pay(Garcia, 1_00, byCheck(1_00)))
	s.Verify()
}

func TestLargeCashIsSeen(t *testing.T) {
	s := New(t, Options{Policy: func(p *desk.Policy) { controlled(p); p.Cash.Limit = cash.Limit{} }})
	s.Morning(Maria, "1")
	for _, c := range []struct {
		pass      time.Duration
		amount    ledger.Cents
		day, year ledger.Cents // 0: nothing is noted
	}{
		{0, 6_000_00, 0, 0},
		{23 * time.Hour, 4_000_00, 0, 0},
		{0, 1, 10_000_01, 10_000_01},
		{25 * time.Hour, 1_00, 1_00, 10_001_01},
		{400 * 24 * time.Hour, 10_000_00, 0, 0},
	} {
		s.Clock.Pass(c.pass)
		entries, err := s.Try(Maria, pay(Oak, c.amount, inCash(c.amount)))
		if err != nil || (len(entries) == 2) != (c.year > 0) {
			t.Fatalf("%s: %d entries, %v", c.amount, len(entries), err)
		}
		if c.year > 0 {
			if got := Body[cash.LargeCash](s, entries[1]); got.Day != c.day || got.Year != c.year || got.FileBy != 20261208 || entries[1].Kind != cash.KindLargeCash {
				t.Errorf("%s: noted %+v, want %s and %s", c.amount, got, c.day, c.year)
			}
		}
	}
	// By check nobody notes anything; and a void takes its cash away.
	if entries, err := s.Try(Maria, pay(Oak, 5_000_00, byCheck(5_000_00))); err != nil || len(entries) != 1 {
		t.Errorf("a check: %d entries, %v", len(entries), err)
	}
	s.Verify()
}

func TestASuspectNoteGivesNoCredit(t *testing.T) {
	s := New(t, Options{Policy: controlled})
	s.Morning(Maria, "1")
	note := cash.NoteSuspect{Value: 20_00, Serial: "MK 1234 A", Account: Garcia, Note: "no watermark; envelope 3"}
	e := s.Do(Maria, note)
	if len(e.Lines) != 0 || e.Totals.Taken != 0 {
		t.Errorf("a suspect note is money: %+v", e)
	}
	for want, do := range map[string]cash.NoteSuspect{
		"cash.suspect_value at value":   {Value: 3_00, Serial: "1"},
		"cash.suspect_serial at serial": {Value: 20_00},
		"cash.note_too_long at payer":   {Value: 20_00, Serial: "1", Payer: strings.Repeat("x", 200)},
	} {
		_, err := s.Try(Maria, do)
		expect(t, want, err, want)
	}
	s.Verify()
}
