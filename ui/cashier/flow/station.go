package flow

import (
	"fmt"
	"reflect"
	"slices"
	"time"
)

// The questions.
const (
	askCameOut = "came_out"
	askDiscard = "discard"
	askVoid    = "void_paper"
)

// asking asks a question that the person opened, or takes it back.
func (f *Flow) asking(what string) { f.m.Ask, f.asked = nil, what }

// ask is the question that waits: the person's own first, then the spooler's,
// which never hinders a payment.
func (f *Flow) ask() *Ask {
	if f.m.Place != AtWindow {
		return nil
	}
	switch {
	case f.asked == askDiscard && f.m.Begun():
		return &Ask{Name: askDiscard, Answers: []Action{Discard, Keep}}
	case f.asked == askVoid && f.m.Printer.Held != nil:
		return &Ask{Name: askVoid, Args: map[string]string{"number": f.m.Printer.Held.Number}, Answers: []Action{VoidPaper, Keep}}
	}
	if q := f.m.Printer.Question; q != nil {
		return &Ask{Name: askCameOut, Args: map[string]string{"receipt": string(q.Receipt)}, Answers: []Action{CameOut, NotOut}}
	}
	return nil
}

func (f *Flow) answerQuestion(cameOut bool) {
	q := f.m.Printer.Question
	if q == nil {
		return
	}
	f.send(Errand{kind: errandAnswer, question: *q, cameOut: cameOut})
}

// askVoid asks whether no more of the held paper is to come out.
func (f *Flow) askVoid() {
	if f.m.Place == AtHelp {
		f.leaveHelp()
	}
	f.asking(askVoid)
}

func (f *Flow) voidPaper() {
	held := *f.m.Printer.Held
	f.asking("")
	f.send(Errand{kind: errandVoidPaper, held: held})
}

// printer takes news of the printer. A new question, or another paper that is held
// up, gets an id of its own, and nothing is asked any more of the one before.
func (f *Flow) printer(p Printer) {
	if q, was := p.Question, f.m.Printer.Question; q != nil && (was == nil || *was != *q) && f.errand == nil {
		delete(f.ids, errandAnswer)
	}
	if h, was := p.Held, f.m.Printer.Held; h == nil || was == nil || *h != *was {
		if f.asked == askVoid {
			f.asking("")
		}
		if f.errand == nil {
			delete(f.ids, errandVoidPaper)
		}
	}
	if n := f.m.Notice; p.VoidFailed != nil && f.m.Printer.VoidFailed == nil && n != nil && n.Name == "paper_void" {
		f.m.Notice = nil // it was promised too soon
	}
	f.m.Printer = p
}

// trouble is what is wrong with the station, in a sentence.
func (f *Flow) trouble() *Notice {
	switch f.m.Ledger {
	case LedgerStopped:
		return &Notice{Level: Bad, Name: "ledger_stopped"}
	case LedgerAlone:
		return &Notice{Level: Look, Name: "ledger_alone"}
	}
	if n := f.drawerTrouble(); n != nil && n.Level == Bad {
		return n
	}
	if n := f.printerTrouble(); n != nil {
		return n
	}
	if n := f.drawerTrouble(); n != nil {
		return n
	}
	limit := f.d.Cash.Limit
	switch {
	case f.m.NoCash:
		return &Notice{Level: Look, Name: "drawer_no_cash", Args: map[string]string{"stop": limit.Stop.String()}}
	case f.m.Full:
		return &Notice{Level: Look, Name: "drawer_full", Args: map[string]string{"warn": limit.Warn.String()}}
	}
	return f.dueNotice()
}

func (f *Flow) printerTrouble() *Notice {
	if v := f.m.Printer.VoidFailed; v != nil {
		n := &Notice{Level: Look, Name: "void_unsure", Args: map[string]string{"number": v.Number}}
		if v.Cannot {
			n.Name = "void_cannot"
		}
		return n
	}
	switch f.m.Printer.State {
	case PrinterPaperOut, PrinterCoverOpen, PrinterUnplugged, PrinterFault:
	default:
		return nil
	}
	n := &Notice{Level: Look, Name: "printer_" + string(f.m.Printer.State)}
	if f.m.Done != nil {
		n.Name += "_saved"
		n.Args = map[string]string{"receipt": string(f.m.Done.Receipt)}
	} else if f.m.Printer.Waiting > 0 {
		n.Name += "_waiting"
		n.Args = map[string]string{"n": fmt.Sprint(f.m.Printer.Waiting)}
	}
	return n
}

