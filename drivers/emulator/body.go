package emulator

import (
	"fmt"
	"slices"
	"time"

	"gatehouse/drivers/escpos"
)

// Paper is how much of it there is.
type Paper uint8

// Enough, nearly gone, gone.
const (
	PaperOK Paper = iota
	PaperNear
	PaperGone
)

func (p Paper) String() string {
	return [...]string{"ok", "low", "out"}[min(p, PaperGone)]
}

// body is what a person can touch.
type body struct {
	power  bool
	paper  Paper
	cover  bool
	jammed bool // the cutter stands still until DLE ENQ
	jams   int  // cuts that will jam
	slow   bool // an old motor
}

// counts is what the emulator counts.
type counts struct {
	Received    int64 // bytes
	Dropped     int   // bytes that found the buffer full
	Unknown     int   // commands no reference knows
	Unsupported int   // commands known but not drawn, such as page mode
	Lines       int   // lines of text printed
	Cuts        int
	Keeps       int // times the memory for pictures was written
}

// act changes the state under the lock and lets the consequences follow.
func (p *Printer) act(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	change()
	p.changed()
}

// LoadPaper puts in a full roll; a waiting receipt goes on by itself.
func (p *Printer) LoadPaper() { p.act(func() { p.body.paper = PaperOK }) }

// PaperLow brings the roll near its end.
func (p *Printer) PaperLow() { p.act(func() { p.body.paper = PaperNear }) }

// PaperOut ends the roll. The printer goes offline and keeps what it has received.
func (p *Printer) PaperOut() { p.act(func() { p.body.paper = PaperGone }) }

// OpenCover opens the cover; the printer goes offline.
func (p *Printer) OpenCover() { p.act(func() { p.body.cover = true }) }

// CloseCover closes it; a waiting receipt goes on.
func (p *Printer) CloseCover() { p.act(func() { p.body.cover = false }) }

// JamCutter makes the next n cuts jam. Each needs a DLE ENQ 1 (try again) or DLE ENQ 2 (forget).
func (p *Printer) JamCutter(n int) { p.act(func() { p.body.jams = max(n, 0) }) }

// PowerOff takes the power away: buffers, modes and the wish for reports are lost. Paper stays.
func (p *Printer) PowerOff() {
	p.act(func() {
		p.body.power, p.body.jammed, p.body.jams = false, false, 0
		p.report.mask = 0
		p.line.held, p.line.stuck, p.line.pulseOff = false, false, false
		p.slip.selected, p.slip.reader = escpos.Roll, reader{}
		p.out = nil
		p.upset(powerLost)
	})
}

// PowerOn gives it back.
func (p *Printer) PowerOn() {
	p.act(func() {
		p.body.power = true
		if p.cfg.XonXoff {
			p.reply(0x11)
		}
	})
}

// PowerCycle is PowerOff and PowerOn.
func (p *Printer) PowerCycle() {
	p.PowerOff()
	p.PowerOn()
}

// Unplug pulls the cable: lines to the printer break. What it has received it prints.
func (p *Printer) Unplug() {
	p.act(func() {
		p.cable = false
		p.hangUp()
	})
}

// Replug plugs the cable in again. A pseudo-terminal comes back under its old name; a pipe must be
// opened anew.
func (p *Printer) Replug() { p.act(func() { p.cable = true }) }

// Actions lists the names [Printer.Do] takes, in the order a panel shows them.
func Actions() []string {
	return []string{
		"paper/low", "paper/out", "paper/load", "cover/open", "cover/close", "drawer/key", "drawer/close",
		"drawer/hold", "drawer/release", "cutter/jam", "power", "power/off", "power/on", "unplug", "replug",
		"slip/insert", "check/insert", "form/remove",
		"line/drop", "line/flip", "line/noise", "line/mute", "line/xoff", "line/xon", "slow", "fast",
	}
}

// Do performs the action of that name. Those of the line strike once: drop loses the next byte from the
// host, flip turns one of its bits over, noise lets the host hear FFh, mute loses the printer's next answer.
// After xoff the printer seems to be full until xon; slow makes its mechanics take ten times as long until fast.
func (p *Printer) Do(action string) error {
	switch action {
	case "paper/low":
		p.PaperLow()
	case "paper/out":
		p.PaperOut()
	case "paper/load":
		p.LoadPaper()
	case "cover/open":
		p.OpenCover()
	case "cover/close":
		p.CloseCover()
	case "drawer/key":
		p.OpenDrawerByKey()
	case "drawer/close":
		p.CloseDrawer()
	case "drawer/hold":
		p.HoldDrawer(true)
	case "drawer/release":
		p.HoldDrawer(false)
	case "cutter/jam":
		p.JamCutter(1)
	case "power":
		p.PowerCycle()
	case "power/off":
		p.PowerOff()
	case "power/on":
		p.PowerOn()
	case "unplug":
		p.Unplug()
	case "replug":
		p.Replug()
	case "slip/insert":
		p.InsertSlip()
	case "check/insert":
		p.InsertCheck()
	case "form/remove":
		p.RemoveForm()
	case "line/drop":
		p.act(func() { p.line.trouble = dropByte })
	case "line/flip":
		p.act(func() { p.line.trouble = flipBit })
	case "line/noise":
		p.act(func() { p.reply(0xFF) })
	case "line/mute":
		p.act(func() { p.line.replyLost = true })
	case "line/xoff":
		p.act(func() { p.stick(true) })
	case "line/xon":
		p.act(func() { p.stick(false) })
	case "slow", "fast":
		p.act(func() { p.body.slow = action == "slow" })
	default:
		return fmt.Errorf("do %q: no such action; there are %v", action, Actions())
	}
	return nil
}

