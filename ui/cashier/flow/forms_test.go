package flow_test

import (
	"slices"
	"testing"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// opens goes to a form by the menu.
func opens(t *testing.T, c *flowtest.Clerk, a flow.Act) {
	t.Helper()
	c.Press(flow.GoMenu)
	at := slices.Index(c.Model().Acts, a)
	if at < 0 {
		t.Fatalf("%s is not in the menu %v", a, c.Model().Acts)
	}
	c.Handle(flow.Picked{List: flow.ListActs, Row: at, Open: true})
	if c.Model().Place != a.Place() {
		t.Fatalf("at %q, want the form of %s", c.Model().Place, a)
	}
}

// fills types what a form asks for.
func fills(c *flowtest.Clerk, a flow.Act, parts map[string]string) {
	for part, text := range parts {
		c.Put(flow.PartField(a, part), text)
	}
}

// chooses picks a row of a list by its id.
func chooses(t *testing.T, c *flowtest.Clerk, part, id string) {
	t.Helper()
	at := slices.IndexFunc(c.Model().Form.Choices[part], func(r flow.Choice) bool { return r.ID == id })
	if at < 0 {
		t.Fatalf("%q is not in the list %v", id, c.Model().Form.Choices[part])
	}
	c.Handle(flow.Picked{List: flow.ListOf(part), Row: at})
}

func signs(c *flowtest.Clerk) {
	c.Put(flow.FieldApprover, string(flowtest.Lead))
	c.Put(flow.FieldApproverPIN, flowtest.LeadPIN)
}

// last is the newest entry of a kind.
func last[T any](t *testing.T, town *flowtest.Town, kind ledger.Kind) (body T) {
	t.Helper()
	entries, err := town.Desk.Book.Entries(1, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Kind == kind {
			if body, err = ledger.Unpack[T](&entries[i]); err != nil {
				t.Fatal(err)
			}
			return body
		}
	}
	t.Fatalf("there is no %s", kind)
	return body
}

// done says that the form was carried out and the window is back.
func done(t *testing.T, c *flowtest.Clerk, a flow.Act) {
	t.Helper()
	m := c.Model()
	if m.Place != flow.AtWindow || m.Notice == nil || m.Notice.Name != "form_"+string(a) {
		t.Fatalf("at %q with the focus on %q (%q), the notice is %+v", m.Place, m.Focus, c.Refusal(m.Focus), m.Notice)
	}
}

func TestTheMenuHasWhatOneMayDo(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Press(flow.GoMenu)
	if want := []flow.Act{flow.ActSkim, flow.ActPaid, flow.ActChange, flow.ActSuspect, flow.ActRefund, flow.ActSplit, flow.ActNoAccount}; !slices.Equal(c.Model().Acts, want) {
		t.Errorf("a cashier may do %v, want %v", c.Model().Acts, want)
	}
	c.Press(flow.Back)
	c.Press(flow.SignOut)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	c.Press(flow.GoMenu)
	want := []flow.Act{flow.ActPaid, flow.ActAdjust, flow.ActReturned, flow.ActSurprise, flow.ActCountOther, flow.ActCloseOther, flow.ActSafe, flow.ActDeposit}
	if !slices.Equal(c.Model().Acts, want) {
		t.Errorf("a lead without a drawer may do %v, want %v", c.Model().Acts, want)
	}
	c.Press(flow.Back)
	c.Press(flow.SignOut)
	c.SignIn(string(flowtest.Auditor), flowtest.AuditorPIN)
	if c.Flow.Can(flow.GoMenu) {
		t.Error("an auditor may do something")
	}
}

// A skim in the middle of a payment: the bag, then the payment goes on.
func TestASkimWithTwoPeople(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCheck)
	c.Put(flow.FieldNumber, "1187")
	c.Enter()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
	opens(t, c, flow.ActSkim)
	if slices.ContainsFunc(c.Model().Form.Second, func(p staff.Person) bool { return p.ID == flowtest.Auditor || p.ID == flowtest.Cashier }) {
		t.Errorf("may sign: %v", c.Model().Form.Second)
	}
	c.Put(flow.PieceField(flow.ActSkim, "count", 500), "x")
	c.Enter()
	if c.Model().Focus != flow.PieceField(flow.ActSkim, "count", 500) || c.Refusal(c.Model().Focus) != "cashier.pieces" {
		t.Fatalf("a count that is none: focus %q, %q", c.Model().Focus, c.Refusal(c.Model().Focus))
	}
	c.Put(flow.PieceField(flow.ActSkim, "count", 500), "10")
	if c.Model().Form.Totals["count"] != 50_00 {
		t.Errorf("the bag has %s", c.Model().Form.Totals["count"])
	}
	c.Handle(flow.Picked{List: flow.ListOf("other"), Row: 0})
	c.Press(flow.TickRow)
	c.Press(flow.CommitNow)
	if c.Model().Focus != flow.FieldApprover {
		t.Fatalf("nobody signs: the focus is on %q", c.Model().Focus)
	}
	c.Put(flow.FieldApprover, string(flowtest.Cashier))
	c.Put(flow.FieldApproverPIN, flowtest.CashierPIN)
	c.Press(flow.CommitNow)
	if f := c.Model().Focus; f != flow.FieldApprover || c.Refusal(f) == "" || c.Model().Inputs[flow.FieldApproverPIN].Text != "" {
		t.Fatalf("one's own signature: focus %q, %q, PIN %q", f, c.Refusal(f), c.Model().Inputs[flow.FieldApproverPIN].Text)
	}
	signs(c)
	c.Press(flow.CommitNow)
	if f := c.Model().Focus; f != flow.PartField(flow.ActSkim, "bag") || c.Refusal(f) == "" {
		t.Fatalf("no bag: focus %q, %q", f, c.Refusal(f))
	}
	c.Put(flow.PartField(flow.ActSkim, "bag"), "B-00017")
	c.Put(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Press(flow.Back)
	if c.Model().Inputs[flow.FieldApproverPIN].Text != "" {
		t.Error("a PIN stays behind")
	}
	opens(t, c, flow.ActSkim)
	if c.Model().Inputs[flow.PartField(flow.ActSkim, "bag")].Text != "B-00017" {
		t.Fatal("what was typed is lost")
	}
	signs(c)
	c.Enter()
	done(t, c, flow.ActSkim)
	if s := last[cash.Skimmed](t, town, cash.KindSkim); s.Bag != "B-00017" || s.Cash != 50_00 || s.Amount != 238_20 || s.Witness != flowtest.Lead || len(s.Other) != 1 {
		t.Errorf("the skim is %+v", s)
	}
	if m := c.Model(); len(m.Payment.Parts) != 1 || m.Payment.ToPay == 0 {
		t.Errorf("the payment is lost: %+v", m.Payment)
	}
}

func TestMoneyOutIsApprovedAboveALimit(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	opens(t, c, flow.ActPaid)
	fills(c, flow.ActPaid, map[string]string{"amount": "7.40"})
	c.Press(flow.CommitNow)
	if f := c.Model().Focus; f != flow.PartField(flow.ActPaid, "reason") || c.Refusal(f) != "cash.reason" {
		t.Fatalf("no reason was chosen: focus %q, %q", f, c.Refusal(f))
	}
	chooses(t, c, "reason", "postage")
	fills(c, flow.ActPaid, map[string]string{"amount": "7.4.0"})
	c.Press(flow.CommitNow)
	if f := c.Model().Focus; f != flow.PartField(flow.ActPaid, "amount") || c.Refusal(f) == "" {
		t.Fatalf("an amount that is none: focus %q", f)
	}
	fills(c, flow.ActPaid, map[string]string{"amount": "7.40", "note": "stamps"})
	if c.Model().Form.Sign {
		t.Error("a small amount needs nobody")
	}
	c.Press(flow.CommitNow)
	done(t, c, flow.ActPaid)
	opens(t, c, flow.ActPaid)
	chooses(t, c, "reason", "postage")
	fills(c, flow.ActPaid, map[string]string{"amount": "33.00"})
	if !c.Model().Form.Sign {
		t.Error("a larger one needs a second person")
	}
	signs(c)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActPaid)
	if p := last[cash.Paid](t, town, cash.KindPaid); p.Amount != 33_00 || p.Approver != flowtest.Lead {
		t.Errorf("paid is %+v", p)
	}
}

