package flow_test

import (
	"testing"

	"gatehouse/desk/cash"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// short counts 30.00 less than the float of 200.00.
func short(t *testing.T) (*flowtest.Town, *flowtest.Clerk) {
	t.Helper()
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Press(flow.GoClosing)
	if all := kinds(t, town); all[len(all)-1] != cash.KindCountBegun {
		t.Fatalf("the drawer is to be counted, and stays shut: the last entry is %s", all[len(all)-1])
	}
	c.Put(flow.CountField(1000), "17")
	c.Press(flow.CommitNow)
	if m := c.Model(); m.Place != flow.AtCounted || m.Counted.Over != -3000 {
		t.Fatalf("at %q, counted %+v", m.Place, m.Counted)
	}
	return town, c
}

// What a difference asks for is asked for, one after the other, and refused where it
// is missing.
func TestADifferenceIsExplained(t *testing.T) {
	_, c := short(t)
	m := c.Model()
	step := func(field flow.Field, enter flow.Action) {
		t.Helper()
		if m.Focus != field || m.Enter != enter {
			t.Fatalf("the focus is on %q and Enter means %q; want %q and %q; notice %q", m.Focus, m.Enter, field, enter, c.Notice())
		}
	}
	step(flow.FieldReason, flow.EnterNext)
	c.Enter()
	if c.Refusal(flow.FieldReason) != "cash.over_short_reason" {
		t.Errorf("no reason: %q", c.Refusal(flow.FieldReason))
	}
	c.Press(flow.RowDown)
	c.Enter()
	step(flow.FieldMemo, flow.EnterNext)
	c.Enter()
	if c.Refusal(flow.FieldMemo) != "cash.memo_needed" {
		t.Errorf("no word: %q", c.Refusal(flow.FieldMemo))
	}
	c.Type(flow.FieldMemo, "paid 4111 1111 1111 1111")
	c.Enter()
	step(flow.FieldMemo, flow.EnterNext)
	c.Type(flow.FieldMemo, "a twenty and a ten given as change too much")
	c.Enter()
	step(flow.FieldApprover, flow.EnterNext)
	c.Type(flow.FieldApprover, "nobody")
	c.Enter()
	step(flow.FieldApprover, flow.EnterNext)
	c.Type(flow.FieldApprover, "ana")
	c.Enter()
	step(flow.FieldApproverPIN, flow.EnterClose)
	c.Type(flow.FieldApproverPIN, "9999")
	c.Enter()
	if c.Refusal(flow.FieldApproverPIN) != "staff.wrong_pin" || m.Inputs[flow.FieldApproverPIN].Text != "" {
		t.Errorf("a wrong PIN: %q", c.Refusal(flow.FieldApproverPIN))
	}
	c.Type(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Enter()
	if m.Place != flow.AtClosed || m.Result == nil || m.Result.Reason != "missing cash" || m.Result.Memo == "" || m.Result.ApproverName == "" {
		t.Fatalf("at %q, %+v, notice %q", m.Place, m.Result, c.Notice())
	}
	c.Enter()
	if m.Place != flow.AtSignIn || m.Inputs[flow.FieldMemo].Text != "" {
		t.Errorf("after the day at %q with %q", m.Place, m.Inputs[flow.FieldMemo].Text)
	}
}

// One recount, and no way past the count.
func TestACountIsMadeOnceAgainAndNoMore(t *testing.T) {
	town, c := short(t)
	m := c.Model()
	for _, a := range []flow.Action{flow.Back, flow.GoFind, flow.PayCash, flow.GoUndo, flow.GoNoSale, flow.XReport, flow.CommitNow} {
		if c.Flow.Can(a) {
			t.Errorf("%s can be done while the drawer is being closed", a)
		}
	}
	c.Put(flow.FieldMemo, "a twenty is missing") // of a count that is not the last
	c.Put(flow.FieldApprover, string(flowtest.Lead))
	c.Press(flow.Recount)
	if m.Place != flow.AtClosing || m.Inputs[flow.CountField(1000)].Text != "" {
		t.Fatalf("at %q; the first count must not be shown: %q", m.Place, m.Inputs[flow.CountField(1000)].Text)
	}
	c.Put(flow.CountField(1000), "20")
	c.Press(flow.CommitNow)
	if m.Place != flow.AtCounted || m.Counted.Round != 2 || m.Counted.Over != 0 || c.Flow.Can(flow.Recount) {
		t.Fatalf("at %q, counted %+v", m.Place, m.Counted)
	}
	c.Enter()
	if m.Place != flow.AtClosed || len(m.Result.Counts) != 2 || m.Result.Memo != "" || m.Inputs[flow.FieldApprover].Text != "" {
		t.Errorf("at %q, %+v", m.Place, m.Result)
	}
	if n := count(kinds(t, town), cash.KindCounted); n != 2 {
		t.Errorf("%d counts are kept, want 2", n)
	}
}

// A restart, or another sign-in, comes back to where the close was.
func TestACloseGoesOnAfterARestart(t *testing.T) {
	town, c := short(t)
	c.Press(flow.SignOut)
	again := town.Clerk(nil)
	again.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
	m := again.Model()
	if m.Place != flow.AtCounted || m.Counted == nil || m.Counted.Over != -3000 || m.Focus != flow.FieldReason || !again.Flow.Can(flow.Recount) {
		t.Errorf("at %q with the focus on %q, %+v", m.Place, m.Focus, m.Counted)
	}
}

// Checks are ticked one by one; one that is not in hand is named in the count.
func TestChecksAreTickedOneByOne(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	for _, number := range []string{"1187", "1188"} {
		c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
		c.Put(flow.FieldAmount, "100.00")
		c.Enter()
		c.Press(flow.PayCheck)
		c.Put(flow.FieldNumber, number)
		c.Enter()
	}
	c.Press(flow.GoClosing)
	c.Put(flow.CountField(1000), "20")
	m := c.Model()
	if len(m.Count.Items) != 2 {
		t.Fatalf("%d checks to tick", len(m.Count.Items))
	}
	c.Handle(flow.Focused{Field: flow.FieldTicks}, flow.Pressed{Action: flow.RowDown})
	c.Press(flow.TickRow, flow.CommitNow)
	if m.Place != flow.AtCounted || m.Counted.Over != -100_00 || len(m.Counted.Missing) != 1 || m.Counted.Missing[0].Number != m.Count.Items[0].Item.Number {
		t.Errorf("at %q: %+v", m.Place, m.Counted)
	}
}
