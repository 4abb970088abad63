package flow

import (
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// others are the tenders without a key of their own, in the policy's order.
func (f *Flow) others() (kinds []cash.TenderKind) {
	for _, t := range f.d.Cash.Tenders {
		if t.Kind != cash.Cash && t.Kind != cash.Check && t.Kind != cash.Card {
			kinds = append(kinds, t.Kind)
		}
	}
	return kinds
}

// deriveOther finds which of the others their key opens: the first, or the one after
// the one that is being typed.
func (f *Flow) deriveOther() {
	p, kinds := &f.m.Payment, f.others()
	p.Other, p.Several = "", false
	if len(kinds) == 0 {
		return
	}
	at := -1
	if f.entryAt < 0 {
		at = slices.Index(kinds, p.Entry)
	}
	p.Other, p.Several = kinds[(at+1)%len(kinds)], at < 0 && len(kinds) > 1
}

// openTender begins to type a tender. The amounts to pay are settled first.
func (f *Flow) openTender(kind cash.TenderKind) {
	if !f.acceptAll() {
		return
	}
	if kind == cash.Check && !f.checksTaken() {
		return
	}
	if f.m.Payment.Entry == kind && f.entryAt < 0 {
		f.m.Focus = FieldTendered
		f.wantCheck()
		return
	}
	keep := ""
	if f.m.Payment.Entry != "" && f.entryAt < 0 {
		// Another key for the same money: what was typed stays.
		keep = f.text(FieldTendered)
	}
	f.openEntry(kind, -1)
	f.put(FieldTendered, keep)
	f.wantCheck()
}

func (f *Flow) openEntry(kind cash.TenderKind, at int) {
	f.closeEntry()
	f.m.Payment.Entry, f.entryAt = kind, at
	f.m.Focus = FieldTendered
}

func (f *Flow) closeEntry() {
	f.forgetCheck()
	f.m.Payment.Entry, f.entryAt = "", -1
	f.clear(FieldTendered, FieldNumber, FieldReference, FieldLastFour)
}

// checksTaken refuses a check at once where the account says so; the desk would
// refuse it too, but only after it was typed.
func (f *Flow) checksTaken() bool {
	today := ledger.DateOf(f.d.Now())
	for _, p := range f.m.Payment.Parts {
		if c := p.Standing.Customer; c.NoChecksUntil >= today {
			f.noticeRefusal(ledger.Refuse("cash.no_checks", "No checks for account {no} until {until}: checks were returned. Cash, card or money order.",
				"no", string(c.No), "until", c.NoChecksUntil.String()))
			return false
		}
	}
	return true
}

// enterTender takes the field that was typed, then the tender, then, when it is
// all paid, the payment.
func (f *Flow) enterTender() {
	f.typedLine()
	t, ok := f.typedTender()
	if !ok {
		return
	}
	// The amount first: nobody types a check's number for an amount that is refused.
	written := t
	written.Number, written.Reference, written.LastFour = filled(t)
	if !f.tendersRight(t, f.with(written)) {
		return
	}
	for _, field := range FieldsOf(t.Kind) {
		if strings.TrimSpace(f.text(field)) != "" {
			continue
		}
		if f.m.Focus == field {
			break // the rule says that it is needed
		}
		f.m.Focus = field
		return
	}
	tenders := f.with(t)
	if !f.tendersRight(t, tenders) {
		return
	}
	f.m.Payment.Tenders = tenders
	f.closeEntry()
	if f.m.Payment.Active < 0 {
		f.activate(len(f.m.Payment.Parts) - 1)
	}
	// Whoever types now means the next tender, whose key is to be pressed first;
	// the account's amount must not take it.
	f.m.Focus = NoField
	f.derivePayment()
	if f.m.Payment.Complete {
		f.m.Focus = FieldAmount
		f.take()
	}
}

// lastField reports whether nothing more is to be typed of the tender.
func (f *Flow) lastField() bool {
	for _, field := range FieldsOf(f.m.Payment.Entry) {
		if strings.TrimSpace(f.text(field)) == "" {
			return false
		}
	}
	return true
}

// with is the tenders with one added, or changed.
func (f *Flow) with(t cash.Tender) []cash.Tender {
	tenders := slices.Clone(f.m.Payment.Tenders)
	if f.entryAt >= 0 {
		tenders[f.entryAt] = t
		return tenders
	}
	return append(tenders, t)
}

// filled stands in for what is not typed yet, so that the amount can be judged.
func filled(t cash.Tender) (number, reference, lastFour string) {
	switch t.Kind {
	case cash.Check, cash.CashiersCheck, cash.MoneyOrder, cash.Pledge:
		return "0", "", ""
	case cash.Card:
		return "", "0", "0000"
	case cash.Credit:
		return "", "0", ""
	}
	return t.Number, t.Reference, t.LastFour
}

// FieldsOf are what is typed of a tender besides its amount: of a credit, where it is.
func FieldsOf(kind cash.TenderKind) []Field {
	switch kind {
	case cash.Check, cash.CashiersCheck, cash.MoneyOrder, cash.Pledge:
		return []Field{FieldNumber}
	case cash.Card:
		return []Field{FieldReference, FieldLastFour}
	case cash.Credit:
		return []Field{FieldReference}
	}
	return nil
}

// typedTender reads the tender as typed; without an amount it is what remains.
func (f *Flow) typedTender() (cash.Tender, bool) {
	p := f.m.Payment
	t := cash.Tender{Kind: p.Entry, Number: strings.TrimSpace(f.text(FieldNumber)),
		Reference: strings.TrimSpace(f.text(FieldReference)), LastFour: strings.TrimSpace(f.text(FieldLastFour))}
	for _, field := range []Field{FieldTendered, FieldNumber, FieldReference, FieldLastFour} {
		if f.isCard(field) {
			return t, false
		}
	}
	if f.text(FieldTendered) == "" && p.Remaining > 0 {
		t.Amount = p.Remaining
		f.propose(FieldTendered, t.Amount.String())
		return f.lined(t), true
	}
	amount, err := ledger.ParseAmount(f.text(FieldTendered))
	if r, ok := ledger.AsRefusal(err); ok {
		f.refuse(FieldTendered, r)
		return t, false
	}
	t.Amount = amount
	return f.lined(t), true
}

// tendersRight asks the desk's own rule. That something is still to be paid is no
// fault: the next tender pays it.
func (f *Flow) tendersRight(t cash.Tender, all []cash.Tender) bool {
	_, err := f.d.Cash.Settle(f.m.Session.Date, f.total(), all)
	r, refused := ledger.AsRefusal(err)
	if !refused || r.Code == "cash.short" {
		return true
	}
	field := FieldTendered
	if own := Field(r.Field); slices.Contains(FieldsOf(t.Kind), own) {
		field = own
	}
	f.refuse(field, r)
	return false
}
