package emulator

import (
	"strconv"
	"time"

	"gatehouse/drivers/escpos"
)

// parser is the printer's command parser: it belongs to the printer's own goroutine.
type parser struct {
	p      *Printer
	tok    escpos.Tokenizer
	mode   mode
	text   composer
	sheet  escpos.Sheet // what is printed on
	gone   bool         // an order to forget came while a command was at work
	logo   map[[2]byte]*dots
	pics   []*dots // kept by FS q
	keys   keyList // GS ( L 64, being told
	gfx    *dots   // GS ( L 112: waits to be printed
	loaded *dots   // GS *

	letters letters // what bytes print
	page    *page   // page mode, if it is on
	macro   macro
	counter counter
}

// mode is everything ESC @ resets.
type mode struct {
	style     Span // of the next character
	align     escpos.Align
	spacing   int // of lines, in dots
	charSpace int
	left      int
	width     int
	tabs      []int
	page      byte
	intl      byte
	flip      bool // upside down
	deaf      bool // ESC =: a customer display on the same line listens
	unitX     int  // GS P: steps to an inch across and down; 0 is dots
	unitY     int
	twoByte   twoByte
	symbols   [kinds]symbolMode
	bar       barMode
}

type barMode struct {
	height, module int
	caption        byte
	small          bool // its caption in font B
}

func newParser(p *Printer) *parser {
	w := &parser{p: p, logo: map[[2]byte]*dots{}, counter: newCounter()}
	w.reset()
	return w
}

// reset is ESC @.
func (w *parser) reset() {
	prof := &w.p.cfg.Profile
	w.mode = mode{
		style: Span{WideBy: 1, TallBy: 1}, spacing: prof.DPI / 6, width: prof.Dots,
		symbols: newSymbols(), twoByte: newTwoByte(prof), bar: barMode{height: 162, module: 3},
	}
	for x := 8 * cellWidth; x < prof.Dots; x += 8 * cellWidth {
		w.mode.tabs = append(w.mode.tabs, x)
	}
	w.text = composer{}
	w.loaded = nil
	w.letters = letters{}
	w.page = nil
}

func (w *parser) push(b byte) {
	one := [1]byte{b}
	w.tok.Push(one[:], w.execute)
}

// forget carries out an order that came from outside.
func (w *parser) forget(order upset) {
	w.tok.Reset()
	w.text = composer{}
	w.gone = false
	if order == powerLost {
		w.sheet = escpos.Roll
		w.reset()
		w.gfx = nil
	}
}

func (w *parser) execute(t escpos.Token) {
	if w.gone {
		return
	}
	w.p.mu.Lock()
	keeps := w.p.slip.reader.keeps
	w.p.mu.Unlock()
	if keeps && letsGo(t) {
		w.giveBack()
	}
	if t.Kind != escpos.TokenText {
		w.letters.lead = w.letters.lead[:0]
	}
	w.macro.note(t)
	if w.mode.deaf && t.Kind != escpos.TokenUnknown && t.Name != "ESC =" {
		return
	}
	switch t.Kind {
	case escpos.TokenText:
		w.write(t.Data)
	case escpos.TokenUnknown:
		w.count(&w.p.stats.Unknown)
	case escpos.TokenControl:
		w.control(t.Data[0])
	case escpos.TokenCommand:
		if t.Lost > 0 {
			w.count(&w.p.stats.Unsupported)
			return
		}
		w.command(t.Name, t.Data)
	}
}

func (w *parser) count(n *int) {
	w.p.mu.Lock()
	*n++
	w.p.mu.Unlock()
}

func (w *parser) control(c byte) {
	w.listOn(c)
	if w.page != nil && (c == '\f' || c == 0x18) {
		w.pageControl(c)
		return
	}
	switch c {
	case '\n':
		w.printLine()
	case '\t':
		w.tab()
	case '\f':
		if w.sheet.ByHand() {
			w.giveBack()
		}
	}
}

// command executes the commands in the order of the data. Real-time commands were obeyed on arrival.
func (w *parser) command(name string, d []byte) {
	switch name[:3] {
	case "DLE", "US ":
		return
	}
	for _, room := range []func(string, []byte) bool{
		w.forms, w.pageCommand, w.setLetters, w.setMode, w.motion, w.graphics, w.talk, w.repeat, w.countOn,
	} {
		if room(name, d) {
			return
		}
	}
	w.count(&w.p.stats.Unsupported)
}