func TestChangeOrderPieceForPiece(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	opens(t, c, flow.ActChange)
	c.Put(flow.PieceField(flow.ActChange, "give", 500), "4")
	c.Put(flow.PieceField(flow.ActChange, "get", 25), "79")
	chooses(t, c, "with", string(cash.Safe))
	signs(c)
	c.Press(flow.CommitNow)
	if f := c.Model().Focus; c.Refusal(f) == "" && c.Model().Notice == nil {
		t.Fatalf("not of the same worth, and nothing is said; the focus is on %q", f)
	}
	c.Put(flow.PieceField(flow.ActChange, "get", 25), "80")
	signs(c)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActChange)
	if b := last[cash.Changed](t, town, cash.KindChanged); b.Amount != 20_00 || b.With != cash.Safe {
		t.Errorf("the change is %+v", b)
	}
}

func TestASuspectNotePaysNothing(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	opens(t, c, flow.ActSuspect)
	fills(c, flow.ActSuspect, map[string]string{"value": "20.00", "serial": "MF 1234 5678 C", "note": "no thread; envelope in the safe"})
	c.Press(flow.CommitNow)
	done(t, c, flow.ActSuspect)
	if s := last[cash.Suspect](t, town, cash.KindSuspect); s.Value != 20_00 {
		t.Errorf("the note is %+v", s)
	}
}

