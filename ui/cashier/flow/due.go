package flow

import (
	"fmt"
	"slices"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// DueCounts tells which surprise counts somebody should make now; *cash.Duty does.
type DueCounts interface {
	DueCounts(*ledger.State) ([]cash.RotaLine, error)
}

// DueCount is a drawer that is due to be counted by surprise.
type DueCount struct {
	Drawer cash.DrawerID
	Who    staff.ID // who works it
}

// readDue reads which drawers are due to be counted, and what waits too long. A station
// whose policy draws no counts has none.
func (r *Runner) readDue(e ReadDue) Event {
	var out DueRead
	out.Err = r.Desk.Read(func(s *ledger.State) (err error) {
		if out.Old, err = e.Safe.AllOld(s); err != nil || r.Cash == nil || !e.Counts {
			return err
		}
		lines, err := r.Cash.DueCounts(s)
		for _, line := range lines {
			session, open, err := cash.SessionAt(s, line.Drawer)
			if err != nil {
				return err
			}
			if open {
				out.Due = append(out.Due, DueCount{Drawer: line.Drawer, Who: session.Who})
			}
		}
		return err
	})
	return out
}

// readDue asks what is due, for somebody who may do it.
func (f *Flow) readDue() {
	ask := ReadDue{Counts: f.d.Staff.May(f.m.Me.Role, staff.CountOthers)}
	if f.d.Staff.May(f.m.Me.Role, staff.Bank) {
		ask.Safe = f.d.Safe
	}
	if ask.Counts || ask.Safe.Waits() {
		f.do(ask)
	}
}

// dueRead takes what is due. A reading that failed leaves what is known: the next comes
// within a minute.
func (f *Flow) dueRead(e DueRead) {
	if e.Err == nil {
		f.m.Due, f.m.Old = e.Due, e.Old
	}
}

// dueForMe are the counts that are due and that the person may make: never of a
// drawer they work themselves, and of no one at all while they have cash duty.
func (f *Flow) dueForMe() []DueCount {
	if !f.mayAct(ActSurprise) || f.m.Session.ID != "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.m.Due), func(d DueCount) bool { return d.Who == f.m.Me.ID })
}

// dueNotice tells of what is due: first of money that waits longer than is ever allowed,
// then calmly of a count, and of money that is late.
func (f *Flow) dueNotice() *Notice {
	if f.m.Place != AtWindow {
		return nil
	}
	if len(f.m.Old) > 0 && f.m.Old[0].Age == safe.Overdue {
		return f.oldNotice(Look, "money_overdue")
	}
	if due := f.dueForMe(); len(due) > 0 {
		return &Notice{Level: Quiet, Name: "count_due", Args: map[string]string{"drawer": string(due[0].Drawer)}}
	}
	if len(f.m.Old) > 0 {
		return f.oldNotice(Quiet, "money_late")
	}
	return nil
}

// oldNotice names the oldest. How much it is, who counts it for its deposit is not told.
func (f *Flow) oldNotice(level Level, name string) *Notice {
	oldest := f.m.Old[0]
	return &Notice{Level: level, Name: name, Args: map[string]string{"id": oldest.ID, "n": fmt.Sprint(len(f.m.Old)),
		"since": ledger.DateOf(oldest.Since.In(f.d.Now().Location())).String(), "source": f.d.Safe.Source}}
}
