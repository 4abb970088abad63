package emulator

import (
	"strconv"
	"time"

	"gatehouse/drivers/escpos"
)

// parser is the printer's command parser: it belongs to the printer's own goroutine.
type parser struct {
	p    *Printer
	tok  escpos.Tokenizer
	mode mode
	text composer
	gone bool // an order to forget came while a command was at work
	logo map[[2]byte]*dots
	pics []*dots // kept by FS q
	keys keyList // GS ( L 64, being told
	gfx  *dots   // GS ( L 112: waits to be printed
	down *dots   // GS *
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
	qr        qrMode
	bar       barMode
}

type qrMode struct {
	module int
	level  byte
	data   []byte
}

type barMode struct {
	height, module int
	caption        byte
}

func newParser(p *Printer) *parser {
	w := &parser{p: p, logo: map[[2]byte]*dots{}}
	w.reset()
	return w
}

// reset is ESC @.
func (w *parser) reset() {
	prof := &w.p.cfg.Profile
	w.mode = mode{
		style: Span{WideBy: 1, TallBy: 1}, spacing: prof.DPI / 6, width: prof.Dots,
		qr: qrMode{module: 3, level: '0'}, bar: barMode{height: 162, module: 3},
	}
	for x := 8 * cellWidth; x < prof.Dots; x += 8 * cellWidth {
		w.mode.tabs = append(w.mode.tabs, x)
	}
	w.text = composer{}
	w.down = nil
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
		w.reset()
		w.gfx = nil
	}
}

func (w *parser) execute(t escpos.Token) {
	if w.gone {
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
	switch c {
	case '\n':
		w.printLine()
	case '\t':
		w.tab()
	}
}

// command executes the commands in the order of the data. Real-time commands were obeyed on arrival.
func (w *parser) command(name string, d []byte) {
	switch name[:3] {
	case "DLE", "US ":
		return
	}
	if w.setMode(name, d) || w.motion(name, d) || w.graphics(name, d) || w.talk(name, d) {
		return
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
		st.Small = n == 1 || n == '1'
	case "ESC E", "ESC G":
		st.Bold = n&1 != 0
	case "ESC -":
		st.Underline = int(n&3) % 3
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
		m.charSpace = int(n)
	case "ESC 2":
		m.spacing = w.p.cfg.Profile.DPI / 6
	case "ESC 3":
		m.spacing = int(n)
	case "ESC D":
		m.tabs = m.tabs[:0]
		for _, c := range d[2:] {
			if c > 0 {
				m.tabs = append(m.tabs, int(c)*cellWidth)
			}
		}
	case "GS L":
		m.left = min(int(d[2])|int(d[3])<<8, w.p.cfg.Profile.Dots-cellWidth)
	case "GS W":
		m.width = int(d[2]) | int(d[3])<<8
	case "GS h":
		m.bar.height = max(int(n), 1)
	case "GS w":
		m.bar.module = min(max(int(n), 1), 6)
	case "GS H":
		m.bar.caption = n & 3
	case "GS f", "FS .", "ESC =", "ESC S", "ESC U", "ESC c", "FS C", "ESC r", "GS b", "ESC ?", "ESC %":
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
		w.feed(int(n))
	case "ESC $":
		w.text.x = min(int(d[2])|int(d[3])<<8, w.area())
	case "ESC \\":
		w.text.x = min(max(w.text.x+int(int16(uint16(d[2])|uint16(d[3])<<8)), 0), w.area())
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

func (w *parser) dotTime() time.Duration {
	return time.Duration(25.4 / float64(w.p.cfg.Profile.DPI) / paperSpeed * float64(time.Second))
}

// put prints an element and takes the time that takes.
func (w *parser) put(e Element) {
	if !w.wait(time.Duration(e.H) * w.dotTime()) {
		return
	}
	p := w.p
	p.mu.Lock()
	defer p.mu.Unlock()
	p.roll.add(e)
	if e.Kind == "text" {
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
