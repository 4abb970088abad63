package printer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/drivers/escpos"
)

const (
	// clearIn is how long a printer may take to say that it forgot, counted
	// from when it was told.
	clearIn = 2 * time.Second
	// pauseIn is how long the piece on its way may take to end, in the middle of
	// which the order would be taken for data.
	pauseIn = 2 * time.Second
)

var (
	// ErrDiscarded is the cause of a job that a person had thrown away.
	ErrDiscarded = errors.New("printer: the rest of the paper was thrown away on a person's word")
	// ErrCannotDiscard means that this model does not forget on demand.
	ErrCannotDiscard = errors.New("printer: this printer cannot be told to forget; switch it off and on, then look at the paper")
	// ErrNotDiscarded means that the printer did not say whether it forgot.
	ErrNotDiscarded = errors.New("printer: the printer did not say that it forgot; switch it off and on, then look at the paper")
)

// discard is one call of Discard.
type discard struct {
	done chan discarded // has room for the one answer
	job  *job           // that was under way, if any
	sent bool
	by   time.Time // when the next thing must have happened
	end  Result    // of job, if it ended by itself meanwhile
}

type discarded struct {
	result Result
	err    error
}

// Discard makes the printer forget all it has not printed, also what it holds of
// a job given up as Blocked, so that nothing more comes out when the paper is
// loaded or the cover closed (DLE DC4 8). It is for a job that a person decided
// to void: whoever keeps the books writes that decision first, and calls this
// before a reprint.
//
// It returns when the printer has said that it forgot, within four seconds. The
// job under way, if there is one, ends as Discarded, for Print and in the Result
// here: a part of it may be on paper, and the rest never will be. Should it have
// reached the paper whole just before, the Result says Confirmed or Parsed. With
// nothing under way the Result is Discarded too, for what the printer still had.
// A job that was not begun is left alone; end its context instead.
//
// ErrCannotDiscard: the model has no such order, nothing was sent, and the job
// goes on as it was. ErrNotDiscarded: no answer came, and the job ended Unknown
// if the order was sent. The person then switches the printer off and on, which
// empties it too.
func (s *Session) Discard(ctx context.Context) (Result, error) {
	if p := &s.cfg.Profile; p.WriteOnly || !p.ClearBuffers {
		return Result{}, fmt.Errorf("discard paper: %w", ErrCannotDiscard)
	}
	if h := s.Status().Link; h != LinkUp {
		return Result{}, fmt.Errorf("discard paper: printer %v", Status{Link: h}.Hindrance())
	}
	d := &discard{done: make(chan discarded, 1)}
	select {
	case s.discards <- d:
	case <-ctx.Done():
		return Result{}, fmt.Errorf("discard paper: %w", ctx.Err())
	case <-s.done:
		return Result{}, fmt.Errorf("discard paper: %w", ErrClosed)
	}
	a := <-d.done
	if a.err != nil {
		return a.result, fmt.Errorf("discard paper: %w", a.err)
	}
	return a.result, nil
}

// stepDiscard gives the order when nothing is half sent, and waits for the word.
func (c *conn) stepDiscard(now time.Time) {
	d := c.discard
	switch {
	case d == nil:
	case d.by.IsZero(): // it begins
		d.by = now.Add(pauseIn)
		if c.job != nil && c.job.begun {
			d.job = c.job
		}
		c.stepDiscard(now)
	case !d.sent && !c.busy:
		d.sent, d.by = true, now.Add(clearIn)
		c.hand(piece{data: escpos.ClearBuffers(), urgent: true, written: func(at time.Time) { d.by = at.Add(clearIn) }})
	case now.Before(d.by):
	case d.sent:
		c.restarted(ErrNotDiscarded)
		c.endDiscard(ErrNotDiscarded)
	default: // it was held up in the middle of a piece, and can be told nothing
		c.endDiscard(ErrNotDiscarded)
	}
}

// cleared takes in the printer's word that it forgot.
func (c *conn) cleared() {
	if c.discard == nil || !c.discard.sent {
		return // nobody here asked
	}
	c.cfg.Log.Info("printer forgot what it had not printed")
	c.after.fragment = true
	c.sheets.tidy = c.sheets.tidy || c.job != nil && c.job.form
	if c.job != nil && c.job.begun {
		c.endJob(Discarded, ErrDiscarded)
	}
	c.endDiscard(nil)
	c.reset()
	c.after.owed = 0
	c.flooded, c.cut, c.drained = false, false, time.Time{}
	for _, p := range c.lane { // what waited for the answer goes out now
		if !p.urgent {
			c.account(p.data)
		}
	}
	c.up() // the modes of what was forgotten still hold
}

// endDiscard answers. Where the job ended by itself in the meantime, its own
// fate is the better answer.
func (c *conn) endDiscard(err error) {
	d := c.discard
	c.discard = nil
	if d.job == nil && err == nil {
		d.end = Result{Fate: Discarded, Cause: ErrDiscarded}
	}
	d.done <- discarded{d.end, err}
}

func (c *conn) discardWake() time.Time {
	if c.discard == nil {
		return time.Time{}
	}
	return c.discard.by
}
