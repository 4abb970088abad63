package report

import (
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// worked is what a cashier did in a period.
type worked struct {
	name                                  string
	sessions, payments, voids             int
	corrections, noSales, unasked, differ int
	minutes                               int64
	taken, back, credit                   ledger.Cents
	entries                               []uint64
}

// cashiers is what each did. A payment is that of the person whose drawer it went
// into, and so are its void and its reversal: whoever took it back only corrected it.
func (r *run) cashiers() (Table, error) {
	by := make(map[string]*worked)
	of := func(who, name string) *worked {
		if by[who] == nil {
			by[who] = &worked{name: name}
		}
		return by[who]
	}
	at := func(id cash.SessionID, e *ledger.Entry) *worked {
		w := of(e.Actor, r.name(e.Actor))
		if one := r.sessions[id]; one != nil {
			w = of(string(one.Who), one.Name)
		}
		w.entries = append(w.entries, e.Seq)
		return w
	}
	err := r.within(func(e *ledger.Entry) error {
		switch e.Kind {
		case cash.KindPayment:
			return with(e, func(b cash.Payment) {
				w := at(b.Session, e)
				w.payments++
				money, credit := split(b.Tenders)
				w.taken, w.credit = w.taken.Plus(money-b.Change), w.credit.Plus(credit)
			})
		case cash.KindVoid, cash.KindReversal:
			return with(e, func(b cash.Undone) {
				w := at(b.Session, e)
				if e.Kind == cash.KindVoid {
					w.voids++
					money, credit := split(b.Tenders)
					w.back, w.credit = w.back.Plus(money), w.credit-credit
				} else {
					w.corrections++
				}
			})
		case cash.KindAdjusted:
			w := at("", e)
			w.corrections++
		case cash.KindNoSale:
			return with(e, func(b cash.NoSale) { at(b.Session, e).noSales++ })
		case cash.KindUnasked:
			return with(e, func(b cash.Unasked) {
				if r.sessions[b.Session] != nil {
					at(b.Session, e).unasked++
				}
			})
		case cash.KindDrawerClosed:
			return with(e, func(b cash.DrawerClosed) {
				if w := at(b.Session, e); b.Off != 0 {
					w.differ++
				}
			})
		}
		return nil
	})
	if err != nil {
		return Table{}, err
	}
	for _, one := range r.order {
		if r.ask.Period.Has(one.date) {
			w := of(string(one.Who), one.Name)
			w.sessions++
			w.minutes += r.minutes(one)
			w.entries = append(w.entries, one.from)
		}
	}
	t := Table{Columns: []Column{{Title: "Cashier", Lead: true}, {Title: "Sessions", Form: Number}, {Title: "Hours open", Form: Minutes},
		{Title: "Payments", Form: Number}, {Title: "Per hour", Form: Tenths}, {Title: "Taken", Form: Money}, {Title: "Given back", Form: Money},
		{Title: "Net", Form: Money}, {Title: "Net per payment", Form: Money}, {Title: "Credit applied", Form: Money},
		{Title: "Voids", Form: Number}, {Title: "Corrections", Form: Number}, {Title: "No sales", Form: Number}, {Title: "Closes off", Form: Number}}}
	all := worked{name: "Total"}
	for _, w := range byName(by) {
		slices.Sort(w.entries)
		t.row(w.entries, w.cells()...)
		all.add(w)
	}
	t.Totals = all.cells()
	t.note("%s Net per payment is net divided by the payments that were not voided. Corrections are payments of the cashier that were reversed after the close, and adjustments the cashier made.", takenMeans)
	return t, nil
}

func (w *worked) add(o *worked) {
	w.sessions += o.sessions
	w.payments += o.payments
	w.voids += o.voids
	w.corrections += o.corrections
	w.noSales += o.noSales
	w.unasked += o.unasked
	w.differ += o.differ
	w.minutes += o.minutes
	w.taken, w.back, w.credit = w.taken.Plus(o.taken), w.back.Plus(o.back), w.credit.Plus(o.credit)
}

// split is what of some tenders is money that came in, and what is credit applied.
func split(all []cash.Tender) (money, credit ledger.Cents) {
	for _, t := range all {
		if t.Kind == cash.Credit {
			credit = credit.Plus(t.Amount)
		} else {
			money = money.Plus(t.Amount)
		}
	}
	return money, credit
}

func (w *worked) cells() []Cell {
	const hour = 60
	average := Cell{}
	if n := w.payments - w.voids; n > 0 {
		average = money((w.taken - w.back) / ledger.Cents(n))
	}
	return []Cell{say(w.name), number(w.sessions), {Set: true, N: w.minutes}, number(w.payments), tenths(int64(w.payments), w.minutes, hour),
		money(w.taken), money(w.back), money(w.taken - w.back), average, some(w.credit), few(w.voids), few(w.corrections), few(w.noSales), few(w.differ)}
}

// byName lists people by name, those of one name by their id.
func byName(by map[string]*worked) (all []*worked) {
	for _, id := range inOrder(by) {
		all = append(all, by[id])
	}
	slices.SortStableFunc(all, func(a, b *worked) int { return strings.Compare(a.name, b.name) })
	return all
}
