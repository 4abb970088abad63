package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// difference is one count that was compared with the books and posted.
type difference struct {
	date        ledger.Date
	seq         uint64
	who, drawer string
	what        string // the Z, the deposit, the safe
	over        ledger.Cents
	reason      string
	approver    string
	reported    bool
}

// differences are the counts of the period that may post to over and short: floats
// that were not what the last close left, closes, and the counts of the safe and of
// deposits.
func (r *run) differences() (all []difference, err error) {
	err = r.within(func(e *ledger.Entry) error {
		switch e.Kind {
		case cash.KindDrawerOpened:
			return with(e, func(b cash.DrawerOpened) {
				if off := b.Float - b.Expected; off != 0 {
					all = append(all, difference{e.Date, e.Seq, b.Name, "Drawer " + string(b.Drawer), "Opening", off, b.Reason, "", false})
				}
			})
		case cash.KindDrawerClosed:
			return with(e, func(b cash.DrawerClosed) {
				reason := b.Reason
				if b.Memo != "" {
					reason = strings.TrimPrefix(reason+": "+b.Memo, ": ")
				}
				all = append(all, difference{e.Date, e.Seq, b.Name, "Drawer " + string(b.Drawer), fmt.Sprintf("Z %d", b.Z), b.Over, reason, b.ApproverName, b.Report})
			})
		case safe.KindCounted:
			return with(e, func(b safe.Counted) {
				all = append(all, difference{e.Date, e.Seq, b.Name, "Safe", "Safe count", b.Over, unlike(b), b.WitnessName, false})
			})
		case safe.KindDeposit:
			return with(e, func(b safe.Deposit) {
				all = append(all, difference{e.Date, e.Seq, b.By, "Deposits", b.No, b.Over, b.Note, b.WitnessName, false})
			})
		}
		return nil
	})
	return all, err
}

func (r *run) overByCashier() (Table, error) {
	return r.overBy("Cashier", "Drawer", func(d difference) (string, string) { return d.who, d.drawer })
}

func (r *run) overByDrawer() (Table, error) {
	return r.overBy("Drawer", "Cashier", func(d difference) (string, string) { return d.drawer, d.who })
}

// overBy groups the differences, each group in the order of time.
func (r *run) overBy(group, beside string, split func(difference) (string, string)) (Table, error) {
	all, err := r.differences()
	if err != nil {
		return Table{}, err
	}
	slices.SortStableFunc(all, func(a, b difference) int {
		one, _ := split(a)
		other, _ := split(b)
		return cmp.Or(strings.Compare(one, other), cmp.Compare(a.date, b.date), cmp.Compare(a.seq, b.seq))
	})
	t := Table{Columns: []Column{{Title: group, Lead: true}, {Title: "Date", Lead: true}, {Title: beside}, {Title: "Count"},
		{Title: "Over", Form: Money}, {Title: "Short", Form: Money}, {Title: "Over/short", Form: Money},
		{Title: "Reason"}, {Title: "Approved by"}, {Title: "Finance told"}},
		Picture: &Picture{Title: "Over and short by " + strings.ToLower(group) + ", by date", Shape: Standing}}
	var over, short ledger.Cents
	var reported int
	for len(all) > 0 {
		name, _ := split(all[0])
		n := slices.IndexFunc(all, func(d difference) bool { other, _ := split(d); return other != name })
		if n < 0 {
			n = len(all)
		}
		o, s, told := t.overGroup(name, all[:n], split)
		over, short, reported = over.Plus(o), short.Plus(s), reported+told
		all = all[n:]
	}
	t.Totals = []Cell{say("Total"), {}, {}, {}, money(over), money(short), money(over.Plus(short)), {}, {}, tell(reported)}
	t.note("A count that agreed stands with nothing over and nothing short. An opening stands here where the float was not what the last close left. A bag that a count of the safe did not find is named as its reason, and stays in the books. The total is what was posted to %s in the period.", cash.AccountOverShort)
	return t, nil
}

// overGroup writes the differences of one cashier or drawer, their sum, and their bars:
// one for each business date.
func (t *Table) overGroup(name string, all []difference, split func(difference) (string, string)) (over, short ledger.Cents, reported int) {
	panel := Panel{Name: name}
	var entries []uint64
	for _, d := range all {
		_, beside := split(d)
		o, s := max(0, d.over), min(0, d.over)
		over, short = over.Plus(o), short.Plus(s)
		told := Cell{}
		if d.reported {
			reported++
			told = say("yes")
		}
		t.row([]uint64{d.seq}, say(name), say(d.date.String()), say(beside), say(d.what), some(o), some(s), money(d.over), say(d.reason), say(d.approver), told)
		entries = append(entries, d.seq)
		date := d.date.String()
		if last := len(panel.Bars) - 1; last >= 0 && panel.Bars[last].Name == date {
			panel.Bars[last].Value = panel.Bars[last].Value.Plus(d.over)
		} else {
			panel.Bars = append(panel.Bars, Bar{date, d.over})
		}
	}
	panel.Sum = over.Plus(short)
	t.Picture.Panels = append(t.Picture.Panels, panel)
	t.subtotal(entries, say(name), say(count(len(all), "count")), Cell{}, Cell{}, money(over), money(short), money(panel.Sum), Cell{}, Cell{}, Cell{})
	return over, short, reported
}

// tell says how often finance was told.
func tell(n int) Cell {
	if n == 0 {
		return Cell{}
	}
	return say(count(n, "time"))
}

// count writes "1 count", "2 counts".
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
