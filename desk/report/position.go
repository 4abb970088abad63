package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// held is money somewhere.
type held struct{ cash, checks, other, deposited ledger.Cents }

func (h held) all() ledger.Cents { return h.cash.Plus(h.checks).Plus(h.other).Plus(h.deposited) }

func (h held) plus(o held) held {
	return held{h.cash.Plus(o.cash), h.checks.Plus(o.checks), h.other.Plus(o.other), h.deposited.Plus(o.deposited)}
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
	t := Table{Columns: []Column{{Title: "Where", Lead: true}, {Title: "What it is", Lead: true}, {Title: "There since"},
		{Title: "Cash", Form: Money}, {Title: "Checks, money orders", Form: Money}, {Title: "Cards, pledges", Form: Money}, {Title: "In deposits", Form: Money}, {Title: "All together", Form: Money}}}
	panel := Panel{}
	var all held
	put := func(where, what string, since int64, h held, entries ...uint64) {
		at := Cell{}
		if since != 0 {
			at = say(r.at(since))
		}
		t.row(entries, say(where), say(what), at, some(h.cash), some(h.checks), some(h.other), some(h.deposited), money(h.all()))
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
	put("Safe", "change fund, less floats", 0, held{cash: in.Float})
	for _, w := range in.Waiting {
		var h held
		for _, a := range w.Amounts {
			h.add(a.Kind, a.Amount)
		}
		what := fmt.Sprintf("money of %s, Z %d", w.Session, w.Z)
		if w.Bag {
			what = "bag " + w.ID
		}
		if _, gone := r.safe.absent[w.ID]; gone {
			what += ", NOT THERE"
		}
		put("Safe", what, w.Since, h)
	}
	way, err := safe.InTransit(r.s)
	if err != nil {
		return Table{}, err
	}
	for _, d := range way {
		put("On its way to the bank", "deposit "+d.No+" to "+d.Bank, d.Since, held{deposited: d.Total}, d.Entry)
	}
	r.absentNotes(&t)
	t.Totals = []Cell{say("Total"), {}, {}, money(all.cash), money(all.checks), money(all.other), money(all.deposited), money(all.all())}
	t.note("A drawer's cash includes its float. The change fund is what was put into it, less the floats in drawers. Cards and pledges are no money in the house: they wait for the processor or the agency. A deposit on its way stands under In deposits, whatever it is made of.")
	t.note("These are the books' figures: whoever counts a drawer blind must not see them first.")
	panel.Sum = all.all()
	t.Picture = &Picture{Title: "Where the money is", Panels: []Panel{panel}}
	return t, nil
}

// transit is the deposits that the bank has not shown yet, the oldest first, and after
// them what the bank shows and no deposit is: somebody is to ask about either.
func (r *run) transit() (Table, error) {
	all, err := safe.InTransit(r.s)
	if err != nil {
		return Table{}, err
	}
	shown, err := r.shown()
	if err != nil {
		return Table{}, err
	}
	slices.SortStableFunc(all, func(a, b safe.Transit) int { return int(max(-1, min(1, a.Since-b.Since))) })
	t := Table{Columns: []Column{{Title: "Deposit", Lead: true}, {Title: "Bank"}, {Title: "Bag or reference"}, {Title: "Made"},
		{Title: "Days", Form: Number}, {Title: "Age"}, {Title: "Amount", Form: Money}, {Title: "Bank shows", Form: Money}}}
	var sum, known ledger.Cents
	for _, d := range all {
		since := time.UnixMicro(d.Since)
		age := map[safe.Age]string{safe.InTime: "in time", safe.Late: "late", safe.Overdue: "OVERDUE"}[r.ask.Safe.AgeOf(since, r.s.Now())]
		t.row([]uint64{d.Entry}, say(d.No), say(d.Bank), say(d.Bag), say(r.at(d.Since)), number(r.daysSince(since)), say(age), money(d.Total), Cell{})
		sum = sum.Plus(d.Total)
	}
	for _, l := range shown {
		t.row([]uint64{l.entry}, say("On the statement, not known here"), say(l.bank), say(cmp.Or(l.Reference, l.Text)), say(l.Date.String()),
			number(r.daysSince(l.Date.Time())), say("to be matched"), Cell{}, money(l.Amount))
		known = known.Plus(l.Amount)
	}
	t.Totals = []Cell{say("Total"), {}, {}, {}, {}, {}, money(sum), money(known)}
	if len(all) == 0 {
		t.note("No deposit is on its way.")
	}
	if len(shown) > 0 {
		t.note("What is on the statement and not known here is in no books yet. It is a deposit that somebody is to match by hand, or the bank's own, such as interest or a fee: ask the bank.")
	}
	r.absentNotes(&t)
	return t, nil
}

// shownLine is a line of a bank's statement that is no deposit.
type shownLine struct {
	safe.Line
	bank  string
	entry uint64 // the statement that brought it
}

// shown are the lines of every bank's statements that are no deposit yet, the oldest
// first.
func (r *run) shown() (all []shownLine, err error) {
	brought := make(map[string]map[safe.Line]uint64) // by bank
	err = r.each(func(e *ledger.Entry) error {
		if e.Kind != safe.KindStatement {
			return nil
		}
		return with(e, func(b safe.Statement) {
			if brought[b.Bank] == nil {
				brought[b.Bank] = make(map[safe.Line]uint64)
			}
			for _, l := range b.Lines {
				brought[b.Bank][l] = e.Seq
			}
		})
	})
	if err != nil {
		return nil, err
	}
	for _, bank := range inOrder(brought) {
		open, err := safe.OpenLines(r.s, bank)
		if err != nil {
			return nil, err
		}
		for _, l := range open {
			all = append(all, shownLine{l, bank, brought[bank][l]})
		}
	}
	slices.SortStableFunc(all, func(a, b shownLine) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.entry, b.entry)) })
	return all, nil
}

// daysSince is how many whole days ago something was; what is still to come is none.
func (r *run) daysSince(since time.Time) int {
	return int(max(0, r.s.Now().Sub(since)) / (24 * time.Hour))
}
