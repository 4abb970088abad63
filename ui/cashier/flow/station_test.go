package flow_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/desktest"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

func TestSigningIn(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil)
	for _, tc := range []struct {
		who, pin string
		field    flow.Field
		code     string
	}{
		{"nobody", "", flow.FieldWho, "staff.unknown"},
		{"", "", flow.FieldWho, "staff.unknown"},
		{"maria", "", flow.FieldPIN, "staff.wrong_pin"},
		{"maria", "0000", flow.FieldPIN, "staff.wrong_pin"},
		{"maria", "999999999999999", flow.FieldPIN, "staff.wrong_pin"},
		{"maria", "١٢٣٤", flow.FieldPIN, "staff.wrong_pin"},
		{"maria", "0001", flow.FieldPIN, "staff.locked"},
		{"maria", flowtest.CashierPIN, flow.FieldPIN, "staff.locked"},
		{"Maria ", flowtest.CashierPIN, flow.FieldPIN, "staff.locked"},
	} {
		c.Put(flow.FieldWho, tc.who)
		c.Enter()
		if tc.field == flow.FieldPIN {
			c.Put(flow.FieldPIN, tc.pin)
			c.Enter()
		}
		if got := c.Refusal(tc.field); got != tc.code {
			t.Errorf("%q with %q: refused with %q, want %q", tc.who, tc.pin, got, tc.code)
		}
		if c.Model().Inputs[flow.FieldPIN].Text != "" {
			t.Error("the PIN is left standing")
		}
	}
	c.SignIn(string(flowtest.Colleague), flowtest.ColleaguePIN)
	if c.Model().Place != flow.AtOpening {
		t.Errorf("a colleague is at %q", c.Model().Place)
	}
}

func TestWhoTakesNoMoneyLooksAccountsUp(t *testing.T) {
	c := flowtest.New(t).Clerk(nil)
	c.SignIn(string(flowtest.Auditor), flowtest.AuditorPIN)
	c.Put(flow.FieldFind, string(flowtest.Garcia))
	c.Enter()
	m := c.Model()
	if m.Begun() || m.Account == nil || m.Account.Standing.Balance() != 18820 || c.Notice() != "no_drawer" {
		t.Errorf("begun %v, account %+v, notice %q", m.Begun(), m.Account, c.Notice())
	}
}

func TestAFloatThatIsNotWhatItShouldBe(t *testing.T) {
	c := flowtest.New(t).Clerk(nil)
	c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
	m := c.Model()
	c.Put(flow.CountField(2000), "9")
	c.Press(flow.CommitNow)
	in := m.Inputs[flow.FieldReason]
	if in.Refusal == nil || in.Refusal.Code != "cash.float_reason" || in.Refusal.Args["expected"] != "200.00" || len(m.Reasons) != 2 {
		t.Fatalf("refused with %+v, reasons %v", in.Refusal, m.Reasons)
	}
	if m.Inputs[flow.CountField(2000)].Text != "9" {
		t.Error("the count is gone")
	}
	// Counted again, the question about the reason is asked again.
	c.Put(flow.CountField(2000), "8")
	if len(m.Reasons) != 0 {
		t.Error("a reason is still asked for")
	}
	c.Put(flow.CountField(2000), "9")
	c.Press(flow.CommitNow, flow.RowDown, flow.RowDown, flow.EnterCount)
	if m.Place != flow.AtWindow || m.Session.Float != 18000 {
		t.Errorf("at %q with %+v, %q", m.Place, m.Session, c.Notice())
	}
}

func TestACountThatIsNone(t *testing.T) {
	c := flowtest.New(t).Clerk(nil).AtWindow()
	c.Press(flow.GoClosing)
	field := flow.CountField(2000)
	for _, typed := range []string{"-1", "1.5", "10001", "ten", "99999999999999999999", "٣"} {
		c.Put(field, typed)
		c.Press(flow.CommitNow)
		if c.Refusal(field) != "cashier.pieces" || c.Model().Inputs[field].Text != typed || c.Model().Place != flow.AtClosing {
			t.Errorf("%q: refused with %q, left %q", typed, c.Refusal(field), c.Model().Inputs[field].Text)
		}
	}
	c.Put(field, "10")
	c.Put(flow.OtherAmount(cash.Check), "1.2.3")
	c.Press(flow.CommitNow)
	if c.Refusal(flow.OtherAmount(cash.Check)) != "amount.malformed" {
		t.Errorf("a sum of checks: %q", c.Refusal(flow.OtherAmount(cash.Check)))
	}
	// Going back to serve somebody keeps the count.
	c.Press(flow.Back, flow.GoClosing)
	if c.Model().Inputs[field].Text != "10" {
		t.Error("the count is gone")
	}
}

