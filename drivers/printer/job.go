package printer

import (
	"context"
	"fmt"
	"time"

	"gatehouse/drivers/escpos"
)

// stretchBytes is how much of a job goes between two tokens at most. A shorter
// stretch shows sooner that data were lost with the power, a longer one costs
// less: a process ID in this many bytes is one in thirty-six, which leaves room
// for questions in the one in twenty that all of it may cost.
const stretchBytes = 400

// job is one call of Print.
type job struct {
	ctx  context.Context
	segs []escpos.Segment
	done chan Result // has room for the one result

	begun    bool
	lead     []escpos.Segment // goes before it, to part it from a fragment
	next     int              // segs already handed to the writer
	out      int              // bytes of them
	closed   bool             // the last token is on its way too
	progress time.Time        // when the printer last gave credit, or became able to
	stopped  bool             // the printer cannot print just now
	overrun  bool             // it stopped with more on its way than it has room for
	form     bool             // it is for a sheet that is put in by hand
	awaits   bool             // the sheet was asked for and is not in yet
	formBy   time.Time        // when it must be in
	asks     bool             // whether it is still in, when all is on it
	sure     bool             // it is
}

// sentAll reports whether the printer has been given all of the job.
func (j *job) sentAll() bool { return j.closed }

func (c *conn) jobState() JobState {
	switch {
	case c.job == nil:
		return JobNone
	case !c.job.begun:
		return JobWaiting
	case c.able(c.job):
		return JobPrinting
	}
	return JobHeld
}

// ready reports whether the printer prints, as far as it says.
func (c *conn) ready() bool {
	s := Status{Link: c.link}
	s.take(c.raw, OpenNone)
	return s.Ready()
}

// stepJob begins the job if that can be, and ends it if its fate is known.
func (c *conn) stepJob(now time.Time) {
	j := c.job
	if j == nil {
		return
	}
	if !j.begun {
		c.begin(j, now)
		return
	}
	if j.awaits {
		c.stepForm(j, now)
		return
	}
	if !c.able(j) {
		if !j.stopped && c.win.held+c.win.open > c.cfg.Profile.BufferBytes {
			j.overrun = true // in the middle of an image
		}
		j.stopped = true
		return
	}
	if j.stopped {
		j.stopped, j.progress = false, now
	}
	if c.win.token == escpos.AckNone && c.win.passed(now) {
		j.progress = now
	}
	switch {
	case j.closed && !c.busy && c.win.empty() && j.overrun:
		c.endJob(Unknown, ErrOverrun)
	case j.closed && !c.busy && c.win.empty():
		c.endJob(fateBy(c.win.token), nil)
	case now.Sub(j.progress) >= c.cfg.ConfirmWait:
		cause := ErrNoConfirmation
		if c.held.Load() {
			cause = ErrHeldUp
		}
		c.after.fragment = true
		c.reset()
		c.raise()
		c.endJob(Unknown, cause)
	}
}

func fateBy(t escpos.AckToken) Fate {
	switch t {
	case escpos.AckProcID:
		return Confirmed
	case escpos.AckNone:
		return SentOnly
	}
	return Parsed
}

// begin starts the job if the printer is ready and has said so just now.
func (c *conn) begin(j *job, now time.Time) {
	if c.fenced(now) {
		return
	}
	if !c.ready() || c.busy || c.discard != nil || len(c.lane) > 0 || c.check != nil && c.check.sent {
		return
	}
	if c.canAsk() && now.Sub(c.watch.heard) > freshness {
		if !c.watch.asked && len(c.watch.round) == 0 {
			c.ask(c.questions()[0])
		}
		return
	}
	j.form = j.segs[0].Waits
	if !j.form && !c.sheets.loaded.IsZero() {
		c.giveBack()
		return
	}
	j.begun, j.progress = true, now
	j.segs = splitAll(j.segs, sizesAt(c.cfg.Baud, c.win.limit()))
	c.hurry()
	if c.after.fragment && !j.form {
		// Encoding a bare cut cannot fail for a profile that a job was encoded
		// for, and without it the papers merely hang together.
		j.lead, _ = escpos.Encode(new(escpos.Doc).Add(escpos.Cut{}), c.cfg.Profile)
		c.after.fragment = false
	}
}

func (c *conn) canAsk() bool {
	p := &c.cfg.Profile
	return !p.WriteOnly && (p.StatusSafe || p.ASB)
}

