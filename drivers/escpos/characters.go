package escpos

import (
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
	pages []PageNumber
}

func (c characters) has(r rune) bool {
	for _, p := range c.pages {
		if _, ok := p.Page.encode(r); ok {
			return true
		}
	}
	return false
}

// fold returns s in characters the printer has. Plain ASCII comes back as it is.
//
// What the printer lacks is written in plainer letters where readers would do the same (ő as o, … as
// three dots), and as '?' otherwise. Marks that have no shape, such as those of writing direction, are
// left out. Control characters are ErrControl.
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
	var out strings.Builder
	for _, r := range norm.NFC.String(s) {
		if unicode.IsControl(r) {
			return "", ErrControl
		}
		c.foldRune(&out, r)
	}
	return out.String(), nil
}

func (c characters) foldRune(out *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		out.WriteRune(r)
	case r == '\u00AD' || unicode.Is(unicode.Cf, r): // soft hyphen, direction marks, joiners
	case unicode.IsSpace(r):
		out.WriteByte(' ')
	case c.has(r):
		out.WriteRune(r)
	default:
		out.WriteString(c.plainer(r))
	}
}

// plainer spells r with characters the printer has.
func (c characters) plainer(r rune) string {
	if s, ok := spelling(r); ok {
		return s
	}
	var out strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if unicode.Is(unicode.Mn, d) && out.Len() > 0 {
			continue
		}
		if d < utf8.RuneSelf && d >= 0x20 && d != 0x7F || c.has(d) {
			out.WriteRune(d)
			continue
		}
		if s, ok := spelling(d); ok {
			out.WriteString(s)
			continue
		}
		return "?"
	}
	if out.Len() == 0 {
		return "?"
	}
	return out.String()
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

// Unprintable returns the characters of s that would come out as '?' on the printer, each once, so that
// whoever wrote them can be told before the paper is.
func Unprintable(s string, p Profile) []rune {
	c := characters{p.CodePages}
	var lost []rune
	for _, r := range norm.NFC.String(s) {
		var out strings.Builder
		c.foldRune(&out, r)
		if r != '?' && out.String() == "?" && !strings.ContainsRune(string(lost), r) {
			lost = append(lost, r)
		}
	}
	return lost
}
