package flow

import (
	"slices"

	"gatehouse/desk/cash"
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

// readDue reads which drawers are due to be counted. A station whose policy draws no
// counts has none.
func (r *Runner) readDue() Event {
	var out DueRead
	if r.Cash == nil {
		return out
	}
	out.Err = r.Desk.Read(func(s *ledger.State) error {
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

// readDue asks which counts are due, for somebody who may make one.
func (f *Flow) readDue() {
	if f.d.Staff.May(f.m.Me.Role, staff.CountOthers) {
		f.do(ReadDue{})
	}
}

// dueRead takes which counts are due. A reading that failed leaves what is known: the
// next comes within a minute.
func (f *Flow) dueRead(e DueRead) {
	if e.Err == nil {
		f.m.Due = e.Due
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

// dueNotice tells calmly of a count that is due.
func (f *Flow) dueNotice() *Notice {
	due := f.dueForMe()
	if len(due) == 0 || f.m.Place != AtWindow {
		return nil
	}
	return &Notice{Level: Quiet, Name: "count_due", Args: map[string]string{"drawer": string(due[0].Drawer)}}
}
