package flow

// Can tells whether an action may be done now.
func (f *Flow) Can(a Action) bool {
	m := &f.model
	if a == Back { // also gives up what is under way
		return !m.Saved
	}
	if m.Busy && !(m.Step == AtScanner && a == Next) {
		return false
	}
	switch a {
	case Up, Down:
		return m.rows() > 0
	case Search:
		return m.Step == AtPort && (m.Typed != "" || len(m.Ports) > 0)
	case Again:
		switch m.Step {
		case AtSearch:
			return true
		case AtDrawer:
			return m.Learned
		case AtPage:
			return m.Fate != nil
		}
		return false
	case Other:
		return m.Step == AtSearch
	case Pick:
		return m.Step == AtModel
	case Learn:
		return m.Step == AtDrawer && !m.Learned
	case Absent:
		return m.Step == AtDrawer
	case Print:
		return m.Step == AtPage && m.Fate == nil
	case Whole:
		return m.Step == AtPage && m.Fate != nil && m.Fate.Out
	case Broken:
		return m.Step == AtPage && m.Fate != nil
	case Listen:
		return m.Step == AtScanner && len(m.Free()) > 0
	case ShowA, ShowB:
		return m.Step == AtDisplay && len(m.Free()) > 0
	case Seen:
		return m.Step == AtDisplay && m.Kind != ""
	case Reads:
		return m.Step == AtPage
	case Meet:
		return m.Step == AtCentral && m.Met == nil
	case Trust:
		return m.Step == AtCentral && m.Met != nil
	case Save:
		return m.Step == AtEnd && !m.Saved
	case Open:
		return m.Step == AtEnd && m.Saved
	case Next:
		return f.canGoOn()
	}
	return false
}

func (f *Flow) canGoOn() bool {
	m := &f.model
	switch m.Step {
	case AtSearch:
		return m.Result.Found && !m.grave()
	case AtDrawer:
		return m.Learned
	case AtScanner:
		return true
	case AtDisplay:
		return m.Kind == ""
	}
	return false
}

func (f *Flow) press(a Action) []Effect {
	m := &f.model
	switch a {
	case Up:
		f.choose(m.Chosen - 1)
	case Down:
		f.choose(m.Chosen + 1)
	case Search:
		return f.port()
	case Again:
		return f.again()
	case Other, Broken:
		return f.goTo(AtModel)
	case Pick:
		return f.pick()
	case Learn:
		return f.learn()
	case Absent:
		m.Settings.Drawer, m.Settings.Drawers = None, 0
		return f.goTo(AtPage)
	case Print:
		return f.work(DoPrint)
	case Whole:
		return f.goTo(AtScanner)
	case Listen:
		m.Listens, m.Scanned = m.Free()[m.Chosen].Name, ""
		e := f.work(DoListen)
		e[0].Settings.Scanner = m.Listens
		return e
	case ShowA:
		return f.show("dm-d")
	case ShowB:
		return f.show("cd5220")
	case Seen:
		m.Settings.Display, m.Settings.Kind = m.Free()[m.Chosen].Name, m.Kind
		return f.goTo(AtCentral)
	case Reads:
		m.Settings.Checks = !m.Settings.Checks
	case Meet:
		return f.meet()
	case Trust:
		return f.trust(m.Met.Pin)
	case Save:
		return f.work(DoSave)
	case Open:
		return f.do(DoOpen)
	case Next:
		return f.goOn()
	case Back:
		return f.back()
	}
	return nil
}

// port takes what was typed, or the chosen row.
func (f *Flow) port() []Effect {
	m := &f.model
	name := m.Typed
	if name == "" {
		name = m.Ports[m.Chosen].Name
	} else if !f.deps.IsPort(name) {
		m.Refused = true
		return nil
	}
	if name != m.Settings.Port {
		// What was known is of another printer.
		m.Settings = m.Settings.at(name)
		m.Settings.Drawer = None
		m.Settings.Scanner, m.Settings.Display = f.other(m.Settings.Scanner, name), f.other(m.Settings.Display, name)
	}
	if name == Emulator || name == None {
		m.Settings = m.Settings.at(name)
		if name == Emulator {
			m.Settings.Drawer = "high" // the emulated drawer's own
		}
		return f.goTo(AtScanner)
	}
	return f.search("")
}

// at are the settings with a printer that nothing is known of; what is not the printer's
// stays.
func (s Settings) at(port string) Settings {
	s.Port, s.Model, s.Frame, s.Baud = port, "", "", 0
	s.Drawer, s.Drawers, s.Checks = "", 1, false
	return s
}

// other is a device's port, unless the printer takes it.
func (f *Flow) other(port, taken string) string {
	if port == taken {
		return ""
	}
	return port
}

