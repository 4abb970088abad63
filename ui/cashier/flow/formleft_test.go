package flow_test

import (
	"testing"

	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// What is on a form when Esc leaves it is there again, but for the PIN: texts,
// pieces, choices, ticks and who signs. It stays through a lock and a colleague, and
// goes when it is sent, and with the session.
func TestAFormThatIsLeftIsKept(t *testing.T) {
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
	opens(t, c, flow.ActSkim)
	c.Put(flow.PieceField(flow.ActSkim, "count", 500), "4")
	c.Handle(flow.Picked{List: flow.ListOf("other"), Row: 1, Open: true})
	fills(c, flow.ActSkim, map[string]string{"bag": "B-7"})
	signs(c)
	c.Press(flow.Back)
	opens(t, c, flow.ActPaid)
	chooses(t, c, "reason", "postage")
	fills(c, flow.ActPaid, map[string]string{"amount": "33.00"})
	c.Press(flow.Back)

	kept := func(when string) {
		t.Helper()
		opens(t, c, flow.ActSkim)
		m := c.Model()
		other := m.Form.Choices["other"]
		if len(other) != 2 || other[0].Ticked || !other[1].Ticked || m.Form.Totals["other"] != 10_00 || m.Form.Totals["count"] != 20_00 {
			t.Errorf("%s: the ticks are %+v, the totals %+v", when, other, m.Form.Totals)
		}
		if got := m.Inputs[flow.PartField(flow.ActSkim, "bag")].Text; got != "B-7" {
			t.Errorf("%s: the bag is %q", when, got)
		}
		if who, pin := m.Inputs[flow.FieldApprover].Text, m.Inputs[flow.FieldApproverPIN].Text; who != string(flowtest.Lead) || pin != "" {
			t.Errorf("%s: %q signs, with the PIN %q", when, who, pin)
		}
		c.Press(flow.Back)
		opens(t, c, flow.ActPaid)
		if m := c.Model(); m.Form.At["reason"] != 0 || !m.Form.Sign || m.Inputs[flow.PartField(flow.ActPaid, "amount")].Text != "33.00" || m.Inputs[flow.FieldApprover].Text != "" {
			t.Errorf("%s: paid is %+v, inputs %+v", when, m.Form, m.Inputs)
		}
	}
	kept("after Esc")
	c.Press(flow.Lock, flow.OtherUser)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	opens(t, c, flow.ActPaid)
	if m := c.Model(); m.Form.At["reason"] != -1 || m.Inputs[flow.PartField(flow.ActPaid, "amount")].Text != "" {
		t.Errorf("a colleague sees what another typed: %+v, %+v", m.Form, m.Inputs)
	}
	c.Press(flow.Back, flow.SignOut)
	c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
	if c.Model().Place != flow.ActPaid.Place() {
		t.Errorf("back at %q, not at the form that was open", c.Model().Place)
	}
	c.Press(flow.Back)
	kept("after a colleague")

	signs(c)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActPaid)
	opens(t, c, flow.ActPaid)
	if m := c.Model(); m.Form.At["reason"] != -1 || m.Inputs[flow.PartField(flow.ActPaid, "amount")].Text != "" {
		t.Errorf("sent, and still there: %+v, %+v", m.Form, m.Inputs)
	}
	c.Press(flow.Back, flow.GoClosing)
	c.Put(flow.CountField(500), "0")
	c.Press(flow.CommitNow)
	c.Handle(flow.Picked{List: flow.ListReasons, Row: 0})
	c.Put(flow.FieldMemo, "all of it is missing")
	signs(c)
	c.Press(flow.EnterClose, flow.EnterLeave)
	c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
	c.Put(flow.CountField(500), "0") // nothing is left of the float
	c.Press(flow.CommitNow)
	opens(t, c, flow.ActSkim)
	if m := c.Model(); m.Inputs[flow.PartField(flow.ActSkim, "bag")].Text != "" || m.Form.Totals["count"] != 0 {
		t.Errorf("the next session finds the form of the last: %+v, %+v", m.Form, m.Inputs)
	}
}
