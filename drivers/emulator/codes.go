package emulator

import (
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/codabar"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/code39"
	"github.com/boombuler/barcode/code93"
	"github.com/boombuler/barcode/ean"
	"github.com/boombuler/barcode/twooffive"
	"rsc.io/qr"
)

// symbol executes GS ( k for QR codes.
func (w *parser) symbol(d []byte) {
	if len(d) < 2 || d[0] != '1' || !w.p.cfg.Profile.QR {
		w.count(&w.p.stats.Unsupported)
		return
	}
	m := &w.mode.qr
	switch d[1] {
	case 'A':
	case 'C':
		m.module = min(max(int(d[len(d)-1]), 1), 16)
	case 'E':
		m.level = d[len(d)-1]
	case 'P':
		if len(d) >= 4 && len(d)-3 <= maxQRBytes {
			m.data = append(m.data[:0], d[3:]...)
		}
	case 'Q':
		w.printQR()
	default:
		w.count(&w.p.stats.Unsupported)
	}
}

// printQR draws the code kept. Like a printer it prints nothing if the code is too wide or holds nothing.
func (w *parser) printQR() {
	m := &w.mode.qr
	level := min(max(int(m.level)-'0', 0), 3)
	if len(m.data) == 0 {
		return
	}
	code, err := qr.Encode(string(m.data), qr.Level(level))
	if err != nil || code.Size*m.module > w.area() {
		w.count(&w.p.stats.Unsupported)
		return
	}
	d := newDots(code.Size, code.Size)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				d.set(x, y)
			}
		}
	}
	d = d.scale(m.module, m.module)
	w.flushLine()
	w.put(Element{Kind: "qr", X: w.mode.left + w.place(d.w), W: d.w, H: d.h, Payload: string(m.data), dots: d})
}

// barcode executes GS k.
func (w *parser) barcode(d []byte) {
	name, code := symbology(d)
	if code == nil {
		w.count(&w.p.stats.Unsupported)
		return
	}
	m := &w.mode.bar
	width := code.Bounds().Dx()
	if width*m.module > w.area() {
		w.count(&w.p.stats.Unsupported) // a printer leaves it out without a word
		return
	}
	line := newDots(width, 1)
	for x := range width {
		if r, _, _, _ := code.At(x, 0).RGBA(); r < 0x8000 {
			line.set(x, 0)
		}
	}
	bars := line.scale(m.module, m.height)
	w.flushLine()
	x := w.mode.left + w.place(bars.w)
	text := code.Content()
	if name == "CODE93" {
		text = string(d[4:]) // its own content is spelled in the signs of the code
	}
	if m.caption&1 != 0 {
		w.caption(text)
	}
	w.put(Element{Kind: "barcode", X: x, W: bars.w, H: bars.h, Payload: name + " " + text, dots: bars})
	if m.caption&2 != 0 {
		w.caption(text)
	}
}

// caption prints the characters of a bar code above or below it.
func (w *parser) caption(s string) {
	st := Span{WideBy: 1, TallBy: 1, Text: s, W: len(s) * cellWidth}
	w.put(Element{
		Kind: "text", X: w.mode.left + w.place(st.W), W: st.W, H: w.mode.spacing, Spans: []Span{st},
	})
}

// symbology finds the code GS k asks for; nil if it cannot be drawn.
func symbology(d []byte) (string, barcode.Barcode) {
	m := d[2]
	var s string
	if m <= 6 {
		s = strings.TrimRight(string(d[3:]), "\x00")
		m += 65
	} else {
		s = string(d[4:])
	}
	if s == "" {
		return "", nil
	}
	var code barcode.Barcode
	var err error
	name := ""
	switch m {
	case 65:
		name = "UPC-A"
		code, err = ean.Encode("0" + s)
	case 67:
		name = "EAN13"
		code, err = ean.Encode(s)
	case 68:
		name = "EAN8"
		code, err = ean.Encode(s)
	case 69:
		name = "CODE39"
		code, err = code39.Encode(strings.Trim(s, "*"), false, false)
	case 70:
		name = "ITF"
		code, err = twooffive.Encode(s, true)
	case 71:
		name = "CODABAR"
		code, err = codabar.Encode(strings.ToUpper(s))
	case 72:
		name = "CODE93"
		code, err = code93.Encode(s, true, true)
	case 73:
		name = "CODE128"
		if s = content128(s); s == "" {
			return "", nil
		}
		code, err = code128.Encode(s)
	default:
		return "", nil
	}
	if err != nil {
		return "", nil
	}
	return name, code
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
