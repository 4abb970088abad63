package setup

import (
	"fmt"
	"maps"
	"strings"

	"gatehouse/ui/kit"
	"gatehouse/ui/setup/flow"
	"gatehouse/ui/words"
)

// caption is the sentence on the button of an action.
func caption(a flow.Action) words.Key {
	return "setup.key." + words.Key(strings.TrimPrefix(string(a), "setup."))
}

// columns are those of a step's list.
func (s *Screen) columns(at flow.Step) []kit.Column {
	switch at {
	case flow.AtSearch, flow.AtDrawer, flow.AtPage, flow.AtCentral:
		return []kit.Column{{Title: s.say("setup.column.found")}}
	case flow.AtModel:
		return []kit.Column{{Title: s.say("setup.column.model"), Bold: true, Share: 3}, {Title: s.say("setup.column.columns"), Right: true}, {Title: s.say("setup.column.dots"), Right: true}}
	case flow.AtEnd:
		return []kit.Column{{Title: s.say("setup.column.device"), Bold: true}, {Title: s.say("setup.column.setting"), Share: 3}}
	}
	return []kit.Column{{Title: s.say("setup.column.port"), Bold: true, Share: 3}, {Title: s.say("setup.column.what"), Share: 2}}
}

// showList shows the rows of the step, with the chosen one.
func (s *Screen) showList(m *flow.Model) {
	var rows []kit.Row
	add := func(level kit.Level, cells ...string) {
		rows = append(rows, kit.Row{ID: fmt.Sprint(len(rows)), Cells: cells, Level: level})
	}
	empty, choosing := "", false
	switch m.Step {
	case flow.AtPort:
		choosing = true
		for _, p := range m.Ports {
			add(kit.Quiet, p.Name, s.what(p))
		}
	case flow.AtScanner, flow.AtDisplay:
		choosing, empty = true, s.say("setup.says.no_free")
		for _, p := range m.Free() {
			add(kit.Quiet, p.Name, s.what(p))
		}
	case flow.AtModel:
		choosing = true
		for _, p := range m.Models {
			add(kit.Quiet, p.Name, fmt.Sprint(p.Columns), fmt.Sprint(p.Dots))
		}
	case flow.AtEnd:
		for _, line := range s.summary(m.Settings) {
			add(kit.Quiet, line...)
		}
	case flow.AtDrawer:
		s.addFindings(m.Lesson, add)
	case flow.AtPage:
		if m.Fate != nil {
			if logo := m.Fate.Logo; logo.Name != "" {
				add(map[bool]kit.Level{true: kit.Look, false: kit.Done}[logo.Cause != ""],
					s.say("setup.logo."+words.Key(logo.Name), words.Args{"cause": logo.Cause}))
			}
			add(map[bool]kit.Level{true: kit.Done, false: kit.Refused}[m.Fate.Out], s.fate(m.Fate))
		}
	case flow.AtSearch:
		s.addFindings(m.Findings, add)
	case flow.AtCentral:
		if m.Met != nil {
			add(kit.Done, s.say("setup.says.met"))
			add(kit.Look, s.say("setup.says.pin", words.Args{"pin": m.Met.Pin}))
		}
	}
	s.list.SetEmpty(empty)
	s.list.SetRows(rows)
	if choosing {
		s.list.Select(fmt.Sprint(m.Chosen))
	} else {
		s.list.SelectNone()
	}
}

func (s *Screen) addFindings(findings []flow.Finding, add func(kit.Level, ...string)) {
	for _, f := range findings {
		level := map[flow.Weight]kit.Level{flow.Good: kit.Done, flow.Minor: kit.Look, flow.Grave: kit.Refused}[f.Weight]
		if f.Code == flow.Trying {
			level = kit.Quiet
		}
		add(level, s.say("setup.found."+words.Key(f.Code), s.args(f)))
	}
}

// args are the facts of a finding, in the person's language.
func (s *Screen) args(f flow.Finding) words.Args {
	args := maps.Clone(f.Args)
	if level, ok := args["level"].(string); ok && level != "" {
		args["level"] = s.say("setup.level." + words.Key(level))
	}
	return args
}

func (s *Screen) what(p flow.Port) string {
	switch p.Name {
	case flow.Emulator:
		return s.say("setup.says.emulator")
	case flow.None:
		return s.say("setup.says.none")
	}
	return p.What
}

func (s *Screen) fate(f *flow.Fate) string {
	return s.say("setup.fate."+words.Key(f.Name), words.Args{"cause": f.Cause})
}

