package report

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// Rollup is what the Z reports of a period come to.
type Rollup struct {
	Period   Period
	Zs       []uint64         // their numbers, in order
	Sessions []cash.SessionID // in the order of the Zs
	Tenders  []RolledTender   // money that came in: of cash, and what else was taken
	// Credit is credit of a customer that was applied to what they owe: no money came in.
	Credit cash.TenderTotal
	Payments, Voids, NoSales, Unasked,
	Skims, Refunds, Roundings int
	PaidIn, PaidOut, Refunded, Rounding ledger.Cents
	Over                                ledger.Cents // counted less expected
	// Floats is what floats were over or short at the openings.
	Floats ledger.Cents
	// Reversals are payments taken back after their session. They are no part of
	// any Z.
	Reversals int
	Reversed  ledger.Cents
	// TakenBefore and ReturnedBefore are the grand totals at the Z before the
	// first; Taken and Returned those at the last. They are never reset.
	TakenBefore, ReturnedBefore, Taken, Returned ledger.Cents
	Before                                       ledger.Leaf // hash of the Z before the first; zero where there is none
	Last                                         ledger.Leaf // hash of the last Z
	Open                                         []cash.SessionID
	Problems                                     []string // where a Z disagrees with the entries
	Entries                                      []uint64
}

// RolledTender is what was taken by one means of payment.
type RolledTender struct {
	cash.TenderTotal
	Over ledger.Cents
}

// First and end of the numbers.
func (r *Rollup) numbers() string {
	switch len(r.Zs) {
	case 0:
		return "none"
	case 1:
		return fmt.Sprint(r.Zs[0])
	}
	return fmt.Sprintf("%d to %d", r.Zs[0], r.Zs[len(r.Zs)-1])
}

// Rollups are the roll-ups of periods, made in one reading of the log.
func Rollups(s *ledger.State, periods ...Period) ([]Rollup, error) {
	return newRun(s, Ask{}).rollups(periods...)
}

func (r *run) rollups(periods ...Period) ([]Rollup, error) {
	book, err := r.readZs()
	if err != nil {
		return nil, err
	}
	all := make([]Rollup, 0, len(periods))
	for _, p := range periods {
		all = append(all, book.roll(p, r.order))
	}
	return all, nil
}

// roll adds the Zs of a period up.
func (b *zbook) roll(p Period, sessions []*session) Rollup {
	out := Rollup{Period: p}
	byKind := make(map[cash.TenderKind]*RolledTender)
	for _, kind := range cash.TenderKinds() {
		byKind[kind] = &RolledTender{TenderTotal: cash.TenderTotal{Kind: kind}}
	}
	for i, z := range b.zs {
		if !p.Has(z.date) {
			continue
		}
		if len(out.Zs) == 0 && i > 0 {
			before := b.zs[i-1]
			out.Before, out.TakenBefore, out.ReturnedBefore = before.leaf, before.Taken, before.Returned
		}
		out.Last, out.Taken, out.Returned = z.leaf, z.Taken, z.Returned
		out.Zs = append(out.Zs, z.Z)
		out.Sessions = append(out.Sessions, z.Session)
		out.Entries = append(out.Entries, z.seq)
		out.Problems = append(out.Problems, z.problems...)
		out.add(&z, byKind)
	}
	out.Credit = byKind[cash.Credit].TenderTotal
	for _, kind := range moneyKinds() {
		if sum := byKind[kind]; kind == cash.Cash || *sum != (RolledTender{TenderTotal: cash.TenderTotal{Kind: kind}}) {
			out.Tenders = append(out.Tenders, *sum)
		}
	}
	for _, back := range b.reversals {
		if p.Has(back.date) {
			out.Reversals++
			out.Reversed = out.Reversed.Plus(back.total)
		}
	}
	for _, one := range sessions {
		if p.Has(one.date) {
			out.Floats = out.Floats.Plus(one.Float - one.Expected)
		}
		if one.closed == 0 && p.Has(one.date) {
			out.Open = append(out.Open, one.Session)
		}
	}
	return out
}

func (r *Rollup) add(z *zread, byKind map[cash.TenderKind]*RolledTender) {
	t := z.Totals
	for _, from := range t.Tenders {
		to, known := byKind[from.Kind]
		if !known {
			continue
		}
		to.Count += from.Count
		to.Taken = to.Taken.Plus(from.Taken)
		to.Voided = to.Voided.Plus(from.Voided)
		to.Net = to.Net.Plus(from.Net)
		to.Skimmed = to.Skimmed.Plus(from.Skimmed)
	}
	for _, d := range z.Differences {
		if to, known := byKind[d.Kind]; known {
			to.Over = to.Over.Plus(d.Over)
		}
	}
	r.Payments += t.Payments
	r.Voids += t.Voids
	r.NoSales += t.NoSales
	r.Unasked += t.Unasked
	r.Skims += t.Skims
	r.Refunds += t.Refunds
	r.Roundings += t.Roundings
	r.PaidIn, r.PaidOut = r.PaidIn.Plus(t.PaidIn), r.PaidOut.Plus(t.PaidOut)
	r.Refunded, r.Rounding = r.Refunded.Plus(t.Refunded), r.Rounding.Plus(t.Rounding)
	r.Over = r.Over.Plus(z.Over)
}

// Sums are the money that came in, was given back by voids, and is left, all means
// together; credit that was applied is not among it.
func (r *Rollup) Sums() (taken, back, net ledger.Cents) {
	for _, t := range r.Tenders {
		taken, back, net = taken.Plus(t.Taken), back.Plus(t.Voided), net.Plus(t.Net)
	}
	return taken, back, net
}

// takenMeans is what the figures mean in every report that has them.
const takenMeans = "Taken is money that came in, less change. Net is taken less given back. Credit applied came in before, and is in neither."

