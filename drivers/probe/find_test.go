package probe_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/probe"
)

// TestFind: what is found with each printer and each fault of its line.
func TestFind(t *testing.T) {
	whole := []probe.Code{probe.Answers, probe.InTurn, probe.Named, probe.Reports, probe.Proves, probe.Profiled}
	for _, tc := range []struct {
		name   string
		model  string // "": TM-T88VI
		change func(*rig, *emulator.Config)
		fault  func(*emulator.Printer)
		want   []probe.Code
		err    bool
	}{
		{name: "a printer as delivered", want: whole},
		{name: "a printer at 9600", change: func(r *rig, _ *emulator.Config) { r.baud = 9600 }, want: whole},
		{name: "a printer at 1200", change: func(r *rig, _ *emulator.Config) { r.baud = 1200 }, want: whole},
		{name: "a printer with parity", change: func(r *rig, _ *emulator.Config) { r.baud, r.frame = 19200, "7O1" }, want: whole},
		{name: "on the network", change: func(r *rig, _ *emulator.Config) { r.options.Port = "tcp:printer:9100" },
			want: slices.Concat([]probe.Code{probe.AnswersTo}, whole[1:])},
		{name: "a clone", model: "generic-58",
			want: []probe.Code{probe.Answers, probe.InTurn, probe.Named, probe.NoReports, probe.Unknown}},
		{name: "switched off", fault: (*emulator.Printer).PowerOff, want: []probe.Code{probe.Silent}, err: true},
		{name: "one that never answers", model: "write-only", want: []probe.Code{probe.Silent}, err: true},
		{name: "one that never answers, told", model: "write-only",
			change: func(r *rig, _ *emulator.Config) { r.options.Profile = profile("write-only") }, want: []probe.Code{probe.NotAsked}},
		{name: "a wrong speed told", change: func(r *rig, _ *emulator.Config) { r.options.Baud, r.options.Frame = 9600, "8N1" },
			want: []probe.Code{probe.Silent}, err: true},
		{name: "a cable without DSR", change: func(r *rig, _ *emulator.Config) { r.wrap = threeWires },
			want: []probe.Code{probe.Answers, probe.Withheld, probe.Reports, probe.Unknown}},
		{name: "cover open", fault: (*emulator.Printer).OpenCover, want: []probe.Code{probe.Answers, probe.CoverOpen, probe.Unknown}},
		{name: "out of paper", fault: (*emulator.Printer).PaperOut, want: []probe.Code{probe.Answers, probe.PaperOut, probe.Unknown}},
		{name: "low on paper", fault: (*emulator.Printer).PaperLow,
			want: slices.Insert(slices.Clone(whole), 1, probe.PaperLow)},
		{name: "slow", change: func(r *rig, _ *emulator.Config) {
			r.wrap = func(p link.Port) link.Port { return &filtered{Port: p, late: 180 * time.Millisecond} }
		}, want: slices.Insert(slices.Clone(whole), 5, probe.Slow)},
		{name: "asks to pause for ever", change: func(r *rig, _ *emulator.Config) {
			r.wrap = func(p link.Port) link.Port {
				return &filtered{Port: p, first: []byte{0x13}, keep: func(byte) bool { return false }}
			}
		}, want: []probe.Code{probe.Paused}, err: true},
		{name: "uses XON/XOFF", change: func(r *rig, _ *emulator.Config) {
			r.wrap = func(p link.Port) link.Port { return &filtered{Port: p, first: []byte{0x13, 0x11}} }
		}, want: slices.Insert(slices.Clone(whole), 5, probe.XonXoff)},
		{name: "noise instead of answers", change: func(r *rig, _ *emulator.Config) {
			r.wrap = func(p link.Port) link.Port { return noisy{p} }
		}, want: []probe.Code{probe.Noise}, err: true},
		{name: "a loop", change: func(r *rig, _ *emulator.Config) {
			r.wrap = func(p link.Port) link.Port {
				_ = p.Close()
				return &loop{bytes: make(chan byte, 4096)}
			}
		}, want: []probe.Code{probe.Echo}, err: true},
		{name: "held by another program", change: func(r *rig, _ *emulator.Config) { r.fail = link.ErrBusy }, want: []probe.Code{probe.Busy}, err: true},
		{name: "nothing there", change: func(r *rig, _ *emulator.Config) { r.fail = fs.ErrNotExist }, want: []probe.Code{probe.Missing}, err: true},
		{name: "not allowed", change: func(r *rig, _ *emulator.Config) { r.fail = fs.ErrPermission }, want: []probe.Code{probe.Forbidden}, err: true},
		{name: "another refusal", change: func(r *rig, _ *emulator.Config) { r.fail = errors.New("no") }, want: []probe.Code{probe.Refused}, err: true},
		{name: "unplugged", fault: (*emulator.Printer).Unplug, want: []probe.Code{probe.Unplugged}, err: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.model == "" {
				tc.model = "TM-T88VI"
			}
			inBubble(t, tc.model, tc.change, func(t *testing.T, r *rig) {
				if tc.fault != nil {
					tc.fault(r.em)
				}
				got, err := r.find(t)
				r.wantCodes(t, tc.want...)
				if tc.err != errors.Is(err, probe.ErrNotFound) {
					t.Errorf("ends with %v", err)
				}
				if err == nil && r.options.Port.HasSpeed() && tc.model != "write-only" && (got.Baud != r.baud || got.Frame != r.frame) {
					t.Errorf("found %d %s", got.Baud, got.Frame)
				}
				if slices.Contains(tc.want, probe.Profiled) && (got.Profile.Name != tc.model || !got.Certain) {
					t.Errorf("proposes %q", got.Profile.Name)
				}
				if n := len(r.em.Pieces()); n != 0 {
					t.Errorf("%d pieces of paper came out of asking", n)
				}
			})
		})
	}
}

