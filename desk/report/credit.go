package report

import (
	"slices"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// credit ages money that belongs to no bill, at the end of the period or today, and says
// from when the rule for unclaimed money holds for it.
func (r *run) credit() (Table, error) {
	asOf := min(r.ask.Period.To, ledger.DateOf(r.s.Now().In(r.ask.Zone)))
	var unapplied cash.Unapplied
	err := r.each(func(e *ledger.Entry) error {
		if e.Date > asOf {
			return nil
		}
		return unapplied.Take(e)
	})
	if err != nil {
		return Table{}, err
	}
	ages := cash.AgeBands()
	t := Table{Columns: []Column{{Title: "Account or receipt", Lead: true}, {Title: "Name", Lead: true}, {Title: "Oldest"}}}
	for _, a := range ages {
		t.Columns = append(t.Columns, Column{Title: string(a), Form: Money})
	}
	t.Columns = append(t.Columns, Column{Title: "Together", Form: Money}, Column{Title: "Unclaimed from"}, Column{Title: "To be published", Form: Money})
	of := make(map[string][]cash.UnappliedItem)
	for _, item := range unapplied.Items(r.ask.Unclaimed, asOf) {
		of[item.Of] = append(of[item.Of], item)
	}
	sums := make([]ledger.Cents, len(ages)+2) // the ages, all together, and what is to be published
	for _, sub := range inOrder(of) {
		aged(&t, of[sub], sums)
	}
	last := len(ages)
	t.Totals = []Cell{say("Total"), {}, {}}
	for _, sum := range sums[:last+1] {
		t.Totals = append(t.Totals, money(sum))
	}
	t.Totals = append(t.Totals, Cell{}, money(sums[last+1]))
	t.note("As of %s. A receipt stands for money without an account, or for a payment that was reversed and not refunded yet. Below zero, more was used than came in here.", asOf)
	if rule := r.ask.Unclaimed; rule.Years > 0 {
		t.note("Unclaimed after %d years (%s). From %s an item must be published for %d weeks before it may become the utility's.", rule.Years, rule.Source, rule.NoticeFrom, rule.NoticeWeeks)
		if sums[last+1] > 0 {
			n := rule.Notice(asOf)
			t.note("If the notice first appears on %s, it appears last on %s and names a date from %s to %s.", asOf, n.Published[len(n.Published)-1], n.Earliest, n.Latest)
		}
	}
	panel := Panel{Sum: sums[last]}
	for i, a := range ages {
		panel.Bars = append(panel.Bars, Bar{string(a), sums[i]})
	}
	t.Picture = &Picture{Title: "Unapplied credit by age", Panels: []Panel{panel}}
	return t, nil
}

// aged writes one account's money by age.
func aged(t *Table, items []cash.UnappliedItem, sums []ledger.Cents) {
	ages := cash.AgeBands()
	byAge := make([]ledger.Cents, len(ages)+2)
	var entries []uint64
	oldest, unclaimed := items[0].Since, ledger.Date(0)
	for _, item := range items {
		i := slices.Index(ages, item.Band)
		byAge[i] = byAge[i].Plus(item.Amount)
		byAge[len(ages)] = byAge[len(ages)].Plus(item.Amount)
		if item.Band == cash.PastRule && item.Publish {
			byAge[len(ages)+1] = byAge[len(ages)+1].Plus(item.Amount)
		}
		if item.Unclaimed != 0 && (unclaimed == 0 || item.Unclaimed < unclaimed) {
			unclaimed = item.Unclaimed
		}
		entries = append(entries, item.Entry)
	}
	cells := []Cell{say(items[0].Of), say(items[0].Name), say(oldest.String())}
	for i, c := range byAge {
		sums[i] = sums[i].Plus(c)
		if i < len(ages) {
			cells = append(cells, some(c))
		}
	}
	from := Cell{}
	if unclaimed != 0 {
		from = say(unclaimed.String())
	}
	t.row(entries, append(cells, money(byAge[len(ages)]), from, some(byAge[len(ages)+1]))...)
}
