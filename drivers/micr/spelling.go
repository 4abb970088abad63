package micr

import (
	"errors"
	"fmt"
	"strings"
)

// MaxLine is the longest raw line that is looked at, in bytes. The longest a
// check carries is 65 characters (ANSI X9.100-160, six-inch and longer items).
const MaxLine = 128

// Spelling is how a reader writes the signs of a font.
type Spelling struct {
	Name    string
	transit byte
	onUs    byte
	amount  byte
	dash    byte
	extra   byte // the fifth sign of CMC-7; 0: the font has none
}

// Spellings are those that are known, the one of UnifiedPOS first. CMC-7 has five
// signs, which come out as t, o, $, - and x in their order; what they mean differs
// from country to country, so Parse is not for them. None but the first has been
// compared with a real reader yet.
func Spellings() []Spelling {
	return []Spelling{
		{"unifiedpos", 't', 'o', '$', '-', 0},
		{"axiohm", ')', '(', '&', '\'', 0},
		{"cat", 'T', 'U', 'A', 'D', 0},
		{"toad", 't', 'o', 'a', 'd', 0},
		{"toad-capitals", 'T', 'O', 'A', 'D', 0},
		{"cmc7", 'A', 'B', 'C', 'D', 'E'},
	}
}

// SpellingNamed finds a spelling by its name.
func SpellingNamed(name string) (Spelling, bool) {
	for _, s := range Spellings() {
		if s.Name == name {
			return s, true
		}
	}
	return Spelling{}, false
}

// Unreadable stands for a character that the reader saw and could not read.
const Unreadable = '?'

// What may be wrong with a raw line.
var (
	ErrLong  = errors.New("micr: the line is longer than any check's")
	ErrNoise = errors.New("micr: the line has characters that no check carries")
	ErrEmpty = errors.New("micr: nothing was read")
)

// Normalise brings a raw line of E-13B into the spelling of UnifiedPOS, in whichever
// spelling it is: the letters of each are its own. It fails as [Spelling.Normalise] does.
func Normalise(raw string) (line string, err error) {
	for _, s := range Spellings() {
		if s.extra != 0 {
			continue // another font
		}
		if line, err = s.Normalise(raw); !errors.Is(err, ErrNoise) {
			return line, err
		}
	}
	return "", err
}

// Normalise brings a raw line into the spelling of UnifiedPOS, with single spaces
// and none around it. It fails with ErrLong, ErrNoise or ErrEmpty; the person
// puts the check in again, or keys it.
func (s Spelling) Normalise(raw string) (string, error) {
	if len(raw) > MaxLine {
		return "", fmt.Errorf("read a check line: %w", ErrLong)
	}
	var out strings.Builder
	space := false
	for i := range len(raw) {
		b, known := s.sign(raw[i])
		switch {
		case !known:
			return "", fmt.Errorf("read a check line: %w", ErrNoise)
		case b == ' ':
			space = out.Len() > 0
			continue
		case space:
			out.WriteByte(' ')
			space = false
		}
		out.WriteByte(b)
	}
	if strings.Trim(out.String(), "? ") == "" {
		return "", fmt.Errorf("read a check line: %w", ErrEmpty)
	}
	return out.String(), nil
}

// sign is one character in the spelling of UnifiedPOS. The fifth sign of CMC-7,
// which UnifiedPOS has no letter for, is x.
func (s Spelling) sign(b byte) (byte, bool) {
	switch {
	case b >= '0' && b <= '9', b == ' ', b == Unreadable:
		return b, true
	case b == s.transit:
		return 't', true
	case b == s.onUs:
		return 'o', true
	case b == s.amount:
		return '$', true
	case b == s.dash:
		return '-', true
	case s.extra != 0 && b == s.extra:
		return 'x', true
	}
	return 0, false
}

// Spell writes a normalised line as the reader would, for emulators and tests.
func (s Spelling) Spell(line string) string {
	pairs := []string{"t", string(s.transit), "o", string(s.onUs), "$", string(s.amount), "-", string(s.dash)}
	if s.extra != 0 {
		pairs = append(pairs, "x", string(s.extra))
	}
	return strings.NewReplacer(pairs...).Replace(line)
}