// setMode executes what only changes how later things look.
func (w *parser) setMode(name string, d []byte) bool {
	m := &w.mode
	st := &m.style
	n := d[len(d)-1]
	switch name {
	case "ESC @":
		w.reset()
		w.selectSheet(escpos.Roll)
		w.p.mu.Lock()
		w.p.report.mask, w.p.line.pulseOff = 0, false
		w.p.mu.Unlock()
	case "ESC !":
		st.Small, st.Bold = n&1 != 0, n&8 != 0
		st.TallBy, st.WideBy = 1+int(n>>4&1), 1+int(n>>5&1)
		st.Underline = int(n >> 7)
	case "GS !":
		st.TallBy, st.WideBy = int(n&7)+1, int(n>>4&7)+1
	case "ESC M":
		st.Small = n&0x0F != 0 // fonts B and C
	case "ESC E", "ESC G":
		st.Bold = n&1 != 0
	case "ESC -":
		st.Underline = int(n&3) % 3
	case "ESC V":
		st.Turned = n&0x0F == 1 || n&0x0F == 2
	case "ESC {":
		if w.text.empty() {
			m.flip = n&1 != 0
		}
	case "ESC =":
		m.deaf = n&3 == 2
	case "GS B":
		st.Reverse = n&1 != 0
	case "ESC a":
		if w.text.empty() && n&0x0F <= 2 {
			m.align = escpos.Align(n & 0x0F)
		}
	case "ESC t":
		m.page = n
	case "ESC R":
		m.intl = n
	case "ESC SP":
		m.charSpace = w.across(int(n))
	case "ESC 2":
		m.spacing = w.p.cfg.Profile.DPI / 6
	case "ESC 3":
		m.spacing = w.down(int(n))
	case "ESC D":
		m.tabs = m.tabs[:0]
		for _, c := range d[2:] {
			if c > 0 {
				m.tabs = append(m.tabs, int(c)*cellWidth)
			}
		}
	case "GS L":
		m.left = min(w.across(le(d[2:])), w.p.cfg.Profile.Dots-cellWidth)
	case "GS W":
		m.width = w.across(le(d[2:]))
	case "GS P":
		m.unitX, m.unitY = int(d[2]), int(d[3])
	case "GS h":
		m.bar.height = max(int(n), 1)
	case "GS w":
		m.bar.module = min(max(int(n), 1), 6)
	case "GS H":
		m.bar.caption = n & 3
	case "GS f":
		m.bar.small = n&0x0F != 0
	// What makes no difference to this paper: directions of the head, sensors, colours, smoothing, density,
	// the macros' and users' settings, the printer's own start.
	case "ESC U", "ESC c", "ESC r", "GS b", "ESC <", "GS <", "GS E", "GS ( K", "GS ( N", "GS ( M", "GS ( P", "GS FF", "GS z":
	default:
		return false
	}
	return true
}

// motion executes feeds, positions, cuts and pulses.
func (w *parser) motion(name string, d []byte) bool {
	n := d[len(d)-1]
	switch name {
	case "ESC d":
		w.feedLines(int(n))
	case "ESC J":
		w.flushLine()
		w.feed(w.down(int(n)))
	case "ESC K":
		w.flushLine()
		w.back(w.down(int(n)))
	case "ESC e":
		w.flushLine()
		w.back(int(n) * w.mode.spacing)
	case "ESC $":
		w.text.x = min(w.across(le(d[2:])), w.area())
	case "ESC \\":
		w.text.x = min(max(w.text.x+w.across(int(int16(le(d[2:])))), 0), w.area())
	case "GS T":
		if n&1 == 1 {
			w.flushLine()
		}
		w.text = composer{}
	case "GS V":
		w.cut(d)
	case "ESC i", "ESC m":
		w.cut([]byte{0x1D, 'V', 1})
	case "ESC p":
		w.p.mu.Lock()
		w.p.pulse(pinOf(d[2]), time.Duration(d[3])*2*time.Millisecond, false)
		w.p.mu.Unlock()
	case "ESC B", "ESC ( A": // the beeper makes no mark on paper
	default:
		return false
	}
	return true
}

