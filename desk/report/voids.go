package report

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// deed is something done beside the ordinary: taken back, opened, overridden.
type deed struct {
	seq      uint64
	at       int64
	who      string
	approver string
	about    string
	amount   ledger.Cents
	money    bool // an amount belongs to it
	reason   string
}

// The sorts of deeds, in the order of the report.
const (
	aVoid       = "Void"
	aReversal   = "Reversal"
	aRefund     = "Refund"
	anAdjust    = "Adjustment"
	aNoSale     = "No sale"
	unasked     = "Opened, nobody asked"
	aReprint    = "Reprint"
	aCount      = "Opened to count, not counted"
	notThere    = "Not in the safe at its count"
	notInBooks  = "In the safe, not in the books"
	overSplit   = "Override: split as asked"
	overCredit  = "Override: credit used elsewhere"
	overLimit   = "Override: tender above its limit"
	overPaid    = "Override: paid in or out"
	overClose   = "Override: over or short accepted"
	overWaiving = "Override: fee waived"
	overMatch   = "Override: deposit matched by hand"
)

func deeds() []string {
	return []string{aVoid, aReversal, aRefund, anAdjust, aNoSale, unasked, aCount, notThere, notInBooks, aReprint, overSplit, overCredit, overLimit, overPaid, overClose, overWaiving, overMatch}
}

func (r *run) voids() (Table, error) {
	by := make(map[string][]deed)
	begun := make(map[cash.SessionID][]deed) // openings to count, since the last count
	err := r.within(func(e *ledger.Entry) error {
		put := func(what string, d deed) {
			d.seq, d.at, d.who = e.Seq, e.Micros, r.name(e.Actor)
			by[what] = append(by[what], d)
		}
		switch e.Kind {
		case cash.KindCountBegun:
			return with(e, func(b cash.CountBegun) {
				begun[b.Session] = append(begun[b.Session], deed{seq: e.Seq, at: e.Micros, who: r.name(e.Actor), about: place(b.Drawer, b.Session)})
			})
		case cash.KindCounted, cash.KindSurprise:
			return with(e, func(b cash.Counted) {
				if n := len(begun[b.Session]); n > 1 {
					by[aCount] = append(by[aCount], begun[b.Session][:n-1]...)
				}
				delete(begun, b.Session)
			})
		}
		return r.deed(e, put)
	})
	if err != nil {
		return Table{}, err
	}
	t := Table{Columns: []Column{{Title: "What", Lead: true}, {Title: "When", Lead: true}, {Title: "Who"}, {Title: "Approved by"},
		{Title: "About"}, {Title: "Reason"}, {Title: "Amount", Form: Money}}}
	for _, what := range deeds() {
		all := by[what]
		if len(all) == 0 {
			continue
		}
		var sum ledger.Cents
		var entries []uint64
		amounts := false
		for _, d := range all {
			amount := Cell{}
			if d.money {
				amount, amounts = money(d.amount), true
			}
			t.row([]uint64{d.seq}, say(what), say(r.at(d.at)), say(d.who), say(d.approver), say(d.about), say(d.reason), amount)
			sum = sum.Plus(d.amount)
			entries = append(entries, d.seq)
		}
		total := Cell{}
		if amounts {
			total = money(sum)
		}
		t.subtotal(entries, say(what), say(count(len(all), "time")), Cell{}, Cell{}, Cell{}, Cell{}, total)
	}
	if len(t.Rows) == 0 {
		t.note("Nothing was taken back, opened without a sale, printed again, overridden or missing from the safe.")
	}
	return t, nil
}