// The lead's day: a surprise count of a colleague's drawer, then its close by force,
// the safe, and the deposit.
func TestTheLeadCountsClosesAndDeposits(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCash)
	c.Put(flow.FieldTendered, "188.20")
	c.Enter()
	c.Press(flow.SignOut)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	counts := func(a flow.Act) {
		t.Helper()
		opens(t, c, a)
		c.Enter() // the only drawer that is open
		if all := kinds(t, town); all[len(all)-1] != cash.KindCountBegun {
			t.Fatalf("the drawer stays shut: %s", all[len(all)-1])
		}
		for value, n := range map[ledger.Cents]string{500: "20", 100: "278", 25: "40", 10: "2"} {
			c.Put(flow.PieceField(a, "count", value), n)
		}
		c.Put(flow.FieldApprover, string(flowtest.Cashier))
		c.Put(flow.FieldApproverPIN, flowtest.CashierPIN)
		c.Press(flow.CommitNow)
		done(t, c, a)
	}
	counts(flow.ActSurprise)
	if b := last[cash.Counted](t, town, cash.KindSurprise); b.Over != 0 || b.Witness != flowtest.Cashier {
		t.Errorf("the surprise count is %+v", b)
	}
	counts(flow.ActCountOther)
	opens(t, c, flow.ActCloseOther)
	c.Put(flow.FieldApprover, string(flowtest.Cashier))
	c.Put(flow.FieldApproverPIN, flowtest.CashierPIN)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActCloseOther)
	if z := last[cash.DrawerClosed](t, town, cash.KindDrawerClosed); z.Over != 0 || z.Reason != "" {
		t.Errorf("the Z is %s over, for the reason %q that nobody chose", z.Over, z.Reason)
	}

	opens(t, c, flow.ActDeposit)
	c.Handle(flow.Picked{List: flow.ListOf("parts"), Row: 0, Open: true})
	for value, n := range map[ledger.Cents]string{100: "188", 10: "2"} {
		c.Put(flow.PieceField(flow.ActDeposit, "count", value), n)
	}
	c.Put(flow.PartField(flow.ActDeposit, "bag"), "D-777")
	c.Put(flow.FieldApprover, string(flowtest.Colleague))
	c.Put(flow.FieldApproverPIN, flowtest.ColleaguePIN)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActDeposit)
	if d := last[safe.Deposit](t, town, safe.KindDeposit); d.Total != 188_20 || d.Bag != "D-777" || len(d.Parts) != 1 {
		t.Errorf("the deposit is %+v", d)
	}
}

