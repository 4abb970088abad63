package emulator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

func kick(t testing.TB, pin int) []byte {
	b, err := escpos.Pulse(pin, 120*time.Millisecond, 480*time.Millisecond)
	return must(t, b, err)
}

func kickNow(t testing.TB, pin int) []byte {
	b, err := escpos.RealtimePulse(pin, 200*time.Millisecond)
	return must(t, b, err)
}

func TestDrawerSwitchReadsAsItIsWired(t *testing.T) {
	for _, c := range []struct {
		name         string
		sensor       emulator.Sensor
		closed, open byte // of DLE EOT 1
	}{
		{"open is low", emulator.OpenIsLow, 0x16, 0x12},
		{"open is high", emulator.OpenIsHigh, 0x12, 0x16},
		{"no switch", emulator.NoSensor, 0x12, 0x12},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, func(cfg *emulator.Config) { cfg.Sensor = c.sensor })
			line := plug(t, p)
			line.say(escpos.RealtimeStatus(1))
			line.hear(c.closed)
			line.say(kick(t, 2))
			idle(t, p)
			line.say(escpos.RealtimeStatus(1), []byte("\x1dr\x02"))
			line.hear(c.open)
			if !p.State().DrawerOpen {
				t.Error("the drawer is closed")
			}
		})
	}
}

func TestDrawerOpensAMomentAfterThePulse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, func(c *emulator.Config) { c.Speed = 1 })
		line := plug(t, p)
		line.say(escpos.EnableASB(escpos.ASBAll))
		line.hear(0x14, 0, 0, 0)
		began := time.Now()
		line.say(kick(t, 2))
		line.hear(0x10, 0, 0, 0)
		if took := time.Since(began); took != 150*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		_ = line.Close()
		_ = p.Close()
	})
}

func TestWhichPulsesOpenTheDrawer(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(*emulator.Printer)
		bytes   func(testing.TB) []byte
		pulses  int
		open    bool
	}{
		{"in order", nil, func(t testing.TB) []byte { return kick(t, 2) }, 1, true},
		{"in order, out of paper", (*emulator.Printer).PaperOut, func(t testing.TB) []byte { return kick(t, 2) }, 0, false},
		{"at once, out of paper", (*emulator.Printer).PaperOut, func(t testing.TB) []byte { return kickNow(t, 2) }, 1, true},
		{"the other pin", nil, func(t testing.TB) []byte { return kick(t, 5) }, 1, false},
		{"held shut", func(p *emulator.Printer) { p.HoldDrawer(true) }, func(t testing.TB) []byte { return kick(t, 2) }, 1, false},
		{"too short", nil, func(testing.TB) []byte { return []byte("\x1bp\x00\x05\x05") }, 1, false},
		{"hidden in a picture", nil, func(t testing.TB) []byte { return append([]byte("\x1dv0\x00\x05\x00\x01\x00"), kickNow(t, 2)...) }, 1, true},
		{"hidden, but switched off", nil, func(t testing.TB) []byte {
			return append([]byte("\x1d(D\x03\x00\x14\x01\x00"), kickNow(t, 2)...)
		}, 1, true}, // it arrives before the parser comes to GS ( D
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, nil)
			line := plug(t, p)
			if c.prepare != nil {
				c.prepare(p)
			}
			line.say(c.bytes(t))
			if p.State().Paper == "ok" {
				idle(t, p)
			}
			if st := p.State(); st.PulseCount != c.pulses || st.DrawerOpen != c.open {
				t.Errorf("%d pulses, open %v", st.PulseCount, st.DrawerOpen)
			}
		})
	}
}

func TestRealtimePulsesCanBeSwitchedOff(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	line.say([]byte("\x1d(D\x03\x00\x14\x01\x00"))
	idle(t, p)
	line.say(kickNow(t, 2))
	idle(t, p)
	if n := p.State().PulseCount; n != 0 {
		t.Errorf("%d pulses though they are switched off", n)
	}
	line.say(escpos.Init())
	idle(t, p)
	line.say(kickNow(t, 2))
	if n := p.State().PulseCount; n != 1 {
		t.Errorf("%d pulses after ESC @, want 1", n)
	}
}

func TestPulsesAreCountedWithPinAndTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, func(c *emulator.Config) { c.DrawerPins = []int{2, 5} })
		line := plug(t, p)
		line.say(kick(t, 2), kickNow(t, 5))
		idle(t, p)
		<-time.After(time.Second)
		line.say(kick(t, 5))
		idle(t, p)
		got := p.State().Pulses
		if len(got) != 3 {
			t.Fatalf("%d pulses", len(got))
		}
		if !got[1].TooSoon || got[2].TooSoon || got[2].Pin != 5 || got[2].On != 120*time.Millisecond {
			t.Errorf("%+v", got)
		}
		if d := got[2].At.Sub(got[0].At); d != time.Second {
			t.Errorf("the last came %v after the first", d)
		}
		_ = line.Close()
		_ = p.Close()
	})
}
