package cash_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/ledger"
)

// Random days, the rarer half: money that the utility has already pays, and checks come
// back from the bank.

// from is where the money of a receipt is, as it is typed.
func (p *taken) from() string {
	_, n, _ := p.no.Count()
	return fmt.Sprintf("A1-%06d", n)
}

// money is what was handed over for a payment, and kept: all but credit.
func (p *taken) money() (sum ledger.Cents) {
	for _, part := range p.parts {
		sum += part.Amount
	}
	for _, t := range p.tenders {
		if t.Kind == cash.Credit {
			sum -= t.Amount
		}
	}
	return sum
}

// used is why a payment cannot be taken back: of its money something is gone already.
func (p *taken) used() string {
	if len(p.bounced) > 0 {
		return "cash.returned_before at receipt"
	}
	for _, part := range p.parts {
		if part.Account == "" && p.left < part.Amount {
			return "cash.undo_used at receipt"
		}
	}
	return ""
}

// source is money that may pay by credit: of an account, or of a receipt.
type source struct {
	from string
	has  ledger.Cents
	take func(ledger.Cents)
}

func (d *days) sources() (all []source) {
	for _, no := range []account.No{Garcia, Oak, Paid, Own} {
		if has := -d.balance(no); has > 0 {
			all = append(all, source{string(no), has, func(c ledger.Cents) { d.owed[no][account.Credit] += c }})
		}
	}
	for _, p := range d.taken {
		switch {
		case p.left > 0:
			all = append(all, source{p.from(), p.left, func(c ledger.Cents) { p.left -= c }})
		case p.back > 0:
			all = append(all, source{p.from(), p.back, func(c ledger.Cents) { p.back -= c }})
		}
	}
	return all
}

// payByCredit pays for an account with what another has too much, or with the money of a
// receipt; sometimes with more than there is.
func (d *days) payByCredit() {
	in := d.mine()
	all := d.sources()
	if len(all) == 0 {
		return
	}
	from := rapid.SampledFrom(all).Draw(d.t, "credit of")
	no := rapid.SampledFrom(slices.DeleteFunc([]account.No{Garcia, Oak, Paid}, func(no account.No) bool { return string(no) == from.from })).Draw(d.t, "for")
	amount := ledger.Cents(rapid.Int64Range(1, int64(from.has)+1).Draw(d.t, "amount"))
	do := cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: amount}}, Tenders: []cash.Tender{{Kind: cash.Credit, Amount: amount, Reference: from.from}}}
	if amount > from.has {
		if _, err := d.s.TryApproved(d.at, Ben, do); Code(err) != "cash.credit_short at tenders" {
			d.t.Fatalf("%s of %s: %v", amount, from.has, err)
		}
		return
	}
	e := d.s.DoApproved(d.at, Ben, do)
	body := Body[cash.Payment](d.s, e)
	d.checkPart(do.Pay[0], body.Parts[0])
	paid := &taken{no: e.ReceiptNo("A1"), receipt: e.Receipt, in: in, parts: body.Parts, tenders: do.Tenders}
	d.book(paid, -1)
	from.take(amount)
	d.taken = append(d.taken, paid)
}

// drawBack gives a credit back that a payment had used, to where it came from.
func (d *days) drawBack(p *taken) {
	for _, t := range p.tenders {
		if t.Kind != cash.Credit {
			continue
		}
		if no := account.No(t.Reference); d.owed[no] != nil {
			d.owed[no][account.Credit] -= t.Amount
			continue
		}
		at := slices.IndexFunc(d.taken, func(o *taken) bool { return o.from() == t.Reference })
		if of := d.taken[at]; of.undone {
			of.back += t.Amount
		} else {
			of.left += t.Amount
		}
	}
}

// bounce lets the bank send a check back whose drawer is closed. What it paid last is
// owed again first, with the fee of its rank.
func (d *days) bounce() {
	for _, p := range d.taken {
		if p.undone || !p.in.closed {
			continue
		}
		for _, t := range p.tenders {
			if t.Kind != cash.Check || slices.Contains(p.bounced, t) {
				continue
			}
			d.s.SignIn(Ben)
			d.s.Do(Ben, cash.ReturnCheck{Receipt: p.no, Number: t.Number, Reason: "insufficient funds"})
			if d.at != "" {
				d.s.SignIn(d.at)
			}
			d.reopens(p, t)
			d.vouchers++
			return
		}
	}
}

// reopens goes over the cents of a payment from its last one back, past those of checks
// that came back before.
func (d *days) reopens(p *taken, t cash.Tender) {
	skip := ledger.Cents(0)
	for _, before := range p.bounced {
		skip += before.Amount
	}
	take := t.Amount
	for _, part := range slices.Backward(p.parts) {
		for _, a := range slices.Backward(part.Allocation) {
			past := min(skip, a.Amount)
			again := min(take, a.Amount-past)
			skip, take = skip-past, take-again
			d.owe(p, part.Account, a.Bucket, again)
		}
	}
	p.bounced = append(p.bounced, t)
	if payer := p.parts[0].Account; payer != "" {
		fee := ledger.Cents(25_00)
		if d.fees[payer]++; d.fees[payer] > 1 {
			fee = 35_00
		}
		d.owed[payer][account.Penalties] += fee
	}
}