// Every form says next to its fields what is wrong with an empty one, and Esc leaves.
func TestAnEmptyFormIsRefused(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	for _, a := range []flow.Act{flow.ActSkim, flow.ActPaid, flow.ActChange, flow.ActSuspect, flow.ActRefund} {
		opens(t, c, a)
		c.Press(flow.CommitNow)
		if m := c.Model(); m.Place != a.Place() || c.Refusal(m.Focus) == "" {
			t.Errorf("%s: at %q, focus %q, nothing is refused", a, m.Place, m.Focus)
		}
		c.Press(flow.Back)
		if c.Model().Place != flow.AtWindow {
			t.Errorf("%s: Esc goes to %q", a, c.Model().Place)
		}
	}
}

// A drawer that holds much says so, and at the limit takes no more cash until some of
// it went to the safe; the payment waits.
func TestAFullDrawer(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	pays := func(amount string) {
		c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
		c.Put(flow.FieldAmount, amount)
		c.Enter()
		c.Press(flow.PayCash)
		c.Put(flow.FieldTendered, amount)
		c.Enter()
	}
	pays("600.00")
	if n := c.Model().Trouble; n != nil {
		t.Errorf("800.00 in the drawer is not too much: %+v", n)
	}
	pays("500.00")
	if n := c.Model().Trouble; n == nil || n.Name != "drawer_full" || n.Args["warn"] != "800.00" {
		t.Fatalf("1,300.00 in the drawer: %+v", n)
	}
	pays("800.00")
	if n := c.Model().Trouble; n == nil || n.Name != "drawer_no_cash" || n.Args["stop"] != "2,000.00" {
		t.Errorf("2,100.00 in the drawer, which takes no more: %+v", n)
	}
	pays("50.00")
	if n := c.Model().Notice; n == nil || n.Refusal == nil || n.Refusal.Code != "cash.drawer_full" {
		t.Fatalf("2,100.00 in the drawer: %+v", n)
	}
	opens(t, c, flow.ActSkim)
	c.Put(flow.PieceField(flow.ActSkim, "count", 10000), "16")
	c.Put(flow.PartField(flow.ActSkim, "bag"), "B-1")
	signs(c)
	c.Press(flow.CommitNow)
	done(t, c, flow.ActSkim)
	if m := c.Model(); m.Trouble != nil || len(m.Payment.Parts) != 1 || len(m.Payment.Tenders) != 1 {
		t.Errorf("after the skim: %+v, %+v", m.Trouble, m.Payment)
	}
	c.Enter()
	if m := c.Model(); m.Done == nil || m.Done.Total != 50_00 {
		t.Errorf("it is not taken: %+v, %+v", m.Done, m.Notice)
	}
}

// A list that is read from the ledger may come a moment after the person went on: it
// is waited for, not passed over.
func TestAListThatComesLate(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	c.Hold = true
	opens(t, c, flow.ActDeposit)
	c.Enter() // the bank
	c.Enter() // of nothing that is there yet
	if f := c.Model().Focus; f != flow.PartField(flow.ActDeposit, "parts") {
		t.Errorf("the focus is on %q", f)
	}
	c.Release()
	if f := c.Model().Focus; f != flow.PartField(flow.ActDeposit, "parts") {
		t.Errorf("with the list the focus is on %q", f)
	}
}
