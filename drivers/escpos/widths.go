package escpos

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// columns is the room that s takes on a line, in characters of font A. It is never more than the bytes
// of s.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

// runeColumns is the room of one character: two columns for those that fill a square, such as Chinese
// and Korean ones, none for a mark that stands on the character before it, one for all others. Which
// are wide is the property East_Asian_Width of Unicode (UAX #11); what that calls ambiguous is narrow,
// as the code pages have it.
func runeColumns(r rune) int {
	const firstMark = 0x0300 // nothing below is wide or a mark
	switch {
	case r < firstMark:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// breaksBetween reports whether a line may end between two characters that have no space between them:
// on either side of a wide one. Two rules of every typesetter stand against it: no line begins with a
// comma or a closing bracket, none ends with an opening one. Korean has spaces, and breaks there.
func breaksBetween(a, b rune) bool {
	if a < utf8.RuneSelf && b < utf8.RuneSelf || !solid(a) && !solid(b) || runeColumns(b) == 0 {
		return false
	}
	return !unicode.In(a, unicode.Ps, unicode.Pi) && !unicode.In(b, unicode.Pe, unicode.Pf, unicode.Po)
}

// solid reports whether r is of a writing without spaces between the words.
func solid(r rune) bool { return runeColumns(r) == 2 && !unicode.Is(unicode.Hangul, r) }