// feedJob hands the next piece of the job to the writer, against credit.
func (c *conn) feedJob(now time.Time) {
	j := c.job
	if j == nil || !j.begun || j.closed || j.awaits || !c.able(j) || c.held.Load() {
		return
	}
	if c.flooded {
		c.flooded, c.cut = false, true
		c.drained = now.Add(time.Duration(c.win.lines()) * c.cfg.LineTime)
	}
	if now.Before(c.drained) {
		return
	}
	if c.cut {
		c.cut = false
		rest := make([]byte, 2) // a question is three bytes, and NUL does nothing
		c.account(rest)
		c.hand(piece{data: rest})
		return
	}
	if !c.sure(j, now) {
		return
	}
	seg, ours, more := j.peek()
	switch {
	case !more:
		j.closed = true
		c.sendToken(now)
	case c.win.open >= stretchBytes || c.win.due():
		c.sendToken(now)
	case c.win.fits(len(seg.Data)):
		if ours {
			j.next++
			j.out += len(seg.Data)
			if seg.Waits {
				j.awaits, j.formBy = true, now.Add(c.cfg.FormWait)
				c.sheets.said = escpos.SheetStatus{}
				c.hurry()
			}
		} else {
			j.lead = j.lead[1:]
		}
		c.send(seg, now)
	case c.win.open > 0:
		c.sendToken(now)
	}
}

// peek returns the segment to be sent next and whether it is the caller's.
func (j *job) peek() (seg escpos.Segment, ours, more bool) {
	switch {
	case len(j.lead) > 0:
		return j.lead[0], false, true
	case j.next < len(j.segs):
		return j.segs[j.next], true, true
	}
	return escpos.Segment{}, false, false
}

func (c *conn) send(seg escpos.Segment, now time.Time) {
	c.account(seg.Data)
	if c.win.token == escpos.AckNone {
		c.after.printing = later(c.after.printing, now).Add(time.Duration(seg.Lines) * c.cfg.LineTime)
		if c.cfg.Baud > 0 {
			c.after.printing = c.after.printing.Add(time.Duration(len(seg.Data)) * 10 * time.Second / time.Duration(c.cfg.Baud))
		}
		c.win.closeStretch(0, [4]byte{}, c.after.printing)
	}
	c.hand(piece{data: seg.Data})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// sendToken closes the stretch of bytes sent so far with a token.
func (c *conn) sendToken(now time.Time) {
	var data []byte
	var id [4]byte
	switch c.win.token {
	case escpos.AckNone: // no bytes: its stretches end by the clock
		c.win.closeStretch(0, id, later(c.after.printing, now))
		return
	case escpos.AckProcID:
		id = c.win.nextID()
		data, _ = escpos.ProcessID(id) // its characters are printable by construction
	case escpos.AckGSr:
		data = escpos.AskPaper()
	case escpos.AckASB:
		data = escpos.EnableASB(escpos.ASBAll)
	}
	c.win.closeStretch(len(data), id, now)
	c.hand(piece{data: data})
}

// progress notes that the printer gave credit back.
func (c *conn) progress(now time.Time) {
	if c.job != nil {
		c.job.progress = now
	}
}

// giveUp ends a job whose caller waits no longer.
func (c *conn) giveUp() {
	j := c.job
	switch {
	case !j.begun:
		c.endJob(NotStarted, c.whyNot(j.ctx.Err()))
	case j.awaits:
		c.callOff(fmt.Errorf("%w: %w", ErrNoForm, j.ctx.Err()))
	case j.sentAll() && !c.able(j):
		s := Status{Link: c.link}
		s.take(c.raw, OpenNone)
		c.endJob(Blocked, fmt.Errorf("printer %v: %w", s.Hindrance(), j.ctx.Err()))
	default:
		c.after.fragment = !j.sentAll()
		c.endJob(Unknown, j.ctx.Err())
	}
}

func (c *conn) endJob(f Fate, cause error) {
	j := c.job
	c.job = nil
	r := Result{Fate: f, Cause: cause, BytesOut: j.out}
	if (f == Unknown || f == Discarded) && j.out == 0 {
		r.Fate = NotStarted // only the cut that parts it from a fragment went out
	}
	if c.discard != nil && c.discard.job == j {
		c.discard.end = r
	}
	c.cfg.Log.Info("print job ended", "fate", r.Fate.String(), "bytes", r.BytesOut, "cause", cause)
	j.done <- r
}

func (c *conn) jobWake() time.Time {
	j := c.job
	switch {
	case j == nil || !j.begun:
		return time.Time{}
	case j.awaits:
		return j.formBy
	case !c.able(j):
		return time.Time{}
	}
	at := j.progress.Add(c.cfg.ConfirmWait)
	if c.drained.After(c.cfg.Clock.Now()) {
		return c.drained
	}
	if c.win.token == escpos.AckNone && !c.win.empty() && c.win.stretches[0].freed.Before(at) {
		at = c.win.stretches[0].freed
	}
	return at
}
