package display

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// cells writes a line as exactly as many bytes as a display has columns. Letters
// with accents are kept where the display has page 437 (PC437), and else lose
// the accent; what has no plainer form is a question mark.
func cells(line string, columns int, accents bool) []byte {
	// Nothing longer can reach the display; the rest need not be looked at.
	if most := columns * utf8.UTFMax * 4; len(line) > most {
		line = line[:most]
	}
	out := make([]byte, 0, columns)
	for _, r := range norm.NFC.String(strings.ToValidUTF8(line, "?")) {
		out = append(out, cell(r, accents)...)
	}
	if len(out) > columns {
		out = out[:columns]
	}
	for len(out) < columns {
		out = append(out, ' ')
	}
	return out
}

// cell is how one character is shown; never a control character.
func cell(r rune, accents bool) []byte {
	switch {
	case r >= 0x20 && r < 0x7F:
		return []byte{byte(r)}
	case unicode.IsControl(r):
		return []byte{' '}
	}
	if accents {
		if b, ok := charmap.CodePage437.EncodeRune(r); ok && b >= 0x80 {
			return []byte{b}
		}
	}
	if plain, ok := plainer(r); ok {
		return []byte(plain)
	}
	var out []byte
	for _, part := range norm.NFKD.String(string(r)) {
		switch {
		case part >= 0x20 && part < 0x7F:
			out = append(out, byte(part))
		case !unicode.Is(unicode.Mn, part):
			return []byte{'?'}
		}
	}
	return out // a mark without a letter is nothing
}

// plainer is how people write a sign that cannot be taken apart.
func plainer(r rune) (string, bool) {
	switch r {
	case '‘', '’', '´':
		return "'", true
	case '“', '”', '«', '»':
		return `"`, true
	case '–', '—', '−':
		return "-", true
	case '¿', '¡':
		return "", true
	case '€':
		return "EUR", true
	}
	return "", false
}
