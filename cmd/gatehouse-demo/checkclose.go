package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// checkCounts looks whether both counts are kept as they were made, each before the
// Z, and move no money by themselves.
func (d *theDay) checkCounts(r *record) {
	counts, closed := r.of(cash.KindCounted), r.of(cash.KindDrawerClosed)
	var over []string
	posted := 0
	var numbers []any
	inOrder := len(closed) == 1
	for i, e := range counts {
		over = append(over, field(e, "over"))
		posted += len(e.Lines)
		numbers = append(numbers, float64(e.Seq)) // as JSON has them
		inOrder = inOrder && field(e, "round") == fmt.Sprint(i+1) && e.Seq < closed[0].Seq
	}
	if inOrder {
		inOrder = field(closed[0], "counts") == fmt.Sprint(numbers)
	}
	want := []string{inCents(-short - overlooked), inCents(-short)}
	d.sum.holds(r.id+": both blind counts are kept, move nothing, and the Z names them", inOrder && posted == 0 && slices.Equal(over, want),
		"%d counts, %v cents over, with %d postings; %d closings", len(counts), over, posted, len(closed))
}

// inCents is an amount as the journal has it.
func inCents(c ledger.Cents) string { return fmt.Sprint(int64(c)) }

// checkClose looks whether the Z holds to the recount, says who answers for what is
// short, and leaves the money where it belongs.
func (d *theDay) checkClose(r *record) {
	closed := r.of(cash.KindDrawerClosed)
	if len(closed) != 1 {
		d.sum.holds(r.id+": the drawer was closed once", false, "%d closings", len(closed))
		return
	}
	over, reason, approver := field(closed[0], "over"), field(closed[0], "reason"), field(closed[0], "approver")
	d.sum.holds(r.id+": the Z says what is short, why, and who signed for it", over == inCents(-short) && reason == shortReason && approver == "ana",
		"%s cents over, %s, signed by %s", over, reason, approver)
	till := d.till
	left := map[string]ledger.Cents{
		"assets:in-transit:first":          till.cash - float - short + skimmed + total(till.checks) + total(till.orders),
		cash.UndepositedAccount(cash.Card): total(till.cards),
		cash.AccountOverShort:              short,
	}
	found := make(map[string]ledger.Cents)
	for _, e := range r.entries {
		for _, l := range e.Lines {
			owing := strings.HasPrefix(l.Account, "assets:receivable:")
			if strings.HasPrefix(l.Account, "assets:") && !owing || l.Account == cash.AccountOverShort {
				found[l.Account] += ledger.Cents(l.Cents)
			}
		}
	}
	// The drawers are empty, and the float is in the safe that it came from.
	maps.DeleteFunc(found, func(_ string, c ledger.Cents) bool { return c == 0 })
	d.sum.holds(r.id+": the drawer is empty, the float is back, all of it but cards is on its way to the bank", maps.Equal(left, found), "%s", compared(left, found))
}
