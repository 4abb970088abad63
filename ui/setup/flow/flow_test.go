package flow_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/ui/setup/flow"
)

const (
	usb  = "/dev/serial/by-id/usb-printer"
	acm  = "/dev/ttyACM0"
	pole = "/dev/ttyUSB1"
)

func newFlow(before flow.Settings) *flow.Flow {
	f := flow.New(flow.Deps{Models: []flow.Printer{{Name: "TM-T88VI", Columns: 42}, {Name: "generic-80", Columns: 48}, {Name: "write-only", Columns: 48}},
		Before: before, IsPort: func(s string) bool { return strings.HasPrefix(s, "/") || strings.HasPrefix(s, "tcp:") },
		NoCentral: func(s string) string {
			if strings.HasPrefix(s, "https://") {
				return ""
			}
			return "no_address"
		}, IsCode: func(s string) bool { return len(s) == 3 }})
	f.Start()
	f.Handle(flow.PortsAre{Ports: []flow.Port{{Name: usb}, {Name: acm, What: "scanner"}, {Name: pole}}})
	return f
}

// walk presses keys and lets the answers of the effects come in.
type walk struct {
	t *testing.T
	f *flow.Flow
	// what the devices answer
	finds  flow.Result
	tells  []flow.Finding
	learns string
	fate   flow.Fate
	meets  flow.Met
	fails  string

	wrote *flow.Settings
	left  bool
}

func (w *walk) press(actions ...flow.Action) *walk {
	w.t.Helper()
	for _, a := range actions {
		if !w.f.Can(a) {
			w.t.Fatalf("at %s %s cannot be done: %+v", w.f.Model().Step, a, w.f.Model())
		}
		w.carry(w.f.Handle(flow.Pressed{Action: a}))
	}
	return w
}

func (w *walk) carry(effects []flow.Effect) {
	for _, e := range effects {
		switch e.Do {
		case flow.DoSearch:
			for _, f := range w.tells {
				w.f.Handle(flow.Told{Turn: e.Turn, Finding: f})
			}
			r := w.finds
			if e.Settings.Model != "" {
				r = flow.Result{Found: true, Certain: true, Model: e.Settings.Model, Baud: 38400, Frame: "8N1"}
			}
			w.f.Handle(flow.Searched{Turn: e.Turn, Result: r})
		case flow.DoLearn:
			w.f.Handle(flow.LearnedIs{Turn: e.Turn, Drawer: w.learns})
		case flow.DoPrint:
			w.f.Handle(flow.Printed{Turn: e.Turn, Fate: w.fate})
		case flow.DoListen:
			w.f.Handle(flow.Heard{Turn: e.Turn, Text: "4006381333931", Trouble: w.fails})
		case flow.DoShow:
			w.f.Handle(flow.ShownIs{Turn: e.Turn, Trouble: w.fails})
		case flow.DoMeet:
			w.f.Handle(flow.MetIs{Turn: e.Turn, Met: w.meets, Trouble: w.fails})
		case flow.DoSave:
			w.f.Handle(flow.SavedIs{Turn: e.Turn, Trouble: w.fails})
			if w.fails == "" {
				w.wrote = &e.Settings
			}
		case flow.DoOpen:
			w.left = true
		}
	}
}

func (w *walk) at(step flow.Step) *walk {
	w.t.Helper()
	if got := w.f.Model().Step; got != step {
		w.t.Fatalf("it is at %s, want %s", got, step)
	}
	return w
}

func (w *walk) wants(want flow.Settings) {
	w.t.Helper()
	if w.wrote == nil || *w.wrote != want {
		w.t.Errorf("written: %+v\nwant     %+v", w.wrote, want)
	}
}

func found() flow.Result {
	return flow.Result{Found: true, Certain: true, Model: "TM-T88VI", Baud: 19200, Frame: "8N1"}
}

func TestAWholeSetUp(t *testing.T) {
	w := &walk{t: t, f: newFlow(flow.Settings{}), finds: found(), learns: "low", fate: flow.Fate{Name: "confirmed", Out: true}}
	w.press(flow.Search).at(flow.AtSearch).press(flow.Next).at(flow.AtDrawer).press(flow.Learn, flow.Next).at(flow.AtPage).
		press(flow.Print, flow.Whole).at(flow.AtScanner).press(flow.Listen)
	if m := w.f.Model(); m.Scanned != "4006381333931" || m.Settings.Scanner != acm {
		t.Errorf("scanned %q at %q", m.Scanned, m.Settings.Scanner)
	}
	w.press(flow.Next).at(flow.AtDisplay).press(flow.Down, flow.ShowB, flow.Seen).at(flow.AtCentral).press(flow.Meet).at(flow.AtEnd).press(flow.Save, flow.Open)
	w.wants(flow.Settings{Port: usb, Model: "TM-T88VI", Baud: 19200, Frame: "8N1", Drawer: "low", Drawers: 1, Scanner: acm, Display: pole, Kind: "cd5220"})
	if !w.left {
		t.Error("the station is not opened")
	}
}

