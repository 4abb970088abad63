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
	closed := r.of(cash.KindDrawerClosed)
	if len(closed) != 2 {
		d.sum.holds(r.id+": the drawer was closed twice", false, "%d closings", len(closed))
		return
	}
	counts := slices.DeleteFunc(r.of(cash.KindCounted), func(e ledger.EntryForPeople) bool { return e.Seq > closed[0].Seq })
	var over []string
	posted := 0
	var numbers []any
	inOrder := true
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
	if len(closed) != 2 {
		return // said before
	}
	over, reason, approver := field(closed[0], "over"), field(closed[0], "reason"), field(closed[0], "approver")
	d.sum.holds(r.id+": the Z says what is short, why, and who signed for it", over == inCents(-short) && reason == shortReason && approver == "ana",
		"%s cents over, %s, signed by %s", over, reason, approver)
	d.sum.holds(r.id+": another's drawer was closed with nothing short, in her name and with a second person",
		field(closed[1], "over") == "0" && field(closed[1], "closed_by") == "Ruth Okafor" && field(closed[1], "approver") == string(witness), "%s cents over, closed by %s, signed by %s",
		field(closed[1], "over"), field(closed[1], "closed_by"), field(closed[1], "approver"))
	left := map[string]ledger.Cents{
		"assets:in-transit:first":            d.maria.banked(short) + skimmed + d.till.banked(0) + afternoonBags,
		cash.UndepositedAccount(cash.Card):   total(d.maria.other[cash.Card]),
		cash.UndepositedAccount(cash.Pledge): total(d.till.other[cash.Pledge]),
		cash.AccountOverShort:                short,
		cash.AccountFloat:                    changeFund,
		cash.AccountReturned:                 -d.maria.other[cash.Check][0], // the bank has it back
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
	d.sum.holds(r.id+": the drawers are empty, the floats are back, all of it but cards and pledges is on its way to the bank", maps.Equal(left, found), "%s", compared(left, found))
}
