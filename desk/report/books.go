package report

import (
	"cmp"
	"slices"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
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
	t := Table{Columns: []Column{{Title: "Date", Lead: true}, {Title: "Account", Lead: true}, {Title: "Entries", Form: Number},
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

// The ages of unapplied money, in days: a utility's own count begins after 30, a
// local agency may begin to claim money nobody claimed after three years (California
// Government Code, sections 50050 to 50057).
func creditAges() []creditAge {
	return []creditAge{{"0-30 days", 30}, {"31-90", 90}, {"91-365", 365}, {"1-3 years", 1095}, {"Over 3 years", 0}}
}

type creditAge struct {
	title string
	most  int // days; 0: no limit
}

// reversedMoney is what is owed to those whose payments were reversed, by receipt.
const reversedMoney = "liabilities:reversed"

// lot is money that came in on a date and was not used up since.
type lot struct {
	date   ledger.Date
	amount ledger.Cents
	seq    uint64
}

// credit ages money that belongs to no bill, at the end of the period or today. What is used is taken from the oldest
// first, so what is left is as young as it can be.
func (r *run) credit() (Table, error) {
	asOf := min(r.ask.Period.To, ledger.DateOf(r.s.Now().In(r.ask.Zone)))
	lots := make(map[string][]lot)
	names := make(map[string]string)
	err := r.each(func(e *ledger.Entry) error {
		if e.Date > asOf {
			return nil
		}
		for _, l := range e.Lines {
			if l.Account == account.Receivable(account.Credit) || l.Account == reversedMoney {
				lots[l.Sub] = pile(lots[l.Sub], lot{e.Date, -l.Amount, e.Seq})
			}
		}
		return r.owners(e, names)
	})
	if err != nil {
		return Table{}, err
	}
	ages := creditAges()
	t := Table{Columns: []Column{{Title: "Account or receipt", Lead: true}, {Title: "Name", Lead: true}, {Title: "Oldest"}}}
	for _, a := range ages {
		t.Columns = append(t.Columns, Column{Title: a.title, Form: Money})
	}
	t.Columns = append(t.Columns, Column{Title: "Together", Form: Money})
	sums := make([]ledger.Cents, len(ages)+1)
	for _, sub := range inOrder(lots) {
		if len(lots[sub]) == 0 {
			continue
		}
		aged(&t, asOf, sub, names[sub], lots[sub], sums)
	}
	t.Totals = []Cell{say("Total"), {}, {}}
	for _, sum := range sums {
		t.Totals = append(t.Totals, money(sum))
	}
	t.note("As of %s. Receipts are payments that were reversed and not refunded yet.", asOf)
	panel := Panel{Sum: sums[len(sums)-1]}
	for i, a := range ages {
		panel.Bars = append(panel.Bars, Bar{a.title, sums[i]})
	}
	t.Picture = &Picture{Title: "Unapplied credit by age", Panels: []Panel{panel}}
	return t, nil
}

// owners remembers whose an account or a reversed receipt is.
func (r *run) owners(e *ledger.Entry, names map[string]string) error {
	switch e.Kind {
	case cash.KindPayment:
		return with(e, func(b cash.Payment) {
			for _, p := range b.Parts {
				names[string(p.Account)] = p.Name
			}
		})
	case cash.KindReversal:
		return with(e, func(b cash.Undone) {
			for _, l := range e.Lines {
				if l.Account == reversedMoney && len(b.Parts) > 0 {
					names[l.Sub] = b.Parts[0].Name
				}
			}
		})
	}
	return nil
}

// pile puts money on a pile; money taken away comes off its oldest lot.
func pile(lots []lot, l lot) []lot {
	for l.amount < 0 && len(lots) > 0 && lots[0].amount > 0 {
		used := min(-l.amount, lots[0].amount)
		lots[0].amount -= used
		l.amount += used
		if lots[0].amount == 0 {
			lots = lots[1:]
		}
	}
	for l.amount > 0 && len(lots) > 0 && lots[0].amount < 0 { // it was overdrawn
		used := min(l.amount, -lots[0].amount)
		lots[0].amount += used
		l.amount -= used
		if lots[0].amount == 0 {
			lots = lots[1:]
		}
	}
	if l.amount == 0 {
		return lots
	}
	return append(lots, l)
}

// aged writes one account's money by age.
func aged(t *Table, asOf ledger.Date, sub, name string, lots []lot, sums []ledger.Cents) {
	ages := creditAges()
	byAge := make([]ledger.Cents, len(ages))
	var all ledger.Cents
	var entries []uint64
	oldest := lots[0].date
	for _, l := range lots {
		days := int(asOf.Time().Sub(l.date.Time()) / (24 * time.Hour))
		i := slices.IndexFunc(ages, func(a creditAge) bool { return a.most == 0 || days <= a.most })
		byAge[i] = byAge[i].Plus(l.amount)
		sums[i] = sums[i].Plus(l.amount)
		all = all.Plus(l.amount)
		entries = append(entries, l.seq)
		oldest = min(oldest, l.date)
	}
	last := len(sums) - 1
	sums[last] = sums[last].Plus(all)
	cells := []Cell{say(sub), say(name), say(oldest.String())}
	for _, c := range byAge {
		cells = append(cells, some(c))
	}
	t.row(entries, append(cells, money(all))...)
}