// moneyKinds are the means of payment by which money comes in.
func moneyKinds() []cash.TenderKind {
	return slices.DeleteFunc(cash.TenderKinds(), func(k cash.TenderKind) bool { return k == cash.Credit })
}

func (r *run) rollup() (Table, error) {
	all, err := r.rollups(r.ask.Period)
	if err != nil {
		return Table{}, err
	}
	one := &all[0]
	t := Table{Facts: one.facts(), Columns: []Column{
		{Title: "Tender", Lead: true}, {Title: "Count", Form: Number}, {Title: "Taken", Form: Money}, {Title: "Given back", Form: Money},
		{Title: "Net", Form: Money}, {Title: "Into bags", Form: Money}, {Title: "Over/short", Form: Money}}}
	var count int
	var skimmed ledger.Cents
	for _, sum := range one.Tenders {
		t.row(one.Entries, say(word(string(sum.Kind))), number(sum.Count), money(sum.Taken), money(sum.Voided), money(sum.Net), money(sum.Skimmed), money(sum.Over))
		count += sum.Count
		skimmed = skimmed.Plus(sum.Skimmed)
	}
	taken, back, net := one.Sums()
	t.Totals = []Cell{say("Total"), number(count), money(taken), money(back), money(net), money(skimmed), money(one.Over)}
	one.notes(&t)
	return t, nil
}

// facts are what is said above the tenders.
func (r *Rollup) facts() []Fact {
	f := []Fact{{"Z reports", r.numbers()}, {"Sessions closed", fmt.Sprint(len(r.Zs))},
		{"Payments", fmt.Sprint(r.Payments)}, {"Voids", fmt.Sprint(r.Voids)}}
	more := func(name string, n int, sum ledger.Cents) {
		if n > 0 {
			f = append(f, Fact{name, fmt.Sprintf("%d, %s", n, sum)})
		}
	}
	more("Credit applied, no money came in", r.Credit.Count, r.Credit.Net)
	more("Refunds in cash", r.Refunds, r.Refunded)
	more("Roundings of cash", r.Roundings, r.Rounding)
	more("Reversals after the close", r.Reversals, r.Reversed)
	if r.PaidIn != 0 || r.PaidOut != 0 {
		f = append(f, Fact{"Paid in / paid out", r.PaidIn.String() + " / " + r.PaidOut.String()})
	}
	if r.Floats != 0 {
		f = append(f, Fact{"Floats over/short at openings", r.Floats.String()})
	}
	f = append(f, Fact{"Drawer opened without a sale", fmt.Sprint(r.NoSales)}, Fact{"Drawer opened and nobody asked", fmt.Sprint(r.Unasked)})
	if len(r.Zs) > 0 {
		f = append(f, Fact{"Grand total of all receipts, before and after", r.TakenBefore.String() + " / " + r.Taken.String()},
			Fact{"Grand total taken back, before and after", r.ReturnedBefore.String() + " / " + r.Returned.String()},
			Fact{"Z before", hash(r.Before)}, Fact{"Last Z", hash(r.Last)})
	}
	return f
}

func hash(l ledger.Leaf) string {
	if l == (ledger.Leaf{}) {
		return "none"
	}
	return l.String()
}

func (r *Rollup) notes(t *Table) {
	for _, p := range r.Problems {
		t.note("%s%s", disagrees, p)
	}
	if len(r.Problems) == 0 && len(r.Zs) > 0 {
		t.note("Every Z was added up again from the entries of its session and agrees. Each carries the hash of the Z before it.")
	}
	if len(r.Zs) > 0 {
		var other []string
		for n := r.Zs[0]; n <= r.Zs[len(r.Zs)-1]; n++ {
			if !slices.Contains(r.Zs, n) {
				other = append(other, fmt.Sprint(n))
			}
		}
		if len(other) > 0 {
			t.note("Z %s in between: sessions that were opened on another business date.", strings.Join(other, ", "))
		}
	}
	if len(r.Zs) > 0 {
		t.note(takenMeans)
	}
	for _, id := range r.Open {
		t.note("Session %s is still open and has no Z yet.", id)
	}
}

// days is a line for each business date.
func (r *run) days() (Table, error) {
	book, err := r.readZs()
	if err != nil {
		return Table{}, err
	}
	dates := make(map[ledger.Date]bool)
	for _, z := range book.zs {
		dates[z.date] = r.ask.Period.Has(z.date)
	}
	t := Table{Columns: []Column{{Title: "Date", Lead: true}, {Title: "Z", Lead: true}, {Title: "Sessions", Form: Number}, {Title: "Payments", Form: Number},
		{Title: "Taken", Form: Money}, {Title: "Given back", Form: Money}, {Title: "Net", Form: Money}, {Title: "Credit applied", Form: Money}, {Title: "Over/short", Form: Money}}}
	bars := Panel{}
	for _, date := range inOrder(dates) {
		if !dates[date] {
			continue
		}
		one := book.roll(Day(date), nil)
		taken, back, net := one.Sums()
		t.row(one.Entries, say(date.String()), say(one.numbers()), number(len(one.Zs)), number(one.Payments), money(taken), money(back), money(net), some(one.Credit.Net), money(one.Over))
		bars.Bars = append(bars.Bars, Bar{date.String(), net})
	}
	all := book.roll(r.ask.Period, r.order)
	taken, back, net := all.Sums()
	t.Totals = []Cell{say("Total"), say(all.numbers()), number(len(all.Zs)), number(all.Payments), money(taken), money(back), money(net), money(all.Credit.Net), money(all.Over)}
	all.notes(&t)
	bars.Sum = net
	t.Picture = &Picture{Title: "Net taken by day", Shape: Standing, Panels: []Panel{bars}}
	return t, nil
}
