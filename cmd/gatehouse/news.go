package main

import (
	"errors"
	"time"

	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper/spool"
	"gatehouse/paper/till"
	"gatehouse/sync/station"
	"gatehouse/ui/cashier/flow"
)

// links are the news of the way to central; nil, which never comes, where there
// is none.
func (r *running) links() (<-chan station.State, func()) {
	if r.central == nil {
		return nil, func() {}
	}
	return r.central.Subscribe()
}

// papers are the news of the printer and its spooler; nil where there is none.
func (r *running) papers() (<-chan spool.State, func()) {
	if r.spooler == nil {
		return nil, func() {}
	}
	return r.spooler.Subscribe()
}

// tills are the news of the drawers; nil where there is no printer to open them.
func (r *running) tills() (<-chan till.State, func()) {
	if r.drawers == nil {
		return nil, func() {}
	}
	return r.drawers.Subscribe()
}

// standingsOf says in the cashier's words how the drawers stand.
func standingsOf(s till.State) []flow.Drawer {
	var out []flow.Drawer
	for _, d := range s.Drawers {
		out = append(out, flow.Drawer{ID: d.Drawer, Fault: drawerFaults()[d.Fault], Open: d.Open, LeftOpen: d.LeftOpen, ByHand: d.ByHand})
	}
	return out
}

func drawerFaults() map[till.Fault]flow.DrawerFault {
	return map[till.Fault]flow.DrawerFault{till.Stuck: flow.DrawerStuck, till.Unreached: flow.DrawerUnreached}
}

// linkMemory remembers since when central is not reached; the follower says only
// when it last was.
type linkMemory struct {
	now    func() time.Time
	before bool // something was said before
	online bool
	since  time.Time
}

func (l *linkMemory) take(s station.State) flow.Link {
	online := s.Online && !s.CutOff && !s.Fork
	if !online && (l.online || !l.before) {
		l.since = s.LastContact
		if l.since.IsZero() {
			l.since = l.now()
		}
	}
	// The first word is said before anybody asked central.
	asked := l.before || online || s.Code != ""
	l.before, l.online = asked, online
	return flow.Link{Known: asked, Online: online, Relay: s.Relay && s.Online && !s.Fork, Last: s.LastContact, Since: l.since, Waiting: int(s.Waiting), Oldest: s.OldestWaiting}
}

// ledgerState says what is wrong with a ledger. It looks only at memory.
func ledgerState(b *ledger.Book) flow.LedgerState {
	switch {
	case b.Fault() != nil:
		return flow.LedgerStopped
	case b.MirrorFault() != nil:
		return flow.LedgerAlone
	}
	return ""
}

// witnessOf is the best of a station's witnesses, nil where it has none. One that
// is not this ledger's, or knows more, is said whatever the others do.
func witnessOf(all []*ledger.Witness) *flow.Witness {
	var out *flow.Witness
	for _, w := range all {
		s := w.State()
		if out == nil {
			out = &flow.Witness{}
		}
		out.Here = out.Here || s.Err == nil
		if s.At.After(out.At) {
			out.At = s.At
		}
		out.Wrong = out.Wrong || errors.Is(s.Err, ledger.ErrWitnessOther) || errors.Is(s.Err, ledger.ErrWitnessAhead) ||
			errors.Is(s.Err, ledger.ErrWitnessDiffers)
	}
	return out
}

// printerState says in the cashier's words what hinders a printer.
func printerState(s printer.Status) flow.PrinterState {
	switch s.Hindrance() {
	case printer.Unplugged, printer.Silent:
		return flow.PrinterUnplugged
	case printer.CoverOpen:
		return flow.PrinterCoverOpen
	case printer.OutOfPaper:
		return flow.PrinterPaperOut
	case printer.Faulty, printer.Offline:
		return flow.PrinterFault
	}
	if s.Form == printer.FormAwaited {
		return flow.PrinterInsertCheck
	}
	if s.Paper == printer.PaperLow {
		return flow.PrinterPaperLow
	}
	return flow.PrinterReady
}

func printerOf(s spool.State) flow.Printer {
	p := flow.Printer{State: printerState(s.Printer), Waiting: s.WaitingCount}
	if len(s.Unable) > 0 && p.State == flow.PrinterReady {
		p.State = flow.PrinterByHand
	}
	if len(s.Questions) > 0 {
		q := s.Questions[0]
		p.Question = &flow.Question{Of: q.Of, Copy: q.Copy, Receipt: ledger.ReceiptNo(q.Number)}
	}
	if f := s.VoidFailure; f != nil {
		p.VoidFailed = &flow.VoidFailed{Number: f.Number, Cannot: f.Cannot}
	}
	p.Held = heldOf(s)
	return p
}

// heldOf is the paper that would come next, or go on, if the printer could; nil
// where nothing holds it up, or it is void already.
func heldOf(s spool.State) *flow.Held {
	var next *spool.Job
	switch {
	case s.Voiding || s.Printer.Ready() && s.Printer.Job != printer.JobHeld:
	case s.Printing != nil:
		next = s.Printing
	case len(s.Waiting) > 0 && len(s.Questions) == 0:
		next = &s.Waiting[0]
	}
	if next == nil {
		return nil
	}
	return &flow.Held{Of: next.Of, Copy: next.Copy, Number: next.Number}
}
