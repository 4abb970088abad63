package flow

import (
	"context"
	"sync"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// CheckLine is what may be known of the magnetic line of a check. The account itself is
// not: who reads the line keeps it out of here. Empty is what could not be read.
type CheckLine struct {
	Number      string
	Routing     string // of the bank
	AccountEnds string // last four digits
}

// CheckReader reads the check that is put into it. It waits until the context ends, or
// until its own patience does.
type CheckReader interface {
	ReadCheck(context.Context) (CheckLine, error)
}

// SeenChecks finds the check that one looks like; *cash.Duty does.
type SeenChecks interface {
	SeenCheck(*ledger.State, ledger.Date, cash.Tender) (cash.SeenCheck, bool, error)
}

// reading keeps one check at a time waited for. A stop may overtake its reading.
type reading struct {
	mu      sync.Mutex
	stopped uint64 // serial of the newest that is not wanted any more
	end     context.CancelFunc
}

// begin is the context to read in; it has ended where the reading is not wanted.
func (r *reading) begin(ctx context.Context, serial uint64) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancel(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if serial <= r.stopped {
		end()
		return ctx, end
	}
	r.end = end
	return ctx, end
}

func (r *reading) stop(serial uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = max(r.stopped, serial)
	if r.end != nil {
		r.end()
		r.end = nil
	}
}

func (r *Runner) readCheck(ctx context.Context, e ReadCheck) Event {
	ctx, end := r.reading.begin(ctx, e.Serial)
	defer end()
	line, err := r.Checks.ReadCheck(ctx)
	return CheckRead{e.Serial, line, err}
}

func (r *Runner) findCheck(e FindCheck) Event {
	out := CheckFound{Serial: e.Serial}
	if r.Seen == nil {
		return out
	}
	out.Err = r.Desk.Read(func(s *ledger.State) error {
		var err error
		out.Seen, out.Found, err = r.Seen.SeenCheck(s, e.Date, e.Tender)
		return err
	})
	return out
}

// wantCheck asks for the check, where the printer reads it. Its number can be typed all
// the same; whatever comes first is taken.
func (f *Flow) wantCheck() {
	if !f.d.ReadsChecks || f.m.Payment.Reading || !hasLine(f.m.Payment.Entry) {
		return
	}
	f.checks++
	f.m.Payment.Reading = true
	f.notice(Quiet, "check_wanted")
	f.do(ReadCheck{f.checks})
}

// hasLine reports whether a reader finds a magnetic line on it.
func hasLine(kind cash.TenderKind) bool { return kind == cash.Check || kind == cash.CashiersCheck }

// forgetCheck wants no check any more, and forgets the line of the one before.
func (f *Flow) forgetCheck() {
	if f.m.Payment.Reading {
		f.m.Payment.Reading = false
		f.do(StopCheck{f.checks})
		if f.m.Notice != nil && f.m.Notice.Name == "check_wanted" {
			f.m.Notice = nil
		}
	}
	f.checks++
	f.line = CheckLine{}
}

// checkRead takes what the printer read. What it could not read is typed.
func (f *Flow) checkRead(e CheckRead) {
	if e.Serial != f.checks || !f.m.Payment.Reading {
		return
	}
	f.m.Payment.Reading = false
	if f.m.Notice != nil && f.m.Notice.Name == "check_wanted" {
		f.m.Notice = nil
	}
	f.takeLine(e.Line)
	if e.Err != nil {
		f.notice(Look, "check_unread")
	}
}

// takeLine fills in what was read of the check that is being entered, and asks whether
// it looks like one that was taken before.
func (f *Flow) takeLine(line CheckLine) {
	f.line = line
	if line.Number == "" {
		f.m.Focus = FieldNumber
		return
	}
	f.put(FieldNumber, line.Number)
	f.do(FindCheck{f.checks, f.m.Session.Date, f.lined(cash.Tender{Kind: f.m.Payment.Entry, Number: line.Number})})
}

// lined is a check with what was read of its line. A number that a person typed in the
// place of the one that was read is of a line that was read wrong.
func (f *Flow) lined(t cash.Tender) cash.Tender {
	if hasLine(t.Kind) && f.line.Routing != "" && (f.line.Number == "" || f.line.Number == t.Number) {
		t.Routing, t.AccountEnds = f.line.Routing, f.line.AccountEnds
	}
	return t
}

func (f *Flow) checkFound(e CheckFound) {
	switch {
	case e.Serial != f.checks || !hasLine(f.m.Payment.Entry):
	case e.Err != nil:
		f.notice(Bad, "unread")
	case e.Found:
		f.notice(Look, "check_seen", "number", e.Seen.Number, "receipt", string(e.Seen.Receipt), "date", e.Seen.Date.String())
	}
}

// checkLine takes the line that a reader on the keyboard typed or a scanner sent, and
// reports whether the text was one. The text has the account in it and goes nowhere.
func (f *Flow) checkLine(text string) bool {
	line, is := f.lineIn(text)
	if !is {
		return false
	}
	if !f.m.Begun() {
		f.notice(Quiet, "check_no_account")
		return true
	}
	if f.m.Payment.Entry != cash.Check {
		f.openTender(cash.Check)
		if f.m.Payment.Entry != cash.Check {
			return true // it was said why
		}
	}
	f.forgetCheck()
	f.takeLine(line)
	if line.Number == "" || line.Routing == "" {
		f.notice(Look, "check_unread")
	}
	return true
}

// typedLine takes a whole line that stands in the place of the number.
func (f *Flow) typedLine() {
	if text := f.text(FieldNumber); f.m.Payment.Entry == cash.Check && text != "" {
		if _, is := f.lineIn(text); is {
			f.put(FieldNumber, "")
			f.checkLine(text)
		}
	}
}

func (f *Flow) lineIn(text string) (CheckLine, bool) {
	if f.d.CheckLine == nil {
		return CheckLine{}, false
	}
	return f.d.CheckLine(text)
}