// noisy is a line on which every answer is broken.
type noisy struct{ link.Port }

func (n noisy) Read(b []byte) (int, error) {
	got, err := n.Port.Read(b)
	for i := range b[:got] {
		b[i] |= 0x81
	}
	return got, err
}

func profile(name string) *escpos.Profile {
	p, known := escpos.ProfileNamed(name)
	if !known {
		panic("there is no profile " + name)
	}
	return &p
}

// TestAHarmlessQuestion: a model that DLE EOT may harm is never sent one, whatever
// is done with it, and is found all the same.
func TestAHarmlessQuestion(t *testing.T) {
	for _, safe := range []bool{true, false} {
		inBubble(t, "generic-80", func(r *rig, _ *emulator.Config) { r.baud = 9600 }, func(t *testing.T, r *rig) {
			var sent []byte
			r.wrap = func(p link.Port) link.Port { return &recorded{p, &sent} }
			r.options.Profile = profile("generic-80")
			r.options.Profile.StatusSafe = safe
			found, err := r.find(t)
			if err != nil || found.Baud != 9600 || !found.InTurn {
				t.Fatalf("%+v, %v", found, err)
			}
			level, err := probe.Learn(t.Context(), r.options, found, 2, r.tell)
			if err != nil || (level == devices.LevelHigh) != safe {
				t.Errorf("learned %v, %v", level, err)
			}
			if asked := slices.Contains(commands(sent), "DLE EOT"); asked != safe {
				t.Errorf("safe: %v; DLE EOT was sent: %v", safe, asked)
			}
		})
	}
}

type recorded struct {
	link.Port
	sent *[]byte
}

func (r *recorded) Write(b []byte) (int, error) {
	*r.sent = append(*r.sent, b...)
	return r.Port.Write(b)
}

func commands(sent []byte) []string {
	var names []string
	var t escpos.Tokenizer
	t.Push(sent, func(tok escpos.Token) { names = append(names, tok.Name) })
	return names
}

func TestFindEndsWithItsContext(t *testing.T) {
	inBubble(t, "TM-T88VI", nil, func(t *testing.T, r *rig) {
		r.em.PowerOff()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := probe.Find(ctx, r.options, r.tell); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ends with %v", err)
		}
		if took := time.Since(began); took > 2200*time.Millisecond {
			t.Errorf("ends %v after it began", took)
		}
	})
}

