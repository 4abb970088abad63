package flow_test

import (
	"errors"
	"testing"

	"gatehouse/desk/account"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// Whatever account was in the panel while the payment was taken: what it shows then
// is with that payment.
func TestAfterAPaymentThePanelShowsWhatIsNowTrue(t *testing.T) {
	for _, tc := range []struct {
		name string
		look func(*flowtest.Clerk) // with two bills scanned
		want account.No
		owed ledger.Cents
		paid int // of the recent things
	}{
		{"the account scanned last", func(*flowtest.Clerk) {}, flowtest.Gardens, 0, 1},
		{"the first, gone back to", func(c *flowtest.Clerk) {
			c.Handle(flow.Scanned{Text: c.Town.Bill(flowtest.Garcia, 18820)})
		}, flowtest.Garcia, 0, 1},
		{"one of them, looked up", func(c *flowtest.Clerk) {
			c.Press(flow.GoFind)
			c.Put(flow.FieldFind, "oak gardens")
		}, flowtest.Gardens, 0, 1},
		{"another, looked up", func(c *flowtest.Clerk) {
			c.Press(flow.GoFind)
			c.Put(flow.FieldFind, string(flowtest.Returned))
			c.Enter()
		}, flowtest.Returned, 4000, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			town := flowtest.New(t)
			c := town.Clerk(nil).AtWindow()
			c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)}, flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
			tc.look(c)
			c.Press(flow.PayCash)
			c.Enter()
			m := c.Model()
			if m.Done == nil || m.Done.Total != 18820+120411 {
				t.Fatalf("done %+v, notice %q", m.Done, c.Notice())
			}
			a := m.Account
			if a == nil || a.Standing.Customer.No != tc.want || a.Standing.Balance() != tc.owed || len(a.Recent) != tc.paid {
				t.Errorf("the panel shows %+v, want %s with %s", a, tc.want, tc.owed)
			}
		})
	}
}

// A void beside a search and a payment that is begun: the list, the panel and the
// payment have the balance of after.
func TestAfterAVoidEverythingShowsTheBalanceOfAfter(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	m := c.Model()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)}, flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
	c.Press(flow.PayCash)
	c.Enter()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.GoFind)
	c.Put(flow.FieldFind, "oak gardens")
	c.Press(flow.GoUndo)
	c.Enter()
	c.Press(flow.RowDown)
	c.Enter()
	c.Put(flow.FieldApprover, string(flowtest.Lead))
	c.Enter()
	c.Put(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Enter()
	if c.Notice() != "voided" {
		t.Fatalf("notice %q", c.Notice())
	}
	if row := m.Find.Rows[0].Standing; row.Customer.No != flowtest.Gardens || row.Balance() != 120411 {
		t.Errorf("the list has %s for %s", row.Balance(), row.Customer.No)
	}
	if part := m.Payment.Parts[0]; part.Standing.Balance() != 18820 {
		t.Errorf("the payment has a balance of %s", part.Standing.Balance())
	}
	if m.Account.Standing.Customer.No != flowtest.Garcia || m.Account.Standing.Balance() != 18820 {
		t.Errorf("the panel has %+v", m.Account.Standing)
	}
}

// A balance that can no longer be read is not left standing as if it were true.
func TestABalanceThatCannotBeReadIsNotShown(t *testing.T) {
	for _, tc := range []struct {
		name    string
		err     error
		notice  string
		refusal string
	}{
		{"a broken disk", errors.New("disk"), "unread", ""},
		{"an account that is gone", ledger.Refuse("account.unknown", "gone"), "", "account.unknown"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			town := flowtest.New(t)
			c := town.Clerk(nil).AtWindow()
			c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
			c.Press(flow.PayCash)
			c.Hold = true
			c.Enter()
			order := c.Held[0]
			c.Hold = false
			c.Held = nil
			done := c.Runner.Run(t.Context(), order)
			c.Hold = true
			c.Handle(done, flow.AccountRead{No: flowtest.Garcia, Err: tc.err})
			m := c.Model()
			if m.Done == nil || m.Account != nil || c.Notice() != tc.notice || c.Refusal(flow.FieldFind) != tc.refusal {
				t.Errorf("done %+v, panel %+v, notice %q, refusal %q", m.Done, m.Account, c.Notice(), c.Refusal(flow.FieldFind))
			}
		})
	}
}

