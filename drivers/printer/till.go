package printer

import "time"

// till is what is known of the drawers: they share one switch, and outlive the
// line they are spoken to over.
type till struct {
	drawer Drawer // last known

	pin    int       // that was last kicked
	pulsed time.Time // when
	rest   time.Duration

	since time.Time    // when the drawer was first known to be open
	told  int          // how many of Config.LeftOpen have been told of
	out   map[int]bool // pins whose kicks may have opened what is open
}

// see compares what the switch says at the time now with what was known, and
// tells what happened. A switch that cannot be read changes nothing.
func (t *till) see(d Drawer, now time.Time) Event {
	if d == DrawerUnknown {
		return Event{Kind: StatusChanged}
	}
	was := t.drawer
	t.drawer = d
	switch {
	case d == DrawerClosed && was == DrawerOpen:
		e := Event{Kind: DrawerShut, Open: now.Sub(t.since)}
		t.since, t.told, t.out = time.Time{}, 0, nil
		return e
	case d == DrawerOpen && was != DrawerOpen:
		t.since, t.told = now, 0
		switch {
		case was == DrawerUnknown:
			return Event{Kind: StatusChanged} // found open
		case t.kickedLately(now):
			return Event{Kind: DrawerOpened, Pin: t.pin}
		}
		t.out = nil // whoever opened it, it was no kick
		return Event{Kind: UnexpectedOpen}
	}
	return Event{Kind: StatusChanged}
}

// leftOpen tells that the drawer stands open for the next of the times after.
func (t *till) leftOpen(d Drawer, now time.Time, after []time.Duration) (Event, bool) {
	if d != DrawerOpen || t.told >= len(after) || now.Sub(t.since) < after[t.told] {
		return Event{}, false
	}
	t.told++
	return Event{Kind: DrawerLeftOpen, Open: now.Sub(t.since)}, true
}

// kicked notes a pulse on pin that puts the coil under current for on.
func (t *till) kicked(pin int, at time.Time, on time.Duration) {
	t.pin, t.pulsed, t.rest = pin, at, dutyRest*on
	if t.out == nil || t.drawer != DrawerOpen {
		t.out = map[int]bool{}
	}
	t.out[pin] = true
}

// kickedLately reports whether an opening now is the doing of a kick.
func (t *till) kickedLately(now time.Time) bool {
	return !t.pulsed.IsZero() && now.Sub(t.pulsed) <= attribution
}

// otherIsOut reports whether the switch says open for the drawer on the other
// pin alone, so that it can tell nothing of the one on pin.
func (t *till) otherIsOut(pin int) bool { return len(t.out) > 0 && !t.out[pin] }

// restOver is when the coils may be put under current again.
func (t *till) restOver() time.Time { return t.pulsed.Add(t.rest) }

func (c *conn) drawerWake() time.Time {
	t := &c.after.till
	if c.drawer() != DrawerOpen || t.told >= len(c.cfg.LeftOpen) {
		return time.Time{}
	}
	return t.since.Add(c.cfg.LeftOpen[t.told])
}
