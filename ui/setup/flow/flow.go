package flow

import "slices"

// Deps is what a flow is made of.
type Deps struct {
	Models []Printer
	// Before are the settings of the station until now.
	Before Settings
	// IsPort tells whether a text that was typed names a port.
	IsPort func(text string) bool
	// NoCentral tells why a text that was typed is no address of central; empty: it is
	// one. IsCode tells whether a code has no slip in it.
	NoCentral func(text string) string
	IsCode    func(text string) bool
}

// Flow is the set-up of one station.
type Flow struct {
	deps  Deps
	model Model
	turn  int
}

// New returns a flow at its first step.
func New(d Deps) *Flow {
	return &Flow{deps: d, model: Model{Step: AtPort, Models: d.Models, Settings: d.Before, Address: d.Before.Central, Code: d.Before.Code}}
}

// Model is what is to be shown.
func (f *Flow) Model() *Model { return &f.model }

// Start asks for what the set-up begins with.
func (f *Flow) Start() []Effect { return f.do(DoList) }

// do gives an effect its number. What is under way is given up, and its answers
// belong to no turn any more.
func (f *Flow) do(what Do) []Effect {
	f.turn++
	return []Effect{{Do: what, Turn: f.turn, Settings: f.model.Settings}}
}

func (f *Flow) work(what Do) []Effect {
	f.model.Busy, f.model.Trouble = true, ""
	return f.do(what)
}

// Handle takes an event and returns what is to be done.
func (f *Flow) Handle(e Event) []Effect {
	m := &f.model
	switch e := e.(type) {
	case Pressed:
		if f.Can(e.Action) {
			return f.press(e.Action)
		}
	case Picked:
		f.choose(e.Row)
	case Typed:
		m.Typed, m.Refused = e.Text, false
	case Scanned:
		if m.Step == AtScanner {
			m.Scanned = e.Text
		}
	case Placed:
		m.Address, m.BadPlace, m.Met, m.Trouble = e.Text, "", nil, ""
		if m.Step == AtCentral && m.Busy { // what was asked is another
			m.Busy = false
			return f.do(DoStop)
		}
	case Coded:
		m.Code, m.BadCode = e.Text, false
	case PortsAre:
		f.listed(e.Ports)
	case Told:
		if e.Turn == f.turn {
			f.told(e.Finding)
		}
	case Searched:
		if e.Turn == f.turn {
			f.searched(e.Result)
		}
	case LearnedIs:
		if e.Turn == f.turn {
			m.Busy, m.Learned, m.Settings.Drawer = false, true, e.Drawer
			m.Settings.Drawers = max(m.Settings.Drawers, 1)
		}
	case Printed:
		if e.Turn == f.turn {
			m.Busy, m.Fate = false, &e.Fate
		}
	case Heard:
		if e.Turn == f.turn {
			m.Busy, m.Trouble = false, e.Trouble
			if e.Text != "" {
				m.Scanned, m.Settings.Scanner = e.Text, m.Listens
			}
		}
	case ShownIs:
		if e.Turn == f.turn {
			m.Busy, m.Trouble = false, e.Trouble
			if e.Trouble != "" {
				m.Kind = ""
			}
		}
	case MetIs:
		if e.Turn == f.turn {
			return f.met(e)
		}
	case SavedIs:
		if e.Turn == f.turn {
			m.Busy, m.Trouble, m.Saved = false, e.Trouble, e.Trouble == ""
		}
	}
	return nil
}

// listed takes the ports in, with those that are no places, and chooses the one of
// before, or the first real one.
func (f *Flow) listed(ports []Port) {
	m := &f.model
	m.Ports = append(slices.Clone(ports), Port{Name: Emulator}, Port{Name: None})
	m.Chosen = max(0, f.row(m.Settings.Port))
}

func (f *Flow) row(port string) int {
	return slices.IndexFunc(f.model.Ports, func(p Port) bool { return p.Name == port })
}

// Free are the ports that the printer does not have: for scanners and the display.
func (m *Model) Free() []Port {
	var free []Port
	for _, p := range m.Ports {
		if p.Name != Emulator && p.Name != None && p.Name != m.Settings.Port {
			free = append(free, p)
		}
	}
	return free
}

// rows is how many rows the step's list has.
func (m *Model) rows() int {
	switch m.Step {
	case AtPort:
		return len(m.Ports)
	case AtModel:
		return len(m.Models)
	case AtScanner, AtDisplay:
		return len(m.Free())
	}
	return 0
}

func (f *Flow) choose(row int) {
	if n := f.model.rows(); n > 0 && !f.model.Busy {
		f.model.Chosen = max(0, min(row, n-1))
	}
}

// told takes a finding in. Those that only tell what is tried replace each other.
func (f *Flow) told(finding Finding) {
	m := &f.model
	if m.Step == AtDrawer {
		m.Lesson = append(m.Lesson, finding)
		return
	}
	m.forgetTrying()
	m.Findings = append(m.Findings, finding)
}

func (m *Model) forgetTrying() {
	if n := len(m.Findings); n > 0 && m.Findings[n-1].Code == Trying {
		m.Findings = m.Findings[:n-1]
	}
}

// Trying is the code of the finding that is none: what is being tried now.
const Trying = "trying"

func (f *Flow) searched(r Result) {
	m := &f.model
	m.Busy, m.Result = false, r
	m.forgetTrying()
	if r.Found {
		m.Settings.Model, m.Settings.Baud, m.Settings.Frame = r.Model, r.Baud, r.Frame
	}
}

// grave tells whether something has to be mended before the printer can be used.
func (m *Model) grave() bool {
	return slices.ContainsFunc(m.Findings, func(f Finding) bool { return f.Weight == Grave })
}