func TestTheShortWays(t *testing.T) {
	t.Run("the emulated printer", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{})}
		w.press(flow.Down, flow.Down, flow.Down, flow.Search).at(flow.AtScanner).press(flow.Next, flow.Next, flow.Meet, flow.Save)
		w.wants(flow.Settings{Port: flow.Emulator, Drawer: "high", Drawers: 1})
		if w.f.Can(flow.Back) {
			t.Error("one can go back behind what is written")
		}
	})
	t.Run("a printer that never answers", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), tells: []flow.Finding{{Code: "silent", Weight: flow.Grave}}, learns: flow.None, fate: flow.Fate{Name: "sent", Out: true}}
		w.press(flow.Search)
		if w.f.Can(flow.Next) {
			t.Error("one can go on with nobody there")
		}
		w.tells = nil
		w.press(flow.Other, flow.Down, flow.Down, flow.Pick).at(flow.AtSearch).press(flow.Next, flow.Absent).at(flow.AtPage).
			press(flow.Print, flow.Whole, flow.Next, flow.Next, flow.Meet, flow.Save)
		w.wants(flow.Settings{Port: usb, Model: "write-only", Baud: 38400, Frame: "8N1", Drawer: flow.None})
	})
	t.Run("a name no profile has", func(t *testing.T) {
		r := found()
		r.Certain, r.Model = false, "generic-80"
		w := &walk{t: t, f: newFlow(flow.Settings{}), finds: r, fate: flow.Fate{Out: true}}
		w.press(flow.Search, flow.Next).at(flow.AtModel)
		if w.f.Model().Chosen != 1 {
			t.Error("the proposed model is not chosen")
		}
		w.press(flow.Pick).at(flow.AtDrawer)
	})
	t.Run("a page that does not fit", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), finds: found(), learns: "high", fate: flow.Fate{Out: true}}
		w.press(flow.Search, flow.Next, flow.Learn, flow.Next, flow.Print, flow.Broken).at(flow.AtModel).press(flow.Down, flow.Pick).at(flow.AtDrawer)
		if got := w.f.Model().Settings; got.Model != "generic-80" || got.Baud != 19200 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("the cover is open", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), finds: found(), tells: []flow.Finding{{Code: "cover_open", Weight: flow.Grave}}}
		w.press(flow.Search)
		if w.f.Can(flow.Next) {
			t.Error("one can go on with an open cover")
		}
		w.tells = nil
		w.press(flow.Again, flow.Next).at(flow.AtDrawer)
	})
	t.Run("a typed port", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), finds: found()}
		w.f.Handle(flow.Typed{Text: "printer"})
		w.press(flow.Search).at(flow.AtPort)
		if !w.f.Model().Refused {
			t.Error("a port that is none is not refused")
		}
		w.f.Handle(flow.Typed{Text: "tcp:printer:9100"})
		w.press(flow.Search).at(flow.AtSearch)
		if w.f.Model().Settings.Port != "tcp:printer:9100" {
			t.Errorf("%+v", w.f.Model().Settings)
		}
	})
	t.Run("who leaves has changed nothing", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{Port: usb, Model: "TM-T88VI", Drawer: "low"}), finds: found()}
		w.press(flow.Search, flow.Back, flow.Back)
		if !w.left || w.wrote != nil {
			t.Errorf("left %v, wrote %+v", w.left, w.wrote)
		}
	})
	t.Run("a file that cannot be written", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), fails: "no room"}
		w.press(flow.Down, flow.Down, flow.Down, flow.Search, flow.Next, flow.Next, flow.Meet, flow.Save)
		if w.f.Model().Trouble != "no room" || w.f.Can(flow.Open) || !w.f.Can(flow.Save) {
			t.Errorf("%+v", w.f.Model())
		}
	})
}

// toCentral goes to the step that asks for central, with the emulated printer.
func (w *walk) toCentral() *walk {
	w.t.Helper()
	return w.press(flow.Down, flow.Down, flow.Down, flow.Search, flow.Next, flow.Next).at(flow.AtCentral)
}

func (w *walk) types(address, code string) *walk {
	w.f.Handle(flow.Placed{Text: address})
	w.f.Handle(flow.Coded{Text: code})
	return w
}

