package flow_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// comesBack signs the cashier in again after a crash.
func comesBack(c *flowtest.Clerk) *flowtest.Clerk {
	c = crash(c)
	c.Put(flow.FieldPIN, flowtest.CashierPIN)
	c.Enter()
	return c
}

// A form that is open when the program dies is open again, with its texts, pieces,
// ticks and who signs; one that was left before is as it was left. No PIN is kept.
func TestAFormSurvivesACrash(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	for _, number := range []string{"1077", "1078"} {
		c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
		c.Put(flow.FieldAmount, "10.00")
		c.Enter()
		c.Press(flow.PayCheck)
		c.Put(flow.FieldTendered, "10.00")
		c.Enter()
		c.Put(flow.FieldNumber, number)
		c.Enter()
	}
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Put(flow.FieldAmount, "50")
	opens(t, c, flow.ActPaid)
	chooses(t, c, "reason", "postage")
	fills(c, flow.ActPaid, map[string]string{"amount": "33.00", "note": "4111 1111 1111 1111"})
	c.Press(flow.Back)
	opens(t, c, flow.ActSkim)
	c.Put(flow.PieceField(flow.ActSkim, "count", 500), "4")
	c.Handle(flow.Picked{List: flow.ListOf("other"), Row: 1, Open: true})
	fills(c, flow.ActSkim, map[string]string{"bag": "B-7"})
	signs(c)
	c.Pass(time.Second)
	if note, err := town.Desk.Book.Recall("draft"); err != nil || strings.Contains(string(note), flowtest.LeadPIN) || strings.Contains(string(note), "4111") {
		t.Errorf("the draft is %s: %v", note, err)
	}

	c = comesBack(c)
	m := c.Model()
	if m.Place != flow.ActSkim.Place() || c.Notice() != "draft_back" {
		t.Fatalf("at %q, notice %q", m.Place, c.Notice())
	}
	other := m.Form.Choices["other"]
	if len(other) != 2 || other[0].Ticked || !other[1].Ticked || m.Form.Totals["other"] != 10_00 || m.Form.Totals["count"] != 20_00 {
		t.Errorf("the ticks are %+v, the totals %+v", other, m.Form.Totals)
	}
	if bag, who, pin := m.Inputs[flow.PartField(flow.ActSkim, "bag")].Text, m.Inputs[flow.FieldApprover].Text, m.Inputs[flow.FieldApproverPIN].Text; bag != "B-7" || who != string(flowtest.Lead) || pin != "" {
		t.Errorf("bag %q, who %q, PIN %q", bag, who, pin)
	}
	if len(m.Payment.Parts) != 1 || m.Payment.Parts[0].No != flowtest.Garcia {
		t.Errorf("the payment that was begun is %+v", m.Payment)
	}
	c.Press(flow.Back)
	opens(t, c, flow.ActPaid)
	if m := c.Model(); m.Form.At["reason"] != 0 || m.Inputs[flow.PartField(flow.ActPaid, "amount")].Text != "33.00" || m.Inputs[flow.PartField(flow.ActPaid, "note")].Text != "" {
		t.Errorf("paid is %+v, inputs %+v", m.Form, m.Inputs)
	}
	c.Press(flow.Back)
	opens(t, c, flow.ActSkim)
	signs(c)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActSkim)
	c.Pass(time.Second)
	if c = comesBack(c); c.Model().Place != flow.AtWindow {
		t.Errorf("sent, and after a crash at %q", c.Model().Place)
	}
}

// The program dies after the entry was stored and before the screen knew.
func TestACrashAfterAFormWasStoredDoesNotDoItTwice(t *testing.T) {
	c := flowtest.New(t).Clerk(nil).AtWindow()
	opens(t, c, flow.ActSkim)
	c.Put(flow.PieceField(flow.ActSkim, "count", 500), "4")
	fills(c, flow.ActSkim, map[string]string{"bag": "B-7"})
	signs(c)
	c.Pass(time.Second)
	c.Hold = true
	c.Press(flow.CommitNow)
	for _, e := range c.Held {
		if o, ok := e.(flow.Order); ok {
			c.Runner.Run(context.Background(), o) // stored; nobody is told
		}
	}
	c = comesBack(c)
	if c.Notice() != "form_skim" || c.Model().Place != flow.AtWindow {
		t.Errorf("notice %q at %q", c.Notice(), c.Model().Place)
	}
	opens(t, c, flow.ActSkim)
	if got := c.Model().Inputs[flow.PartField(flow.ActSkim, "bag")].Text; got != "" {
		t.Errorf("the bag %q is still on the form", got)
	}
	if n := count(kinds(t, c.Town), cash.KindSkim); n != 1 {
		t.Errorf("%d skims", n)
	}
}

// And when it was not stored, sending it again is the same act.
func TestAFormAfterACrashIsTheSameAct(t *testing.T) {
	town := flowtest.New(t)
	bad := &badDesk{Desk: town.Desk}
	c := town.Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Desk = bad }).AtWindow()
	opens(t, c, flow.ActSkim)
	c.Put(flow.PieceField(flow.ActSkim, "count", 500), "4")
	fills(c, flow.ActSkim, map[string]string{"bag": "B-7"})
	signs(c)
	c.Pass(time.Second)
	bad.no, bad.ids = true, nil
	c.Press(flow.CommitNow)
	c.Town.Crash()
	again := &badDesk{Desk: town.Desk}
	c = c.Town.Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Desk = again })
	c.Put(flow.FieldPIN, flowtest.CashierPIN)
	c.Enter()
	again.ids = nil
	signs(c)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActSkim)
	if len(bad.ids) != 1 || len(again.ids) != 1 || bad.ids[0] != again.ids[0] {
		t.Errorf("sent as %v before and as %v after", bad.ids, again.ids)
	}
}

func TestADamagedDraftOfAFormHindersNobody(t *testing.T) {
	town := flowtest.New(t)
	for _, note := range []string{
		`{"maria":{"open":{"act":"fly","id":"zz"},"forms":[{"act":"fly","texts":{"fly.high":"1"}}]}}`,
		`{"maria":{"open":{"act":"deposit","id":"01890a5d-ac96-774b-bcce-b302099a8057"}}}`,
		`{"maria":{"forms":[{"act":"skim","texts":{"pin":"1234","skim.bag":"` + strings.Repeat("9", 5000) + `"},"ticked":{"other":[{"kind":"gold"}]}}]}}`,
	} {
		if err := town.Desk.Book.Remember("draft", []byte(note)); err != nil {
			t.Fatal(err)
		}
		c := town.Clerk(nil)
		c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
		if c.Model().Place == flow.AtOpening {
			c.Float()
		}
		if c.Model().Place != flow.AtWindow || c.Model().Inputs[flow.FieldPIN].Text != "" {
			t.Errorf("with the draft %.60q at %q", note, c.Model().Place)
		}
	}
}
