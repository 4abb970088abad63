package printer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/micr"
)

const (
	// readIn is how long a reading may take at most: the minute that the printer waits
	// for a check, and the reading itself.
	readIn = 70 * time.Second
	// calledOffIn is how long a printer may take to say that it waits no longer.
	calledOffIn = 4 * time.Second
)

var (
	// ErrCannotRead means that this model has no check reader.
	ErrCannotRead = errors.New("printer: this printer reads no checks; key the check's number")
	// ErrNotRead means that the printer did not say what it read.
	ErrNotRead = errors.New("printer: the printer did not say what it read; key the check's number")
)

// reading is one call of ReadCheck.
type reading struct {
	ctx  context.Context
	keep bool
	done chan readCheck // has room for the one answer

	sent bool
	over bool      // the caller waits no longer; the printer was told
	by   time.Time // when the answer must be there
}

type readCheck struct {
	line string
	err  error
}

// CanReadCheck reports whether the printer has a check reader.
func (s *Session) CanReadCheck() bool { return s.cfg.Profile.MICR && !s.cfg.Profile.WriteOnly }

// ReadCheck has the person put a check into the printer's reader, and returns what stands
// in magnetic ink at its foot. It waits for papers that are coming out, then a minute at
// most for the check, or until ctx ends. With keep the check stays in for two minutes, so
// that a document for its back can be printed without putting it in again; anything else
// that is printed gives it back first. Nothing that was read is logged.
//
// The error is micr.ErrNoCheck where none was put in, micr.ErrCoverOpen, micr.ErrNoInk or
// micr.ErrUnread where it could not be read, ErrCannotRead, or why the printer could not be
// reached. Where only some fields could be read they are returned with the error, which then
// joins one *micr.FieldError for each that could not (see micr.Parse). A check that was not
// read is given back at once.
func (s *Session) ReadCheck(ctx context.Context, keep bool) (micr.Check, error) {
	if !s.CanReadCheck() {
		return micr.Check{}, fmt.Errorf("read a check: %w", ErrCannotRead)
	}
	r := &reading{ctx: ctx, keep: keep, done: make(chan readCheck, 1)}
	select {
	case s.checks <- r:
	case <-ctx.Done():
		return micr.Check{}, fmt.Errorf("read a check: %w", s.whyNot(ctx.Err()))
	case <-s.done:
		return micr.Check{}, fmt.Errorf("read a check: %w", ErrClosed)
	}
	got := <-r.done
	if got.err != nil {
		return micr.Check{}, got.err
	}
	c, err := micr.Parse(got.line)
	if err != nil {
		return c, fmt.Errorf("read a check: %w", err)
	}
	return c, nil
}

// stepCheck gives the order to read when nothing else is under way, and waits for the
// answer.
func (c *conn) stepCheck(now time.Time) {
	r := c.check
	switch {
	case r == nil:
	case r.sent && !now.Before(r.by):
		c.restarted(ErrNotRead)
	case r.sent || c.job != nil && c.job.begun || c.busy || c.discard != nil || len(c.lane) > 0 || c.fence.up || !c.ready():
	case !c.sheets.loaded.IsZero():
		c.giveBack() // the one before
	default:
		r.sent, r.by = true, now.Add(readIn)
		data := escpos.ReadCheck()
		c.account(data)
		c.hand(piece{data: data})
	}
}

// checkSaid takes in what was read. The text holds an account number: it goes to the
// caller and nowhere else.
func (c *conn) checkSaid(answer string) {
	r := c.check
	if r == nil || !r.sent {
		return
	}
	line, err := micr.ReadAnswer(answer)
	c.cfg.Log.Info("check reader answered", "read", err == nil)
	c.reset()
	switch {
	case r.over:
		c.forgotten()
		c.endCheck(readCheck{err: fmt.Errorf("read a check: %w", r.ctx.Err())})
		return
	case err != nil: // the printer gave it back itself
	case r.keep:
		c.lane = append(c.lane, piece{data: escpos.LoadCheck()})
		c.sheets.loaded = c.cfg.Clock.Now()
	default:
		c.lane = append(c.lane, piece{data: escpos.EjectCheck()})
	}
	c.endCheck(readCheck{line: line, err: err})
}

// callOffCheck tells the printer that nobody wants the check any more. A printer that was
// just reading it answers first.
func (c *conn) callOffCheck() {
	r := c.check
	if !r.sent {
		c.endCheck(readCheck{err: fmt.Errorf("read a check: %w", c.whyNot(r.ctx.Err()))})
		return
	}
	if r.over {
		return
	}
	r.over, r.by = true, c.cfg.Clock.Now().Add(calledOffIn)
	c.lane = append(c.lane, piece{data: escpos.CancelWait(), urgent: true})
}

// forgotten is called when the printer forgot what it had, settings of the line aside.
func (c *conn) forgotten() {
	c.up()
	c.sheets = sheets{tidy: true}
}

func (c *conn) endCheck(a readCheck) {
	r := c.check
	c.check = nil
	r.done <- a
}

func (c *conn) checkWake() time.Time {
	if c.check == nil || !c.check.sent {
		return time.Time{}
	}
	return c.check.by
}
