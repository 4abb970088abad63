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

// Drawn letters can spell a real-time command: a bold 吃 in white on black, after a 1, had DLE EOT in its
// dots. None is in what is sent, by rows or by columns.
func TestNoLetterSpellsACommand(t *testing.T) {
	letters := []rune("吃叽") // both did
	for r := rune(0x80); r <= 0xFFFF; r += 13 {
		if drawable(r) {
			letters = append(letters, r)
		}
	}
	p := Profile{Columns: 16, Dots: 192, CodePages: []PageNumber{{PC437, 0}}, MaxStripRows: 24, BufferBytes: 4096}
	for i, r := range letters {
		for _, st := range []Style{{}, {Bold: true}, {Reverse: true}, {Bold: true, Reverse: true}, {Bold: true, Wide: true}} {
			p.Pictures = Pictures(i / 2 % 3)
			segs, err := Encode(&Doc{Items: []Item{Text{S: "1" + string(r) + "北", Style: st}}}, p)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range segs {
				if realtimeAt(s.Data) >= 0 {
					t.Errorf("%c in %+v, pictures %d: a command at byte %d", r, st, p.Pictures, realtimeAt(s.Data))
				}
			}
		}
	}
}

// realtimeAt is where a real-time command begins; -1 if nowhere.
func realtimeAt(b []byte) int {
	for i := 1; i < len(b); i++ {
		if b[i-1] == dle && (b[i] == eot || b[i] == enq || b[i] == dc4) {
			return i - 1
		}
	}
	return -1
}
