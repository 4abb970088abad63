package printer

import (
	"time"

	"gatehouse/drivers/escpos"
)

const (
	askEvery   = 250 * time.Millisecond // while a job or a kick is under way
	askIdle    = 500 * time.Millisecond // of a printer that reports nothing by itself
	askHeld    = 2 * time.Second        // at last, of such a printer that stopped
	askReports = 5 * time.Second        // of one that does
	askSilent  = 500 * time.Millisecond // of one that does not answer
	askStopped = time.Minute            // at last, of one that stopped and will report going on
	answerIn   = 400 * time.Millisecond // to DLE EOT, at once on the slowest line
	reportIn   = time.Second            // to GS a, in the order of the data
	maxMisses  = 3                      // questions without an answer: the printer is off
	maxOdd     = 2                      // answers that belie the last report

	// freshness is how old the last word of the printer may be when a job
	// begins.
	freshness = 2 * time.Second
)

// askReport stands for GS a among the questions, which else are the n of DLE
// EOT n.
const askReport = 0

// watch keeps asking the printer how it is. Answers to DLE EOT do not say which
// question they belong to, so only one is asked at a time.
type watch struct {
	round    []byte // still to be asked
	question byte
	asked    bool
	by       time.Time // when the answer must be there; zero until the question is written
	next     time.Time // when the next round begins
	misses   int       // questions in a row without any word from the printer
	heard    time.Time // the printer's last word
	pause    time.Duration
	odd      int // answers in a row that belie the last report
}

func (w *watch) done() { w.asked, w.by = false, time.Time{} }

func (w *watch) wakeAt() time.Time {
	if w.asked {
		return w.by
	}
	return w.next
}

// stepWatch notices a missing answer and asks what is due.
func (c *conn) stepWatch(now time.Time) {
	w := &c.watch
	if c.cfg.Profile.WriteOnly || !c.cfg.Profile.StatusSafe && !c.cfg.Profile.ASB {
		if c.link == LinkSilent {
			c.up() // it cannot be asked, so it has to be believed
		}
		return
	}
	if c.check != nil && c.check.sent {
		w.done() // a question would disturb the reading, and not be answered
		w.round, w.next = nil, now.Add(askEvery)
		return
	}
	if w.asked {
		if w.by.IsZero() || now.Before(w.by) {
			return
		}
		w.done()
		w.round, w.next = nil, now
		if w.question == askReport && c.cfg.Profile.StatusSafe {
			// It may have stopped with the question in its buffer.
			w.round = []byte{1, 2, 3, 4}
		} else {
			w.misses++
		}
		if w.misses >= maxMisses && c.link == LinkUp {
			c.silent()
		}
		if c.link == LinkSilent {
			w.next = now.Add(askSilent)
		}
	}
	if len(w.round) == 0 {
		if now.Before(w.next) {
			return
		}
		w.round = c.questions()
		w.next = now.Add(c.askAgainIn())
	}
	c.ask(w.round[0])
	w.round = w.round[1:]
}

// hurry asks now rather than later.
func (c *conn) hurry() { c.watch.next = time.Time{} }

// questions is the round that tells what is to be known now at the least cost.
func (c *conn) questions() []byte {
	p := &c.cfg.Profile
	switch {
	case !p.StatusSafe:
		return []byte{askReport}
	case c.link == LinkUp && c.sheetWatched():
		if c.raw.Offline {
			return []byte{1, 2, 3, 4, askSheet}
		}
		return []byte{1, askSheet} // a report asked for would let go of a check
	case c.link == LinkSilent, !p.ASB, !c.ready() && c.active():
		// All of it, for a report that the line spoiled may be what stops a job.
		return []byte{1, 2, 3, 4}
	case c.active(), c.raw.Offline:
		return []byte{1} // what else there is, the printer reports by itself
	}
	// In the order of the data: the parser is alive. And should the printer
	// have been switched off and on unnoticed, it reports again.
	return []byte{askReport}
}

func (c *conn) askAgainIn() time.Duration {
	w := &c.watch
	if c.link == LinkUp && c.raw.Offline {
		// Questions stay in the buffer of a printer that has stopped, so they
		// become rarer.
		most := askHeld
		if c.cfg.Profile.ASB {
			most = askStopped
		}
		w.pause = min(max(2*w.pause, askEvery), most)
		return w.pause
	}
	w.pause = 0
	switch {
	case c.active():
		return askEvery
	case c.link == LinkSilent:
		return askSilent
	case c.sheetWatched():
		return askIdle
	case c.cfg.Profile.ASB:
		return askReports
	}
	return askIdle
}

// active reports whether a change should be known soon.
func (c *conn) active() bool { return c.job != nil && c.job.begun || c.kick != nil }

func (c *conn) ask(n byte) {
	w := &c.watch
	w.asked, w.question, w.by = true, n, time.Time{}
	data, in := escpos.RealtimeStatus(n), answerIn
	if n == askReport {
		data, in = escpos.EnableASB(escpos.ASBAll), reportIn
		c.account(data)
	} else if c.raw.Offline {
		c.flooded = !c.win.keep(len(data)) || c.flooded
	}
	c.lane = append(c.lane, piece{
		data: data, urgent: n != askReport,
		written: func(at time.Time) { w.by = at.Add(in) },
	})
}

// answer takes in the answer to the question that was asked.
func (c *conn) answer(b byte) {
	w := &c.watch
	if !w.asked || w.question == askReport {
		return // too late; the next round asks again
	}
	wasOnline := !c.raw.Offline
	c.raw.UpdateRealtime(w.question, b)
	w.done()
	if w.question == askSheet {
		c.sheetSaid(escpos.ParseSheet(b), c.cfg.Clock.Now())
		return
	}
	if w.question == 1 && c.reported && c.belied() {
		return
	}
	if len(w.round) == 0 && c.link == LinkSilent && w.question == 4 {
		c.up()
	}
	if wasOnline && c.raw.Offline {
		w.round = []byte{2, 3, 4} // why
	}
}

// belied notices a printer that should have reported a change and did not: it
// forgot that it should, because it was switched off and on.
func (c *conn) belied() bool {
	w := &c.watch
	if c.raw.Offline == c.last.Offline {
		w.odd = 0
		return false
	}
	w.odd++
	w.next = c.cfg.Clock.Now().Add(askEvery) // the report may be on its way
	if w.odd < maxOdd {
		return false
	}
	c.restarted(ErrRestarted)
	return true
}

// silent is called when the printer does not answer any more.
func (c *conn) silent() {
	c.cfg.Log.Warn("printer does not answer")
	misses := c.watch.misses
	c.restarted(ErrSilent)
	c.watch.misses = misses
	if c.kick != nil {
		c.endKick(kicked{err: ErrSilent})
	}
}