// search looks for the printer; model is what the person said it is, or empty.
func (f *Flow) search(model string) []Effect {
	m := &f.model
	m.Step, m.Findings, m.Result = AtSearch, nil, Result{}
	m.Settings.Model = model
	return f.work(DoSearch)
}

func (f *Flow) again() []Effect {
	m := &f.model
	switch m.Step {
	case AtSearch:
		return f.search("")
	case AtDrawer:
		return f.learn()
	default:
		m.Fate = nil
		return f.work(DoPrint)
	}
}

func (f *Flow) learn() []Effect {
	f.model.Lesson = nil
	return f.work(DoLearn)
}

// pick takes the chosen model: at once where the printer's speed is known, else it
// is looked for with what is now known of it.
func (f *Flow) pick() []Effect {
	m := &f.model
	name := m.Models[m.Chosen].Name
	if !m.Result.Found {
		return f.search(name)
	}
	m.Settings.Model = name
	return f.goTo(AtDrawer)
}

func (f *Flow) show(kind string) []Effect {
	m := &f.model
	m.Kind = kind
	e := f.work(DoShow)
	e[0].Settings.Display, e[0].Settings.Kind = m.Free()[m.Chosen].Name, kind
	return e
}

func (f *Flow) goOn() []Effect {
	m := &f.model
	switch {
	case m.Step == AtSearch && m.Result.Certain:
		return f.goTo(AtDrawer)
	case m.Step == AtSearch:
		return f.goTo(AtModel)
	case m.Step == AtDrawer:
		return f.goTo(AtPage)
	case m.Step == AtScanner:
		return f.goTo(AtDisplay)
	}
	return f.goTo(AtCentral)
}

// meet asks what answers at the address, or goes on without central.
func (f *Flow) meet() []Effect {
	m := &f.model
	if m.Address == "" {
		m.Settings.Central, m.Settings.Pin, m.Settings.Code = "", "", ""
		return f.goTo(AtEnd)
	}
	if m.Address == m.Settings.Central && m.Code == m.Settings.Code {
		return f.goTo(AtEnd) // as it was, also while central cannot be reached
	}
	m.BadPlace = f.deps.NoCentral(m.Address)
	m.BadCode = m.Code != "" && !f.deps.IsCode(m.Code)
	if m.BadPlace != "" || m.BadCode {
		return nil
	}
	e := f.work(DoMeet)
	e[0].Settings.Central = m.Address
	return e
}

// met takes in what answers. A person compares a key that nobody vouches for, unless it
// is the one of before.
func (f *Flow) met(e MetIs) []Effect {
	m := &f.model
	m.Busy, m.Trouble = false, e.Trouble
	switch {
	case e.Trouble != "":
		return nil
	case e.Met.Vouched || e.Met.Pin == "":
		return f.trust("")
	case m.Address == m.Settings.Central && e.Met.Pin == m.Settings.Pin:
		return f.trust(e.Met.Pin) // it was compared before
	}
	m.Met = &e.Met
	return nil
}

func (f *Flow) trust(pin string) []Effect {
	m := &f.model
	m.Settings.Central, m.Settings.Pin, m.Settings.Code = m.Address, pin, m.Code
	return f.goTo(AtEnd)
}

// back goes to the step before, or leaves where there is none. What is under way
// is given up.
func (f *Flow) back() []Effect {
	m := &f.model
	before := map[Step]Step{AtSearch: AtPort, AtModel: AtSearch, AtDrawer: AtSearch, AtPage: AtDrawer, AtScanner: AtPage, AtDisplay: AtScanner, AtCentral: AtDisplay, AtEnd: AtCentral}
	to, has := before[m.Step]
	switch {
	case !has:
		return f.do(DoOpen)
	case m.Step == AtScanner && (m.Settings.Port == Emulator || m.Settings.Port == None):
		to = AtPort
	}
	return f.goTo(to)
}

// goTo shows a step anew. What another one had under way is given up.
func (f *Flow) goTo(to Step) []Effect {
	m := &f.model
	m.Step, m.Busy, m.Trouble, m.Chosen = to, false, "", 0
	switch to {
	case AtPort:
		m.Chosen = max(0, f.row(m.Settings.Port))
	case AtModel:
		for i, p := range m.Models {
			if p.Name == m.Settings.Model {
				m.Chosen = i
			}
		}
	case AtDrawer:
		m.Lesson, m.Learned = nil, false
	case AtPage:
		m.Fate = nil
	case AtScanner:
		m.Listens, m.Scanned = "", ""
	case AtDisplay:
		m.Kind = ""
	case AtCentral:
		m.Met = nil
	}
	return f.do(DoStop)
}