func TestCentral(t *testing.T) {
	const here = "https://central.example"
	base := flow.Settings{Port: flow.Emulator, Drawer: "high", Drawers: 1}
	with := func(address, pin, code string) flow.Settings {
		s := base
		s.Central, s.Pin, s.Code = address, pin, code
		return s
	}
	t.Run("a key that nobody vouches for is compared", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), meets: flow.Met{Pin: "sha256/A"}}
		w.toCentral().types(here, "abc").press(flow.Meet).at(flow.AtCentral)
		if m := w.f.Model(); m.Met == nil || m.Met.Pin != "sha256/A" || w.f.Can(flow.Meet) {
			t.Fatalf("%+v", m)
		}
		w.press(flow.Trust, flow.Save)
		w.wants(with(here, "sha256/A", "abc"))
	})
	t.Run("another address is asked anew", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), meets: flow.Met{Pin: "sha256/A"}}
		w.toCentral().types(here, "").press(flow.Meet).types(here+"2", "")
		if w.f.Can(flow.Trust) || !w.f.Can(flow.Meet) {
			t.Error("the key of another address can be trusted")
		}
	})
	t.Run("an authority vouches for it", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), meets: flow.Met{Pin: "sha256/A", Vouched: true}}
		w.toCentral().types(here, "abc").press(flow.Meet).at(flow.AtEnd).press(flow.Save)
		w.wants(with(here, "", "abc"))
	})
	t.Run("slips are refused and stay", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{})}
		w.toCentral().types("central", "abcd").press(flow.Meet).at(flow.AtCentral)
		if m := w.f.Model(); m.BadPlace != "no_address" || !m.BadCode || m.Address != "central" || m.Code != "abcd" {
			t.Errorf("%+v", m)
		}
	})
	t.Run("nobody answers", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(flow.Settings{}), fails: "no route"}
		w.toCentral().types(here, "abc").press(flow.Meet).at(flow.AtCentral)
		if w.f.Model().Trouble != "no route" {
			t.Errorf("%+v", w.f.Model())
		}
		w.fails = ""
		w.types("", "").press(flow.Meet, flow.Save)
		w.wants(base)
	})
	t.Run("as it was, also while nobody answers", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(with(here, "sha256/A", "")), fails: "no route"}
		w.press(flow.Search, flow.Next, flow.Next, flow.Meet).at(flow.AtEnd)
		w.fails = ""
		w.press(flow.Save).wants(with(here, "sha256/A", ""))
	})
	t.Run("a new code, the key of before", func(t *testing.T) {
		w := &walk{t: t, f: newFlow(with(here, "sha256/A", "")), meets: flow.Met{Pin: "sha256/A"}}
		w.press(flow.Search, flow.Next, flow.Next).types(here, "abc").press(flow.Meet).at(flow.AtEnd).press(flow.Save)
		w.wants(with(here, "sha256/A", "abc"))
	})
}

func TestTheReaderForChecks(t *testing.T) {
	w := &walk{t: t, f: newFlow(flow.Settings{}), finds: found(), learns: "low", fate: flow.Fate{Out: true}}
	w.press(flow.Search, flow.Next, flow.Learn, flow.Next).at(flow.AtPage).press(flow.Reads, flow.Print, flow.Whole, flow.Next, flow.Next, flow.Meet, flow.Save)
	w.wants(flow.Settings{Port: usb, Model: "TM-T88VI", Baud: 19200, Frame: "8N1", Drawer: "low", Drawers: 1, Checks: true})
}

// TestTheSamePortKeepsWhatIsKnown: a set-up done again, for the display alone,
// forgets neither the drawer nor the scanner; another printer does.
func TestTheSamePortKeepsWhatIsKnown(t *testing.T) {
	before := flow.Settings{Port: usb, Model: "TM-T88VI", Baud: 9600, Frame: "8N1", Drawer: "low", Drawers: 2, Scanner: acm}
	w := &walk{t: t, f: newFlow(before), finds: found()}
	w.press(flow.Search)
	if got := w.f.Model().Settings; got.Drawer != "low" || got.Drawers != 2 || got.Scanner != acm {
		t.Errorf("the same printer: %+v", got)
	}
	w = &walk{t: t, f: newFlow(before), finds: found()}
	w.press(flow.Down, flow.Search)
	if got := w.f.Model().Settings; got.Port != acm || got.Drawer != flow.None || got.Drawers != 1 || got.Scanner != "" {
		t.Errorf("another printer, where the scanner was: %+v", got)
	}
}