// deed finds what an entry is beside the ordinary, if anything.
func (r *run) deed(e *ledger.Entry, put func(string, deed)) error {
	switch e.Kind {
	case cash.KindVoid, cash.KindReversal:
		return with(e, func(b cash.Undone) {
			what := aVoid
			if e.Kind == cash.KindReversal {
				what = aReversal
			}
			put(what, deed{approver: b.ApproverName, about: string(b.Receipt) + " of " + r.holder(b.Session, b.Cashier), amount: b.Total, money: true, reason: b.Reason})
		})
	case cash.KindRefunded:
		return with(e, func(b cash.Refunded) {
			put(aRefund, deed{approver: b.ApproverName, about: b.From + " by " + string(b.By), amount: b.Amount, money: true, reason: b.Reason + noted(b.Note)})
		})
	case cash.KindAdjusted:
		return with(e, func(b cash.Adjusted) {
			put(anAdjust, deed{approver: b.ApproverName, about: string(b.Account) + " " + b.Name, amount: b.Amount, money: true, reason: b.Reason + noted(b.Note)})
		})
	case cash.KindNoSale:
		return with(e, func(b cash.NoSale) { put(aNoSale, deed{about: place(b.Drawer, b.Session), reason: b.Reason}) })
	case cash.KindUnasked:
		return with(e, func(b cash.Unasked) { put(unasked, deed{about: place(b.Drawer, b.Session)}) })
	case cash.KindPayment:
		return with(e, func(b cash.Payment) {
			if b.ApproverName != "" {
				what, reason := approvedFor(b)
				put(what, deed{approver: b.ApproverName, about: string(e.ReceiptNo(r.s.Station())), amount: b.Total, money: true, reason: reason})
			}
		})
	case cash.KindPaid:
		return with(e, func(b cash.Paid) {
			if b.ApproverName != "" {
				put(overPaid, deed{approver: b.ApproverName, about: "paid " + string(b.Way), amount: b.Amount, money: true, reason: b.Reason + noted(b.Note)})
			}
		})
	case cash.KindDrawerClosed:
		return with(e, func(b cash.DrawerClosed) {
			if b.ApproverName != "" && b.Off != 0 {
				put(overClose, deed{approver: b.ApproverName, about: fmt.Sprintf("Z %d of %s", b.Z, b.Name), amount: b.Over, money: true, reason: b.Reason + noted(b.Memo)})
			}
		})
	case safe.KindCounted:
		return with(e, func(b safe.Counted) {
			for _, id := range b.Missing {
				put(notThere, deed{approver: b.WitnessName, about: id, amount: r.safe.worth[id], money: true})
			}
			for _, id := range b.Unknown {
				put(notInBooks, deed{approver: b.WitnessName, about: id})
			}
		})
	case safe.KindMatched:
		return with(e, func(b safe.Matched) {
			if b.ApproverName != "" {
				put(overMatch, deed{approver: b.ApproverName, about: b.Deposit, amount: b.Difference, money: true, reason: b.Note})
			}
		})
	case cash.KindReturned:
		return with(e, func(b cash.Returned) {
			if b.Waived {
				put(overWaiving, deed{approver: b.ApproverName, about: string(b.Account) + " " + b.Name, reason: b.Reason})
			}
		})
	}
	if r.ask.Reprint == nil {
		return nil
	}
	of, is, err := r.ask.Reprint(e)
	if err != nil || !is {
		return err
	}
	printed, err := r.s.Entry(of)
	if err != nil {
		return err
	}
	about := string(printed.ReceiptNo(r.s.Station()))
	if about == "" {
		about = fmt.Sprintf("entry %d", of)
	}
	put(aReprint, deed{about: about})
	return nil
}

// holder is whose session it was.
func (r *run) holder(id cash.SessionID, cashier string) string {
	if one := r.sessions[id]; one != nil {
		return one.Name
	}
	return cashier
}

func place(drawer cash.DrawerID, id cash.SessionID) string {
	return strings.TrimSuffix("drawer "+string(drawer)+", "+string(id), ", ")
}

func noted(note string) string {
	if note == "" {
		return ""
	}
	return ": " + note
}

// tendered writes what was handed over: "Cash 140.00, Check 1187 20.00".
func tendered(all []cash.Tender) string {
	words := make([]string, 0, len(all))
	for _, t := range all {
		words = append(words, strings.Join(strings.Fields(word(string(t.Kind))+" "+t.Number+" "+t.Reference+" "+t.Amount.String()), " "))
	}
	return strings.Join(words, ", ")
}

// approvedFor is what a second person approved of a payment, and why.
func approvedFor(b cash.Payment) (what, reason string) {
	for _, p := range b.Parts {
		if p.Why != "" {
			return overSplit, p.Why
		}
	}
	if slices.ContainsFunc(b.Tenders, func(t cash.Tender) bool { return t.Kind == cash.Credit }) {
		return overCredit, tendered(b.Tenders)
	}
	return overLimit, tendered(b.Tenders)
}