// The close is blind: until the count is committed, nothing that the screen could
// show says what is expected.
func TestTheCloseIsBlind(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCash)
	c.Enter()
	c.Press(flow.GoClosing)
	if m := c.Model(); m.Result != nil || m.Done != nil && m.Place == flow.AtClosing && m.Count.Total != 0 {
		t.Errorf("the model knows %+v", m.Result)
	}
	expected := ledger.Cents(20000 + 18820)
	if holds(reflect.ValueOf(c.Model().Count), expected) {
		t.Error("the expected cash is in the model of the count")
	}
}

func holds(v reflect.Value, c ledger.Cents) bool {
	switch v.Kind() {
	case reflect.Int64:
		return v.Int() == int64(c)
	case reflect.Struct:
		for i := range v.NumField() {
			if holds(v.Field(i), c) {
				return true
			}
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if holds(v.MapIndex(k), c) {
				return true
			}
		}
	}
	return false
}

func TestAVoidNeedsASecondPerson(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCash)
	c.Enter()
	for _, typed := range []string{"A1-000099", "B2-000001", "rubbish", "A1-000001-XXXX"} {
		c.Press(flow.GoUndo)
		c.Put(flow.FieldReceipt, typed)
		c.Enter()
		if r := c.Refusal(flow.FieldReceipt); r == "" || c.Model().Undo != nil || c.Model().Inputs[flow.FieldReceipt].Text != typed {
			t.Errorf("%q: refused with %q", typed, r)
		}
		c.Press(flow.Back)
	}
	c.Press(flow.GoUndo, flow.EnterPick, flow.EnterNext)
	if m := c.Model(); m.Focus != flow.FieldReason || c.Refusal(flow.FieldReason) != "cash.reason" {
		t.Errorf("a reason nobody chose: the focus is on %q, refused with %q", m.Focus, c.Refusal(flow.FieldReason))
	}
	c.Press(flow.RowDown, flow.EnterNext)
	for _, tc := range []struct {
		who  staff.ID
		pin  string
		at   flow.Field
		code string
	}{
		{flowtest.Cashier, flowtest.CashierPIN, flow.FieldApprover, "staff.own_approval"},
		{flowtest.Colleague, flowtest.ColleaguePIN, flow.FieldApprover, "staff.may_not_approve"},
		{flowtest.Lead, "0000", flow.FieldApproverPIN, "staff.wrong_pin"},
	} {
		c.Put(flow.FieldApprover, string(tc.who))
		c.Enter()
		c.Put(flow.FieldApproverPIN, tc.pin)
		c.Enter()
		if got := c.Refusal(tc.at); got != tc.code {
			t.Errorf("%s: refused with %q at %q, notice %q", tc.who, got, tc.at, c.Notice())
		}
	}
	c.Put(flow.FieldApprover, string(flowtest.Lead))
	c.Enter()
	c.Put(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Enter()
	if c.Notice() != "voided" {
		t.Errorf("notice %q", c.Notice())
	}
	c.Press(flow.GoUndo, flow.EnterPick)
	if c.Refusal(flow.FieldReceipt) != "cash.already_undone" {
		t.Errorf("the same again: %q", c.Refusal(flow.FieldReceipt))
	}
}

// A task beside a payment leaves the payment as it was typed.
func TestATaskInTheMiddleOfAPayment(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Put(flow.FieldAmount, "55.5")
	for _, task := range []flow.Action{flow.GoUndo, flow.GoNoSale, flow.GoReprint, flow.Help} {
		c.Press(task, flow.Back)
		if m := c.Model(); m.Place != flow.AtWindow || len(m.Payment.Parts) != 1 || m.Inputs[flow.FieldAmount].Text != "55.5" {
			t.Errorf("after %q at %q with %+v", task, m.Place, m.Payment)
		}
	}
	if c.Flow.Can(flow.SignOut) || c.Flow.Can(flow.GoClosing) {
		t.Error("the payment can be left behind")
	}
}

