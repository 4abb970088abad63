package escpos

import (
	"testing"
	"unicode"
)

// Whatever a page has, the font has: a letter does not become a box because another one on its line is
// drawn. The pieces that tables are ruled with are not letters, and stand on lines of their own.
func TestTheFontHasEveryLetterOfThePages(t *testing.T) {
	for page := PC437; page <= WPC1250; page++ {
		for b := 0x80; b <= 0xFF; b++ {
			r := page.charmap().DecodeByte(byte(b))
			if _, ok := page.encode(r); !ok || unicode.IsControl(r) || unicode.IsSpace(r) || shapeless(r) {
				continue
			}
			if ruling := r >= 0x2500 && r <= 0x257F; !ruling && !drawable(r) {
				t.Errorf("%U %c of page %d is not in the font", r, r, page)
			}
		}
	}
}

// No character of the font is wider than the columns it is given, so that none touches the next or leaves
// the picture.
func TestEveryGlyphFitsItsColumns(t *testing.T) {
	for r := rune(0x20); r <= 0xFFFF; r++ {
		g, ok := glyphOf(r)
		if !ok || runeColumns(r) == 0 {
			continue
		}
		for y, row := range g {
			if row&(1<<(glyphBits-runeColumns(r)*glyphWidth)-1) != 0 {
				t.Errorf("%U %c is wider than its %d columns in row %d", r, r, runeColumns(r), y)
				break
			}
		}
	}
}
