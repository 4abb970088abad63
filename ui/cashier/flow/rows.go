package flow

import (
	"slices"
	"strings"

	"gatehouse/desk/staff"
)

// row moves in the list that the arrow keys mean now.
func (f *Flow) row(a Action) {
	by := map[Action]int{RowUp: -1, RowDown: 1, PageUp: -7, PageDown: 7}[a]
	move := func(at, n int) int { return max(0, min(at+by, n-1)) }
	switch {
	case f.m.Place == AtSignIn:
		at := slices.IndexFunc(f.m.People, func(p staff.Person) bool { return string(p.ID) == f.text(FieldWho) })
		if len(f.m.People) > 0 {
			f.put(FieldWho, string(f.m.People[move(at, len(f.m.People))].ID))
		}
	case f.m.Place == AtMenu:
		f.m.ActAt = move(f.m.ActAt, len(f.m.Acts))
	case f.m.Focus == FieldReason || f.m.Place == AtNoSale:
		f.m.Reason = move(f.m.Reason, len(f.m.Reasons))
		f.clear(FieldReason) // why it was refused
	case f.m.Place == AtUndo && f.m.Focus == FieldReceipt, f.m.Place == AtReprint:
		f.m.Chosen = move(f.m.Chosen, len(f.m.Payments))
	case f.m.Place == AtOpening, f.m.Place == AtClosing:
		f.step(by, false)
	case f.m.Place == AtWindow && f.m.Focus == FieldFind:
		f.m.Find.Chosen = move(f.m.Find.Chosen, len(f.m.Find.Rows))
		f.showChosen()
	case f.m.Place == AtWindow:
		f.m.Payment.Line = move(f.m.Payment.Line, len(f.m.Payment.Parts)+len(f.m.Payment.Tenders))
	default:
		f.stepForm(by)
	}
}

// picked takes a row that was touched.
func (f *Flow) picked(e Picked) {
	if f.errand != nil || f.m.Unsure {
		return
	}
	within := func(n int) bool { return e.Row >= 0 && e.Row < n }
	switch {
	case e.List == ListPeople && within(len(f.m.People)):
		f.put(FieldWho, string(f.m.People[e.Row].ID))
		f.m.Focus = FieldPIN
	case e.List == ListFound && within(len(f.m.Find.Rows)):
		f.m.Find.Chosen = e.Row
		f.showChosen()
		if e.Open {
			f.openRow()
		}
	case e.List == ListLines && within(len(f.m.Payment.Parts)+len(f.m.Payment.Tenders)):
		f.m.Payment.Line = e.Row
	case e.List == ListPayments && within(len(f.m.Payments)):
		f.m.Chosen = e.Row
		if e.Open && f.m.Place == AtUndo {
			f.put(FieldReceipt, "")
			f.m.Focus = FieldReceipt
			f.pickReceipt()
		}
	case e.List == ListOf("other") && f.m.Place == AtClosing && within(len(f.m.Count.Items)):
		f.m.Count.At, f.m.Focus = e.Row, FieldTicks
		if e.Open {
			f.tickRow()
		}
	case e.List == ListActs && within(len(f.m.Acts)):
		f.m.ActAt = e.Row
		if e.Open {
			f.openForm()
		}
	case strings.HasPrefix(string(e.List), "form."):
		f.pickedOfForm(strings.TrimPrefix(string(e.List), "form."), e)
	case e.List == ListReasons && within(len(f.m.Reasons)):
		f.m.Reason = e.Row
		f.clear(FieldReason)
		if e.Open && f.m.Place == AtUndo {
			f.m.Focus = FieldApprover
		}
		if e.Open && f.m.Place == AtCounted {
			f.next()
		}
	}
}
