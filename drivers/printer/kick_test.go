package printer_test

import (
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
)

func TestKickWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{baud: 9600})
		asked := time.Now()
		if o := <-r.kick(); o != printer.Opened {
			t.Fatalf("kick: %v", o)
		}
		p := r.em.State().Pulses
		if len(p) != 1 || p[0].Realtime || p[0].Weak || p[0].Pin != 2 {
			t.Errorf("pulses: %+v", p)
		}
		if d := p[0].At.Sub(asked); d > 20*time.Millisecond {
			t.Errorf("the pulse came after %v, want at most 20 ms", d)
		}
		r.until("opened", func(e printer.Event) bool { return e.Kind == printer.DrawerOpened })
		r.em.CloseDrawer()
		r.until("shut", func(e printer.Event) bool { return e.Kind == printer.DrawerShut })
	})
}

func TestKickWhilePrinting(t *testing.T) {
	for _, baud := range []int{9600, 38400} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, setup{baud: baud})
			done := r.print(t.Context(), 0)
			for r.em.State().Lines < 5 {
				<-time.After(time.Millisecond)
			}
			asked := time.Now()
			if o := <-r.kick(); o != printer.Opened {
				t.Errorf("kick while printing: %v", o)
			}
			p := r.em.State().Pulses
			if len(p) != 1 || !p[0].Realtime {
				t.Errorf("pulses: %+v", p)
			} else if d := p[0].At.Sub(asked); d > 120*time.Millisecond {
				t.Errorf("at %d baud the pulse came after %v: it waited behind the receipt", baud, d)
			}
			if res := <-done; res.Fate != printer.Confirmed {
				t.Errorf("the receipt: %+v", res)
			}
			wantReceipts(t, r.em, 1)
		})
	}
}

func TestKickWhenThePrinterCannotPrint(t *testing.T) {
	for _, c := range []struct {
		profile, fault string
		want           printer.Outcome
	}{
		{"TM-T88VI", "paper/out", printer.Opened},
		{"TM-T88VI", "cover/open", printer.Opened},
		{"generic-58", "paper/out", printer.NotPossible}, // knows no pulse out of turn
		{"TM-T88VI", "power/off", printer.NotPossible},
		{"TM-T88VI", "unplug", printer.NotPossible},
	} {
		t.Run(c.profile+"/"+c.fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, setup{profile: c.profile})
				r.em.Do(c.fault)
				r.until("trouble", func(e printer.Event) bool { return !e.Status.Ready() })
				if o := <-r.kick(); o != c.want {
					t.Errorf("kick: %v, want %v", o, c.want)
				}
				if n := r.em.State().PulseCount; (n == 1) != (c.want == printer.Opened) {
					t.Errorf("%d pulses", n)
				}
			})
		})
	}
}

func TestKickOutcomes(t *testing.T) {
	for _, c := range []struct {
		name   string
		setup  setup
		before func(*rig)
		want   printer.Outcome
		pulses int
	}{
		{"already open", setup{}, func(r *rig) {
			r.em.OpenDrawerByKey()
			r.until("open", func(e printer.Event) bool { return e.Kind == printer.UnexpectedOpen })
		}, printer.AlreadyOpen, 0},
		{"held shut", setup{}, func(r *rig) { r.em.HoldDrawer(true) }, printer.NoResponse, 2},
		{"switch the other way round", setup{
			emulate: func(c *emulator.Config) { c.Sensor = emulator.OpenIsLow },
			session: func(c *printer.Config) { c.OpenLevel = printer.OpenLow },
		}, nil, printer.Opened, 1},
		{"no switch", setup{
			emulate: func(c *emulator.Config) { c.Sensor = emulator.NoSensor },
			session: func(c *printer.Config) { c.OpenLevel = printer.OpenNone },
		}, nil, printer.Pulsed, 1},
		{"a printer that never answers", setup{profile: "write-only"}, nil, printer.Pulsed, 1},
		{"a printer that has to be asked", setup{profile: "generic-58"}, nil, printer.Opened, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, c.setup)
				if c.before != nil {
					c.before(r)
				}
				if o := <-r.kick(); o != c.want {
					t.Errorf("kick: %v, want %v", o, c.want)
				}
				r.em.WaitIdle(t.Context())
				if n := r.em.State().PulseCount; n != c.pulses {
					t.Errorf("%d pulses, want %d", n, c.pulses)
				}
			})
		})
	}
}

func TestCoilIsGivenItsRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.em.HoldDrawer(true) // so that every kick fires
		for range 5 {
			<-r.kick()
		}
		a, b := r.kick(), r.kick() // two people at once
		<-a
		<-b
		for i, p := range r.em.State().Pulses {
			if p.TooSoon {
				t.Errorf("pulse %d came too soon after the one before", i)
			}
		}
	})
}

func TestOpeningWithoutACommand(t *testing.T) {
	for _, profile := range []string{"TM-T88VI", "generic-58"} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, setup{profile: profile})
			r.em.OpenDrawerByKey()
			e := r.until("unexpected opening", func(e printer.Event) bool { return e.Kind == printer.UnexpectedOpen })
			if e.Status.Drawer != printer.DrawerOpen {
				t.Errorf("status: %+v", e.Status)
			}
			r.em.CloseDrawer()
			r.until("shut", func(e printer.Event) bool { return e.Kind == printer.DrawerShut })
			// One that happens while the line is down is noticed afterwards.
			r.em.Unplug()
			r.until("down", func(e printer.Event) bool { return e.Status.Link == printer.LinkDown })
			r.em.OpenDrawerByKey()
			r.em.Replug()
			r.until("opened meanwhile", func(e printer.Event) bool { return e.Kind == printer.UnexpectedOpen })
		})
	}
}

func TestKickRefusesPinsNoDrawerIsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		if o, err := r.s.Kick(t.Context(), 3); o != printer.NotPossible || err == nil {
			t.Errorf("kick on pin 3: %v, %v", o, err)
		}
	})
}

func TestIdlePrinterIsLeftInPeace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		before := r.em.State().Received
		<-time.After(time.Hour)
		if n := r.em.State().Received - before; n > 3*730 {
			t.Errorf("%d bytes were sent in an idle hour", n)
		}
		// Reports that say nothing new are no events.
		for len(r.events) > 0 {
			if e := <-r.events; !e.Status.Ready() {
				t.Errorf("event on an idle printer: %+v", e)
			}
		}
	})
}

func TestReportsLostWithThePowerComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.em.PowerCycle() // too short to be noticed
		<-time.After(10 * time.Second)
		r.em.PaperOut()
		r.until("paper out", func(e printer.Event) bool { return e.Status.Paper == printer.PaperOut })
	})
}

func TestProfilesThatCannotBeAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{profile: "generic-80", change: func(p *escpos.Profile) {
			p.StatusSafe = false // answers GS a, but would hang after DLE EOT
		}})
		if res := r.s.Print(t.Context(), receipt(t, r.profile, 0)); res.Fate != printer.Parsed {
			t.Errorf("%+v", res)
		}
	})
}