// when says on what a planned fault waits.
type when uint8

const (
	byLines when = iota
	byBytes
)

type fault struct {
	on     when
	at     int64
	action string
	then   Script // what follows it
}

const maxFaults = 100

// AfterLines plans an action for the moment n more lines of text have been printed.
func (p *Printer) AfterLines(n int, action string) error { return p.plan(byLines, n, action) }

// AfterBytes plans an action for the moment n more bytes have been received.
func (p *Printer) AfterBytes(n int, action string) error { return p.plan(byBytes, n, action) }

func (p *Printer) plan(on when, n int, action string) error {
	if !slices.Contains(Actions(), action) || n < 1 {
		return fmt.Errorf("plan %q in %d: use one of %v and a number of at least 1", action, n, Actions())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.faults) == maxFaults {
		return fmt.Errorf("plan %q: %d are planned already", action, maxFaults)
	}
	from := int64(p.stats.Lines)
	if on == byBytes {
		from = p.stats.Received
	}
	p.faults = append(p.faults, fault{on, from + int64(n), action, nil})
	return nil
}

// strike performs the actions that are due. The lock is given up while they run, so that each is exactly
// what the panel would do.
func (p *Printer) strike(on when) {
	for i := 0; i < len(p.faults); {
		f := p.faults[i]
		count := int64(p.stats.Lines)
		if on == byBytes {
			count = p.stats.Received
		}
		if f.on != on || count < f.at {
			i++
			continue
		}
		p.faults = slices.Delete(p.faults, i, i+1)
		p.mu.Unlock()
		p.befall(f.action)
		if len(f.then) > 0 {
			go p.happen(f.then)
		}
		p.mu.Lock()
		i = 0
	}
}

// State is a picture of the printer for people and programs.
type State struct {
	Model       string    `json:"model"`
	Power       bool      `json:"power"`
	Plugged     bool      `json:"plugged"`
	Connected   bool      `json:"connected"` // somebody has opened the line
	Online      bool      `json:"online"`
	Paper       string    `json:"paper"` // "ok", "low" or "out"
	CoverOpen   bool      `json:"cover_open"`
	Jammed      bool      `json:"cutter_jammed"`
	DrawerOpen  bool      `json:"drawer_open"`
	Pin3High    bool      `json:"pin3_high"`
	Waiting     int       `json:"bytes_waiting"`
	Received    int64     `json:"bytes_received"`
	Dropped     int       `json:"bytes_dropped"`
	Unknown     int       `json:"unknown_commands"`
	Unsupported int       `json:"unsupported_commands"`
	Lines       int       `json:"lines_printed"`
	Cuts        int       `json:"cuts"`
	Pieces      int       `json:"pieces"`     // cut off so far
	Sheet       string    `json:"sheet"`      // that is printed on: "roll", "slip", "validation" or "endorsement"
	Form        string    `json:"form"`       // put in by hand: "none", "slip" or "check"
	FormWaits   bool      `json:"form_waits"` // the printer waits for one
	Forms       int       `json:"forms"`      // done with so far
	PulseCount  int       `json:"drawer_pulses"`
	Pulses      []Pulse   `json:"pulses"` // the last thousand
	Now         time.Time `json:"now"`
}

// State returns how things stand.
func (p *Printer) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state()
}

func (p *Printer) state() State {
	form := "none"
	if p.slip.in != nil {
		form = p.slip.in.Kind
	}
	return State{
		Sheet: p.slip.selected.String(), Form: form, FormWaits: p.slip.waits, Forms: len(p.slip.forms),
		Model: p.cfg.Profile.Name, Power: p.body.power, Plugged: p.cable, Connected: p.host != nil,
		Online: p.able(), Paper: p.body.paper.String(), CoverOpen: p.body.cover, Jammed: p.body.jammed,
		DrawerOpen: p.drawer.anyOpen(), Pin3High: p.level(), Waiting: len(p.line.queue),
		Received: p.stats.Received, Dropped: p.stats.Dropped, Unknown: p.stats.Unknown,
		Unsupported: p.stats.Unsupported, Lines: p.stats.Lines, Cuts: p.stats.Cuts,
		Pieces: p.roll.number - 1, PulseCount: p.drawer.count, Pulses: slices.Clone(p.drawer.pulses),
		Now: p.clock.Now(),
	}
}
