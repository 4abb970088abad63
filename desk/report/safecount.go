package report

import (
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// absent is a bag, or the money of a session, that a count of the safe did not find, and
// that has neither been found by a later count nor gone to a bank.
type absent struct {
	entry uint64 // the count that did not find it first
	at    int64
}

// safeBook is what should lie in the safe as far as the log has been read, and what of
// it is absent.
type safeBook struct {
	worth  map[string]ledger.Cents // bags and sessions: what can be seen of them
	absent map[string]absent
	seen   map[string]bool // accounts of what can be seen
}

func newSafeBook() safeBook {
	b := safeBook{worth: make(map[string]ledger.Cents), absent: make(map[string]absent), seen: make(map[string]bool)}
	for _, kind := range append(cash.PaperKinds(), cash.Cash) {
		b.seen[cash.UndepositedAccount(kind)], b.seen[cash.BagAccount(kind)] = true, true
	}
	return b
}

// learn takes an entry in.
func (b *safeBook) learn(e *ledger.Entry) error {
	for _, l := range e.Lines {
		if b.seen[l.Account] {
			b.worth[strings.TrimPrefix(l.Sub, cash.BagSub(""))] += l.Amount
		}
	}
	switch e.Kind {
	case safe.KindCounted:
		return with(e, func(c safe.Counted) {
			for _, id := range c.There {
				delete(b.absent, id)
			}
			for _, id := range c.Missing {
				if _, before := b.absent[id]; !before {
					b.absent[id] = absent{e.Seq, e.Micros}
				}
			}
		})
	case safe.KindDeposit:
		return with(e, func(d safe.Deposit) {
			for _, part := range d.Parts {
				delete(b.absent, part.ID)
			}
		})
	}
	return nil
}

// unlike says what a count of the safe found otherwise than the books, beside the cash
// of the change fund: "not there: AB-0001; not in the books: X-7".
func unlike(c safe.Counted) string {
	var said []string
	if len(c.Missing) > 0 {
		said = append(said, "not there: "+strings.Join(c.Missing, ", "))
	}
	if len(c.Unknown) > 0 {
		said = append(said, "not in the books: "+strings.Join(c.Unknown, ", "))
	}
	return strings.Join(said, "; ")
}

// absentNotes names what is still absent, for the reports on where the money is.
func (r *run) absentNotes(t *Table) {
	for _, id := range inOrder(r.safe.absent) {
		a := r.safe.absent[id]
		t.note("NOT THERE: %s, %s by the books, was not in the safe when it was counted on %s (entry %d).", id, r.safe.worth[id], r.at(a.at), a.entry)
	}
}
