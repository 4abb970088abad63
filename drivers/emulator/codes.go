package emulator

import (
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/codabar"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/code39"
	"github.com/boombuler/barcode/code93"
	"github.com/boombuler/barcode/twooffive"
)

// bar is a bar code: what it says, what stands below it, and its modules from left to right.
type bar struct {
	name    string
	says    string
	caption string
	line    *dots // one dot to a module, one row
}

// barcode executes GS k. Like a printer it prints nothing where the data are not allowed in the code, or
// where it would be wider than the print area.
func (w *parser) barcode(d []byte) {
	code, ok := symbology(d)
	m := &w.mode.bar
	if !ok || code.line.w*m.module > w.area() {
		w.count(&w.p.stats.Unsupported)
		return
	}
	bars := code.line.scale(m.module, m.height)
	w.flushLine()
	x := w.mode.left + w.place(bars.w)
	e := Element{Kind: "barcode", X: x, W: bars.w, H: bars.h, Payload: code.name + " " + code.says, dots: bars}
	if w.page != nil {
		w.page.code(w, e, code.caption)
		return
	}
	if m.caption&1 != 0 {
		w.put(w.caption(code.caption, x, bars.w))
	}
	w.put(e)
	if m.caption&2 != 0 {
		w.put(w.caption(code.caption, x, bars.w))
	}
}

// caption is the characters of a bar code, in the middle above or below it.
func (w *parser) caption(s string, x, width int) Element {
	st := Span{WideBy: 1, TallBy: 1, Text: s, Small: w.mode.bar.small}
	cell, _ := st.cell(false)
	st.W = len(s) * cell
	at := max(x+(width-st.W)/2, w.mode.left)
	return Element{Kind: "text", X: at, W: st.W, H: w.mode.spacing, Spans: []Span{st}}
}

// symbology draws the code GS k asks for; false if it cannot be drawn.
func symbology(d []byte) (bar, bool) {
	m := d[2]
	var s string
	if m <= 6 {
		s = strings.TrimRight(string(d[3:]), "\x00")
		m += 65
	} else {
		s = string(d[4:])
	}
	if s == "" {
		return bar{}, false
	}
	switch m {
	case 65:
		return retail("UPC-A", s, upcA)
	case 66:
		return retail("UPC-E", s, upcE)
	case 67:
		return retail("EAN13", s, func(s string) (string, string) { return ean(s, 13) })
	case 68:
		return retail("EAN8", s, func(s string) (string, string) { return ean(s, 8) })
	case 69:
		s = strings.Trim(s, "*")
		code, err := code39.Encode(s, false, false)
		return drawn("CODE39", s, "*"+s+"*", code, err)
	case 70:
		code, err := twooffive.Encode(s, true)
		return drawn("ITF", s, s, code, err)
	case 71:
		s = strings.ToUpper(s)
		code, err := codabar.Encode(s)
		return drawn("CODABAR", s, s, code, err)
	case 72:
		code, err := code93.Encode(s, true, true)
		return drawn("CODE93", s, s, code, err)
	case 73:
		return code128Bar("CODE128", content128(s), "")
	case 79: // the printer chooses the sets
		return code128Bar("CODE128", s, "")
	case 74:
		return gs1Bar(s)
	}
	return bar{}, false
}

func retail(name, s string, encode func(string) (all, modules string)) (bar, bool) {
	all, modules := encode(s)
	if modules == "" {
		return bar{}, false
	}
	line := newDots(len(modules), 1)
	for x := range modules {
		if modules[x] == '1' {
			line.set(x, 0)
		}
	}
	return bar{name: name, says: all, caption: all, line: line}, true
}

func drawn(name, says, caption string, code barcode.Barcode, err error) (bar, bool) {
	if err != nil {
		return bar{}, false
	}
	line := newDots(code.Bounds().Dx(), 1)
	for x := range line.w {
		if r, _, _, _ := code.At(x, 0).RGBA(); r < 0x8000 {
			line.set(x, 0)
		}
	}
	return bar{name: name, says: says, caption: caption, line: line}, true
}

// code128Bar draws the characters of s, in which FNC1 may stand.
func code128Bar(name, s, caption string) (bar, bool) {
	says := strings.ReplaceAll(s, string(code128.FNC1), "")
	if says == "" {
		return bar{}, false
	}
	if caption == "" {
		caption = printed(says)
	}
	code, err := code128.Encode(s)
	return drawn(name, says, caption, code, err)
}

// printed is what a caption shows of a text: a space for each control character.
func printed(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, s)
}

// gs1Bar is GS1-128: FNC1 begins it, and the brackets around application identifiers are only for people.
func gs1Bar(s string) (bar, bool) {
	var b, caption strings.Builder
	b.WriteRune(code128.FNC1)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '{' && i+1 < len(s):
			i++
			switch s[i] {
			case '1':
				b.WriteRune(code128.FNC1)
			case '(', ')', '*', '{':
				b.WriteByte(s[i])
				caption.WriteByte(s[i])
			}
			continue
		case c == '(' || c == ')':
		case c < ' ' || c > '~':
			return bar{}, false
		default:
			b.WriteByte(c)
		}
		caption.WriteByte(s[i])
	}
	return code128Bar("GS1-128", b.String(), caption.String())
}

// content128 reads the characters out of CODE128 data with its set marks; empty if it does not begin with
// one, in which case a printer prints nothing.
func content128(s string) string {
	if len(s) < 2 || s[0] != '{' || s[1] < 'A' || s[1] > 'C' {
		return ""
	}
	set := s[1]
	var b strings.Builder
	for i := 2; i < len(s); i++ {
		c := s[i]
		if c == '{' && i+1 < len(s) {
			i++
			switch s[i] {
			case 'A', 'B', 'C':
				set = s[i]
			case '{':
				b.WriteByte('{')
			case '1':
				b.WriteRune(code128.FNC1)
			}
			continue
		}
		if set == 'C' {
			if c > 99 {
				return ""
			}
			b.WriteByte('0' + c/10)
			b.WriteByte('0' + c%10)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
