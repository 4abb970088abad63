package flow_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

func actions() []flow.Action {
	return []flow.Action{flow.EnterNext, flow.EnterOpen, flow.EnterAmount, flow.EnterTender, flow.EnterPay, flow.EnterTake, flow.EnterCount,
		flow.EnterPick, flow.EnterUndo, flow.EnterNoSale, flow.Help, flow.Back, flow.GoFind, flow.AddAccount, flow.ChangeLine, flow.RemoveLine,
		flow.PayCash, flow.PayCheck, flow.PayCard, flow.PayOther, flow.Discard, flow.Keep, flow.GoUndo, flow.GoNoSale, flow.GoClosing,
		flow.GoReprint, flow.XReport, flow.RowUp, flow.RowDown, flow.PageDown}
}

// Whatever is typed, pressed, scanned and touched, in whatever order: nothing
// falls over, the sums on the screen are those of what is recorded, what is typed
// stays in its field, and each payment that the screen shows as taken is in the
// ledger, once.
func TestAnythingMayHappenAtTheWindow(t *testing.T) {
	town := flowtest.New(t)
	shown := map[ledger.ReceiptNo]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		c := town.Clerk(nil)
		c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
		if c.Model().Place == flow.AtOpening {
			c.Float()
			if c.Model().Place == flow.AtOpening {
				c.Press(flow.EnterCount) // for the first reason
			}
		}
		anything(rt, town, c, shown)
	})
	if got := count(kinds(t, town), cash.KindPayment); got != len(shown) || got == 0 {
		t.Errorf("%d payments in the ledger, %d were shown as taken", got, len(shown))
	}
}

func anything(t *rapid.T, town *flowtest.Town, c *flowtest.Clerk, shown map[ledger.ReceiptNo]bool) {
	m := c.Model()
	typed := rapid.SampledFrom([]string{"", "1", "12.50", "188.20", "1,234.5.6", "-3", "garcia", "01-2345-6", "4111111111111111", "١٢", "9999999999", "ana"})
	fields := rapid.SampledFrom([]flow.Field{flow.FieldFind, flow.FieldAmount, flow.FieldTendered, flow.FieldNumber, flow.FieldReference,
		flow.FieldLastFour, flow.FieldReceipt, flow.FieldApprover})
	for range rapid.IntRange(1, 40).Draw(t, "steps") {
		switch rapid.IntRange(0, 9).Draw(t, "what") {
		case 0, 1, 2:
			field, text := fields.Draw(t, "field"), typed.Draw(t, "text")
			if c.Flow.Can(flow.Help) && m.Place == flow.AtWindow {
				c.Handle(flow.Typed{Field: field, Text: text})
				if got := m.Inputs[field].Text; got != text {
					t.Fatalf("%q was typed into %q and %q stands there", text, field, got)
				}
			}
		case 3:
			c.Handle(flow.Scanned{Text: town.Bill(rapid.SampledFrom([]account.No{flowtest.Garcia, flowtest.Gardens, flowtest.Returned, "09-0000-0"}).Draw(t, "bill"), 100)})
		case 4:
			c.Handle(flow.Picked{List: rapid.SampledFrom([]flow.List{flow.ListFound, flow.ListLines, flow.ListPayments, flow.ListReasons}).Draw(t, "list"),
				Row: rapid.IntRange(-1, 30).Draw(t, "row"), Open: rapid.Bool().Draw(t, "open")})
		case 5:
			// A payment as it is meant, in the middle of everything.
			c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 100)}, flow.Typed{Field: flow.FieldAmount, Text: "1.10"},
				flow.Pressed{Action: flow.PayCash}, flow.Pressed{Action: flow.EnterTender}, flow.Pressed{Action: flow.EnterPay})
		case 6:
			c.Pass(50 * time.Millisecond)
		default:
			c.Handle(flow.Pressed{Action: rapid.SampledFrom(actions()).Draw(t, "action")})
		}
		checkSums(t, m)
		if m.Done != nil {
			shown[m.Done.Receipt] = true
		}
	}
}

func checkSums(t *rapid.T, m *flow.Model) {
	var pay, paid ledger.Cents
	for _, p := range m.Payment.Parts {
		pay += p.Amount
	}
	for _, tender := range m.Payment.Tenders {
		paid += tender.Amount
	}
	if pay != m.Payment.ToPay || m.Payment.Remaining != m.Payment.ToPay-m.Payment.Tendered {
		t.Fatalf("the sums are wrong: %+v", m.Payment)
	}
	if m.Payment.Entry == "" && paid != m.Payment.Tendered {
		t.Fatalf("tendered is wrong: %+v", m.Payment)
	}
	if n := len(m.Payment.Parts); m.Payment.Active >= n || m.Payment.Line > n+len(m.Payment.Tenders) {
		t.Fatalf("a line that is not there is chosen: %+v", m.Payment)
	}
}
