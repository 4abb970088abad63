package report

import (
	"fmt"
	"slices"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// held is money somewhere.
type held struct{ cash, checks, other ledger.Cents }

func (h held) all() ledger.Cents { return h.cash.Plus(h.checks).Plus(h.other) }

func (h held) plus(o held) held {
	return held{h.cash.Plus(o.cash), h.checks.Plus(o.checks), h.other.Plus(o.other)}
}

func (h *held) add(kind cash.TenderKind, amount ledger.Cents) {
	switch kind {
	case cash.Cash:
		h.cash = h.cash.Plus(amount)
	case cash.Check, cash.CashiersCheck, cash.MoneyOrder:
		h.checks = h.checks.Plus(amount)
	default:
		h.other = h.other.Plus(amount)
	}
}

// position is where the money is by the books: in the drawers, in the safe, on its way.
func (r *run) position() (Table, error) {
	if err := r.each(func(*ledger.Entry) error { return nil }); err != nil {
		return Table{}, err
	}
	t := Table{Columns: []Column{{Title: "Place", Lead: true}, {Title: "What", Lead: true}, {Title: "Since"},
		{Title: "Cash", Form: Money}, {Title: "Checks and orders", Form: Money}, {Title: "Card and other", Form: Money}, {Title: "Together", Form: Money}}}
	panel := Panel{}
	var all held
	put := func(where, what string, since int64, h held, entries ...uint64) {
		at := Cell{}
		if since != 0 {
			at = say(r.at(since))
		}
		t.row(entries, say(where), say(what), at, some(h.cash), some(h.checks), some(h.other), money(h.all()))
		all = all.plus(h)
		if last := len(panel.Bars) - 1; last >= 0 && panel.Bars[last].Name == where {
			panel.Bars[last].Value = panel.Bars[last].Value.Plus(h.all())
		} else {
			panel.Bars = append(panel.Bars, Bar{where, h.all()})
		}
	}
	open := slices.DeleteFunc(slices.Clone(r.order), func(one *session) bool { return one.closed != 0 })
	slices.SortStableFunc(open, func(a, b *session) int { return slices.Compare([]cash.DrawerID{a.Drawer}, []cash.DrawerID{b.Drawer}) })
	for _, one := range open {
		var h held
		for _, kind := range cash.TenderKinds() {
			h.add(kind, cash.InDrawer(r.s, one.Session, kind))
		}
		put("Drawer "+string(one.Drawer), one.Name+", "+string(one.Session), one.opened, h, one.from)
	}
	in, err := safe.InSafe(r.s)
	if err != nil {
		return Table{}, err
	}
	put("Safe", "change fund", 0, held{cash: in.Float})
	for _, w := range in.Waiting {
		var h held
		for _, a := range w.Amounts {
			h.add(a.Kind, a.Amount)
		}
		what := fmt.Sprintf("%s, Z %d", w.Session, w.Z)
		if w.Bag {
			what = "bag " + w.ID
		}
		put("Safe", what, w.Since, h)
	}
	way, err := safe.InTransit(r.s)
	if err != nil {
		return Table{}, err
	}
	for _, d := range way {
		put("On its way", d.No+" to "+d.Bank, d.Since, held{other: d.Total}, d.Entry)
	}
	t.Totals = []Cell{say("Total"), {}, {}, money(all.cash), money(all.checks), money(all.other), money(all.all())}
	t.note("A drawer's cash includes its float. The change fund is what was put into it, less the floats in drawers. A deposit on its way stands under Card and other, whatever it is made of.")
	t.note("These are the books' figures: whoever counts a drawer blind must not see them first.")
	panel.Sum = all.all()
	t.Picture = &Picture{Title: "Where the money is", Panels: []Panel{panel}}
	return t, nil
}

// transit is the deposits that the bank has not shown yet, the oldest first.
func (r *run) transit() (Table, error) {
	all, err := safe.InTransit(r.s)
	if err != nil {
		return Table{}, err
	}
	slices.SortStableFunc(all, func(a, b safe.Transit) int { return int(max(-1, min(1, a.Since-b.Since))) })
	t := Table{Columns: []Column{{Title: "Deposit", Lead: true}, {Title: "Bank"}, {Title: "Bag"}, {Title: "Made"},
		{Title: "Days", Form: Number}, {Title: "Age"}, {Title: "Amount", Form: Money}}}
	var sum ledger.Cents
	for _, d := range all {
		since := time.UnixMicro(d.Since)
		days := int(max(0, r.s.Now().Sub(since)) / (24 * time.Hour))
		age := map[safe.Age]string{safe.InTime: "in time", safe.Late: "late", safe.Overdue: "OVERDUE"}[r.ask.Safe.AgeOf(since, r.s.Now())]
		t.row([]uint64{d.Entry}, say(d.No), say(d.Bank), say(d.Bag), say(r.at(d.Since)), number(days), say(age), money(d.Total))
		sum = sum.Plus(d.Total)
	}
	t.Totals = []Cell{say("Total"), {}, {}, {}, {}, {}, money(sum)}
	if len(all) == 0 {
		t.note("No deposit is on its way.")
	}
	return t, nil
}
