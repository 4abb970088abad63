package till

import (
	"context"
	"errors"
	"slices"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/drivers/printer"
)

// Fault is why a drawer did not open when it was told to.
type Fault string

// The faults.
const (
	// Stuck: it was kicked twice and its switch still says closed. It is locked,
	// something holds it, or it is not plugged in.
	Stuck Fault = "stuck"
	// Unreached: no pulse could be sent in time. The key opens it.
	Unreached Fault = "unreached"
)

// Standing is what a person should know of a drawer that is not simply shut.
type Standing struct {
	// Drawer is empty where one switch serves two drawers and nobody can tell
	// which of them was opened.
	Drawer cash.DrawerID
	Fault  Fault // of the last order, until the drawer opens
	Open   bool
	// LeftOpen is how long it had stood open when that was last told of (30, 60
	// and 120 s after the opening unless the printer's session is set otherwise);
	// 0 before the first time.
	LeftOpen time.Duration
	// ByHand counts the openings that nobody asked for since one was asked for.
	ByHand int
}

// State is what is to be known of all drawers: those that are simply shut are
// left out.
type State struct{ Drawers []Standing }

// lever is what is known of one printer's switch, which all of its drawers share.
type lever struct {
	printer Kicker
	which   cash.DrawerID // that was opened last; empty: one of several
	link    printer.Link
	open    bool
	left    time.Duration
	byHand  int
}

// State looks at the drawers as they are now. It does not block.
func (f *Follower) State() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state()
}

func (f *Follower) state() State {
	var out State
	for _, l := range f.levers {
		if l.open || l.byHand > 0 {
			out.Drawers = append(out.Drawers, Standing{Drawer: l.which, Open: l.open, LeftOpen: l.left, ByHand: l.byHand})
		}
	}
	for _, d := range f.o.Drawers {
		fault := f.faults[d.ID]
		if fault == "" {
			continue
		}
		at := slices.IndexFunc(out.Drawers, func(s Standing) bool { return s.Drawer == d.ID })
		if at < 0 {
			out.Drawers = append(out.Drawers, Standing{Drawer: d.ID, Fault: fault})
			continue
		}
		out.Drawers[at].Fault = fault
	}
	return out
}

// Subscribe returns a channel of states, which hears the present one first and
// keeps only the newest for a slow reader, and a function that ends it. The
// channel is closed by that function or by Close.
func (f *Follower) Subscribe() (<-chan State, func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.board.Subscribe(f.state())
}

// learn changes what is known, and tells of it if that makes a difference.
func (f *Follower) learn(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
	now := f.state()
	if !slices.Equal(now.Drawers, f.told.Drawers) {
		f.told = now
		f.board.Tell(now)
	}
}

// last is the drawer that was opened last, empty where nobody can tell.
func (f *Follower) last(l *lever) cash.DrawerID {
	f.mu.Lock()
	defer f.mu.Unlock()
	return l.which
}

// kicked takes in what came of an order.
func (f *Follower) kicked(k Kick) {
	f.learn(func() {
		switch {
		case errors.Is(k.Err, context.Canceled): // the program ends
		case k.Err != nil:
			f.faults[k.Drawer] = Unreached
		case k.Outcome == printer.NoResponse:
			f.faults[k.Drawer] = Stuck
		default:
			delete(f.faults, k.Drawer)
		}
	})
	f.o.Kicked(k)
}

// see takes in what a printer says of its switch.
func (f *Follower) see(l *lever, e printer.Event) {
	f.learn(func() {
		if e.Status.Link == printer.LinkUp && l.link != printer.LinkUp {
			f.forgive(l, Unreached) // it can be reached again
		}
		l.link = e.Status.Link
		switch e.Kind {
		case printer.DrawerOpened:
			l.open, l.left, l.byHand = true, 0, 0
			l.which = f.on(l, e.Pin)
			delete(f.faults, l.which)
		case printer.UnexpectedOpen:
			f.openedByHand(l)
		case printer.DrawerLeftOpen:
			l.open, l.left = true, e.Open
		case printer.DrawerShut:
			l.open, l.left = false, 0
		default:
			f.foundAs(l, e.Status.Drawer)
		}
	})
}

// foundAs takes in a switch that nobody saw move: the line was down meanwhile.
func (f *Follower) foundAs(l *lever, d printer.Drawer) {
	switch {
	case d == printer.DrawerOpen && !l.open:
		l.open, l.which = true, f.alone(l)
		f.forgive(l, Stuck)
	case d == printer.DrawerClosed && l.open:
		l.open, l.left = false, 0
	}
}

// openedByHand is an opening that no kick explains. Where a drawer had just stayed
// shut, somebody did with the key what it was told to do: that is no news.
func (f *Follower) openedByHand(l *lever) {
	l.open, l.left = true, 0
	var told []cash.DrawerID
	for _, d := range f.o.Drawers {
		if d.Printer == l.printer && f.faults[d.ID] != "" {
			told = append(told, d.ID)
		}
	}
	if len(told) == 1 {
		l.which = told[0]
		delete(f.faults, l.which)
		return
	}
	l.which = f.alone(l)
	l.byHand++
}

// forgive takes back a fault of every drawer of a printer.
func (f *Follower) forgive(l *lever, fault Fault) {
	for _, d := range f.o.Drawers {
		if d.Printer == l.printer && f.faults[d.ID] == fault {
			delete(f.faults, d.ID)
		}
	}
}

// on is the drawer on a pin of a printer's connector.
func (f *Follower) on(l *lever, pin int) cash.DrawerID {
	for _, d := range f.o.Drawers {
		if d.Printer == l.printer && d.Pin == pin {
			return d.ID
		}
	}
	return f.alone(l)
}

// alone is the printer's drawer, empty where it has several.
func (f *Follower) alone(l *lever) cash.DrawerID {
	var only cash.DrawerID
	for _, d := range f.o.Drawers {
		if d.Printer != l.printer {
			continue
		}
		if only != "" {
			return ""
		}
		only = d.ID
	}
	return only
}
