package flow_test

import (
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// A surprise count that is due is told calmly, with one key to its form, to who may
// make it: not to who works the drawer, nor to who has cash duty, nor to who only
// reads. It goes when the drawer was counted.
func TestASurpriseCountThatIsDue(t *testing.T) {
	town := flowtest.New(t, func(p *desk.Policy) {
		p.Cash.Rota = cash.Rota{Every: "month", From: 9 * 60, To: 16 * 60, Source: "Procedure 11"}
	})
	c := town.Clerk(nil).AtWindow()
	c.Press(flow.SignOut)
	told := func(who staff.ID, pin string) bool {
		t.Helper()
		c.SignIn(string(who), pin)
		if c.Model().Place == flow.AtOpening {
			c.Press(flow.Back)
		}
		n := c.Model().Trouble
		due := n != nil && n.Name == "count_due"
		if due && (n.Level != flow.Quiet || n.Args["drawer"] != "1") {
			t.Errorf("%s is told %+v", who, n)
		}
		if due != c.Flow.Can(flow.GoSurprise) {
			t.Errorf("%s: told %v, and the key works %v", who, due, !due)
		}
		return due
	}
	if told(flowtest.Lead, flowtest.LeadPIN) {
		t.Error("nothing is due yet")
	}
	c.Press(flow.SignOut)
	isDue := false
	for range 24 * 10 {
		town.Clock.Pass(time.Hour)
		id, err := town.Desk.NewID()
		if err != nil {
			t.Fatal(err)
		}
		entries, _ := town.Desk.Do(t.Context(), desk.Order{ID: id, By: desk.StationActor, Do: cash.KeepRota{}})
		if isDue = len(entries) > 0 && entries[0].Kind == cash.KindRotaDue; isDue {
			break
		}
	}
	if !isDue {
		t.Fatal("no count came due in ten days")
	}
	for who, pin := range map[staff.ID]string{flowtest.Cashier: flowtest.CashierPIN, flowtest.Colleague: flowtest.ColleaguePIN, flowtest.Auditor: flowtest.AuditorPIN} {
		if told(who, pin) {
			t.Errorf("%s is told", who)
		}
		c.Press(flow.SignOut)
	}
	if !told(flowtest.Lead, flowtest.LeadPIN) {
		t.Fatalf("the lead is not told: %+v", c.Model().Trouble)
	}
	c.Press(flow.GoSurprise)
	if c.Model().Place != flow.ActSurprise.Place() {
		t.Fatalf("the key goes to %q", c.Model().Place)
	}
	for value, n := range map[string]string{"5.00": "20", "1.00": "90", "0.25": "40"} {
		c.Put(flow.PartField(flow.ActSurprise, "count."+value), n)
	}
	c.Put(flow.FieldApprover, string(flowtest.Cashier))
	c.Put(flow.FieldApproverPIN, flowtest.CashierPIN)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActSurprise)
	if n := c.Model().Trouble; n != nil {
		t.Errorf("counted, and still told: %+v", n)
	}
}

// The news comes while the person is there, within a minute.
func TestACountComesDueWhileTheLeadIsThere(t *testing.T) {
	town := flowtest.New(t)
	due := dueCounts{}
	c := town.Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Cash = &due }).AtWindow()
	c.Press(flow.SignOut)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	due = dueCounts{{Drawer: "1"}, {Drawer: "2"}} // the second is not open
	c.Pass(time.Minute)
	if n := c.Model().Trouble; n == nil || n.Name != "count_due" || len(c.Model().Due) != 1 {
		t.Errorf("told %+v of %+v", n, c.Model().Due)
	}
}

type dueCounts []cash.RotaLine

func (d *dueCounts) DueCounts(*ledger.State) ([]cash.RotaLine, error) { return *d, nil }

// From the notice that a drawer is too full one key leads to the bag, in the middle of
// a payment too.
func TestOneKeyFromAFullDrawerToTheBag(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	if c.Flow.Can(flow.GoSkim) {
		t.Error("the drawer is not full, and the key works")
	}
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
	c.Put(flow.FieldAmount, "900.00")
	c.Enter()
	c.Press(flow.PayCash)
	c.Put(flow.FieldTendered, "900.00")
	c.Enter()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Put(flow.FieldAmount, "12.34")
	c.Press(flow.GoSkim)
	if c.Model().Place != flow.ActSkim.Place() {
		t.Fatalf("the key goes to %q", c.Model().Place)
	}
	c.Press(flow.Back)
	if m := c.Model(); m.Place != flow.AtWindow || len(m.Payment.Parts) != 1 || m.Inputs[flow.FieldAmount].Text != "12.34" {
		t.Errorf("the payment is lost: %+v", m.Payment)
	}
}

// Money that waits for its deposit is told to who may take it to the bank: calmly once
// it is late, and louder than a count once it is older than is ever allowed.
func TestMoneyThatWaitsTooLong(t *testing.T) {
	town := flowtest.New(t)
	due := dueCounts{}
	c := town.Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Cash = &due }).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
	c.Put(flow.FieldAmount, "500.00")
	c.Enter()
	c.Press(flow.PayCash)
	c.Put(flow.FieldTendered, "500.00")
	c.Enter()
	opens(t, c, flow.ActSkim)
	c.Put(flow.PieceField(flow.ActSkim, "count", 100_00), "5")
	c.Put(flow.PartField(flow.ActSkim, "bag"), "B-1")
	signs(c)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActSkim)
	skimmed := ledger.DateOf(town.Clock.Now())
	told := func(who staff.ID, pin string) *flow.Notice {
		c.Press(flow.SignOut)
		c.SignIn(string(who), pin)
		if c.Model().Place == flow.AtOpening {
			c.Press(flow.Back)
		}
		return c.Model().Trouble
	}
	if n := told(flowtest.Lead, flowtest.LeadPIN); n != nil {
		t.Errorf("nothing is late yet: %+v", n)
	}
	town.Clock.Pass(25 * time.Hour)
	if n := told(flowtest.Cashier, flowtest.CashierPIN); n != nil {
		t.Errorf("who takes nothing to the bank is told %+v", n)
	}
	if n := told(flowtest.Lead, flowtest.LeadPIN); n == nil || n.Name != "money_late" || n.Level != flow.Quiet || n.Args["id"] != "B-1" || n.Args["since"] != skimmed.String() {
		t.Errorf("25 hours later the lead is told %+v", n)
	}
	due = dueCounts{{Drawer: "1"}}
	c.Pass(time.Minute)
	if n := c.Model().Trouble; n == nil || n.Name != "count_due" {
		t.Errorf("a count is due, and the lead is told %+v", n)
	}
	town.Clock.Pass(8 * 24 * time.Hour)
	if n := told(flowtest.Lead, flowtest.LeadPIN); n == nil || n.Name != "money_overdue" || n.Level != flow.Look || n.Args["source"] != "Procedure 9" {
		t.Errorf("9 days later the lead is told %+v", n)
	}
	opens(t, c, flow.ActDeposit)
	c.Handle(flow.Picked{List: flow.ListOf("parts"), Row: 0, Open: true})
	c.Put(flow.PieceField(flow.ActDeposit, "count", 100_00), "5")
	c.Put(flow.PartField(flow.ActDeposit, "bag"), "D-1")
	c.Put(flow.FieldApprover, string(flowtest.Colleague))
	c.Put(flow.FieldApproverPIN, flowtest.ColleaguePIN)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActDeposit)
	if n := c.Model().Trouble; n == nil || n.Name != "count_due" {
		t.Errorf("it is on its way, and the lead is told %+v", n)
	}
}
