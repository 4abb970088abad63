package flow

import (
	"slices"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// activate makes a part the one whose amount is typed.
func (f *Flow) activate(at int) {
	if at < 0 || at >= len(f.m.Payment.Parts) {
		return
	}
	f.storeAmount()
	p := f.m.Payment.Parts[at]
	f.m.Payment.Active, f.m.Payment.Line = at, at
	if p.Set {
		f.propose(FieldAmount, p.Amount.String())
	} else {
		f.put(FieldAmount, p.Text)
	}
	f.m.Focus = FieldAmount
	if p.Known && (f.m.Account == nil || f.m.Account.Standing.Customer.No != p.No) {
		f.m.Account = &Account{Standing: p.Standing}
		f.do(ReadAccount{p.No})
	}
}

// storeAmount keeps what is typed for the active part before another is.
func (f *Flow) storeAmount() {
	if at := f.m.Payment.Active; at >= 0 && at < len(f.m.Payment.Parts) {
		if p := &f.m.Payment.Parts[at]; !p.Set {
			p.Text = f.text(FieldAmount)
		}
	}
}

func (f *Flow) typedAmount(text string) {
	if at := f.m.Payment.Active; at >= 0 {
		p := &f.m.Payment.Parts[at]
		p.Text, p.Set = text, false
	}
}

// acceptActive takes the typed amount, or the balance, for the active part.
func (f *Flow) acceptActive() {
	if f.accept(f.m.Payment.Active) && !f.m.Payment.Complete {
		f.derivePayment()
		if !f.m.Payment.Complete {
			f.notice(Quiet, "choose_tender")
		}
	}
}

// accept takes the amount of a part and reports whether it is one.
func (f *Flow) accept(at int) bool {
	if at < 0 || at >= len(f.m.Payment.Parts) {
		return false
	}
	p := &f.m.Payment.Parts[at]
	if p.Set {
		return true
	}
	amount, r := f.amountOf(*p)
	if r != nil {
		p.Text = masked(p.Text)
		f.activate(at)
		f.refuse(FieldAmount, r)
		return false
	}
	p.Amount, p.Set, p.Text = amount, true, ""
	if at == f.m.Payment.Active {
		f.propose(FieldAmount, amount.String())
	}
	return true
}

// amountOf is what Enter makes of a part's text.
func (f *Flow) amountOf(p Part) (ledger.Cents, *ledger.Refusal) {
	if p.Set {
		return p.Amount, nil
	}
	if p.Text == "" && p.Known && p.Standing.Balance() > 0 {
		return p.Standing.Balance(), nil
	}
	amount, err := ledger.ParseAmount(p.Text)
	if r, ok := ledger.AsRefusal(err); ok {
		return 0, r
	}
	if amount == 0 {
		return 0, ledger.Refuse("cash.pay_amount", "An account gets more than nothing and at most {most}.", "most", ledger.MaxAmount.String())
	}
	return amount, nil
}

// over is what of an amount is more than the account owes. It is measured by the
// balance, as the screen and the receipt have it: what they say stays as credit.
func (p Part) over(amount ledger.Cents) ledger.Cents {
	if !p.Known {
		return 0 // nobody can say yet
	}
	return max(0, amount-max(0, p.Standing.Balance()))
}

// acceptAll takes the amounts of all parts, and goes to the first that is none.
func (f *Flow) acceptAll() bool {
	f.storeAmount()
	for at := range f.m.Payment.Parts {
		if !f.accept(at) {
			return false
		}
	}
	return f.m.Begun()
}

// derivePayment works out the sums, with what is being typed.
func (f *Flow) derivePayment() {
	p := &f.m.Payment
	p.ToPay, p.Tendered, p.Over, p.Unclear = 0, 0, 0, false
	allSet := true
	for i := range p.Parts {
		part := &p.Parts[i]
		allSet = allSet && part.Set
		amount, r := f.amountOf(*part)
		part.Amount, part.Over, part.Unclear = amount, part.over(amount), r != nil
		p.ToPay, p.Over = p.ToPay.Plus(amount), p.Over.Plus(part.Over)
		p.Unclear = p.Unclear || part.Unclear
	}
	var recorded ledger.Cents
	for i, t := range p.Tenders {
		recorded = recorded.Plus(t.Amount)
		if p.Entry == "" || i != f.entryAt {
			p.Tendered = p.Tendered.Plus(t.Amount)
		}
	}
	if p.Entry != "" {
		if typed, err := ledger.ParseAmount(f.text(FieldTendered)); err == nil {
			p.Tendered = p.Tendered.Plus(typed)
		}
	}
	p.Remaining, p.Rounding = p.ToPay-p.Tendered, 0
	enough := recorded >= p.ToPay
	// Where cash is rounded to the nickel, the desk's rule says what is given back.
	if settled, err := f.d.Cash.Settle(f.m.Session.Date, p.ToPay, f.tendersTyped()); err == nil && settled.Rounding != 0 {
		p.Remaining, p.Rounding = -settled.Change, settled.Rounding
		enough = enough || p.Entry == ""
	}
	p.Complete = allSet && p.Entry == "" && len(p.Tenders) > 0 && enough && p.ToPay > 0
	p.Line = max(0, min(p.Line, len(p.Parts)+len(p.Tenders)-1))
	p.Sign = p.Sign && p.Complete
	f.deriveOther()
}

// tendersTyped are the tenders with the one that is being typed.
func (f *Flow) tendersTyped() []cash.Tender {
	p := &f.m.Payment
	all := slices.Clone(p.Tenders)
	typed, err := ledger.ParseAmount(f.text(FieldTendered))
	if p.Entry == "" || err != nil {
		return all
	}
	t := cash.Tender{Kind: p.Entry, Amount: typed, Number: f.text(FieldNumber), Reference: f.text(FieldReference), LastFour: f.text(FieldLastFour)}
	if f.entryAt >= 0 && f.entryAt < len(all) {
		all[f.entryAt] = t
		return all
	}
	return append(all, t)
}

// changeLine types the chosen line again.
func (f *Flow) changeLine() {
	line, parts := f.m.Payment.Line, len(f.m.Payment.Parts)
	if line < parts {
		f.closeEntry()
		f.activate(line)
		return
	}
	t := f.m.Payment.Tenders[line-parts]
	f.openEntry(t.Kind, line-parts)
	f.propose(FieldTendered, t.Amount.String())
	f.put(FieldNumber, t.Number)
	f.line = CheckLine{t.Number, t.Routing, t.AccountEnds}
	f.put(FieldReference, t.Reference)
	f.put(FieldLastFour, t.LastFour)
}

// removeLine takes the chosen line out of the payment.
func (f *Flow) removeLine() {
	line, parts := f.m.Payment.Line, len(f.m.Payment.Parts)
	if f.m.Payment.Entry != "" {
		f.closeEntry()
	}
	if line < parts {
		f.dropPart(line)
		return
	}
	at := line - parts
	f.m.Payment.Tenders = append(f.m.Payment.Tenders[:at:at], f.m.Payment.Tenders[at+1:]...)
	f.m.Focus = FieldAmount
}

func (f *Flow) dropPart(at int) {
	parts := f.m.Payment.Parts
	f.m.Payment.Parts = append(parts[:at:at], parts[at+1:]...)
	f.m.Payment.Active = -1
	if len(f.m.Payment.Parts) > 0 {
		f.activate(min(at, len(f.m.Payment.Parts)-1))
		return
	}
	if len(f.m.Payment.Tenders) == 0 {
		// Nothing is left of it: the next one is another action.
		f.begin()
		delete(f.ids, errandPay)
		f.m.Account = nil
	}
	f.clear(FieldAmount)
	f.m.Focus = FieldFind
}

// total is what the set parts come to.
func (f *Flow) total() ledger.Cents {
	var sum ledger.Cents
	for _, p := range f.m.Payment.Parts {
		sum = sum.Plus(p.Amount)
	}
	return sum
}

// take sends the payment to the desk.
func (f *Flow) take() {
	if !f.acceptAll() {
		return
	}
	if _, err := f.d.Cash.Settle(f.m.Session.Date, f.total(), f.m.Payment.Tenders); err != nil {
		if r, ok := ledger.AsRefusal(err); ok {
			f.noticeRefusal(r)
		}
		return
	}
	var pay []cash.Pay
	for _, p := range f.m.Payment.Parts {
		pay = append(pay, cash.Pay{Account: p.No, Amount: p.Amount})
	}
	tenders := append([]cash.Tender(nil), f.m.Payment.Tenders...)
	o := order(cash.TakePayment{Pay: pay, Tenders: tenders})
	if f.d.Cash.AsksApproval(tenders) {
		if !f.signed() {
			return
		}
		o.Approver, o.ApproverPIN = staff.ID(f.text(FieldApprover)), f.text(FieldApproverPIN)
		f.put(FieldApproverPIN, "")
	}
	f.send(Errand{kind: errandPay, order: o})
}

// signed asks for a second person and their PIN until both are there.
func (f *Flow) signed() bool {
	if !f.m.Payment.Sign {
		f.m.Payment.Sign = true
		f.clear(FieldApprover, FieldApproverPIN)
		f.m.Focus = FieldApprover
		return false
	}
	if !f.knows(FieldApprover) {
		f.m.Focus = FieldApprover
		return false
	}
	if f.text(FieldApproverPIN) == "" {
		f.m.Focus = FieldApproverPIN
		return false
	}
	return true
}

// paid shows the change, the largest thing on the screen, until the next
// customer begins.
func (f *Flow) paid(entries []ledger.Entry) {
	done := Done{Total: f.m.Payment.ToPay}
	var large *ledger.Entry
	for i := range entries {
		if entries[i].Kind == cash.KindLargeCash {
			large = &entries[i]
		}
		if entries[i].Kind != cash.KindPayment {
			continue
		}
		done.Receipt = entries[i].ReceiptNo(f.d.Station)
		if body, err := ledger.Unpack[cash.Payment](&entries[i]); err == nil {
			done.Total, done.Change, done.Offline = body.Total, body.Change, body.Offline
		}
	}
	f.begin()
	f.m.Done = &done
	f.clearFind()
	f.m.Place, f.m.Focus = AtWindow, FieldFind
	f.m.Notice = nil
	f.reread(entries)
	if large != nil {
		f.tellLarge(large)
	}
}

// tellLarge says that so much cash is to be reported, while the payer is still there to
// be asked who they are.
func (f *Flow) tellLarge(e *ledger.Entry) {
	body, err := ledger.Unpack[cash.LargeCash](e)
	if err != nil {
		return
	}
	f.notice(Look, "large_cash", "no", string(body.Account), "sum", max(body.Day, body.Year).String(), "by", body.FileBy.String(), "source", body.Source)
}
