package report

import (
	"fmt"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// proof is every receipt of the period in order. One that was voided stays, and is
// counted apart.
func (r *run) proof() (Table, error) {
	t := Table{Columns: []Column{{Title: "Receipt", Lead: true}, {Title: "Time", Lead: true}, {Title: "Session"}, {Title: "What"}, {Title: "Account"},
		{Title: "Pays"}, {Title: "Tenders"}, {Title: "Paid", Form: Money}, {Title: "Voided", Form: Money}, {Title: "Other", Form: Money}}}
	var paid, voided, other ledger.Cents
	receipts := 0
	err := r.within(func(e *ledger.Entry) error {
		if e.Receipt == 0 {
			return nil
		}
		line, err := r.proofLine(e)
		if err != nil || r.ask.Session != "" && line.session != r.ask.Session {
			return err
		}
		receipts++
		paid, voided, other = paid.Plus(line.paid), voided.Plus(line.voided), other.Plus(line.other)
		t.row([]uint64{e.Seq}, say(string(e.ReceiptNo(r.s.Station()))), say(r.at(e.Micros)), say(line.session), say(line.what), say(line.account),
			say(line.pays), say(line.tenders), some(line.paid), some(line.voided), some(line.other))
		return nil
	})
	if err != nil {
		return t, err
	}
	if r.ask.Session != "" {
		t.Facts = append(t.Facts, Fact{"Session", r.ask.Session})
	}
	t.Facts = append(t.Facts, Fact{"Receipts", fmt.Sprint(receipts)})
	t.Totals = []Cell{say("Total"), {}, {}, {}, {}, {}, {}, money(paid), money(voided), money(other)}
	t.note("Paid is what was paid and not voided. Other is money that was no payment: in, or below zero out.")
	return t, nil
}

// proved is a receipt on the proof list.
type proved struct {
	session, what, account, pays, tenders string
	paid, voided, other                   ledger.Cents
}

func (r *run) proofLine(e *ledger.Entry) (p proved, err error) {
	switch e.Kind {
	case cash.KindPayment:
		err = with(e, func(b cash.Payment) { p, err = r.proofPayment(e, b) })
	case cash.KindVoid, cash.KindReversal:
		err = with(e, func(b cash.Undone) {
			p = proved{session: string(b.Session), what: "Void of " + string(b.Receipt), account: payers(b.Parts), tenders: tendered(b.Tenders)}
			if e.Kind == cash.KindReversal {
				p.session, p.what = "", "Reversal of "+string(b.Receipt)
			}
			p.pays = b.Total.String() + " taken back"
		})
	case cash.KindPaid:
		err = with(e, func(b cash.Paid) {
			p = proved{session: string(b.Session), what: "Paid " + string(b.Way), pays: b.Reason, other: b.Amount}
			if b.Way == cash.Out {
				p.other = -b.Amount
			}
		})
	case cash.KindRefunded:
		err = with(e, func(b cash.Refunded) {
			p = proved{session: string(b.Session), what: "Refund by " + string(b.By), account: b.From, pays: b.Reason}
			if b.By == cash.RefundCash {
				p.other = -b.Amount
			}
		})
	case cash.KindAdjusted:
		err = with(e, func(b cash.Adjusted) {
			p = proved{what: "Adjustment", account: string(b.Account) + " " + b.Name, pays: b.Amount.String() + " to " + string(b.Bucket) + ": " + b.Reason}
		})
	case cash.KindReturned:
		err = with(e, func(b cash.Returned) {
			p = proved{what: "Returned check of " + string(b.Receipt), account: string(b.Account) + " " + b.Name, pays: b.Item.Amount.String() + " owed again: " + b.Reason}
		})
	default:
		p.what = string(e.Kind)
	}
	return p, err
}

func (r *run) proofPayment(e *ledger.Entry, b cash.Payment) (proved, error) {
	p := proved{session: string(b.Session), what: "Payment", account: payers(b.Parts), tenders: tendered(b.Tenders), paid: b.Total}
	if b.Change != 0 {
		p.tenders += ", change " + b.Change.String()
	}
	if b.Rounding != 0 {
		p.tenders += ", rounding " + b.Rounding.String()
	}
	var pays []string
	for _, part := range b.Parts {
		for _, a := range part.Allocation {
			pays = append(pays, word(string(a.Bucket))+" "+a.Amount.String())
		}
	}
	p.pays = strings.Join(pays, ", ")
	by := cash.UndoneBy(r.s, e.Seq)
	if by == 0 {
		return p, nil
	}
	undone, err := r.s.Entry(by)
	if err != nil {
		return p, err
	}
	no := string(undone.ReceiptNo(r.s.Station()))
	if undone.Kind == cash.KindVoid {
		p.what, p.voided, p.paid = "Payment, VOID by "+no, b.Total, 0
	} else {
		p.what = "Payment, REVERSED by " + no
	}
	return p, nil
}

// payers are the accounts of a payment with their names.
func payers(parts []cash.Part) string {
	names := make([]string, 0, len(parts))
	for _, p := range parts {
		names = append(names, strings.TrimSpace(string(p.Account)+" "+p.Name))
	}
	return strings.Join(names, "; ")
}