// summary is what will be written, device by device.
func (s *Screen) summary(set flow.Settings) [][]string {
	printer := s.say("setup.says.line", words.Args{"port": set.Port, "model": set.Model, "baud": set.Baud, "frame": set.Frame})
	if set.Baud == 0 {
		printer = s.say("setup.says.plain_line", words.Args{"port": set.Port, "model": set.Model})
	}
	drawer := s.say("setup.says.switch", words.Args{"level": s.say("setup.level." + words.Key(level(set.Drawer)))})
	switch {
	case set.Port == flow.Emulator:
		printer = s.say("setup.says.emulator")
	case set.Port == flow.None:
		printer, drawer = s.say("setup.says.none"), s.say("setup.says.absent")
	case set.Drawers == 0:
		drawer = s.say("setup.says.absent")
	case level(set.Drawer) == flow.None:
		drawer = s.say("setup.says.no_switch")
	}
	if set.Checks {
		printer = s.say("setup.says.reads", words.Args{"printer": printer})
	}
	central := s.say("setup.says.no_central")
	switch {
	case set.Central != "" && set.Code != "":
		central = s.say("setup.says.enrols", words.Args{"address": set.Central})
	case set.Central != "":
		central = set.Central
	}
	scanner, display := s.say("setup.says.types"), s.say("setup.says.absent")
	if set.Scanner != "" {
		scanner = set.Scanner
	}
	if set.Display != "" {
		display = s.say("setup.says.plain_line", words.Args{"port": set.Display, "model": set.Kind})
	}
	return [][]string{{s.say("setup.says.printer"), printer}, {s.say("setup.says.drawer"), drawer},
		{s.say("setup.says.scanner"), scanner}, {s.say("setup.says.display"), display}, {s.say("setup.says.central"), central}}
}

func level(drawer string) string {
	if drawer == "" {
		return flow.None
	}
	return drawer
}

// showNotice says what happened, and of what was found what matters most.
func (s *Screen) showNotice(m *flow.Model) {
	message := s.message(m)
	if message == (kit.Message{}) {
		s.notice.Clear()
		return
	}
	s.notice.Say(message)
}

func (s *Screen) message(m *flow.Model) kit.Message {
	switch {
	case m.Trouble != "":
		return kit.Message{Level: kit.Refused, What: s.say("setup.says.trouble", words.Args{"cause": m.Trouble}), Safe: s.say("setup.says.kept")}
	case m.Saved:
		return kit.Message{Level: kit.Done, What: s.say("setup.says.written")}
	case m.Step == flow.AtScanner && m.Scanned != "":
		return kit.Message{Level: kit.Done, What: s.say("setup.says.scanned", words.Args{"text": m.Scanned})}
	case m.Step == flow.AtScanner && m.Busy:
		return kit.Message{Level: kit.Quiet, What: s.say("setup.says.listening", words.Args{"port": m.Listens})}
	case m.Step == flow.AtCentral && m.Met != nil:
		return kit.Message{Level: kit.Look, What: s.say("setup.says.compare")}
	case m.Step == flow.AtPage && m.Settings.Checks:
		return kit.Message{Level: kit.Quiet, What: s.say("setup.says.reading")}
	case m.Busy && m.Step != flow.AtSearch:
		return kit.Message{Level: kit.Quiet, What: s.say("setup.says.busy")}
	case m.Step == flow.AtDisplay && m.Kind != "":
		return kit.Message{Level: kit.Quiet, What: s.say("setup.says.showing")}
	case m.Step == flow.AtSearch && !m.Busy:
		return s.advice(m.Findings)
	case m.Step == flow.AtDrawer:
		return s.advice(m.Lesson)
	}
	return kit.Message{}
}

// advice says what can be done about the gravest finding that something can be
// done about.
func (s *Screen) advice(findings []flow.Finding) kit.Message {
	for _, weight := range []flow.Weight{flow.Grave, flow.Minor} {
		for _, f := range findings {
			todo := "setup.todo." + words.Key(f.Code)
			if f.Weight == weight && s.o.Words.Has(todo) {
				level := map[flow.Weight]kit.Level{flow.Grave: kit.Refused, flow.Minor: kit.Look}[weight]
				return kit.Message{Level: level, What: s.say("setup.found."+words.Key(f.Code), s.args(f)), Do: s.say(todo, s.args(f))}
			}
		}
	}
	return kit.Message{}
}