// cut executes GS V. Kind A (0, 1, 48, 49) cuts where the cutter is, above the last lines, and only at the
// beginning of a line; kind B feeds first.
func (w *parser) cut(d []byte) {
	p := w.p
	if !w.text.empty() {
		if len(d) == 3 {
			return
		}
		w.flushLine()
	}
	if !p.cfg.Profile.Cutter {
		if len(d) == 4 {
			w.feed(int(d[3]))
		}
		return
	}
	p.mu.Lock()
	at := p.roll.y - p.roll.gap()
	p.mu.Unlock()
	if len(d) == 4 {
		at += p.roll.gap() + int(d[3])
		if !w.wait(time.Duration(float64(p.roll.gap()+int(d[3])) * float64(w.dotTime()))) {
			return
		}
	}
	if !w.blade() {
		return
	}
	p.mu.Lock()
	if len(d) == 4 { // the paper has moved to the cutter
		p.roll.y += int(d[3])
	}
	piece := p.roll.cut(at)
	p.stats.Cuts++
	p.wake.Broadcast()
	p.mu.Unlock()
	piece.draw = p.draw
	if p.cfg.OnPiece != nil {
		p.cfg.OnPiece(piece)
	}
}

// blade moves the cutter, which may jam; false if the cut was cancelled.
func (w *parser) blade() bool {
	p := w.p
	for {
		if !w.wait(cutTime) {
			return false
		}
		p.mu.Lock()
		if p.body.jams == 0 {
			p.mu.Unlock()
			return true
		}
		p.body.jams--
		p.body.jammed = true
		p.changed()
		for p.body.jammed && p.order == calm && !p.closed {
			p.wake.Wait()
		}
		cancelled := p.order != calm || p.closed
		p.mu.Unlock()
		if cancelled {
			w.gone = true
			return false
		}
	}
}

// wait lets the mechanics work; false if the command at work was cancelled meanwhile.
func (w *parser) wait(d time.Duration) bool {
	if !w.p.sleep(d) {
		w.gone = true
		return false
	}
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	w.gone = w.p.order != calm
	return !w.gone
}

// dotTime is how long the paper takes to move by a dot.
func (w *parser) dotTime() time.Duration {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	d := time.Duration(25.4 / float64(w.p.cfg.Profile.DPI) / paperSpeed * float64(time.Second))
	if w.p.body.slow {
		const tired = 10
		d *= tired
	}
	return d
}

// put prints an element and takes the time that takes.
func (w *parser) put(e Element) {
	if w.sheet.ByHand() {
		w.putOnForm(e)
		return
	}
	if w.page != nil {
		w.page.picture(w, e)
		return
	}
	if !w.wait(time.Duration(e.H) * w.dotTime()) {
		return
	}
	p := w.p
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roll.add(e)
	if e.Kind == "text" || e.Kind == "page" {
		p.stats.Lines++
		p.strike(byLines)
		p.wake.Broadcast()
	}
	if p.roll.y > maxPiece {
		p.roll.cut(p.roll.y)
	}
}

// feed moves the paper by so many dots.
func (w *parser) feed(n int) {
	if n > 0 {
		w.put(Element{Kind: "feed", H: n, Lines: n / max(w.mode.spacing, 24)})
	}
}

// back pulls the paper back, as far as the print goes: what follows is printed over it.
func (w *parser) back(n int) {
	if !w.wait(time.Duration(n) * w.dotTime()) {
		return
	}
	p := w.p
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roll.y = max(p.roll.y-n, 0)
}

// across and down are distances in the units of GS P, in dots.
func (w *parser) across(n int) int { return inUnits(n, w.mode.unitX, w.p.cfg.Profile.DPI) }
func (w *parser) down(n int) int   { return inUnits(n, w.mode.unitY, w.p.cfg.Profile.DPI) }

func inUnits(n, unit, dpi int) int {
	if unit == 0 {
		return n
	}
	return n * dpi / unit
}

// feedLines is ESC d: it prints what is in the line and feeds.
func (w *parser) feedLines(n int) {
	if !w.text.empty() {
		w.printLine()
		n--
	}
	if n > 0 {
		w.put(Element{Kind: "feed", H: n * w.mode.spacing, Lines: n})
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
