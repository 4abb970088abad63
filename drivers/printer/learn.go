package printer

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrDrawerOpen means that the drawer has to be closed to learn how its switch
// is wired.
var ErrDrawerOpen = errors.New("printer: the drawer stands open; close it, and try again")

// ErrNoSwitchHeard means that this model cannot be asked for the drawer's
// switch.
var ErrNoSwitchHeard = errors.New("printer: this printer cannot tell how the drawer stands; leave its switch at none")

// LearnDrawer opens the drawer on connector pin 2 or 5 once and tells which level
// of its switch means open: the one the switch changes to within 1.5 s of the
// pulse. The session goes by that level from then on; keep it in the settings.
// The person has closed the drawer before. A switch that never changes is
// ErrDrawerOpen if it says open by the level known so far, and else OpenNone:
// none is wired, or the drawer did not move, because it is held or was open
// already. Only a person can tell these apart.
func (s *Session) LearnDrawer(ctx context.Context, pin int) (OpenLevel, error) {
	p := &s.cfg.Profile
	if p.WriteOnly || !p.StatusSafe && !p.ASB {
		return OpenNone, fmt.Errorf("learn drawer: %w", ErrNoSwitchHeard)
	}
	a := s.kick(&kick{ctx: ctx, pin: pin, learn: true, done: make(chan kicked, 1)})
	if a.err != nil {
		return OpenNone, fmt.Errorf("learn drawer: %w", a.err)
	}
	return a.level, nil
}

// sampled reports whether the printer was heard since the lesson began, and asks
// it else: a level of a moment ago is not the level before the pulse.
func (c *conn) sampled(k *kick, now time.Time) bool {
	if k.since.IsZero() {
		k.since = now
		c.hurry()
	}
	return c.watch.heard.After(k.since)
}

// judgeLesson goes by the change of the level, whatever it was taken for before.
func (c *conn) judgeLesson(k *kick, now time.Time) {
	var level OpenLevel
	switch {
	case c.raw.Pin3High != k.was && c.raw.Pin3High:
		level = OpenHigh
	case c.raw.Pin3High != k.was:
		level = OpenLow
	case now.Sub(k.at) < attribution:
		return
	case c.drawer() == DrawerOpen:
		c.endKick(kicked{err: ErrDrawerOpen})
		return
	}
	if level != c.cfg.OpenLevel {
		c.after.till.forgetLevel()
		c.cfg.OpenLevel = level
	}
	c.cfg.Log.Info("drawer learned", "pin", k.pin, "level", level)
	c.endKick(kicked{outcome: Pulsed, level: level})
}
