package spool

import (
	"fmt"
	"slices"
	"time"

	"gatehouse/drivers/printer"
	"gatehouse/ledger"
)

// Job is a paper, as a screen shows it.
type Job struct {
	Of     uint64      // number of the entry that is printed
	Copy   int         // 0 is the original
	Kind   ledger.Kind // of the entry
	Title  string      // "Receipt"
	Number string      // "A1-000123-K7QX"
	Since  time.Time   // when it was ordered
	Cause  string      // why it is doubtful or was not printed; may be empty
}

// Question is the one thing a person must answer: Resolve with Of, Copy and what
// they saw.
type Question struct{ Job }

// Text is the question in English. Its parts are Title and Number.
func (q Question) Text() string {
	what := q.Title + " " + q.Number
	if q.Copy > 0 {
		what += fmt.Sprintf(" (copy %d)", q.Copy)
	}
	return fmt.Sprintf("%s: did it come out complete, with END %s at the bottom?", what, q.Number)
}

// State is what is going on, for the screen.
type State struct {
	Printer  printer.Status
	Printing *Job // nil: nothing
	// Voiding: a person voided what is being printed, and the printer is told.
	Voiding bool
	// VoidFailure is the last voided paper, if the printer may print more of it;
	// nil again when it printed or forgot another.
	VoidFailure *VoidFailure
	// Waiting are the next papers to come, Offered those that a person may want;
	// at most shown of each. The counts are of all.
	Waiting      []Job
	WaitingCount int
	Offered      []Job
	OfferedCount int
	// Questions are open, oldest first; while there is one, nothing else is
	// printed, unless the station is unattended.
	Questions []Question
	// Unable are the titles of papers that came up and that this printer has no
	// place for, such as "Endorsement": whatever they are for is done by hand.
	Unable []string
	// Fault is why the ledger could not be read or written, nil while it can.
	Fault error
}

// shown bounds each list of a State.
const shown = 20

// State looks at what is going on now. It reads the ledger: do not call it on
// the window's thread.
func (s *Spooler) State() State {
	out := State{Printer: s.o.Printer.Status()}
	s.mu.Lock()
	if s.current != nil {
		j := *s.current
		out.Printing = &j
	}
	if s.failure != nil {
		f := *s.failure
		out.VoidFailure = &f
	}
	out.Fault = s.fault
	out.Unable = slices.Clone(s.unable)
	s.mu.Unlock()
	now := s.o.Clock()
	err := s.o.Book.Read(func(st *ledger.State) error {
		rows := st.Rows(viewName)
		for k, v := range ledger.Prefixed(rows, []byte("J")) {
			j, ok := readJob(v)
			if !ok {
				continue
			}
			if err := s.list(st, &out, ledger.KeySeq(k[1:]), j, j.stands(rows, now, s.o.Longest)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && out.Fault == nil {
		out.Fault = err
	}
	return out
}

// list puts one job where it belongs.
func (s *Spooler) list(st *ledger.State, out *State, of uint64, j job, now state) error {
	wanted := false
	switch now {
	case queued:
		out.WaitingCount++
		wanted = len(out.Waiting) < shown
	case offered:
		out.OfferedCount++
		wanted = len(out.Offered) < shown
	case doubtful:
		wanted = len(out.Questions) < shown
	case voiding:
		out.Voiding = true
	}
	if !wanted {
		return nil
	}
	e, err := st.Entry(of)
	if err != nil {
		return err
	}
	one := s.job(&e, j)
	switch now {
	case queued:
		out.Waiting = append(out.Waiting, one)
	case offered:
		out.Offered = append(out.Offered, one)
	case doubtful:
		out.Questions = append(out.Questions, Question{one})
	}
	return nil
}

func (s *Spooler) job(e *ledger.Entry, j job) Job {
	return Job{Of: e.Seq, Copy: j.copy, Kind: e.Kind, Title: s.o.Layouts.Title(e.Kind), Number: s.o.Sheet.Number(e),
		Since: time.UnixMicro(j.since).UTC(), Cause: j.cause}
}

// Fate is what is known of the paper of an entry, for lists of the day.
type Fate struct {
	Waiting  bool // queued or offered
	Sending  bool
	Doubtful bool
	Printed  bool // at some time
	Copies   int  // made after the original
}

// FateOf reads what is known of the paper of an entry.
func FateOf(s *ledger.State, of uint64) Fate {
	if j, found := jobOf(s, of); found {
		return Fate{Waiting: j.state == queued || j.state == offered, Sending: j.state == sending || j.state == voiding,
			Doubtful: j.state == doubtful, Printed: j.copy > 0 && !j.doubt, Copies: max(j.copy-1, 0)}
	}
	p, _ := readPast(s.Rows(viewName).Get(pastKey(of)))
	return Fate{Printed: p.sent, Copies: p.copy}
}

// Subscribe returns a channel of states, which hears the present one first and
// keeps only the newest for a slow reader, and a function that ends it. The
// channel is closed by that function or by Close.
func (s *Spooler) Subscribe() (<-chan State, func()) { return s.board.Subscribe(s.State()) }
