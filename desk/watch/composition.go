package watch

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// amounts is money by means of payment.
type amounts map[cash.TenderKind]ledger.Cents

func (a amounts) add(kind cash.TenderKind, amount ledger.Cents) { a[kind] = a[kind].Plus(amount) }

// together is the cash, and what else goes to the bank in a bag.
func (a amounts) together() (inCash, other ledger.Cents) {
	return a[cash.Cash], ledger.Sum(a[cash.Check], a[cash.CashiersCheck], a[cash.MoneyOrder])
}

// composition is what a session's receipts were made of, and what of it is at the bank.
type composition struct {
	name     string
	in       amounts // by its receipts, and by what else was recorded to come or go
	left     amounts // out of the drawer, and not at the bank
	out      amounts // at the bank
	closed   uint64  // entry
	deposits []uint64
}

// gone says whether all of its money that goes in a bag is at the bank.
func (c *composition) gone() bool {
	inCash, other := c.left.together()
	return c.closed != 0 && inCash == 0 && other == 0
}

func (w *Watcher) of(id cash.SessionID) *composition {
	if w.made[id] == nil {
		w.made[id] = &composition{in: make(amounts), left: make(amounts), out: make(amounts)}
	}
	return w.made[id]
}

// compose takes in what an entry says of the composition of a session's money.
func (w *Watcher) compose(e *ledger.Entry) error {
	switch e.Kind {
	case cash.KindDrawerOpened:
		return with(e, func(_ *ledger.Entry, b cash.DrawerOpened) { w.of(b.Session).name = b.Name })
	case cash.KindPayment:
		return with(e, func(_ *ledger.Entry, b cash.Payment) {
			c := w.of(b.Session)
			for _, t := range b.Tenders {
				c.in.add(t.Kind, t.Amount)
			}
			c.in.add(cash.Cash, -b.Change)
		})
	case cash.KindVoid:
		return with(e, func(_ *ledger.Entry, b cash.Undone) {
			for _, t := range b.Tenders {
				w.of(b.Session).in.add(t.Kind, -t.Amount)
			}
		})
	case cash.KindRefunded:
		return with(e, func(_ *ledger.Entry, b cash.Refunded) {
			if b.By == cash.RefundCash {
				w.of(b.Session).in.add(cash.Cash, -b.Amount)
			}
		})
	case cash.KindPaid:
		return with(e, func(_ *ledger.Entry, b cash.Paid) {
			switch {
			case b.Place != cash.PlaceDrawer:
			case b.Way == cash.In:
				w.of(b.Session).in.add(cash.Cash, b.Amount)
			default:
				w.of(b.Session).in.add(cash.Cash, -b.Amount)
			}
		})
	case cash.KindSkim:
		return with(e, func(_ *ledger.Entry, b cash.Skimmed) {
			c := w.of(b.Session)
			c.left.add(cash.Cash, b.Cash)
			for _, o := range b.Other {
				c.left.add(o.Kind, o.Amount)
			}
		})
	case cash.KindDrawerClosed:
		return with(e, func(e *ledger.Entry, b cash.DrawerClosed) {
			c := w.of(b.Session)
			c.closed = e.Seq
			for _, l := range e.Lines {
				if kind, found := strings.CutPrefix(l.Account, cash.UndepositedAccount("")); found {
					c.left.add(cash.TenderKind(kind), l.Amount)
				}
			}
			if c.gone() && len(c.deposits) == 0 {
				delete(w.made, b.Session) // nothing of it goes to a bank
			}
		})
	case safe.KindDeposit:
		return with(e, w.composed)
	}
	return nil
}

// composed looks at the sessions whose money is all at the bank with this deposit:
// whether as much of it is cash as of their receipts.
func (w *Watcher) composed(e *ledger.Entry, b safe.Deposit) {
	in, out := make(amounts), amounts{cash.Cash: b.Over}
	var whole []*composition
	for _, part := range b.Parts {
		c := w.of(part.Session)
		for _, a := range part.Amounts {
			c.left.add(a.Kind, -a.Amount)
			c.out.add(a.Kind, a.Amount)
		}
		if !slices.Contains(c.deposits, e.Seq) {
			c.deposits = append(c.deposits, e.Seq)
		}
		if c.gone() && w.made[part.Session] != nil {
			whole = append(whole, c)
			delete(w.made, part.Session)
			for kind, amount := range c.in {
				in.add(kind, amount)
			}
			for kind, amount := range c.out {
				out.add(kind, amount)
			}
		}
	}
	rule := inForce(w.p.Compositions, e.Date)
	inCash, inOther := in.together()
	outCash, outOther := out.together()
	if rule.Points == 0 || len(whole) == 0 || inCash.Plus(inOther) <= 0 || outCash.Plus(outOther) <= 0 {
		return
	}
	was, is := share(inCash, inOther), share(outCash, outOther)
	if size(is-was) < int64(rule.Points)*100 || size(int64(outCash-inCash)) < int64(rule.Least) {
		return
	}
	names, entries := make(map[string]bool), map[uint64]bool{e.Seq: true}
	for _, c := range whole {
		names[c.name], entries[c.closed] = true, true
		for _, d := range c.deposits {
			entries[d] = true
		}
	}
	w.find(Composition, strings.Join(slices.Sorted(maps.Keys(names)), ", "),
		fmt.Sprintf("deposit %s: %s of the receipts were cash, and %s of the deposit; %s of cash and %s of checks and orders more than was received",
			b.No, percent(was), percent(is), outCash-inCash, outOther-inOther), slices.Sorted(maps.Keys(entries))...)
}

// share is how much of money is cash, in hundredths of a percent.
func share(inCash, other ledger.Cents) int64 {
	return int64(inCash) * 10_000 / int64(inCash.Plus(other))
}

func percent(share int64) string { return fmt.Sprintf("%d.%d %%", share/100, size(share)%100/10) }

func size(n int64) int64 { return max(n, -n) }
