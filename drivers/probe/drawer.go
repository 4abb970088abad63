package probe

import (
	"context"
	"fmt"
	"time"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
)

const (
	pulseOn    = 120 * time.Millisecond // as the session with the printer pulses
	pulseOff   = 480 * time.Millisecond
	pulseOnNow = 200 * time.Millisecond
	// flipIn is how long a drawer that opens may take to say so.
	flipIn = 1500 * time.Millisecond
	// levelPoll is how often the switch is asked meanwhile.
	levelPoll = 100 * time.Millisecond
)

// Learn opens the drawer on connector pin 2 or 5 once and tells which level of the
// switch means open. The person has closed the drawer before. A switch that says
// nothing within 1.5 s is taken for none: it is not wired, or the drawer did not
// open. found is what Find found; where the printer cannot be asked nothing is
// sent, and the level is none.
func Learn(ctx context.Context, o Options, found Result, pin int, tell func(Finding)) (devices.Level, error) {
	o.fill()
	if found.Profile.WriteOnly || !found.Profile.StatusSafe {
		tell(Finding{Code: NotAsked, Text: found.Profile.Name})
		return devices.LevelNone, nil
	}
	pulse, err := escpos.Pulse(pin, pulseOn, pulseOff)
	if err != nil {
		return devices.LevelNone, err
	}
	port, err := o.Open(ctx, found.Baud, found.Frame)
	if err != nil {
		f := refusal(o.Port, err)
		tell(f)
		return devices.LevelNone, notFound(f)
	}
	defer port.Close() // whatever it says, the line is given up
	l := &lesson{talk: &talk{port: port, clock: o.Clock}, tell: tell}
	level, err := l.learn(ctx, pulse, found.Profile, pin)
	if err != nil {
		return devices.LevelNone, fmt.Errorf("learn the drawer: %w", err)
	}
	return level, nil
}

// lesson is one Learn.
type lesson struct {
	*talk
	tell func(Finding)
}

func (l *lesson) learn(ctx context.Context, pulse []byte, p escpos.Profile, pin int) (devices.Level, error) {
	if err := l.drain(ctx, settle); err != nil {
		return devices.LevelNone, err
	}
	closed, answered, err := l.look(ctx)
	if err != nil {
		return devices.LevelNone, err
	}
	if !answered {
		l.tell(Finding{Code: Silent})
		return devices.LevelNone, ErrNotFound
	}
	if closed.Offline { // what goes in the order of the data waits
		if !p.RealtimePulse {
			l.tell(Finding{Code: DrawerCannot})
			return devices.LevelNone, nil
		}
		if pulse, err = escpos.RealtimePulse(pin, pulseOnNow); err != nil {
			return devices.LevelNone, err
		}
	}
	if _, err := l.port.Write(pulse); err != nil {
		return devices.LevelNone, err
	}
	level, err := l.flip(ctx, closed.Pin3High)
	if err != nil {
		return devices.LevelNone, err
	}
	if level == devices.LevelNone {
		l.tell(Finding{Code: DrawerStill})
	} else {
		l.tell(Finding{Code: DrawerLearned, Level: level})
	}
	return level, nil
}

// flip waits until the switch changes from what it was, and gives the level it
// changes to.
func (l *lesson) flip(ctx context.Context, was bool) (devices.Level, error) {
	for until := l.clock.Now().Add(flipIn); l.clock.Now().Before(until); {
		now, answered, err := l.look(ctx)
		switch {
		case err != nil:
			return devices.LevelNone, err
		case answered && now.Pin3High && !was:
			return devices.LevelHigh, nil
		case answered && !now.Pin3High && was:
			return devices.LevelLow, nil
		}
		select {
		case <-l.clock.After(levelPoll):
		case <-ctx.Done():
			return devices.LevelNone, ctx.Err()
		}
	}
	return devices.LevelNone, nil
}

// look asks for the level of the switch.
func (l *lesson) look(ctx context.Context) (s escpos.Status, answered bool, err error) {
	r, answered, err := l.ask(ctx, escpos.RealtimeStatus(1), answerWait, isKind(escpos.ReplyRealtime))
	s.UpdateRealtime(1, r.Byte)
	return s, answered, err
}
