package scan

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Bounds of a code, in bytes. The largest symbols (a QR code of version 40) carry
// a little less than 3 KB of text; what is shorter than three is line noise.
const (
	MinLength = 3
	MaxLength = 4096
)

// The control characters that may stand in a code: GS, which scanners send for
// FNC1 (GS1 General Specifications), and RS and EOT of ISO/IEC 15434 messages.
const (
	eot = 0x04
	gs  = 0x1D
	rs  = 0x1E
	stx = 0x02
	etx = 0x03
)

// Code is what one scan says.
type Code struct {
	Text      string // without prefix, identifier and suffix; FNC1 is \x1d
	Symbology Symbology
}

// Framer finds codes in what a scanner sends. Its zero value takes any usual
// suffix: CR, LF, both, TAB or ETX; and drops an STX before the code.
type Framer struct {
	// Prefix, if set, must stand before every code: what has none is noise.
	Prefix string
	// Suffix, if set, is the only one that ends a code.
	Suffix string

	held []byte
	over bool // longer than any code: thrown away up to the suffix
}

// Push takes one byte and returns the code that it ended, if any.
func (f *Framer) Push(b byte) (Code, bool) {
	if f.Suffix == "" && endsFrame(b) {
		return f.end(0)
	}
	if f.over {
		// Only as much is kept as the suffix needs to be seen.
		f.held = append(f.held[:0], f.held[max(0, len(f.held)-len(f.Suffix)):]...)
	}
	f.held = append(f.held, b)
	if f.Suffix != "" && bytes.HasSuffix(f.held, []byte(f.Suffix)) {
		return f.end(len(f.Suffix))
	}
	if len(f.held) > MaxLength+len(f.Prefix)+len(f.Suffix) {
		f.over = true
	}
	return Code{}, false
}

// Idle says that nothing came for a while, which ends a code without a suffix.
func (f *Framer) Idle() (Code, bool) { return f.end(0) }

// Empty tells whether no frame has begun.
func (f *Framer) Empty() bool { return len(f.held) == 0 && !f.over }

func endsFrame(b byte) bool { return b == '\r' || b == '\n' || b == '\t' || b == etx }

func (f *Framer) end(suffix int) (Code, bool) {
	frame, over := f.held[:len(f.held)-suffix], f.over
	f.held, f.over = f.held[:0], false
	if over {
		return Code{}, false
	}
	if f.Prefix != "" {
		// What came before the prefix is noise from plugging in.
		at := bytes.Index(frame, []byte(f.Prefix))
		if at < 0 {
			return Code{}, false
		}
		frame = frame[at+len(f.Prefix):]
	} else if len(frame) > 0 && frame[0] == stx {
		frame = frame[1:]
	}
	symbology, text := identify(string(frame))
	if len(text) < MinLength || len(text) > MaxLength || !readable(text) {
		return Code{}, false
	}
	return Code{Text: text, Symbology: symbology}, true
}

// readable tells whether a text can have stood in a code. A broken line or a
// wrong speed makes other bytes.
func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r < 0x20 && r != gs && r != rs && r != eot || r >= 0x7F && r < 0xA0
	})
}
