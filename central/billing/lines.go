package billing

import (
	"context"
	"fmt"
	"time"

	"gatehouse/central/book"
	"gatehouse/central/store"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// Line is what one account got, or lost again.
type Line struct {
	ID      string // of this line, for ever: log, entry and part
	Of      string // of the line it undoes; empty for a payment
	Kind    string // one of kindsOfLines
	Account account.No
	Amount  ledger.Cents // below zero: taken back
	Date    ledger.Date  // business date
	At      time.Time
	Receipt ledger.ReceiptNo
	Tenders []cash.TenderKind
	Station ledger.StationID
	Cashier string
	Name    string
	Service string
	Seq     uint64
}

// linesOf are the lines of one entry, none of most. A body that cannot be read is an
// error: a payment must not be left out because this program is too old for it.
func linesOf(station ledger.StationID, e *ledger.Entry) ([]Line, error) {
	switch e.Kind {
	case cash.KindPayment:
		b, err := ledger.Unpack[cash.Payment](e)
		if err != nil {
			return nil, err
		}
		return lines(Line{Kind: "payment", Receipt: e.ReceiptNo(station), Tenders: means(b.Tenders), Cashier: b.Cashier}, station, e, b.Parts, 0), nil
	case cash.KindVoid, cash.KindReversal:
		b, err := ledger.Unpack[cash.Undone](e)
		if err != nil {
			return nil, err
		}
		kind := "void"
		if e.Kind == cash.KindReversal {
			kind = "reversal"
		}
		return lines(Line{Kind: kind, Receipt: b.Receipt, Tenders: means(b.Tenders), Cashier: b.Cashier}, station, e, b.Parts, b.Of), nil
	case cash.KindReturned:
		b, err := ledger.Unpack[cash.Returned](e)
		if err != nil {
			return nil, err
		}
		return lines(Line{Kind: "returned", Receipt: b.Receipt, Tenders: []cash.TenderKind{cash.Check}, Cashier: b.By}, station, e, b.Reopened, b.Of), nil
	}
	return nil, nil
}

// lines makes a line of each part. of is the entry they undo; 0 for a payment.
func lines(l Line, station ledger.StationID, e *ledger.Entry, parts []cash.Part, of uint64) []Line {
	l.Station, l.Date, l.At, l.Seq = station, e.Date, e.At(), e.Seq
	var out []Line
	for i, part := range parts {
		if part.Account == "" {
			continue // the billing system hears of it when it is put on an account
		}
		one := l
		one.ID = id(e.Log, e.Seq, i)
		one.Account, one.Name, one.Service, one.Amount = part.Account, part.Name, part.Service, part.Amount
		if of != 0 {
			one.Of, one.Amount = id(e.Log, of, i), -part.Amount
		}
		out = append(out, one)
	}
	return out
}

func id(log ledger.LogID, seq uint64, part int) string {
	return fmt.Sprintf("%s-%d-%d", log.String()[:12], seq, part+1)
}

// means are the means of payment, each once.
func means(tenders []cash.Tender) (all []cash.TenderKind) {
	has := make(map[cash.TenderKind]bool)
	for _, t := range tenders {
		if !has[t.Kind] {
			has[t.Kind] = true
			all = append(all, t.Kind)
		}
	}
	return all
}

// each walks the lines of ranges, in their order, of entries that hold together.
func each(ctx context.Context, kept store.Store, ranges []book.Range, take func(Line) error) error {
	for _, r := range ranges {
		log, err := kept.Log(ctx, r.Log)
		if err != nil {
			return err
		}
		for e, err := range store.Chained(ctx, kept, log, r.From, r.To) {
			if err != nil {
				return err
			}
			all, err := linesOf(log.Identity.Station, &e.Entry)
			if err != nil {
				return err
			}
			for _, l := range all {
				if err := take(l); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
