package escpos

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// charmap returns the table of the code page.
func (c CodePage) charmap() *charmap.Charmap {
	switch c {
	case PC858:
		return charmap.CodePage858
	case WPC1252:
		return charmap.Windows1252
	case PC850:
		return charmap.CodePage850
	case PC852:
		return charmap.CodePage852
	case PC860:
		return charmap.CodePage860
	case PC863:
		return charmap.CodePage863
	case PC865:
		return charmap.CodePage865
	case PC866:
		return charmap.CodePage866
	case WPC1250:
		return charmap.Windows1250
	default:
		return charmap.CodePage437
	}
}

// encode returns the byte of r, if the page has it as a printable character.
func (c CodePage) encode(r rune) (byte, bool) {
	b, ok := c.charmap().EncodeRune(r)
	return b, ok && b >= 0x80
}

// characters knows what one printer can print.
type characters struct {
	pages  []PageNumber
	noDots bool // it draws nothing: what no page has must be spelled
}

func (c characters) has(r rune) bool {
	for _, p := range c.pages {
		if _, ok := p.Page.encode(r); ok {
			return true
		}
	}
	return false
}

// fold returns s in characters the printer has, or that are drawn for it. Plain ASCII comes back as it is.
//
// Signs that the printer lacks are written in plainer ones where readers would do the same: “ as ", … as
// three dots, € as EUR. A letter is not: people have it in their names, so an ő or ł that no page has is
// drawn, as Chinese is, and the line that holds it goes to the printer as a picture (see drawLine). Marks
// that have no shape, such as those of writing direction, are left out. Control characters are ErrControl.
//
// Where nothing can be drawn, a letter loses its mark, and what has no plainer spelling is '?'.
func (c characters) fold(s string) (string, error) {
	plain := true
	for i := range len(s) {
		if b := s[i]; b < 0x20 || b == 0x7F {
			return "", ErrControl
		} else if b >= utf8.RuneSelf {
			plain = false
		}
	}
	if plain {
		return s, nil
	}
	s = norm.NFC.String(s)
	if strings.ContainsFunc(s, unicode.IsControl) {
		return "", ErrControl
	}
	if out, whole := c.spell(s); whole {
		return out, nil
	}
	return c.keep(s), nil
}

// spell writes s with the characters of the printer alone. whole is false if something must be drawn.
func (c characters) spell(s string) (out string, whole bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case shapeless(r):
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case c.has(r):
			b.WriteRune(r)
		default:
			plain, whole := c.plainer(r)
			switch {
			case c.noDots && plain == "":
				plain = "?"
			case !c.noDots && !whole && (plain == "" || drawable(r)):
				return "", false
			}
			b.WriteString(plain)
		}
	}
	return b.String(), true
}

// keep leaves s as it is, as far as it can be drawn. What cannot and has a plainer spelling gets that.
func (c characters) keep(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case shapeless(r):
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r < utf8.RuneSelf || drawable(r):
			b.WriteRune(r)
		default:
			if plain, _ := c.plainer(r); plain != "" && !c.has(r) {
				b.WriteString(plain)
				continue
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// shapeless reports whether nothing is seen of r: soft hyphen, direction marks, joiners, the choice between
// forms of the character before it.
func shapeless(r rune) bool {
	return r >= utf8.RuneSelf && unicode.In(r, unicode.Cf, unicode.Variation_Selector)
}

// plainer spells r with characters the printer has; empty if that cannot be. whole reports whether it is as
// good: a letter without its mark, or two letters for one, is not.
func (c characters) plainer(r rune) (plain string, whole bool) {
	if s, ok := spelling(r); ok {
		return s, !unicode.In(r, unicode.Lu, unicode.Ll)
	}
	whole = true
	var out strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if unicode.Is(unicode.Mn, d) && out.Len() > 0 {
			whole = false
			continue
		}
		if d < utf8.RuneSelf && d >= 0x20 && d != 0x7F || c.has(d) {
			out.WriteRune(d)
			continue
		}
		s, ok := spelling(d)
		if !ok {
			return "", false
		}
		out.WriteString(s)
	}
	return out.String(), whole && out.Len() > 0
}

// spelling returns the customary plain spelling of signs that do not decompose.
func spelling(r rune) (string, bool) {
	switch r {
	case '‘', '’', '‚', '‛', '′', 'ʼ':
		return "'", true
	case '“', '”', '„', '‟', '″', '«', '»':
		return `"`, true
	case '–', '—', '―', '‐', '‑', '‒', '−', '─', '━':
		return "-", true
	case '═':
		return "=", true
	case '•', '·', '▪', '●':
		return "*", true
	case '×':
		return "x", true
	case '€':
		return "EUR", true
	case '→':
		return "->", true
	case '←':
		return "<-", true
	case '✓', '✔':
		return "v", true
	case 'ı':
		return "i", true
	case 'ł':
		return "l", true
	case 'Ł':
		return "L", true
	case 'đ', 'ð':
		return "d", true
	case 'Đ', 'Ð':
		return "D", true
	case 'ø':
		return "o", true
	case 'Ø':
		return "O", true
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'Æ':
		return "AE", true
	case 'œ':
		return "oe", true
	case 'Œ':
		return "OE", true
	case 'þ':
		return "th", true
	case 'Þ':
		return "Th", true
	case 'ħ':
		return "h", true
	case 'Ħ':
		return "H", true
	case 'ŋ':
		return "ng", true
	case 'Ŋ':
		return "NG", true
	}
	return "", false
}

// Unprintable returns the characters of s that neither the printer nor our own font has, so that a box
// stands for them on paper, each once: whoever wrote them can be told before the paper is.
func Unprintable(s string, p Profile) []rune {
	c := characters{pages: p.CodePages}
	var lost []rune
	for _, r := range norm.NFC.String(s) {
		if r < utf8.RuneSelf || shapeless(r) || unicode.IsSpace(r) || c.has(r) || drawable(r) {
			continue
		}
		if plain, _ := c.plainer(r); plain == "" && !slices.Contains(lost, r) {
			lost = append(lost, r)
		}
	}
	return lost
}