type paper struct {
	printed []ledger.ReceiptNo
	answers []bool
	ids     []ledger.CommandID
	err     error
	voided  []flow.Held
}

func (p *paper) Reprint(_ context.Context, id ledger.CommandID, _ staff.ID, no ledger.ReceiptNo) error {
	p.printed, p.ids = append(p.printed, no), append(p.ids, id)
	return p.err
}

func (p *paper) Answer(_ context.Context, id ledger.CommandID, _ staff.ID, _ flow.Question, out bool) error {
	p.answers, p.ids = append(p.answers, out), append(p.ids, id)
	return p.err
}

func (p *paper) Void(_ context.Context, id ledger.CommandID, _ staff.ID, held flow.Held) error {
	p.voided, p.ids = append(p.voided, held), append(p.ids, id)
	return p.err
}

func TestPaper(t *testing.T) {
	town := flowtest.New(t)
	spooler := &paper{err: errors.New("the spooler is gone")}
	c := town.Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Paper = spooler }).AtWindow()
	m := c.Model()
	c.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterPaperOut}})
	if m.Trouble == nil || m.Trouble.Name != "printer_paper_out" {
		t.Errorf("trouble %+v", m.Trouble)
	}
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCash)
	c.Enter()
	if m.Done == nil || m.Trouble.Name != "printer_paper_out_saved" || m.Trouble.Args["receipt"] != string(m.Done.Receipt) {
		t.Errorf("a payment without paper: %+v, trouble %+v", m.Done, m.Trouble)
	}
	c.Press(flow.GoReprint, flow.EnterPrint)
	if c.Notice() != "paper_failed" {
		t.Errorf("notice %q", c.Notice())
	}
	spooler.err = nil
	c.Press(flow.EnterPrint)
	if len(spooler.printed) != 2 || spooler.printed[0] != m.Done.Receipt || spooler.ids[0] != spooler.ids[1] || c.Notice() != "reprint" {
		t.Errorf("printed %v with %v, notice %q", spooler.printed, spooler.ids, c.Notice())
	}
	c.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterReady, Question: &flow.Question{Of: 7, Receipt: m.Done.Receipt}}})
	if m.Ask == nil || m.Trouble != nil {
		t.Fatalf("question %+v, trouble %+v", m.Ask, m.Trouble)
	}
	// The question waits; it hinders no payment.
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 1)})
	c.Press(flow.PayCash)
	c.Enter()
	c.Press(flow.NotOut)
	if len(spooler.answers) != 1 || spooler.answers[0] || m.Ask != nil {
		t.Errorf("answers %v, question %+v", spooler.answers, m.Ask)
	}
}

func TestEverySentenceOfTheFlowHasOneName(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range flow.Notices() {
		if seen[name] || strings.Contains(name, " ") {
			t.Errorf("%q", name)
		}
		seen[name] = true
	}
}

func TestWhatIsWrongWithTheLedgerIsSaidBeforeThePrinter(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterPaperOut}})
	for state, want := range map[flow.LedgerState]string{
		flow.LedgerAlone: "ledger_alone", flow.LedgerStopped: "ledger_stopped", "": "printer_paper_out",
	} {
		c.Handle(flow.LedgerChanged{State: state})
		if got := c.Model().Trouble; got == nil || got.Name != want {
			t.Errorf("ledger %q: trouble %+v, want %s", state, got, want)
		}
	}
}

