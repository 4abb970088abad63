package report

import (
	"fmt"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// zbook is every Z of the log, in the order of their numbers, and what is in none.
type zbook struct {
	zs        []zread
	reversals []reversal
}

// zread is a Z with what was found when it was added up again.
type zread struct {
	cash.DrawerClosed
	seq      uint64
	leaf     ledger.Leaf
	date     ledger.Date
	problems []string
}

type reversal struct {
	date  ledger.Date
	total ledger.Cents
}

// tally is a session added up from its entries, beside what its Z says.
type tally struct {
	totals cash.Totals
	by     map[cash.TenderKind]*cash.TenderTotal
	begun  int                              // openings to count, since the last count
	held   map[cash.TenderKind]ledger.Cents // by the postings to its drawer
}

// drawers are the accounts of what is in drawers, by means of payment; the session is
// the sub-account.
const drawers = "assets:drawer:"

// readZs reads the log and checks each Z against the entries before it.
func (r *run) readZs() (*zbook, error) {
	b := &zbook{}
	tallies := make(map[cash.SessionID]*tally)
	of := func(id cash.SessionID) *tally {
		t := tallies[id]
		if t == nil {
			t = &tally{by: make(map[cash.TenderKind]*cash.TenderTotal), held: make(map[cash.TenderKind]ledger.Cents)}
			tallies[id] = t
		}
		return t
	}
	var before ledger.Entry
	err := r.each(func(e *ledger.Entry) error {
		defer func() { before = *e }()
		if e.Kind == cash.KindDrawerClosed {
			body, err := ledger.Unpack[cash.DrawerClosed](e)
			if err != nil {
				return err
			}
			z := zread{DrawerClosed: body, seq: e.Seq, leaf: e.Leaf, date: e.Date}
			z.check(of(body.Session))
			z.checkPostings(e)
			z.checkChain(b.zs, e, &before)
			b.zs = append(b.zs, z)
			delete(tallies, body.Session)
			return nil
		}
		for _, l := range e.Lines {
			if kind, drawer := strings.CutPrefix(l.Account, drawers); drawer {
				held := of(cash.SessionID(l.Sub)).held
				held[cash.TenderKind(kind)] = held[cash.TenderKind(kind)].Plus(l.Amount)
			}
		}
		if e.Kind == cash.KindReversal {
			return with(e, func(body cash.Undone) {
				b.reversals = append(b.reversals, reversal{e.Date, body.Total})
				if one := r.openOf(e.Actor); one != nil {
					t := of(one.Session)
					t.totals.Reversals++
					t.totals.Reversed = t.totals.Reversed.Plus(body.Total)
				}
			})
		}
		return take(of, e, r.s.Station())
	})
	return b, err
}

// take adds one entry to the session it belongs to.
func take(of func(cash.SessionID) *tally, e *ledger.Entry, station ledger.StationID) error {
	switch e.Kind {
	case cash.KindDrawerOpened:
		return with(e, func(b cash.DrawerOpened) { of(b.Session).totals.Float = b.Float })
	case cash.KindPayment:
		return with(e, func(b cash.Payment) { of(b.Session).pay(b, e.ReceiptNo(station)) })
	case cash.KindVoid:
		return with(e, func(b cash.Undone) {
			t := of(b.Session)
			t.totals.Voids++
			t.totals.Last = e.ReceiptNo(station)
			for _, back := range b.Tenders {
				sum := t.kind(back.Kind)
				sum.Voided = sum.Voided.Plus(back.Amount)
			}
		})
	case cash.KindSkim:
		return with(e, func(b cash.Skimmed) {
			t := of(b.Session)
			t.totals.Skims++
			sum := t.kind(cash.Cash)
			sum.Skimmed = sum.Skimmed.Plus(b.Cash)
			for _, o := range b.Other {
				sum := t.kind(o.Kind)
				sum.Skimmed = sum.Skimmed.Plus(o.Amount)
			}
		})
	case cash.KindRefunded:
		return with(e, func(b cash.Refunded) {
			if b.By == cash.RefundCash {
				t := of(b.Session)
				t.totals.Refunds++
				t.totals.Refunded = t.totals.Refunded.Plus(b.Amount)
			}
		})
	case cash.KindPaid:
		return with(e, func(b cash.Paid) {
			t := of(b.Session)
			if b.Way == cash.In {
				t.totals.PaidIn = t.totals.PaidIn.Plus(b.Amount)
			} else {
				t.totals.PaidOut = t.totals.PaidOut.Plus(b.Amount)
			}
		})
	case cash.KindNoSale:
		return with(e, func(b cash.NoSale) { of(b.Session).totals.NoSales++ })
	case cash.KindUnasked:
		return with(e, func(b cash.Unasked) { of(b.Session).totals.Unasked++ })
	case cash.KindCountBegun:
		return with(e, func(b cash.CountBegun) { of(b.Session).begun++ })
	case cash.KindCounted, cash.KindSurprise:
		return with(e, func(b cash.Counted) {
			t := of(b.Session)
			t.totals.NoSales += max(0, t.begun-1)
			t.begun = 0
		})
	}
	return nil
}

// with hands the body of an entry on.
func with[B any](e *ledger.Entry, take func(B)) error {
	body, err := ledger.Unpack[B](e)
	if err == nil {
		take(body)
	}
	return err
}

func (t *tally) kind(kind cash.TenderKind) *cash.TenderTotal {
	if t.by[kind] == nil {
		t.by[kind] = &cash.TenderTotal{Kind: kind}
	}
	return t.by[kind]
}

func (t *tally) pay(b cash.Payment, no ledger.ReceiptNo) {
	t.totals.Payments++
	if t.totals.First == "" {
		t.totals.First = no
	}
	t.totals.Last = no
	for _, tender := range b.Tenders {
		sum := t.kind(tender.Kind)
		sum.Count++
		sum.Taken = sum.Taken.Plus(tender.Amount)
	}
	if b.Change != 0 {
		sum := t.kind(cash.Cash)
		sum.Taken -= b.Change
	}
	if b.Rounding != 0 {
		t.totals.Roundings++
		t.totals.Rounding = t.totals.Rounding.Plus(b.Rounding)
	}
}

// differs notes what the Z says and the entries say otherwise.
func (z *zread) differs(what string, says, entries any) {
	if says != entries {
		z.problems = append(z.problems, fmt.Sprintf("Z %d says %s %v, the entries say %v.", z.Z, what, says, entries))
	}
}

// check compares a Z with its session, added up again.
func (z *zread) check(t *tally) {
	says, own := z.Totals, t.totals
	z.differs("float", says.Float, own.Float)
	z.differs("payments", says.Payments, own.Payments)
	z.differs("voids", says.Voids, own.Voids)
	z.differs("no-sales", says.NoSales, own.NoSales)
	z.differs("openings nobody asked for", says.Unasked, own.Unasked)
	z.differs("skims", says.Skims, own.Skims)
	z.differs("paid in", says.PaidIn, own.PaidIn)
	z.differs("paid out", says.PaidOut, own.PaidOut)
	z.differs("refunds", says.Refunds, own.Refunds)
	z.differs("refunded", says.Refunded, own.Refunded)
	z.differs("reversals", says.Reversals, own.Reversals)
	z.differs("reversed", says.Reversed, own.Reversed)
	z.differs("roundings", says.Roundings, own.Roundings)
	z.differs("rounding", says.Rounding, own.Rounding)
	z.differs("first receipt", says.First, own.First)
	z.differs("last receipt", says.Last, own.Last)
	told := make(map[cash.TenderKind]cash.TenderTotal)
	for _, sum := range says.Tenders {
		told[sum.Kind] = sum
	}
	for _, kind := range cash.TenderKinds() {
		own := *t.kind(kind)
		says, said := told[kind], strings.ToLower(word(string(kind)))
		z.differs(said+" count", says.Count, own.Count)
		z.differs(said+" taken", says.Taken, own.Taken)
		z.differs(said+" given back", says.Voided, own.Voided)
		z.differs(said+" net", says.Net, own.Taken-own.Voided)
		z.differs(said+" into bags", says.Skimmed, own.Skimmed)
	}
	z.differs("cash to be in the drawer", says.CashInDrawer, t.held[cash.Cash])
	in := own.Float + t.kind(cash.Cash).Taken - t.kind(cash.Cash).Voided + own.PaidIn - own.PaidOut - own.Refunded - t.kind(cash.Cash).Skimmed
	z.differs("cash to be in the drawer", says.CashInDrawer, in)
	var over ledger.Cents
	for _, d := range z.Differences {
		said := strings.ToLower(word(string(d.Kind)))
		z.differs(said+" expected", d.Expected, t.held[d.Kind])
		z.differs(said+" over", d.Over, d.Counted-d.Expected)
		over = over.Plus(d.Over)
	}
	z.differs("over and short", z.Over, over)
}

// checkPostings compares what a Z says with what it posted.
func (z *zread) checkPostings(e *ledger.Entry) {
	var over, sum ledger.Cents
	for _, l := range e.Lines {
		sum = sum.Plus(l.Amount)
		if l.Account == cash.AccountOverShort {
			over -= l.Amount
		}
	}
	z.differs("over and short", z.Over, over)
	z.differs("postings that sum to", ledger.Cents(0), sum)
}

// checkChain compares what a Z says of the Z before it, and of the log before it.
func (z *zread) checkChain(earlier []zread, e, before *ledger.Entry) {
	last := zread{}
	if len(earlier) > 0 {
		last = earlier[len(earlier)-1]
	}
	z.differs("its number is", z.Z, last.Z+1)
	z.differs("the hash of the Z before is", z.PreviousZ, last.leaf)
	z.differs("the hash of the log before is", z.Head, before.Leaf)
	z.differs("the grand total taken is", z.Taken, before.Totals.Taken)
	z.differs("the grand total given back is", z.Returned, before.Totals.Returned)
}
