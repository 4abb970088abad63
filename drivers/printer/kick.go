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
	// The one retry pulls a little longer, for a bolt that is stiff.
	longerOn         = 80 * time.Millisecond
	longerRealtimeOn = 100 * time.Millisecond // DLE DC4 counts in these
	// dutyRest is how many times the length of a pulse must pass from its
	// beginning to that of the next: a fifth of the time under current at most
	// (Citizen). With the shortest pulse it comes to 600 ms.
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
	// NoResponse: a pulse was sent and then a longer one, and the switch still
	// says closed: the drawer is locked, blocked or not plugged in.
	NoResponse
	// Pulsed: the pulse was sent, and there is no switch to tell what it did, or
	// it already said open for the other drawer.
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

	pulses int
	blind  bool      // the switch cannot tell of this drawer
	at     time.Time // when the pulse was on the line; zero until it is
}

type kicked struct {
	outcome Outcome
	err     error
}

// Kick opens the drawer on connector pin 2 or 5 and returns when the switch has
// told what came of it, within two seconds. It goes between the pieces of a job,
// and works without paper where the model can do that. A drawer that was kicked
// just now is given its rest first. One that stays closed for 800 ms is given
// one longer pulse, and then let be: a coil must not be hammered.
func (s *Session) Kick(ctx context.Context, pin int) (Outcome, error) {
	a := s.kick(&kick{ctx: ctx, pin: pin, done: make(chan kicked, 1)})
	if a.err != nil {
		return a.outcome, fmt.Errorf("open drawer: %w", a.err)
	}
	return a.outcome, nil
}

// kick hands k to whoever serves the line and waits for what comes of it.
func (s *Session) kick(k *kick) kicked {
	if k.pin != 2 && k.pin != 5 {
		return kicked{err: fmt.Errorf("no drawer can be on pin %d, only on 2 or 5", k.pin)}
	}
	if h := s.Status().Link; h != LinkUp {
		return kicked{err: fmt.Errorf("printer %v; use the key", Status{Link: h}.Hindrance())}
	}
	select {
	case s.kicks <- k:
	case <-k.ctx.Done():
		return kicked{err: k.ctx.Err()}
	case <-s.done:
		return kicked{err: ErrClosed}
	}
	return <-k.done
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
	case k.pulses > 0:
		c.judge(k, now)
	case c.drawer() == DrawerOpen && !c.after.till.otherIsOut(k.pin):
		c.endKick(kicked{outcome: AlreadyOpen})
	case c.link != LinkUp:
		c.endKick(kicked{err: ErrSilent})
	case !now.Before(c.after.till.restOver()):
		c.fire(k, now)
	}
}

func (c *conn) fire(k *kick, now time.Time) {
	p, on, err := c.pulse(k)
	if err != nil {
		c.endKick(kicked{err: err})
		return
	}
	k.pulses++
	k.at, k.blind = time.Time{}, c.drawer() != DrawerClosed
	c.after.till.kicked(k.pin, now, on)
	p.written = func(at time.Time) {
		k.at = at
		c.after.till.kicked(k.pin, at, on)
		c.hurry()
	}
	c.lane = append([]piece{p}, c.lane...)
}

// pulse chooses the form: in the order of the data when that is now, out of
// turn when the printer is at work or stopped. There is no third way, and the
// person hears so.
func (c *conn) pulse(k *kick) (p piece, on time.Duration, err error) {
	idle := c.ready() && (c.job == nil || !c.job.begun)
	if !idle && c.cfg.Profile.RealtimePulse {
		on = realtimePulseOn
		if k.pulses > 0 {
			on += longerRealtimeOn
		}
		p.data, err = escpos.RealtimePulse(k.pin, on)
		p.urgent = true
		return p, on, err
	}
	if !c.ready() {
		return piece{}, 0, ErrCannotKick
	}
	on = pulseOn
	if k.pulses > 0 {
		on += longerOn
	}
	p.data, err = escpos.Pulse(k.pin, on, pulseOff)
	c.account(p.data)
	return p, on, err
}

func (c *conn) judge(k *kick, now time.Time) {
	switch {
	case k.at.IsZero(): // not on the line yet
	case k.blind:
		c.endKick(kicked{outcome: Pulsed})
	case c.drawer() == DrawerOpen:
		c.endKick(kicked{outcome: Opened})
	case now.Before(c.retryAt(k)):
	case k.pulses == 1:
		c.cfg.Log.Warn("drawer stays closed; trying once more, longer", "pin", k.pin)
		c.fire(k, now)
	default:
		c.cfg.Log.Warn("drawer stays closed: locked, blocked or not plugged in", "pin", k.pin)
		c.endKick(kicked{outcome: NoResponse})
	}
}

// retryAt is when a drawer has had its time, and its coil its rest for the
// longer pulse.
func (c *conn) retryAt(k *kick) time.Time {
	at := k.at.Add(openIn)
	if k.pulses == 1 {
		at = later(at, c.after.till.restOver())
	}
	return at
}

func (c *conn) endKick(a kicked) {
	k := c.kick
	c.kick = nil
	if k.pulses > 0 && a.outcome == NotPossible {
		a.outcome = NoResponse // a pulse may be out
	}
	k.done <- a
}

func (c *conn) kickWake() time.Time {
	k := c.kick
	switch {
	case k == nil:
		return time.Time{}
	case k.pulses == 0:
		return c.after.till.restOver()
	case k.at.IsZero():
		return time.Time{}
	}
	return c.retryAt(k)
}