// A number typed into the void or the reprint narrows the list, and chooses only
// where there is no doubt.
func TestTheListOfPaymentsFollowsTheTypedNumber(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	for range 12 {
		c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 100)})
		c.Put(flow.FieldAmount, "1")
		c.Press(flow.PayCash)
		c.Enter()
	}
	c.Press(flow.GoUndo)
	all := slices.Clone(c.Model().Payments)
	no := func(n int) ledger.ReceiptNo { return all[12-n].Receipt } // the newest is first
	for _, task := range []flow.Action{flow.GoUndo, flow.GoReprint} {
		for _, tc := range []struct {
			typed  string
			rows   int
			chosen ledger.ReceiptNo // "" if none is
		}{
			{"", 12, no(12)},
			{"a1", 12, ""},
			{"A1-0000", 12, ""},
			{"3", 1, no(3)},
			{"1", 4, no(1)}, // 1, 10, 11, 12
			{"01", 4, no(1)},
			{"12", 1, no(12)},
			{"000012", 1, no(12)},
			{"a1-12", 1, no(12)},
			{" A1-000007 ", 1, no(7)},
			{string(no(7)), 1, no(7)},
			{strings.ToLower(string(no(7))), 1, no(7)},
			{strings.ReplaceAll(string(no(7)), "-", ""), 1, no(7)},
			{"A1-000007-????", 0, ""},
			{"99", 0, ""},
			{"B2-000001", 0, ""},
			{"rubbish", 0, ""},
		} {
			c.Press(flow.Back, task)
			c.Put(flow.FieldReceipt, tc.typed)
			m := c.Model()
			chosen := ledger.ReceiptNo("")
			if m.Chosen >= 0 && m.Chosen < len(m.Payments) {
				chosen = m.Payments[m.Chosen].Receipt
			}
			if len(m.Payments) != tc.rows || chosen != tc.chosen {
				t.Errorf("%s, %q: %d rows with %q chosen, want %d with %q", task, tc.typed, len(m.Payments), chosen, tc.rows, tc.chosen)
			}
		}
	}
	// Enter takes what is chosen, asks where there is doubt, and looks up the rest.
	m := c.Model()
	for _, tc := range []struct {
		typed, refusal string
		picked         ledger.ReceiptNo
	}{
		{"1", "", no(1)},
		{"a1", "cashier.which_receipt", ""},
		{"99", "cash.bad_receipt_number", ""},
		{"A1-99", "ledger.no_such_receipt", ""},
		{"A1-000001-ZZZZ", "cash.receipt_mark", ""},
	} {
		c.Press(flow.Back, flow.GoUndo)
		c.Put(flow.FieldReceipt, tc.typed)
		c.Enter()
		if got := c.Refusal(flow.FieldReceipt); got != tc.refusal || (m.Undo == nil) != (tc.picked == "") || m.Undo != nil && m.Undo.Receipt != tc.picked {
			t.Errorf("%q: refused with %q, picked %+v", tc.typed, got, m.Undo)
		}
	}
	c.Press(flow.Back, flow.GoUndo)
	c.Put(flow.FieldReceipt, "1")
	c.Press(flow.RowUp, flow.RowUp, flow.RowUp, flow.RowDown) // 12, then 11
	c.Enter()
	if m.Undo == nil || m.Undo.Receipt != no(11) || m.Inputs[flow.FieldReceipt].Text != string(no(11)) {
		t.Errorf("by the arrows: %+v, typed %q", m.Undo, m.Inputs[flow.FieldReceipt].Text)
	}
}

