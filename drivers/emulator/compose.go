package emulator

import (
	"unicode/utf8"

	"gatehouse/drivers/escpos"
	"golang.org/x/text/encoding/charmap"
)

// The cells of the fonts in dots.
const (
	cellWidth, cellHeight   = 12, 24
	smallWidth, smallHeight = 9, 17
)

// composer is the print buffer: the line that is being put together.
type composer struct {
	runs []Span
	x    int // where the next character goes
}

func (c *composer) empty() bool { return len(c.runs) == 0 && c.x == 0 }

func (w *parser) area() int {
	if w.page != nil {
		return w.page.wide()
	}
	if w.sheet.ByHand() {
		form, _ := w.p.cfg.Profile.Form(w.sheet)
		return form.Columns * cellWidth
	}
	return max(min(w.mode.width, w.p.cfg.Profile.Dots-w.mode.left), cellWidth)
}

// write puts characters into the line; a line that is full is printed and a new one begun.
func (w *parser) write(b []byte) {
	for _, c := range b {
		l, whole := w.letters.next(c, &w.mode)
		if !whole {
			continue
		}
		st := w.mode.style
		st.double = l.double
		if l.double {
			w.mode.twoByte.style(&st)
		}
		cell, _ := st.cell(true)
		cell += w.mode.charSpace * st.WideBy
		if w.text.x+cell > w.area() {
			w.printLine()
		}
		if l.dots != nil {
			w.text.runs = append(w.text.runs, st.picture(l, w.text.x, cell))
			w.text.x += cell
			continue
		}
		w.text.put(l.r, st, cell)
	}
}

// cell is how wide and high a character is in this style, in dots. Its size in force is that of the type
// before it is turned.
func (st Span) cell(turned bool) (width, height int) {
	width, height = cellWidth, cellHeight
	if st.Small {
		width, height = smallWidth, smallHeight
	}
	if st.double {
		width *= 2
	}
	width, height = width*st.WideBy, height*st.TallBy
	if turned && st.Turned {
		return height, width
	}
	return width, height
}

// put adds a character, to the last run if it continues it.
func (c *composer) put(r rune, st Span, cell int) {
	if n := len(c.runs); n > 0 {
		last := &c.runs[n-1]
		same := st
		same.X, same.W, same.Text = last.X, last.W, last.Text
		if *last == same && last.X+last.W == c.x {
			last.Text += string(r)
			last.W += cell
			c.x += cell
			return
		}
	}
	st.X, st.W, st.Text = c.x, cell, string(r)
	c.runs = append(c.runs, st)
	c.x += cell
}

func (w *parser) tab() {
	for _, x := range w.mode.tabs {
		if x > w.text.x {
			w.text.x = min(x, w.area())
			return
		}
	}
}

// printLine is LF.
func (w *parser) printLine() {
	if w.page != nil {
		w.page.text(w)
		w.page.y += w.mode.spacing
		w.text = composer{}
		return
	}
	e := Element{Kind: "text", H: w.mode.spacing, Spans: w.text.runs}
	end, height := 0, 0
	for _, r := range e.Spans {
		end = max(end, r.X+r.W)
		height = max(height, r.height())
	}
	e.H = max(e.H, height)
	e.W = end
	e.X = w.mode.left + w.place(end)
	if w.mode.flip { // turned over within the print area, so what was left is right
		e.Turn, e.X = 2, w.mode.left+w.area()-w.place(end)-end
	}
	w.text = composer{}
	w.put(e)
}

// flushLine prints the line if there is one.
func (w *parser) flushLine() {
	if w.page != nil {
		w.page.text(w)
		w.text.runs = nil
		return
	}
	if !w.text.empty() {
		w.printLine()
	}
}

// place is where something of that width begins, by the justification in force.
func (w *parser) place(width int) int {
	if w.page != nil {
		return w.text.x
	}
	room := max(w.area()-width, 0)
	switch w.mode.align {
	case escpos.Center:
		return room / 2
	case escpos.Right:
		return room
	}
	return 0
}

func (r Span) height() int {
	if r.dots != nil {
		return r.dots.h
	}
	_, h := r.cell(true)
	return h
}

// decode says which character the byte prints.
func decode(c, page, intl byte) rune {
	if c < utf8.RuneSelf {
		return international(c, intl)
	}
	cm := codePage(page)
	if cm == nil {
		if further := []rune(furtherPage(page)); len(further) == 128 {
			return further[c-0x80]
		}
		return utf8.RuneError
	}
	r := cm.DecodeByte(c)
	if r < 0xA0 {
		return utf8.RuneError
	}
	return r
}

// international replaces the twelve signs that ESC R n gives to national letters.
func international(c, intl byte) rune {
	const signs = "#$@[\\]^`{|}~"
	tables := [...]string{
		signs, "#$à°ç§^`éùè¨", "#$§ÄÖÜ^`äöüß", "£$@[\\]^`{|}~", "#$@ÆØÅ^`æøå~", "#¤ÉÄÖÅÜéäöåü",
		"#$@°\\é^ùàòèì", "₧$@¡Ñ¿^`¨ñ}~", "#$@[¥]^`{|}~", "#¤ÉÆØÅÜéæøåü", "#$ÉÆØÅÜéæøåü", "#$á¡Ñ¿é`íñóú",
		"#$á¡Ñ¿éüíñóú", "#$@[₩]^`{|}~",
	}
	if intl == 0 || int(intl) >= len(tables) {
		return rune(c)
	}
	for i := range len(signs) {
		if signs[i] == c {
			return []rune(tables[intl])[i]
		}
	}
	return rune(c)
}

// codePage is the table ESC t n selects, nil where this emulator has none.
func codePage(n byte) *charmap.Charmap {
	switch n {
	case 0:
		return charmap.CodePage437
	case 2:
		return charmap.CodePage850
	case 3:
		return charmap.CodePage860
	case 4:
		return charmap.CodePage863
	case 5:
		return charmap.CodePage865
	case 15:
		return charmap.ISO8859_7
	case 16:
		return charmap.Windows1252
	case 17:
		return charmap.CodePage866
	case 18:
		return charmap.CodePage852
	case 19:
		return charmap.CodePage858
	case 34:
		return charmap.CodePage855
	case 36:
		return charmap.CodePage862
	case 39:
		return charmap.ISO8859_2
	case 40:
		return charmap.ISO8859_15
	case 45:
		return charmap.Windows1250
	case 46:
		return charmap.Windows1251
	case 47:
		return charmap.Windows1253
	case 48:
		return charmap.Windows1254
	case 49:
		return charmap.Windows1255
	case 50:
		return charmap.Windows1256
	case 51:
		return charmap.Windows1257
	case 52:
		return charmap.Windows1258
	}
	return nil
}
