package report

import (
	"cmp"
	"slices"

	"gatehouse/ledger"
)

// gl is what was posted to each account on each business date, sub-accounts together:
// the journal's own lines, added up.
func (r *run) gl() (Table, error) {
	type key struct {
		date    ledger.Date
		account string
	}
	type posted struct {
		debit, credit ledger.Cents
		entries       []uint64
	}
	by := make(map[key]*posted)
	err := r.within(func(e *ledger.Entry) error {
		for _, l := range e.Lines {
			k := key{e.Date, l.Account}
			if by[k] == nil {
				by[k] = &posted{}
			}
			p := by[k]
			p.debit, p.credit = p.debit.Plus(max(0, l.Amount)), p.credit.Plus(max(0, -l.Amount))
			if last := len(p.entries) - 1; last < 0 || p.entries[last] != e.Seq {
				p.entries = append(p.entries, e.Seq)
			}
		}
		return nil
	})
	if err != nil {
		return Table{}, err
	}
	keys := make([]key, 0, len(by))
	for k := range by {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.date, b.date), cmp.Compare(a.account, b.account)) })
	t := Table{Columns: []Column{{Title: "Date", Lead: true}, {Title: "Account", Lead: true}, {Title: "Number of entries", Form: Number},
		{Title: "Debit", Form: Money}, {Title: "Credit", Form: Money}, {Title: "Net", Form: Money}}}
	var debit, credit ledger.Cents
	for _, k := range keys {
		p := by[k]
		t.row(p.entries, say(k.date.String()), say(k.account), number(len(p.entries)), some(p.debit), some(p.credit), money(p.debit-p.credit))
		debit, credit = debit.Plus(p.debit), credit.Plus(p.credit)
	}
	t.Totals = []Cell{say("Total"), {}, {}, money(debit), money(credit), money(debit - credit)}
	return t, nil
}
