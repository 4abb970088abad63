package flow_test

import (
	"testing"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// kinds lists what is in the ledger, in order.
func kinds(t *testing.T, town *flowtest.Town) (out []ledger.Kind) {
	t.Helper()
	entries, err := town.Desk.Book.Entries(1, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Kind)
	}
	return out
}

func count(kinds []ledger.Kind, want ledger.Kind) (n int) {
	for _, k := range kinds {
		if k == want {
			n++
		}
	}
	return n
}

// A whole day, with the keys a cashier would press, against a real desk.
func TestADay(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	m := c.Model()

	// Scan, Enter for the balance, cash, 200, Enter.
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Enter()
	c.Press(flow.PayCash)
	c.Type(flow.FieldTendered, "200")
	if m.Payment.Remaining != -1180 {
		t.Errorf("while 200 is typed, %s remain; want 11.80 of change", m.Payment.Remaining)
	}
	c.Enter()
	if m.Done == nil || m.Done.Change != 1180 || m.Done.Total != 18820 || m.Done.Receipt == "" {
		t.Fatalf("done: %+v, notice %q", m.Done, c.Notice())
	}
	first := m.Done.Receipt
	c.Pass(time.Minute)
	if m.Done == nil {
		t.Error("the change went away before the next customer began")
	}

	// Type words, see the list, the second row, an amount, cash plus check.
	c.Type(flow.FieldFind, "oak gard")
	if m.Done != nil {
		t.Error("the change is still there though the next customer began")
	}
	c.Pass(100 * time.Millisecond)
	c.Enter()
	c.Type(flow.FieldAmount, "1,000.00")
	c.Press(flow.PayCheck)
	c.Type(flow.FieldTendered, "900")
	c.Enter()
	c.Type(flow.FieldNumber, "1077")
	c.Enter()
	if m.Payment.Remaining != 10000 {
		t.Errorf("after the check %s remain, want 100.00", m.Payment.Remaining)
	}
	c.Press(flow.PayCash)
	c.Enter() // what remains
	if m.Done == nil || m.Done.Total != 100000 || m.Done.Change != 0 {
		t.Fatalf("done: %+v, notice %q", m.Done, c.Notice())
	}

	// Two accounts at once, by card.
	c.Type(flow.FieldFind, string(flowtest.Returned))
	c.Enter()
	c.Enter()
	c.Press(flow.AddAccount)
	c.Type(flow.FieldFind, "pio")
	c.Pass(100 * time.Millisecond)
	c.Enter()
	c.Type(flow.FieldAmount, "10")
	c.Press(flow.PayCard)
	c.Enter()
	c.Type(flow.FieldReference, "TX9917")
	c.Enter()
	c.Type(flow.FieldLastFour, "1881")
	c.Enter()
	if m.Done == nil || m.Done.Total != 5000 {
		t.Fatalf("done: %+v, notice %q", m.Done, c.Notice())
	}

	// Void the first payment: the third in the list.
	c.Press(flow.GoUndo, flow.RowDown, flow.RowDown, flow.EnterPick)
	if m.Undo == nil || m.Undo.Receipt != first || !m.Undo.Here {
		t.Fatalf("to be voided: %+v; %s", m.Undo, c.Refusal(flow.FieldReceipt))
	}
	c.Press(flow.RowDown, flow.EnterNext)
	c.Type(flow.FieldApprover, string(flowtest.Lead))
	c.Enter()
	c.Type(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Enter()
	if c.Notice() != "voided" || m.Notice.Args["total"] != "188.20" {
		t.Fatalf("after the void: %q %+v", c.Notice(), m.Inputs)
	}

	c.Press(flow.GoNoSale, flow.RowDown, flow.EnterNoSale)
	c.Press(flow.XReport)
	if c.Notice() != "x_report" {
		t.Errorf("after the X report the notice is %q", c.Notice())
	}

	// Close blind: 200 float + 100 cash.
	c.Press(flow.GoClosing, flow.CountSums)
	c.Type(flow.CountField(2000), "15")
	c.Press(flow.EnterNext)
	c.Put(flow.OtherCount(cash.Check), "1")
	c.Put(flow.OtherAmount(cash.Check), "900")
	c.Put(flow.OtherCount(cash.Card), "1")
	c.Put(flow.OtherAmount(cash.Card), "49.00")
	if m.Result != nil {
		t.Error("something was shown before the count was committed")
	}
	c.Press(flow.CommitNow)
	if m.Place != flow.AtCounted || m.Counted == nil || m.Counted.Over != -100 || m.Enter != flow.EnterClose {
		t.Fatalf("counted: at %q, %+v, notice %q", m.Place, m.Counted, c.Notice())
	}
	c.Enter()
	if m.Place != flow.AtClosed || m.Result == nil || m.Result.Z != 1 || m.Result.Over != -100 {
		t.Fatalf("closed: at %q, %+v, notice %q", m.Place, m.Result, c.Notice())
	}
	c.Enter()
	if m.Place != flow.AtSignIn || m.Me.ID != "" {
		t.Errorf("after the day at %q with %q", m.Place, m.Me.ID)
	}
	got := kinds(t, town)
	for kind, want := range map[ledger.Kind]int{cash.KindPayment: 3, cash.KindVoid: 1, cash.KindNoSale: 1, cash.KindXReport: 1, cash.KindCounted: 1, cash.KindDrawerClosed: 1} {
		if count(got, kind) != want {
			t.Errorf("%d of %s in the ledger, want %d", count(got, kind), kind, want)
		}
	}
}

// The day after, a payment of a closed session can only be reversed.
func TestAfterTheCloseAPaymentIsReversed(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCash)
	c.Enter()
	receipt := c.Model().Done.Receipt
	c.Press(flow.GoClosing)
	for value, n := range map[ledger.Cents]string{2000: "19", 500: "1", 100: "3", 10: "2"} {
		c.Put(flow.CountField(value), n)
	}
	c.Press(flow.CommitNow, flow.EnterClose, flow.EnterLeave)
	c.SignIn(string(flowtest.Colleague), flowtest.ColleaguePIN)
	c.Float()
	c.Press(flow.GoUndo)
	c.Type(flow.FieldReceipt, string(receipt))
	c.Enter()
	if u := c.Model().Undo; u == nil || u.Here {
		t.Fatalf("to be reversed: %+v, %s", u, c.Refusal(flow.FieldReceipt))
	}
	c.Press(flow.RowDown)
	c.Enter()
	c.Type(flow.FieldApprover, string(flowtest.Lead))
	c.Enter()
	c.Type(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Enter()
	if c.Notice() != "reversed" {
		t.Errorf("the notice is %q; inputs %+v", c.Notice(), c.Model().Inputs)
	}
}
