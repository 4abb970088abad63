package flow_test

import (
	"testing"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// deputySigns has the second of the two leads approve or witness, and sends the form.
func deputySigns(t *testing.T, c *flowtest.Clerk, a flow.Act) {
	t.Helper()
	if !c.Model().Form.Sign {
		t.Fatalf("%s: nobody has to sign", a)
	}
	c.Put(flow.FieldApprover, string(flowtest.Deputy))
	c.Put(flow.FieldApproverPIN, flowtest.DeputyPIN)
	c.Press(flow.CommitNow)
	done(t, c, a)
}

func TestARefundInCash(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	opens(t, c, flow.ActRefund)
	fills(c, flow.ActRefund, map[string]string{"from": string(flowtest.Paid), "amount": "12.00", "note": "moved away"})
	chooses(t, c, "how", string(cash.RefundCash))
	chooses(t, c, "reason", "account closed")
	deputySigns(t, c, flow.ActRefund)
	if r := last[cash.Refunded](t, town, cash.KindRefunded); r.Amount != 12_00 || r.By != cash.RefundCash || r.Reason != "account closed" || r.Note != "moved away" || r.Approver != flowtest.Deputy {
		t.Errorf("the refund is %+v", r)
	}
}

func TestAnAdjustment(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	opens(t, c, flow.ActAdjust)
	fills(c, flow.ActAdjust, map[string]string{"account": string(flowtest.Garcia), "amount": "-5.00", "note": "by letter"})
	chooses(t, c, "bucket", string(account.Penalties))
	chooses(t, c, "reason", "penalty waived")
	deputySigns(t, c, flow.ActAdjust)
	if a := last[cash.Adjusted](t, town, cash.KindAdjusted); a.Account != flowtest.Garcia || a.Amount != -5_00 || a.Before != 188_20 || a.After != 183_20 ||
		a.Bucket != account.Penalties || a.Reason != "penalty waived" || a.Approver != flowtest.Deputy {
		t.Errorf("the adjustment is %+v", a)
	}
}

// takesACheck has the cashier take a check of Garcia. It returns the receipt.
func takesACheck(t *testing.T, town *flowtest.Town, c *flowtest.Clerk) ledger.ReceiptNo {
	t.Helper()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCheck)
	c.Put(flow.FieldNumber, "1187")
	c.Enter()
	if c.Model().Done == nil {
		t.Fatalf("it is not taken: %+v", c.Model().Notice)
	}
	return c.Model().Done.Receipt
}

func TestAReturnedCheck(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	receipt := takesACheck(t, town, c)
	c.Press(flow.GoClosing)
	items := c.Model().Count.Items
	if len(items) != 1 || items[0].Cells[1] != "GARCIA, MARIA E" {
		t.Fatalf("to tick: %+v", items)
	}
	for value, n := range map[ledger.Cents]string{500: "20", 100: "90", 25: "40"} {
		c.Put(flow.CountField(value), n)
	}
	c.Handle(flow.Focused{Field: flow.FieldTicks})
	c.Press(flow.TickRow, flow.CommitNow, flow.EnterClose, flow.EnterLeave)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	opens(t, c, flow.ActReturned)
	fills(c, flow.ActReturned, map[string]string{"receipt": string(receipt), "number": "1187"})
	chooses(t, c, "reason", "insufficient funds")
	chooses(t, c, "fee", "waive")
	deputySigns(t, c, flow.ActReturned)
	if r := last[cash.Returned](t, town, cash.KindReturned); r.Receipt != receipt || r.Item.Amount != 188_20 || r.Reason != "insufficient funds" || !r.Waived || r.Approver != flowtest.Deputy {
		t.Errorf("returned is %+v", r)
	}
}

func TestACountOfTheSafe(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	opens(t, c, flow.ActSkim)
	c.Put(flow.PieceField(flow.ActSkim, "count", 500), "10")
	fills(c, flow.ActSkim, map[string]string{"bag": "B-1"})
	deputySigns(t, c, flow.ActSkim)
	c.Press(flow.SignOut)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	opens(t, c, flow.ActSafe)
	c.Put(flow.PieceField(flow.ActSafe, "count", 100), "3")
	c.Handle(flow.Picked{List: flow.ListOf("there"), Row: 0, Open: true})
	deputySigns(t, c, flow.ActSafe)
	if s := last[safe.Counted](t, town, safe.KindCounted); s.Counted.Total() != 3_00 || len(s.There) != 1 || s.There[0] != "B-1" || len(s.Missing) != 0 || s.Witness != flowtest.Deputy {
		t.Errorf("the count is %+v", s)
	}
}

// A drawer whose cashier cannot close it: its check is ticked, what is missing is
// explained, and the other lead approves.
func TestAForcedCloseWithADifference(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	takesACheck(t, town, c)
	c.Press(flow.SignOut)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	opens(t, c, flow.ActCountOther)
	if c.Model().Form.BySum {
		t.Fatal("there is a check to tick, and sums are asked for")
	}
	c.Put(flow.PieceField(flow.ActCountOther, "count", 500), "20")
	c.Put(flow.PieceField(flow.ActCountOther, "count", 100), "90")
	c.Handle(flow.Focused{Field: flow.PartField(flow.ActCountOther, flow.PartTicks)})
	c.Press(flow.CountSums)
	count, _ := flow.OtherFields(flow.ActCountOther, cash.Check)
	if !c.Model().Form.BySum || c.Model().Focus == flow.PartField(flow.ActCountOther, flow.PartTicks) {
		t.Errorf("the sums are not asked for; the focus is on %q, not near %q", c.Model().Focus, count)
	}
	c.Press(flow.CountSums, flow.TickRow)
	deputySigns(t, c, flow.ActCountOther)
	if b := last[cash.Counted](t, town, cash.KindCounted); b.Over != -10_00 || len(b.Other) != 1 || len(b.Other[0].Ticked) != 1 || len(b.Missing) != 0 {
		t.Errorf("the count is %+v", b)
	}
	opens(t, c, flow.ActCloseOther)
	chooses(t, c, "reason", "missing cash")
	fills(c, flow.ActCloseOther, map[string]string{"memo": "he went home ill"})
	deputySigns(t, c, flow.ActCloseOther)
	if z := last[cash.DrawerClosed](t, town, cash.KindDrawerClosed); z.Over != -10_00 || z.Reason != "missing cash" || z.Memo != "he went home ill" || z.Approver != flowtest.Deputy {
		t.Errorf("the Z is %+v", z)
	}
}