// After a restart the person who was signed in types their PIN alone, and anybody
// else their id as always.
func TestAProposedIdGivesWayToALetter(t *testing.T) {
	for _, tc := range []struct {
		name     string
		do       func(*flowtest.Clerk)
		who, pin string
		focus    flow.Field
	}{
		{"nothing yet", func(*flowtest.Clerk) {}, "maria", "", flow.FieldPIN},
		{"a letter", func(c *flowtest.Clerk) { c.Handle(flow.Strayed{Field: flow.FieldPIN, Text: "t"}) }, "t", "", flow.FieldWho},
		{"a whole id, pasted", func(c *flowtest.Clerk) { c.Handle(flow.Strayed{Field: flow.FieldPIN, Text: "tom"}) }, "tom", "", flow.FieldWho},
		{"a letter of another alphabet", func(c *flowtest.Clerk) { c.Handle(flow.Strayed{Field: flow.FieldPIN, Text: "é"}) }, "é", "", flow.FieldWho},
		{"a sign", func(c *flowtest.Clerk) { c.Handle(flow.Strayed{Field: flow.FieldPIN, Text: "-"}) }, "maria", "", flow.FieldPIN},
		{"nothing pasted", func(c *flowtest.Clerk) { c.Handle(flow.Strayed{Field: flow.FieldPIN}) }, "maria", "", flow.FieldPIN},
		{"a slip within the PIN", func(c *flowtest.Clerk) {
			c.Put(flow.FieldPIN, "47")
			c.Handle(flow.Strayed{Field: flow.FieldPIN, Text: "q"})
		}, "maria", "47", flow.FieldPIN},
		{"an id that was typed stays", func(c *flowtest.Clerk) {
			c.Put(flow.FieldWho, "ana")
			c.Enter()
			c.Handle(flow.Strayed{Field: flow.FieldPIN, Text: "q"})
		}, "ana", "", flow.FieldPIN},
	} {
		t.Run(tc.name, func(t *testing.T) {
			town := flowtest.New(t)
			town.Clerk(nil).AtWindow()
			c := crash(town.Clerk(nil))
			tc.do(c)
			m := c.Model()
			if got := m.Inputs; got[flow.FieldWho].Text != tc.who || got[flow.FieldPIN].Text != tc.pin || m.Focus != tc.focus {
				t.Errorf("id %q, PIN %q, focus %q", got[flow.FieldWho].Text, got[flow.FieldPIN].Text, m.Focus)
			}
		})
	}
}

// Where somebody's id begins with a digit, an id could be typed into a PIN unseen:
// none is proposed.
func TestNoIdIsProposedWhereIdsLookLikePINs(t *testing.T) {
	c := flowtest.New(t).Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Roster = desktest.Roster{} })
	c.Handle(flow.PeopleRead{People: []staff.Person{{ID: "maria"}, {ID: "4711"}}, Present: "maria"})
	if m := c.Model(); m.Inputs[flow.FieldWho].Text != "" || m.Focus != flow.FieldWho {
		t.Errorf("proposed %q, focus %q", m.Inputs[flow.FieldWho].Text, m.Focus)
	}
}

// Only the PIN of the sign-in gives letters away.
func TestALetterInAnotherFieldGoesNowhere(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Press(flow.Lock)
	c.Handle(flow.Strayed{Field: flow.FieldPIN, Text: "t"})
	if m := c.Model(); m.Place != flow.AtLock || m.Focus != flow.FieldPIN || m.Inputs[flow.FieldWho].Text != "" {
		t.Errorf("at %q, focus %q, id %q", m.Place, m.Focus, m.Inputs[flow.FieldWho].Text)
	}
}

// Fresh balances come while the cashier works: what is on the screen is read again, and
// money goes by them.
func TestFreshBalancesAreShownWhileAnAccountIsOpen(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Put(flow.FieldFind, string(flowtest.Garcia))
	c.Enter()
	before := c.Model().Account.Standing
	if before.Version != 7 || before.Balance() != 188_20 {
		t.Fatalf("%+v", before)
	}
	renew := func(cents ledger.Cents) {
		town.Renew(func(customer *account.Customer) { customer.PastDue, customer.Penalties, customer.Current = 0, 0, cents })
	}
	news := flow.Data{Version: 7}
	c.Handle(flow.DataChanged{Data: news})
	renew(70_00)
	if got := c.Model().Account.Standing; got.Version != 7 {
		t.Fatalf("before the news: %+v", got)
	}
	news.Fresh++
	c.Handle(flow.DataChanged{Data: news})
	if got := c.Model().Account.Standing; got.Version != 8 || got.Balance() != 70_00 {
		t.Errorf("the account on the screen: %+v", got)
	}
	// With the payment begun.
	c.Enter()
	if !c.Model().Begun() {
		c.Enter()
	}
	renew(45_00)
	news.Fresh++
	c.Handle(flow.DataChanged{Data: news})
	if got := c.Model().Payment.Parts[0].Standing; got.Version != 9 || got.Balance() != 45_00 {
		t.Errorf("the account that is paid: %+v", got)
	}
	// News that bring nothing fresh change nothing.
	revision := c.Model().Revision
	c.Handle(flow.DataChanged{Data: news})
	if c.Model().Revision != revision {
		t.Error("the same news again redraw the window")
	}
}
