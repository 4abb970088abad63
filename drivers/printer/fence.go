package printer

import (
	"time"

	"gatehouse/drivers/escpos"
)

const (
	// fenceAgain is after what silence of a ready printer the question is asked
	// again: it, or its answer, may have been lost.
	fenceAgain = 2 * time.Second
	// fenceQuiet is how long nothing more may come until nothing more will: the
	// printer has then only questions left, which it answers at once.
	fenceQuiet = answerIn
	// maxOwed is the most answers a printer can owe: tokens in its buffer, those
	// of a former run of the program too.
	maxOwed = maxStretches + 2
)

// fence keeps a job back until the printer has worked off what was sent before it
// over a line that was lost, or by a former run of the program. Until then nobody
// knows how much room the buffer has; and answers without a number that are still
// to come would pass for answers to the tokens of the new job.
//
// A process ID is its own proof. Answers without a number come in order: of one
// more than are owed the last is to a question of ours, so all before our first
// question is worked off. What may still come after that comes at once, so a
// short silence ends it.
type fence struct {
	up    bool
	stale int       // answers that may come and be to something older
	id    [4]byte   // of the process ID that is asked for
	again time.Time // when to ask, once more
	quiet time.Time // when it is over, if nothing more comes
	by    time.Time // when it is given up; zero while the printer is stopped
}

// raise begins, for a printer that can be asked.
func (c *conn) raise() {
	if c.win.token == escpos.AckNone {
		return
	}
	c.fence = fence{up: true, stale: c.after.owed}
	c.after.owed = 0
}

// owe counts the answers that the printer may still give when the account of them
// is thrown away.
func (c *conn) owe() {
	if c.win.token == escpos.AckGSr || c.win.token == escpos.AckASB {
		c.after.owed = min(maxOwed, c.after.owed+max(0, c.fence.stale)+len(c.win.stretches))
	}
	c.fence = fence{}
}

// fenced reports whether a job has to wait for what was before it. Of a printer
// that never answers the clock tells.
func (c *conn) fenced(now time.Time) bool {
	return c.fence.up || c.win.token == escpos.AckNone && now.Before(c.after.printing)
}

// stepFence asks, and ends the waiting. It only waits for a printer that is ready,
// since a stopped one answers when it goes on.
func (c *conn) stepFence(now time.Time) {
	f := &c.fence
	switch {
	case !f.up:
	case !c.ready():
		f.by, f.quiet = time.Time{}, time.Time{}
	case f.by.IsZero():
		f.by, f.again = now.Add(c.cfg.ConfirmWait), now
		c.stepFence(now)
	case !f.quiet.IsZero() && !now.Before(f.quiet):
		c.lower()
	case !now.Before(f.by):
		c.cfg.Log.Warn("printer did not say that it has worked off what was sent before", "waited", c.cfg.ConfirmWait)
		c.lower()
	case f.quiet.IsZero() && !now.Before(f.again) && c.mayAskFence():
		f.again = now.Add(fenceAgain)
		c.askFence(now)
	}
}

// mayAskFence keeps the questions from piling up behind one that is held up.
func (c *conn) mayAskFence() bool { return !c.busy && len(c.lane) == 0 }

func (c *conn) askFence(now time.Time) {
	var data []byte
	switch c.win.token {
	case escpos.AckProcID:
		if c.fence.id == [4]byte{} {
			c.fence.id = c.win.nextID()
		}
		data, _ = escpos.ProcessID(c.fence.id) // its characters are printable by construction
	case escpos.AckGSr:
		data = escpos.AskPaper()
	case escpos.AckASB:
		data = escpos.EnableASB(escpos.ASBAll)
	}
	c.win.closeStretch(len(data), c.fence.id, now)
	c.lane = append(c.lane, piece{data: data})
}

// acknowledged takes in an answer without a number.
func (c *conn) acknowledged(now time.Time) {
	f := &c.fence
	if !f.up {
		if c.win.answered() {
			c.progress(now)
		}
		return
	}
	f.stale--
	f.again = now
	if !f.by.IsZero() {
		f.by = now.Add(c.cfg.ConfirmWait)
	}
	if f.stale < 0 {
		f.quiet = now.Add(fenceQuiet)
	}
}

// lower lets jobs begin, with an empty buffer.
func (c *conn) lower() {
	c.fence = fence{}
	c.win = newWindow(c.cfg.Profile, c.win.serial)
}

func (c *conn) fenceWake(now time.Time) time.Time {
	f := &c.fence
	switch {
	case !f.up && c.job != nil && !c.job.begun && c.fenced(now):
		return c.after.printing
	case !f.up || f.by.IsZero():
		return time.Time{}
	case !f.quiet.IsZero():
		return f.quiet
	case c.mayAskFence() && f.again.Before(f.by):
		return f.again
	}
	return f.by
}
