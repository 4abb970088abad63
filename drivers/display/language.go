package display

import "bytes"

// Language is what a display understands.
type Language int

// The languages.
const (
	DMD    Language = iota // Epson DM-D110, D210, D500 and compatibles
	CD5220                 // the CD5220 mode of most other displays
)

// Bounds of a display.
const (
	Rows          = 2
	Columns       = 20 // where nothing else is said
	MinColumns    = 16
	MaxColumns    = 40
	MinBrightness = 1
	MaxBrightness = 4
)

// Lines is what the customer reads: the upper and the lower line. What is longer
// than the display is cut.
type Lines [Rows]string

const (
	esc = 0x1B
	us  = 0x1F
	clr = 0x0C
	cr  = 0x0D
)

// pen writes to one display and knows what stands on it.
type pen struct {
	language   Language
	columns    int
	brightness int
	shown      [Rows][]byte // nil: not known
}

// begin is what a display gets that was just plugged in: it may have shown
// anything, and its settings are gone.
func (p *pen) begin() []byte {
	p.shown = [Rows][]byte{}
	for i := range p.shown {
		p.shown[i] = bytes.Repeat([]byte{' '}, p.columns)
	}
	level := byte(p.brightness)
	if p.language == CD5220 {
		// Initialise, overwrite, cursor off, brightness, clear (CD5220 command set
		// as given in makers' manuals). The code page commands differ between
		// makers, so the letters stay plain.
		return []byte{esc, '@', esc, 0x11, esc, '_', 0, esc, '*', level, clr}
	}
	// Initialise, international set U.S.A., page 437, overwrite, cursor off,
	// brightness, clear (Epson, DM-D series).
	return []byte{esc, '@', esc, 'R', 0, esc, 't', 0, us, 0x01, us, 'C', 0, us, 'X', level, clr}
}

// write is what makes a display show the lines: nothing if it does.
func (p *pen) write(l Lines) []byte {
	var out []byte
	for row := range l {
		want := cells(l[row], p.columns, p.language == DMD)
		if bytes.Equal(want, p.shown[row]) {
			continue
		}
		if p.language == CD5220 {
			out = append(out, esc, 'Q', byte('A'+row))
			out = append(out, want...)
			out = append(out, cr)
		} else {
			first, last := changed(p.shown[row], want)
			out = append(out, us, '$', byte(first+1), byte(row+1))
			out = append(out, want[first:last+1]...)
		}
		p.shown[row] = want
	}
	return out
}

// changed is the first and the last cell in which two lines differ.
func changed(was, want []byte) (first, last int) {
	for was[first] == want[first] {
		first++
	}
	for last = len(want) - 1; was[last] == want[last]; last-- {
	}
	return first, last
}
