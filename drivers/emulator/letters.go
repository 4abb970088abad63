package emulator

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gatehouse/drivers/escpos"
)

// letter is what one or more bytes print.
type letter struct {
	r      rune
	double bool  // two columns wide
	dots   *dots // drawn by a program (ESC &), in place of the printer's own
}

// letters turns bytes into letters: some take two bytes or more, some a program has drawn.
type letters struct {
	lead []byte // of a letter that is not whole
	user bool   // ESC %: those of the program in place of the printer's
	own  map[ownKey]*dots
}

// ownKey tells the letters a program has drawn apart: each font has its own.
type ownKey struct {
	small bool
	c     byte
}

// twoByte is the mode of Chinese and Japanese letters.
type twoByte struct {
	on         bool
	system     byte // FS C: 0 JIS, 1 Shift JIS; 255 while nobody has said: GB 18030
	utf8       bool // FS ( C
	wide, tall bool // FS ! and FS W
	underline  int
}

func newTwoByte(p *escpos.Profile) twoByte { return twoByte{on: p.KanjiDefault, system: 255} }

// style makes a style that of two-byte letters, which have sizes of their own.
func (t twoByte) style(st *Span) {
	if t.utf8 {
		return
	}
	if t.wide {
		st.WideBy = 2
	}
	if t.tall {
		st.TallBy = 2
	}
	st.Underline = max(st.Underline, t.underline)
}

// next takes a byte and says which letter it prints, if one is whole.
func (l *letters) next(c byte, m *mode) (letter, bool) {
	switch {
	case m.twoByte.utf8:
		return l.nextUTF8(c)
	case m.twoByte.on && (len(l.lead) > 0 || m.twoByte.leads(c)):
		return l.nextPair(c, m.twoByte)
	}
	l.lead = l.lead[:0]
	if d := l.own[ownKey{m.style.Small, c}]; d != nil && l.user {
		return letter{r: rune(c), dots: d}, true
	}
	return letter{r: decode(c, m.page, m.intl)}, true
}

func (l *letters) nextUTF8(c byte) (letter, bool) {
	if utf8.RuneStart(c) {
		l.lead = l.lead[:0]
	}
	l.lead = append(l.lead, c)
	if !utf8.FullRune(l.lead) {
		return letter{}, false
	}
	r, n := utf8.DecodeRune(l.lead)
	l.lead = append(l.lead[:0], l.lead[n:]...)
	return letter{r: r, double: wide(r)}, true
}

// wide reports whether a letter takes two columns: the ideographs, syllables and full-width forms.
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 ||
		r >= 0xF900 && r <= 0xFAFF || r >= 0xFF01 && r <= 0xFF60 || r >= 0x20000 && r <= 0x3FFFD
}

// leads reports whether c begins a letter of two bytes.
func (t twoByte) leads(c byte) bool {
	switch t.system {
	case 0:
		return c > 0x20 && c < 0x7F
	case 1:
		return c > 0x80 && c < 0xA0 || c > 0xDF && c < 0xFD
	}
	return c > 0x80 && c < 0xFF
}

func (l *letters) nextPair(c byte, t twoByte) (letter, bool) {
	l.lead = append(l.lead, c)
	if len(l.lead) < 2 {
		return letter{}, false
	}
	pair := l.lead
	var table encoding.Encoding = simplifiedchinese.GB18030
	switch t.system {
	case 0: // JIS is EUC without the eighth bits
		pair = []byte{pair[0] | 0x80, pair[1] | 0x80}
		table = japanese.EUCJP
	case 1:
		table = japanese.ShiftJIS
	default:
		if c >= '0' && c <= '9' || len(pair) == 3 { // one of four bytes
			if len(pair) < 4 {
				return letter{}, false
			}
		}
	}
	out, err := table.NewDecoder().Bytes(pair)
	l.lead = l.lead[:0]
	r, n := utf8.DecodeRune(out)
	if err != nil || n != len(out) {
		r = utf8.RuneError
	}
	return letter{r: r, double: true}, true
}

// setLetters executes what decides which letter a byte prints.
func (w *parser) setLetters(name string, d []byte) bool {
	t := &w.mode.twoByte
	n := d[len(d)-1]
	switch name {
	case "ESC &":
		w.letters.define(d, w.mode.style.Small)
	case "ESC %":
		w.letters.user = n&1 != 0
	case "ESC ?":
		delete(w.letters.own, ownKey{w.mode.style.Small, n})
	case "FS &":
		t.on = true
	case "FS .":
		t.on = false
	case "FS C":
		t.system = n & 0x0F
	case "FS !":
		t.wide, t.tall, t.underline = n&4 != 0, n&8 != 0, int(n>>7)
	case "FS -":
		t.underline = int(n&3) % 3
	case "FS W":
		t.wide, t.tall = n&1 != 0, n&1 != 0
	case "FS S", "FS ( A", "FS 2", "FS ?": // spacing, fonts and own letters of two bytes
	case "FS ( C":
		if len(d) == 7 && d[5] == '0' {
			t.utf8 = n == 2 || n == '2'
		}
	default:
		return false
	}
	return true
}

// define executes ESC & y c1 c2 [x d…]: letters by columns, at most as wide as the font.
func (l *letters) define(d []byte, small bool) {
	y, pos := int(d[2]), 5
	for c := int(d[3]); c <= int(d[4]) && pos < len(d); c++ {
		x := int(d[pos])
		pos++
		if pos+x*y > len(d) || c < 0x20 || c > 0x7E {
			return
		}
		if l.own == nil {
			l.own = map[ownKey]*dots{}
		}
		width := cellWidth
		if small {
			width = smallWidth
		}
		if pic := columnsOf(d[pos:], x, y); pic != nil && y <= 3 {
			l.own[ownKey{small, byte(c)}] = pic.crop(width)
		}
		pos += x * y
	}
}

// picture is a letter of the program in this style.
func (st Span) picture(l letter, x, width int) Span {
	st.X, st.W, st.Text = x, width, string(l.r)
	st.dots = l.dots.scale(st.WideBy, st.TallBy)
	if st.Reverse {
		full := newDots(width, st.dots.h)
		for y := range full.h {
			for x := range full.w {
				if x >= st.dots.w || !st.dots.black(x, y) {
					full.set(x, y)
				}
			}
		}
		st.dots = full
	}
	return st
}
