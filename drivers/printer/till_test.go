package printer_test

import (
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/printer"
)

func (r *rig) kickPin(pin int) printer.Outcome {
	r.t.Helper()
	o, err := r.s.Kick(r.t.Context(), pin)
	if err != nil {
		r.t.Errorf("kick on pin %d: %v, %v", pin, o, err)
	}
	return o
}

func kind(k printer.EventKind) func(printer.Event) bool {
	return func(e printer.Event) bool { return e.Kind == k }
}

func TestAnOpeningBelongsToThePinThatWasKicked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{emulate: func(c *emulator.Config) { c.DrawerPins = []int{2, 5} }})
		for _, pin := range []int{2, 5} {
			if o := r.kickPin(pin); o != printer.Opened {
				t.Errorf("pin %d: %v", pin, o)
			}
			if e := r.until("opened", kind(printer.DrawerOpened)); e.Pin != pin {
				t.Errorf("the opening by pin %d is said to be of pin %d", pin, e.Pin)
			}
			if o := r.kickPin(pin); o != printer.AlreadyOpen {
				t.Errorf("pin %d again: %v", pin, o)
			}
			r.em.CloseDrawer()
			r.until("shut", kind(printer.DrawerShut))
		}
		// One that comes later than 1.5 s after the pulse is somebody's key.
		r.em.HoldDrawer(true)
		r.kickPin(2)
		r.em.HoldDrawer(false)
		<-time.After(2 * time.Second)
		r.em.OpenDrawerByKey()
		if e := r.until("opened by key", kind(printer.UnexpectedOpen)); e.Pin != 0 {
			t.Errorf("an opening by key is said to be of pin %d", e.Pin)
		}
	})
}

// Both drawers share one switch. While one stands open the other must still
// open for its cashier, and nothing can be said of it.
func TestTheOtherDrawerOpensToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{emulate: func(c *emulator.Config) { c.DrawerPins = []int{2, 5} }})
		for _, c := range []struct {
			pin  int
			want printer.Outcome
		}{{2, printer.Opened}, {5, printer.Pulsed}, {2, printer.AlreadyOpen}, {5, printer.AlreadyOpen}} {
			if o := r.kickPin(c.pin); o != c.want {
				t.Errorf("pin %d: %v, want %v", c.pin, o, c.want)
			}
		}
		if n := r.em.State().PulseCount; n != 2 {
			t.Errorf("%d pulses, want one for each drawer", n)
		}
	})
}

func TestAHeldDrawerIsTriedOnceMoreAndLetBe(t *testing.T) {
	for _, out := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, setup{})
			r.em.HoldDrawer(true)
			if out { // DLE DC4 counts in longer steps
				r.em.PaperOut()
				r.until("paper out", func(e printer.Event) bool { return !e.Status.Ready() })
			}
			if o := r.kickPin(2); o != printer.NoResponse {
				t.Fatalf("held shut: %v", o)
			}
			p := r.em.State().Pulses
			if len(p) != 2 {
				t.Fatalf("%d pulses, want 2", len(p))
			}
			if p[1].On <= p[0].On || p[1].At.Sub(p[0].At) < 800*time.Millisecond {
				t.Errorf("the second pulse is %v long, %v after one of %v", p[1].On, p[1].At.Sub(p[0].At), p[0].On)
			}
			wantDuty(t, p)
		})
	}
}

// One that was stiff opens at the second pulse.
func TestAStiffDrawerOpensAtTheSecondPulse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.em.HoldDrawer(true)
		time.AfterFunc(500*time.Millisecond, func() { r.em.HoldDrawer(false) })
		if o := r.kickPin(2); o != printer.Opened {
			t.Errorf("let go after the first pulse: %v", o)
		}
	})
}

// wantDuty: no two pulses within 500 ms, and the coil is under current for a
// fifth of the time at most (Citizen).
func wantDuty(t *testing.T, p []emulator.Pulse) {
	t.Helper()
	for i := 1; i < len(p); i++ {
		period := p[i].At.Sub(p[i-1].At)
		if p[i].TooSoon || period < 500*time.Millisecond || 5*p[i-1].On > period+10*time.Millisecond {
			t.Errorf("pulse %d comes %v after one of %v", i, period, p[i-1].On)
		}
	}
}

func TestTheDutyIsKeptWhateverIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{emulate: func(c *emulator.Config) { c.DrawerPins = []int{2, 5} }})
		r.em.HoldDrawer(true)
		for i := range 20 {
			if i == 10 {
				r.em.PaperOut()
				r.until("paper out", func(e printer.Event) bool { return !e.Status.Ready() })
			}
			r.kickPin([]int{2, 5}[i%2])
		}
		wantDuty(t, r.em.State().Pulses)
	})
}

func TestADrawerLeftOpenIsToldOf(t *testing.T) {
	for _, c := range []struct {
		name  string
		after []time.Duration
		want  []time.Duration
	}{
		{"by default", nil, []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute}},
		{"as set", []time.Duration{5 * time.Second}, []time.Duration{5 * time.Second}},
		{"not at all", []time.Duration{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, setup{session: func(p *printer.Config) { p.LeftOpen = c.after }})
				r.kickPin(2)
				opened := r.until("opened", kind(printer.DrawerOpened)).Status.At
				time.AfterFunc(150*time.Second, r.em.CloseDrawer)
				var told []time.Duration
				for {
					e := r.until("left open or shut", func(e printer.Event) bool {
						return e.Kind == printer.DrawerLeftOpen || e.Kind == printer.DrawerShut
					})
					if e.Open != e.Status.At.Sub(opened) {
						t.Errorf("open for %v, said %v", e.Status.At.Sub(opened), e.Open)
					}
					if e.Kind == printer.DrawerShut {
						if e.Open.Round(time.Second) != 150*time.Second {
							t.Errorf("shut after %v", e.Open)
						}
						break
					}
					told = append(told, e.Open)
				}
				if len(told) != len(c.want) {
					t.Fatalf("told after %v, want %v", told, c.want)
				}
				for i, d := range told {
					if late := d - c.want[i]; late < 0 || late > 50*time.Millisecond {
						t.Errorf("told after %v, want %v", d, c.want[i])
					}
				}
			})
		})
	}
}
