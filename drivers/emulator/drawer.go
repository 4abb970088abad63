package emulator

import (
	"slices"
	"time"
)

// Pulse is one firing of a drawer's solenoid.
type Pulse struct {
	Pin      int           `json:"pin"`
	On       time.Duration `json:"on_ns"`
	At       time.Time     `json:"at"`
	Realtime bool          `json:"realtime"` // DLE DC4 rather than ESC p
	Weak     bool          `json:"weak"`     // too short to pull the bolt
	TooSoon  bool          `json:"too_soon"` // less than 500 ms after the one before: the coil gets hot
}

const maxPulses = 1000

type drawer struct {
	pins   []int
	open   map[int]bool
	held   bool // somebody holds it shut
	pulses []Pulse
	count  int
}

func newDrawer(pins []int) drawer {
	return drawer{pins: slices.Clone(pins), open: map[int]bool{}}
}

func (d *drawer) anyOpen() bool {
	for _, open := range d.open {
		if open {
			return true
		}
	}
	return false
}

// pulse fires the solenoid on pin; the drawer there comes out a moment later.
func (p *Printer) pulse(pin int, on time.Duration, realtime bool) {
	now := p.clock.Now()
	d := &p.drawer
	q := Pulse{Pin: pin, On: on, At: now, Realtime: realtime, Weak: on < weakestPulse}
	if n := len(d.pulses); n > 0 {
		q.TooSoon = now.Sub(d.pulses[n-1].At) < dutyTime
	}
	if len(d.pulses) == maxPulses {
		d.pulses = slices.Delete(d.pulses, 0, 1)
	}
	d.pulses = append(d.pulses, q)
	d.count++
	p.wake.Broadcast()
	if q.Weak || d.held || !slices.Contains(d.pins, pin) {
		return
	}
	if p.cfg.Speed <= 0 {
		p.slideOut(pin)
		return
	}
	go func() {
		if p.sleep(drawerTime) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.slideOut(pin)
		}
	}()
}

func (p *Printer) slideOut(pin int) {
	p.drawer.open[pin] = true
	p.changed()
}

// OpenDrawerByKey opens the drawer (the first, if there are two) as a person with the key does.
func (p *Printer) OpenDrawerByKey() { p.act(func() { p.drawer.open[p.drawer.pins[0]] = true }) }

// CloseDrawer pushes every drawer in.
func (p *Printer) CloseDrawer() { p.act(func() { clear(p.drawer.open) }) }

// HoldDrawer holds the drawers shut against pulses, or lets go.
func (p *Printer) HoldDrawer(hold bool) { p.act(func() { p.drawer.held = hold }) }