// F2 has typing replace what stood in the search, and F3 too. Nothing else goes away
// by it: neither the list nor the payment nor a tender being typed.
func TestF2HasTypingReplaceTheSearch(t *testing.T) {
	for _, tc := range []struct {
		name string
		from flow.Field
		key  flow.Action
	}{
		{"from the amount", flow.FieldAmount, flow.GoFind},
		{"from the search itself", flow.FieldFind, flow.GoFind},
		{"from a tender", flow.FieldTendered, flow.GoFind},
		{"to add an account", flow.FieldAmount, flow.AddAccount},
	} {
		t.Run(tc.name, func(t *testing.T) {
			town := flowtest.New(t)
			c := town.Clerk(nil).AtWindow()
			c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
			if tc.from == flow.FieldTendered {
				c.Press(flow.PayCash)
				c.Put(flow.FieldTendered, "20")
			} else {
				c.Put(flow.FieldAmount, "55.5")
			}
			c.Put(flow.FieldFind, "garcia")
			c.Handle(flow.Focused{Field: tc.from})
			c.Press(tc.key)
			m := c.Model()
			in := m.Inputs[flow.FieldFind]
			if m.Focus != flow.FieldFind || in.Text != "garcia" || in.Propose == 0 || len(m.Find.Rows) != 3 {
				t.Fatalf("focus %q, search %+v, %d rows", m.Focus, in, len(m.Find.Rows))
			}
			first := in.Propose
			c.Press(flow.GoFind)
			if again := m.Inputs[flow.FieldFind].Propose; again == 0 || again == first {
				t.Errorf("pressed again it is proposed as %d, before as %d", again, first)
			}
			c.Put(flow.FieldFind, "t")
			if in := m.Inputs[flow.FieldFind]; in.Propose != 0 {
				t.Errorf("what is typed now is itself to be replaced: %+v", in)
			}
			if len(m.Payment.Parts) != 1 || tc.from == flow.FieldTendered && m.Inputs[flow.FieldTendered].Text != "20" ||
				tc.from != flow.FieldTendered && m.Inputs[flow.FieldAmount].Text != "55.5" {
				t.Errorf("the payment is %+v, inputs %+v", m.Payment, m.Inputs)
			}
		})
	}
}

// More than is due is known while it is typed, so that it is said before it is taken.
func TestMoreThanIsDue(t *testing.T) {
	town := flowtest.New(t)
	for _, tc := range []struct {
		no    account.No
		typed string
		over  ledger.Cents
	}{
		{flowtest.Garcia, "", 0}, // the balance
		{flowtest.Garcia, "188.20", 0},
		{flowtest.Garcia, "20", 0},
		{flowtest.Garcia, "200.20", 1200},
		{flowtest.Garcia, "188.21", 1},
		{flowtest.Garcia, "1,2.3", 0}, // is refused
		{flowtest.Paid, "10", 1000},   // has a credit already
		{flowtest.Paid, "", 0},
	} {
		t.Run(string(tc.no)+"/"+tc.typed, func(t *testing.T) {
			c := town.Clerk(nil)
			c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
			if c.Model().Place == flow.AtOpening {
				c.Float()
			}
			c.Hold = true
			c.Handle(flow.Scanned{Text: town.Bill(tc.no, 100)}, flow.Typed{Field: flow.FieldAmount, Text: tc.typed})
			if m := c.Model(); m.Payment.Over != 0 {
				t.Errorf("%s is over before it is known what is due", m.Payment.Over)
			}
			c.Release()
			if m := c.Model(); m.Payment.Parts[0].Over != tc.over || m.Payment.Over != tc.over {
				t.Errorf("%s of the part and %s of all is over, want %s", m.Payment.Parts[0].Over, m.Payment.Over, tc.over)
			}
			c.Press(flow.Back, flow.Discard)
			if over := c.Model().Payment.Over; over != 0 {
				t.Errorf("%s is over of nothing", over)
			}
		})
	}
}

func TestMoreThanIsDueOfSeveralAccountsAddsUp(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	for _, one := range []struct {
		no     account.No
		amount string
	}{{flowtest.Garcia, "200.20"}, {flowtest.Gardens, "1"}, {flowtest.Paid, "5"}} {
		c.Handle(flow.Scanned{Text: town.Bill(one.no, 100)})
		c.Put(flow.FieldAmount, one.amount)
	}
	c.Press(flow.PayCash)
	if p := c.Model().Payment; p.Over != 1700 || p.Parts[0].Over != 1200 || p.Parts[1].Over != 0 || p.Parts[2].Over != 500 {
		t.Errorf("over: %s of %+v", p.Over, p.Parts)
	}
}