// TestHowLong: the bounds that Find promises.
func TestHowLong(t *testing.T) {
	for _, tc := range []struct {
		name string
		off  bool
		most time.Duration
	}{{"as delivered", false, time.Second}, {"nobody there", true, 30 * time.Second}} {
		inBubble(t, "TM-T88VI", nil, func(t *testing.T, r *rig) {
			if tc.off {
				r.em.PowerOff()
			}
			began := time.Now()
			_, err := r.find(t)
			if took := time.Since(began); took > tc.most || (err != nil) != tc.off {
				t.Errorf("%s: %v, %v", tc.name, took, err)
			}
		})
	}
}

func TestLearn(t *testing.T) {
	for _, tc := range []struct {
		name   string
		sensor emulator.Sensor
		fault  func(*emulator.Printer)
		model  string
		pin    int
		level  devices.Level
		code   probe.Code
	}{
		{"high is open", emulator.OpenIsHigh, nil, "TM-T88VI", 2, devices.LevelHigh, probe.DrawerLearned},
		{"low is open", emulator.OpenIsLow, nil, "TM-T88VI", 2, devices.LevelLow, probe.DrawerLearned},
		{"on pin 5", emulator.OpenIsHigh, nil, "TM-T88VI", 5, devices.LevelHigh, probe.DrawerLearned},
		{"stands open", emulator.OpenIsHigh, (*emulator.Printer).OpenDrawerByKey, "TM-T88VI", 2, devices.LevelNone, probe.DrawerStill},
		{"no switch", emulator.NoSensor, nil, "TM-T88VI", 2, devices.LevelNone, probe.DrawerStill},
		{"held shut", emulator.OpenIsHigh, func(p *emulator.Printer) { p.HoldDrawer(true) }, "TM-T88VI", 2, devices.LevelNone, probe.DrawerStill},
		{"out of paper, opens out of turn", emulator.OpenIsLow, (*emulator.Printer).PaperOut, "TM-T88VI", 2, devices.LevelLow, probe.DrawerLearned},
		{"out of paper, cannot", emulator.OpenIsLow, (*emulator.Printer).PaperOut, "generic-58", 2, devices.LevelNone, probe.DrawerCannot},
		{"switched off", emulator.OpenIsLow, (*emulator.Printer).PowerOff, "TM-T88VI", 2, devices.LevelNone, probe.Silent},
		{"unplugged", emulator.OpenIsLow, (*emulator.Printer).Unplug, "TM-T88VI", 2, devices.LevelNone, probe.Unplugged},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inBubble(t, tc.model, func(_ *rig, c *emulator.Config) { c.Sensor, c.DrawerPins = tc.sensor, []int{2, 5} }, func(t *testing.T, r *rig) {
				p, _ := escpos.ProfileNamed(tc.model)
				if tc.fault != nil {
					tc.fault(r.em)
				}
				level, _ := probe.Learn(t.Context(), r.options, probe.Result{Baud: r.baud, Frame: r.frame, Profile: p}, tc.pin, r.tell)
				if level != tc.level {
					t.Errorf("learned %q", level)
				}
				r.wantCodes(t, tc.code)
				if n := len(r.em.State().Pulses); n > 1 {
					t.Errorf("%d pulses", n)
				}
				for _, p := range r.em.State().Pulses {
					if p.Weak || p.On > 200*time.Millisecond {
						t.Errorf("pulse %+v", p)
					}
				}
			})
		})
	}
}

// TestFindingsHaveTheirFacts: what a sentence needs is there.
func TestFindingsHaveTheirFacts(t *testing.T) {
	inBubble(t, "TM-T88VI", func(r *rig, _ *emulator.Config) {
		r.options.Port, r.fail = "usb:/dev/usb/lp0", fmt.Errorf("open: %w", fs.ErrPermission)
	}, func(t *testing.T, r *rig) {
		if _, err := r.find(t); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%v", err)
		}
		if f := r.found[0]; f.Args()["group"] != "lp" || f.Args()["cause"] != "open: permission denied" && f.Err == nil || f.Weight() != probe.Grave {
			t.Errorf("%+v", f)
		}
	})
}