// When a drawer that stands open is told of, calmly and then not; and how long
// what is over stays to be read.
const (
	leftOpenAlarm = 2 * time.Minute
	drawerNews    = time.Minute
)

// drawers takes news of the drawers.
func (f *Flow) drawers(all []Drawer) {
	if !slices.Equal(all, f.m.Drawers) {
		f.told = f.d.Now()
	}
	f.m.Drawers = all
}

// drawerTrouble is what is most to be told of the drawers; nil is nothing.
func (f *Flow) drawerTrouble() *Notice {
	var worst *Notice
	for _, d := range f.m.Drawers {
		if n := f.troubleOf(d); n != nil && (worst == nil || n.Level > worst.Level) {
			worst = n
		}
	}
	return worst
}

// troubleOf is what is to be told of one drawer. While somebody counts, theirs
// stands open on purpose.
func (f *Flow) troubleOf(d Drawer) *Notice {
	fresh := f.d.Now().Sub(f.told) < drawerNews
	_, form := f.formOf()
	counting := f.m.Place == AtOpening || f.m.Place == AtClosing || f.m.Place == AtCounted || form
	n := &Notice{Level: Look, Args: map[string]string{"drawer": string(d.ID)}}
	switch {
	case d.Fault != "" && fresh:
		n.Level, n.Name = Bad, "drawer_"+string(d.Fault)
	case d.LeftOpen >= leftOpenAlarm && !counting:
		n.Level, n.Name = Bad, "drawer_left_open_long"
		n.Args["n"] = fmt.Sprint(int(d.LeftOpen.Minutes()))
	case d.ByHand > 0 && (d.Open || fresh):
		n.Name = "drawer_by_hand"
	case d.LeftOpen > 0 && !counting:
		n.Name = "drawer_left_open"
	default:
		return nil
	}
	if d.ID == "" {
		n.Name += "_which"
	}
	return n
}

// outdated reports whether what is told of the station grew old.
func (f *Flow) outdated() bool { return !reflect.DeepEqual(f.trouble(), f.m.Trouble) }

// Notices lists the names of all sentences that a flow may ask for.
func Notices() []string {
	out := []string{"no_id", "people_unread", "unread", "look_up_only", "shown_only", "no_drawer", "discarded", "choose_tender",
		"no_sale", "x_report", "reprint", "voided", "reversed", "came_out", "printed_again", "paper_failed",
		"was_stored", "draft_back", "draft_not_kept", "draft_unread", "ledger_stopped", "ledger_alone",
		"scan_not_here", "check_wanted", "check_unread", "check_seen", "check_no_account", "paper_void", "void_unsure", "void_cannot", "drawer_stuck", "drawer_unreached",
		"drawer_full", "drawer_no_cash", "count_due", "money_late", "money_overdue", "drawer_left_open", "drawer_left_open_long", "drawer_by_hand",
		"drawer_left_open_which", "drawer_left_open_long_which", "drawer_by_hand_which"}
	for _, a := range Acts() {
		out = append(out, "form_"+string(a))
	}
	for _, what := range []string{"payment", "undo", "close", "other"} {
		out = append(out, "not_stored."+what, "unsure."+what)
	}
	for _, state := range []PrinterState{PrinterPaperOut, PrinterCoverOpen, PrinterUnplugged, PrinterFault} {
		for _, end := range []string{"", "_saved", "_waiting"} {
			out = append(out, "printer_"+string(state)+end)
		}
	}
	return out
}

// data takes news of customers and staff. When a fresh set took the place of the one
// before, what is on the screen is read again: the cashier sees the new balance before
// the money is taken.
func (f *Flow) data(d Data) {
	fresh := d.Fresh != f.m.Data.Fresh
	f.m.Data = d
	if !fresh {
		return
	}
	f.do(ReadPeople{})
	if a := f.m.Account; a != nil && f.partOf(a.Standing.Customer.No) < 0 {
		f.do(ReadAccount{a.Standing.Customer.No})
	}
	for _, p := range f.m.Payment.Parts {
		f.do(ReadAccount{p.No})
	}
}
