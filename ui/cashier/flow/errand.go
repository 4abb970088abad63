package flow

import (
	"errors"

	"gatehouse/desk"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// errandKind is what an errand is for.
type errandKind int

const (
	errandSignIn errandKind = iota + 1
	errandUnlock
	errandSignOut
	errandOpen
	errandPay
	errandUndo
	errandNoSale
	errandX
	errandBegin
	errandCount
	errandClose
	errandForm
	errandReprint
	errandAnswer
	errandVoidPaper
)

// Errand is an order on its way to the desk, or to the paper.
type Errand struct {
	kind     errandKind
	serial   uint64
	order    desk.Order
	receipt  ledger.ReceiptNo // of a reprint
	question Question         // of an answer
	held     Held             // of a void of paper
	cameOut  bool
}

// Do is the command, for who carries errands out some other way.
func (e Errand) Do() any { return e.order.Do }

func order(do any) desk.Order { return desk.Order{Do: do} }

// openID makes the id of an action when it is opened, if it has none yet.
func (f *Flow) openID(kind errandKind) (ledger.CommandID, bool) {
	if id, ok := f.ids[kind]; ok {
		return id, true
	}
	id, err := f.d.NewID()
	if err != nil {
		f.notice(Bad, "no_id")
		return id, false
	}
	f.ids[kind] = id
	return id, true
}

// send sends an errand. Its id stays the same until it is known what became of it.
func (f *Flow) send(e Errand) {
	id, ok := f.openID(e.kind)
	if !ok {
		return
	}
	e.order.ID = id
	if e.order.By == "" {
		e.order.By = f.m.Me.ID
	}
	f.carry(e)
}

func (f *Flow) carry(e Errand) {
	f.serial++
	e.serial = f.serial
	f.errand = &e
	f.m.Busy = Idle
	f.do(Order{Serial: e.serial, Errand: e},
		Later{signAfter, due{dueSign, e.serial}}, Later{longAfter, due{dueLong, e.serial}})
}

// retry asks again, with the same id and the same content.
func (f *Flow) retry() {
	if f.stuck != nil {
		f.carry(*f.stuck)
	}
}

// ordered takes the desk's answer. A refusal and a disk that said no leave all as
// it was typed; anything else means that nobody knows yet, so the ledger is asked.
func (f *Flow) ordered(e Ordered) {
	if f.errand == nil || e.Serial != f.errand.serial {
		return
	}
	if e.Err == nil {
		f.finished(e.Entries)
		return
	}
	if r, ok := ledger.AsRefusal(e.Err); ok {
		done := f.end()
		f.refused(done, r)
		return
	}
	if errors.Is(e.Err, ledger.ErrNotStored) {
		f.notStored(f.end())
		return
	}
	if f.errand.kind == errandReprint || f.errand.ofPaper() {
		f.end()
		f.notice(Bad, "paper_failed")
		return
	}
	f.do(Settle{Serial: e.Serial, ID: f.errand.order.ID})
}

// settled takes the ledger's word on an errand of which the desk did not know.
func (f *Flow) settled(e Settled) {
	if f.recover != nil && e.Serial == 0 {
		f.recovered(e)
		return
	}
	if f.errand == nil || e.Serial != f.errand.serial {
		return
	}
	switch {
	case e.Err != nil:
		was := f.end()
		f.stuck, f.m.Unsure = &was, true
		f.notice(Bad, "unsure."+was.name())
	case len(e.Entries) > 0:
		f.finished(e.Entries)
	default:
		f.notStored(f.end())
	}
}

// end takes the errand off its way.
func (f *Flow) end() Errand {
	was := *f.errand
	f.errand = nil
	f.stuck, f.m.Unsure = nil, false
	return was
}

func (f *Flow) notStored(was Errand) { f.notice(Bad, "not_stored."+was.name()) }

// ofPaper says that an errand is about paper only: nothing that is typed belongs
// to it.
func (e Errand) ofPaper() bool { return e.kind == errandAnswer || e.kind == errandVoidPaper }

// name is how sentences call the errand.
func (e Errand) name() string {
	switch e.kind {
	case errandPay:
		return "payment"
	case errandUndo:
		return "undo"
	case errandCount, errandClose:
		return "close"
	}
	return "other"
}

// finished goes on after an errand that is on disk.
func (f *Flow) finished(entries []ledger.Entry) {
	was := f.end()
	delete(f.ids, was.kind)
	switch was.kind {
	case errandSignIn, errandUnlock:
		f.signedIn(was.order.By)
	case errandSignOut:
		f.signedOut()
	case errandOpen:
		f.opened(entries)
	case errandPay:
		f.paid(entries)
	case errandUndo:
		f.undone(entries)
	case errandNoSale:
		f.clear(FieldReason)
		f.toWindow()
		f.notice(Good, "no_sale")
	case errandX:
		f.notice(Good, "x_report")
	case errandBegin:
		if _, form := f.formOf(); !form {
			f.goCount(AtClosing)
		}
	case errandForm:
		f.formDone(entries)
	case errandCount:
		f.counted(entries)
	case errandClose:
		f.closed(entries)
	case errandReprint:
		f.put(FieldReceipt, "")
		f.toWindow()
		f.notice(Good, "reprint", "receipt", string(was.receipt))
	case errandAnswer:
		f.m.Printer.Question = nil
		f.notice(Good, map[bool]string{true: "came_out", false: "printed_again"}[was.cameOut])
	case errandVoidPaper:
		f.m.Printer.Held = nil
		f.notice(Good, "paper_void", "number", was.held.Number)
	}
}

// refused shows a refusal at the field it is about, or as a notice.
func (f *Flow) refused(was Errand, r *ledger.Refusal) {
	for _, secret := range []Field{FieldPIN, FieldApproverPIN} {
		f.put(secret, "")
	}
	if field, ok := f.fieldOf(was.kind, r); ok {
		f.refuse(field, r)
		return
	}
	f.noticeRefusal(r)
}

// fieldOf finds the field that a refusal is about.
func (f *Flow) fieldOf(kind errandKind, r *ledger.Refusal) (Field, bool) {
	if _, form := f.formOf(); form && (kind == errandForm || kind == errandBegin) {
		return f.refusedForm(r)
	}
	switch r.Field {
	case "who":
		return FieldWho, true
	case "pin":
		return FieldPIN, true
	case "approver":
		return FieldApprover, true
	case "approver_pin":
		return FieldApproverPIN, true
	case "receipt":
		return FieldReceipt, true
	case "note":
		return FieldNote, true
	case "memo":
		return FieldMemo, true
	case "amount":
		return FieldAmount, f.m.Payment.Active >= 0
	case "number", "reference", "last_four":
		return Field(r.Field), f.m.Payment.Entry != ""
	case "tenders":
		return FieldTendered, f.m.Payment.Entry != ""
	case "reason":
		if kind == errandOpen {
			f.m.Reasons, f.m.Reason = f.d.Cash.Reasons.Float, -1
		}
		return FieldReason, true
	case "count":
		if value, err := ledger.ParseAmount(r.Args["value"]); err == nil {
			return CountField(value), true
		}
	}
	return NoField, false
}

// clear empties fields.
func (f *Flow) clear(fields ...Field) {
	for _, field := range fields {
		delete(f.m.Inputs, field)
	}
}

// person finds somebody of the roster by what was typed.
func (f *Flow) lookUpPerson(typed string) (staff.Person, bool) {
	for _, p := range f.m.People {
		if string(p.ID) == typed {
			return p, true
		}
	}
	return staff.Person{}, false
}
