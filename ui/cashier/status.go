package cashier

import (
	"fmt"
	"slices"
	"time"

	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// showStatus shows the line at the top: always the same parts in the same order.
func (p *Place) showStatus(m *flow.Model) {
	parts := []kit.Part{p.stationPart(m), p.personPart(m), p.drawerPart(m), p.centralPart(m), p.printerPart(m)}
	switch m.Ledger {
	case flow.LedgerStopped:
		parts = append(parts, kit.Part{ID: "ledger", Text: p.o.Words.Say("cashier.status.ledger_stopped"), Level: kit.Refused})
	case flow.LedgerAlone:
		parts = append(parts, kit.Part{ID: "ledger", Text: p.o.Words.Say("cashier.status.ledger_alone"), Level: kit.Look})
	}
	if part, says := p.dataPart(m.Data); says {
		parts = append(parts, part)
	}
	if m.Witness != nil {
		parts = append(parts, p.witnessPart(m))
	}
	switch m.Busy {
	case flow.Working:
		parts = append(parts, kit.Part{ID: "work", Text: p.o.Words.Say("cashier.status.working")})
	case flow.WorkingLong:
		parts = append(parts, kit.Part{ID: "work", Text: p.o.Words.Say("cashier.status.working_long"), Level: kit.Look})
	}
	parts = append(parts, kit.Part{ID: "time", Text: p.clock(m.Now)})
	if slices.Equal(parts, p.parts) {
		return
	}
	p.parts = parts
	p.status.Set(parts...)
}

func (p *Place) stationPart(m *flow.Model) kit.Part {
	text := p.say("cashier.status.station", map[string]string{"id": string(m.Station), "name": p.o.StationName})
	if m.Training {
		return kit.Part{ID: "station", Text: text + "  " + p.o.Words.Say("cashier.status.training"), Level: kit.Look}
	}
	return kit.Part{ID: "station", Text: text}
}

func (p *Place) personPart(m *flow.Model) kit.Part {
	if m.Me.ID == "" || m.Place == flow.AtSignIn {
		return kit.Part{ID: "person", Text: p.o.Words.Say("cashier.status.nobody")}
	}
	return kit.Part{ID: "person", Text: p.say("cashier.status.person", map[string]string{"name": m.Me.Name, "role": p.role(m.Me.Role)})}
}

func (p *Place) drawerPart(m *flow.Model) kit.Part {
	if m.Session.ID == "" || m.Place == flow.AtSignIn {
		return kit.Part{ID: "drawer", Text: p.o.Words.Say("cashier.status.no_drawer")}
	}
	since := time.UnixMicro(m.Session.Opened)
	return kit.Part{ID: "drawer", Text: p.say("cashier.status.drawer", map[string]string{"drawer": string(m.Session.Drawer), "time": p.clock(since)})}
}

// age is how old what happened then is now.
func (p *Place) age(now, then time.Time) string {
	if then.IsZero() { // told a moment before the time was
		then = now
	}
	return p.o.Words.Span(now.Sub(then))
}

// centralPart is quiet while central is reached, and loud while it is not; either
// way it says how many entries are not there yet, and how old the oldest is.
func (p *Place) centralPart(m *flow.Model) kit.Part {
	l := m.Link
	args := words.Args{"time": p.clock(l.Last), "n": l.Waiting, "age": p.age(m.Now, l.Oldest), "span": p.o.Words.Span(m.Now.Sub(l.Since))}
	switch {
	case l.None:
		return kit.Part{ID: "central", Text: p.o.Words.Say("cashier.status.no_central")}
	case !l.Known:
		return kit.Part{ID: "central", Text: p.o.Words.Say("cashier.status.central_unheard")}
	case l.Online && l.Waiting > 0:
		return kit.Part{ID: "central", Text: p.o.Words.Say("cashier.status.central_waiting", args)}
	case l.Online:
		return kit.Part{ID: "central", Text: p.o.Words.Say("cashier.status.central", args)}
	case l.Relay:
		return kit.Part{ID: "central", Text: p.o.Words.Say("cashier.status.relay_only", args), Level: kit.Look}
	case l.Waiting > 0:
		return kit.Part{ID: "central", Text: p.o.Words.Say("cashier.status.offline_waiting", args), Level: kit.Look}
	}
	return kit.Part{ID: "central", Text: p.o.Words.Say("cashier.status.offline", args), Level: kit.Look}
}

// dataPart says something only while customers and staff are not as they should be, or
// fresh ones come: how old a balance is stands beside it.
func (p *Place) dataPart(d flow.Data) (kit.Part, bool) {
	switch {
	case d.Stale:
		return kit.Part{ID: "data", Text: p.o.Words.Say("cashier.status.data_stale"), Level: kit.Look}, true
	case d.Making:
		return kit.Part{ID: "data", Text: p.o.Words.Say("cashier.status.data_making")}, true
	case d.Percent > 0:
		return kit.Part{ID: "data", Text: p.o.Words.Say("cashier.status.data_coming", words.Args{"percent": d.Percent})}, true
	case d.None:
		return kit.Part{ID: "data", Text: p.o.Words.Say("cashier.status.data_none"), Level: kit.Look}, true
	}
	return kit.Part{}, false
}

// witnessOld is after how long without its witness a station says so louder: a
// stick that is changed each evening is a day old at most.
const witnessOld = 24 * time.Hour

// witnessPart says how old the ledger's copy on a stick is.
func (p *Place) witnessPart(m *flow.Model) kit.Part {
	w := m.Witness
	age := m.Now.Sub(w.At)
	switch {
	case w.Wrong:
		return kit.Part{ID: "witness", Text: p.o.Words.Say("cashier.status.witness_wrong"), Level: kit.Look}
	case w.Here:
		return kit.Part{ID: "witness", Text: p.o.Words.Say("cashier.status.witness")}
	case w.At.IsZero():
		return kit.Part{ID: "witness", Text: p.o.Words.Say("cashier.status.witness_away"), Level: kit.Look}
	case age > witnessOld:
		return kit.Part{ID: "witness", Text: p.o.Words.Say("cashier.status.witness_old", words.Args{"span": p.o.Words.Span(age)}), Level: kit.Look}
	}
	return kit.Part{ID: "witness", Text: p.o.Words.Say("cashier.status.witness_old", words.Args{"span": p.o.Words.Span(age)})}
}

func (p *Place) printerPart(m *flow.Model) kit.Part {
	pr := m.Printer
	if pr.State == "" {
		return kit.Part{ID: "printer", Text: p.o.Words.Say("cashier.printer.unknown")}
	}
	part := kit.Part{ID: "printer", Text: p.say(words.Key("cashier.printer."+string(pr.State)), nil)}
	switch pr.State {
	case flow.PrinterReady, flow.PrinterNone, flow.PrinterByHand: // by hand is how it is done here, and no trouble
	default:
		part.Level = kit.Look
	}
	if pr.Waiting > 0 && part.Level != kit.Quiet {
		part.Text = p.say("cashier.printer.waiting", map[string]string{"state": part.Text, "n": fmt.Sprint(pr.Waiting)})
	}
	return part
}
