package printer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/drivers/escpos"
)

const (
	pulseOn         = 120 * time.Millisecond
	pulseOff        = 480 * time.Millisecond
	realtimePulseOn = 200 * time.Millisecond
	// dutyRest is how much longer than a pulse the coil must be given until
	// the next: a fifth of the time under current at most (Citizen).
	dutyRest = 5
	// openIn is how long a drawer may take to open after a pulse.
	openIn = 800 * time.Millisecond
	// attribution is how long after a pulse an opening counts as its doing.
	attribution = 1500 * time.Millisecond
)

// Outcome is what came of a kick.
type Outcome uint8

const (
	// NotPossible: no pulse was sent; the error says why.
	NotPossible Outcome = iota
	// Opened: the switch says that the drawer opened.
	Opened
	// AlreadyOpen: no pulse was sent, because the drawer is open.
	AlreadyOpen
	// NoResponse: the pulse was sent, and the switch still says closed: the
	// drawer is locked, blocked or not plugged in.
	NoResponse
	// Pulsed: the pulse was sent, and there is no switch to tell what it did.
	Pulsed
)

func (o Outcome) String() string {
	return [...]string{"not possible", "opened", "already open", "no response", "pulsed"}[o]
}

// ErrCannotKick means that this model opens the drawer only when it prints,
// and it cannot print now.
var ErrCannotKick = errors.New("printer: this printer cannot open the drawer now; use the key")

type kick struct {
	ctx  context.Context
	pin  int
	done chan kicked // has room for the one answer

	fired bool
	at    time.Time // when the pulse was on the line
}

type kicked struct {
	outcome Outcome
	err     error
}

// Kick opens the drawer on connector pin 2 or 5 and returns when the switch has
// told what came of it, within a second. It goes between the pieces of a job,
// and works without paper where the model can do that. A drawer that was kicked
// just now is given its rest first.
func (s *Session) Kick(ctx context.Context, pin int) (Outcome, error) {
	if pin != 2 && pin != 5 {
		return NotPossible, fmt.Errorf("open drawer: no drawer can be on pin %d, only on 2 or 5", pin)
	}
	if h := s.Status().Link; h != LinkUp {
		return NotPossible, fmt.Errorf("open drawer: printer %v; use the key", Status{Link: h}.Hindrance())
	}
	k := &kick{ctx: ctx, pin: pin, done: make(chan kicked, 1)}
	select {
	case s.kicks <- k:
	case <-ctx.Done():
		return NotPossible, fmt.Errorf("open drawer: %w", ctx.Err())
	case <-s.done:
		return NotPossible, fmt.Errorf("open drawer: %w", ErrClosed)
	}
	a := <-k.done
	if a.err != nil {
		return a.outcome, fmt.Errorf("open drawer: %w", a.err)
	}
	return a.outcome, nil
}

// drawer is what the switch says now.
func (c *conn) drawer() Drawer {
	if c.link != LinkUp || c.cfg.Profile.WriteOnly {
		return DrawerUnknown
	}
	return c.cfg.OpenLevel.drawer(c.raw.Pin3High)
}

// stepKick fires when it may and judges what came of it.
func (c *conn) stepKick(now time.Time) {
	k := c.kick
	switch {
	case k == nil:
	case k.fired:
		c.judge(k, now)
	case c.drawer() == DrawerOpen:
		c.endKick(AlreadyOpen, nil)
	case c.link != LinkUp:
		c.endKick(NotPossible, ErrSilent)
	case !now.Before(c.restOver()):
		c.fire(k, now)
	}
}

func (c *conn) restOver() time.Time { return c.after.pulsed.Add(c.after.rest) }

func (c *conn) fire(k *kick, now time.Time) {
	p, on, err := c.pulse(k.pin)
	if err != nil {
		c.endKick(NotPossible, err)
		return
	}
	k.fired = true
	c.after.pulsed, c.after.rest = now, dutyRest*on
	p.written = func(at time.Time) {
		k.at, c.after.pulsed = at, at
		c.hurry()
	}
	c.lane = append([]piece{p}, c.lane...)
}

// pulse chooses the form: in the order of the data when that is now, out of
// turn when the printer is at work or stopped.
func (c *conn) pulse(pin int) (piece, time.Duration, error) {
	idle := c.ready() && (c.job == nil || !c.job.begun)
	if !idle && c.cfg.Profile.RealtimePulse {
		data, err := escpos.RealtimePulse(pin, realtimePulseOn)
		return piece{data: data, urgent: true}, realtimePulseOn, err
	}
	if !c.ready() {
		return piece{}, 0, ErrCannotKick
	}
	data, err := escpos.Pulse(pin, pulseOn, pulseOff)
	c.account(data)
	return piece{data: data}, pulseOn, err
}

func (c *conn) judge(k *kick, now time.Time) {
	switch {
	case k.at.IsZero(): // not on the line yet
	case c.drawer() == DrawerOpen:
		c.endKick(Opened, nil)
	case c.drawer() == DrawerUnknown:
		c.endKick(Pulsed, nil)
	case now.Sub(k.at) >= openIn:
		c.endKick(NoResponse, nil)
	}
}

func (c *conn) endKick(o Outcome, err error) {
	k := c.kick
	c.kick = nil
	if k.fired && o == NotPossible {
		o = NoResponse // the pulse may be out
	}
	k.done <- kicked{o, err}
}

func (c *conn) kickWake() time.Time {
	switch {
	case c.kick == nil:
		return time.Time{}
	case !c.kick.fired:
		return c.restOver()
	case c.kick.at.IsZero():
		return time.Time{}
	}
	return c.kick.at.Add(openIn)
}

// kickedLately reports whether an opening now is the doing of a kick.
func (c *conn) kickedLately(now time.Time) bool {
	return !c.after.pulsed.IsZero() && now.Sub(c.after.pulsed) <= attribution
}
