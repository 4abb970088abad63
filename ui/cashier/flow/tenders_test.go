package flow_test

import (
	"slices"
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// lastPaid is the newest payment in the ledger.
func lastPaid(t *testing.T, town *flowtest.Town) cash.Payment {
	t.Helper()
	entries, err := town.Desk.Book.Entries(1, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Kind == cash.KindPayment {
			body, err := ledger.Unpack[cash.Payment](&entries[i])
			if err != nil {
				t.Fatal(err)
			}
			return body
		}
	}
	t.Fatal("nothing was paid")
	return cash.Payment{}
}

// TestOneKeyLeadsThroughTheOtherMeans: each press opens the next of those that have no
// key of their own, and what was typed stays.
func TestOneKeyLeadsThroughTheOtherMeans(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	m := c.Model()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Enter()
	if !m.Payment.Several || m.Payment.Other != cash.MoneyOrder {
		t.Errorf("the key opens %s, several: %v", m.Payment.Other, m.Payment.Several)
	}
	c.Press(flow.PayOther)
	c.Type(flow.FieldTendered, "50")
	for _, kind := range []cash.TenderKind{cash.MoneyOrder, cash.CashiersCheck, cash.Pledge, cash.Credit, cash.MoneyOrder} {
		if m.Payment.Entry != kind || m.Inputs[flow.FieldTendered].Text != "50" || m.Payment.Several {
			t.Errorf("%s is typed with %q, want %s with 50", m.Payment.Entry, m.Inputs[flow.FieldTendered].Text, kind)
		}
		c.Press(flow.PayOther)
	}
	c.Enter()
	c.Type(flow.FieldNumber, "900114")
	c.Enter()
	c.Press(flow.PayCash)
	c.Enter()
	if m.Done == nil {
		t.Fatalf("notice %q", c.Notice())
	}
	if paid := lastPaid(t, town); len(paid.Tenders) != 2 || paid.Tenders[0] != (cash.Tender{Kind: cash.CashiersCheck, Amount: 50_00, Number: "900114"}) || paid.Tenders[1].Amount != 138_20 {
		t.Errorf("paid %+v", paid.Tenders)
	}
}

// TestALargePledgeNeedsASecondPerson: asked for beside the payment, before it is sent.
// What is wrong is said there, and Escape goes back to the payment.
func TestALargePledgeNeedsASecondPerson(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	m := c.Model()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Enter()
	for m.Payment.Entry != cash.Pledge {
		c.Press(flow.PayOther)
	}
	c.Type(flow.FieldTendered, "188.20")
	c.Enter()
	c.Type(flow.FieldNumber, "LIHEAP-119")
	c.Enter()
	if !m.Payment.Sign || m.Focus != flow.FieldApprover || m.Done != nil {
		t.Fatalf("a pledge above the limit: sign %v, focus %s, done %v", m.Payment.Sign, m.Focus, m.Done)
	}
	c.Press(flow.Back)
	if m.Payment.Sign || !m.Payment.Complete {
		t.Errorf("after Escape: sign %v, complete %v", m.Payment.Sign, m.Payment.Complete)
	}
	c.Enter()
	c.Type(flow.FieldApprover, "nobody")
	c.Enter()
	if c.Refusal(flow.FieldApprover) != "staff.unknown" {
		t.Errorf("somebody unknown: %q", c.Refusal(flow.FieldApprover))
	}
	c.Type(flow.FieldApprover, string(flowtest.Lead))
	c.Enter()
	c.Enter() // without a PIN
	if m.Done != nil || m.Focus != flow.FieldApproverPIN {
		t.Errorf("without a PIN: done %v, focus %s", m.Done, m.Focus)
	}
	c.Type(flow.FieldApproverPIN, "0000")
	c.Enter()
	if m.Done != nil || c.Refusal(flow.FieldApproverPIN) == "" || m.Inputs[flow.FieldApproverPIN].Text != "" {
		t.Errorf("a wrong PIN: done %v, refusal %q", m.Done, c.Refusal(flow.FieldApproverPIN))
	}
	c.Type(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Enter()
	if m.Done == nil || m.Payment.Sign || m.Inputs[flow.FieldApproverPIN].Text != "" {
		t.Fatalf("signed: done %v, notice %q", m.Done, c.Notice())
	}
	if paid := lastPaid(t, town); paid.Approver != flowtest.Lead || paid.Tenders[0].Number != "LIHEAP-119" {
		t.Errorf("paid %+v", paid)
	}
}

// TestCreditIsTakenFromAnAccount: what one account has too much pays for another.
func TestCreditIsTakenFromAnAccount(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	m := c.Model()
	c.Type(flow.FieldFind, string(flowtest.Returned))
	c.Enter()
	c.Type(flow.FieldAmount, "500")
	c.Press(flow.PayCash)
	c.Enter()
	if m.Done == nil {
		t.Fatalf("notice %q", c.Notice())
	}
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Enter()
	for m.Payment.Entry != cash.Credit {
		c.Press(flow.PayOther)
	}
	c.Type(flow.FieldTendered, "20")
	c.Enter()
	if m.Focus != flow.FieldReference {
		t.Errorf("focus %s", m.Focus)
	}
	c.Type(flow.FieldReference, string(flowtest.Returned))
	c.Enter()
	c.Press(flow.PayCash)
	c.Enter()
	if m.Done != nil || m.Focus != flow.FieldApprover {
		t.Fatalf("one person alone moves a customer's money: done %v, focus %s", m.Done, m.Focus)
	}
	c.Type(flow.FieldApprover, string(flowtest.Lead))
	c.Enter()
	c.Type(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Enter()
	if m.Done == nil {
		t.Fatalf("notice %q", c.Notice())
	}
	if paid := lastPaid(t, town); paid.Approver != flowtest.Lead || paid.Tenders[0] != (cash.Tender{Kind: cash.Credit, Amount: 20_00, Reference: string(flowtest.Returned)}) {
		t.Errorf("paid %+v", paid.Tenders)
	}
}

// TestABankIsOfferedWhatItTakes: a drawer whose cards are left is nothing for the bank
// that takes cash, but for the processor.
func TestABankIsOfferedWhatItTakes(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil)
	c.SignIn(string(flowtest.Lead), flowtest.LeadPIN)
	c.Press(flow.Back)
	c.Hold = true
	opens(t, c, flow.ActDeposit)
	c.Handle(flow.FormRead{Act: flow.ActDeposit, Choices: map[string][]flow.Choice{"parts": {
		{ID: "A1-S0001", Kinds: []cash.TenderKind{cash.Card}},
		{ID: "A1-S0002", Kinds: []cash.TenderKind{cash.Cash, cash.Card}},
		{ID: "B-2001", Kinds: []cash.TenderKind{cash.Cash}},
	}}})
	offered := func() (ids []string) {
		for _, row := range c.Model().Form.Choices["parts"] {
			ids = append(ids, row.ID)
		}
		return ids
	}
	if got := offered(); !slices.Equal(got, []string{"A1-S0002", "B-2001"}) {
		t.Errorf("the bank is offered %v", got)
	}
	c.Press(flow.RowDown)
	if got := offered(); !slices.Equal(got, []string{"A1-S0001", "A1-S0002"}) {
		t.Errorf("the processor is offered %v", got)
	}
}

// TestLargeCashIsToldAtTheWindow: while the payer is there to be asked.
func TestLargeCashIsToldAtTheWindow(t *testing.T) {
	town := flowtest.New(t, func(p *desk.Policy) {
		p.Cash.CashWatch = cash.CashWatch{Above: 100_00, FileIn: 15, Source: "Form 8300"}
	})
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Enter()
	c.Press(flow.PayCash)
	c.Enter()
	if m := c.Model(); m.Done == nil || c.Notice() != "large_cash" || m.Notice.Args["sum"] != "188.20" || m.Notice.Args["source"] != "Form 8300" {
		t.Errorf("done %v, notice %+v", m.Done, m.Notice)
	}
}