// TestWhatWasGivenUpIsNotHeard: the answers of a search that was left.
func TestWhatWasGivenUpIsNotHeard(t *testing.T) {
	f := newFlow(flow.Settings{})
	turn := f.Handle(flow.Pressed{Action: flow.Search})[0].Turn
	stop := f.Handle(flow.Pressed{Action: flow.Back})
	if len(stop) != 1 || stop[0].Do != flow.DoStop {
		t.Errorf("leaving the search asks for %+v", stop)
	}
	f.Handle(flow.Told{Turn: turn, Finding: flow.Finding{Code: "answers"}})
	f.Handle(flow.Searched{Turn: turn, Result: found()})
	if m := f.Model(); m.Step != flow.AtPort || len(m.Findings) != 0 || m.Result.Found || m.Settings.Model != "" {
		t.Errorf("%+v", m)
	}
}

// TestAnyOrder: whatever is pressed and answered in whatever order, a row that is
// chosen is there, there is a way on or back, and nothing is written but by the
// last step, with a port.
func TestAnyOrder(t *testing.T) {
	actions := []flow.Action{flow.Next, flow.Search, flow.Again, flow.Other, flow.Pick, flow.Learn, flow.Absent, flow.Print, flow.Whole,
		flow.Broken, flow.Listen, flow.ShowA, flow.ShowB, flow.Seen, flow.Reads, flow.Meet, flow.Trust, flow.Save, flow.Open, flow.Back, flow.Up, flow.Down}
	answers := map[flow.Do][]func(turn int) flow.Event{
		flow.DoSearch: {
			func(n int) flow.Event { return flow.Told{Turn: n, Finding: flow.Finding{Code: flow.Trying}} },
			func(n int) flow.Event {
				return flow.Told{Turn: n, Finding: flow.Finding{Code: "silent", Weight: flow.Grave}}
			},
			func(n int) flow.Event { return flow.Searched{Turn: n} },
			func(n int) flow.Event { return flow.Searched{Turn: n, Result: found()} },
		},
		flow.DoLearn:  {func(n int) flow.Event { return flow.LearnedIs{Turn: n, Drawer: "high"} }},
		flow.DoPrint:  {func(n int) flow.Event { return flow.Printed{Turn: n, Fate: flow.Fate{Out: true}} }, func(n int) flow.Event { return flow.Printed{Turn: n} }},
		flow.DoListen: {func(n int) flow.Event { return flow.Heard{Turn: n, Text: "1"} }, func(n int) flow.Event { return flow.Heard{Turn: n, Trouble: "no"} }},
		flow.DoShow:   {func(n int) flow.Event { return flow.ShownIs{Turn: n} }, func(n int) flow.Event { return flow.ShownIs{Turn: n, Trouble: "no"} }},
		flow.DoMeet: {
			func(n int) flow.Event { return flow.MetIs{Turn: n, Met: flow.Met{Pin: "A"}} },
			func(n int) flow.Event { return flow.MetIs{Turn: n, Met: flow.Met{Pin: "A", Vouched: true}} },
			func(n int) flow.Event { return flow.MetIs{Turn: n, Trouble: "no"} },
		},
		flow.DoSave: {func(n int) flow.Event { return flow.SavedIs{Turn: n} }, func(n int) flow.Event { return flow.SavedIs{Turn: n, Trouble: "no"} }},
	}
	rapid.Check(t, func(t *rapid.T) {
		f := newFlow(flow.Settings{})
		asked := []flow.Effect{{}}
		for range rapid.IntRange(1, 80).Draw(t, "events") {
			others := []flow.Event{flow.Picked{Row: -1}, flow.Picked{Row: 9}, flow.Typed{}, flow.Typed{Text: "/dev/x"}, flow.Scanned{Text: "1"},
				flow.Placed{}, flow.Placed{Text: "https://a"}, flow.Coded{Text: "abc"}, flow.Coded{Text: "no"}}
			for _, a := range actions {
				if f.Can(a) {
					others = append(others, flow.Pressed{Action: a}, flow.Pressed{Action: a})
				}
			}
			// An answer may also be one to what was asked before and given up.
			effect := asked[max(0, len(asked)-rapid.SampledFrom([]int{1, 1, 1, 2, 3}).Draw(t, "late"))]
			for _, answer := range answers[effect.Do] {
				others = append(others, answer(effect.Turn), answer(effect.Turn))
			}
			e := rapid.SampledFrom(others).Draw(t, "event")
			before := f.Model().Step
			for _, effect := range f.Handle(e) {
				asked = append(asked, effect)
				if effect.Do == flow.DoSave && (before != flow.AtEnd || effect.Settings.Port == "") {
					t.Fatalf("at %s it writes %+v", before, effect.Settings)
				}
			}
			m := f.Model()
			if m.Step == flow.AtPort && (m.Chosen < 0 || m.Chosen >= len(m.Ports)) {
				t.Fatalf("row %d of %d", m.Chosen, len(m.Ports))
			}
			if !f.Can(flow.Back) && !f.Can(flow.Open) {
				t.Fatalf("no way out of %s: %+v", m.Step, m)
			}
		}
	})
}
