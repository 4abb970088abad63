package escpos

import (
	"unicode"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/math/fixed"
)

// Letters that no page of the printer has are drawn from a font of ours, 6 by 16 squares to a column, and
// each square is two dots wide and high: the 12 dots of the printer's own columns, on lines about as far
// apart as its own.
const (
	// ColumnDots is the width of a column of [DrawLine] in dots.
	ColumnDots = charWidth

	glyphWidth  = 6  // squares of a column
	glyphHeight = 16 // squares of a line
	glyphBase   = 12 // squares above the foot of a letter
	squareDots  = 2
)

// glyph is a character in squares: rows from the top, the leftmost square in the highest of 12 bits.
type glyph [glyphHeight]uint16

// glyphBits is the widest glyph, two columns.
const glyphBits = 2 * glyphWidth

// glyphOf returns what the font has for r, and whether it has anything. The font is unpacked at the first
// call, which takes some 10 ms and 1.5 MB; it has simplified Chinese forms where languages share a
// character, and no characters beyond U+FFFF.
//
// Characters that Unicode does not know yet are lacking, whatever the font has in their place.
// Letters of writings from right to left are treated as lacking: they would come out unconnected and
// backwards, which is worse than a box.
func glyphOf(r rune) (g glyph, ok bool) {
	if !unicode.IsGraphic(r) || unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) {
		return g, false
	}
	box, mask, from, _, found := bitmapfont.FaceSC.Glyph(fixed.P(0, glyphBase), r)
	if !found {
		return g, false
	}
	for y := range min(box.Dy(), glyphHeight) {
		for x := range min(box.Dx(), glyphBits) {
			if _, _, _, a := mask.At(from.X+x, from.Y+y).RGBA(); a != 0 {
				g[y] |= 1 << (glyphBits - 1 - x)
				ok = true
			}
		}
	}
	return g, ok
}

// drawable reports whether the font has r.
func drawable(r rune) bool {
	_, ok := glyphOf(r)
	return ok
}

// missing is the box that stands for a character the font lacks.
func missing(columns int) (g glyph) {
	const top, foot = 2, glyphBase - 1
	width := columns*glyphWidth - 1
	full := uint16(1<<width-1) << (glyphBits - width)
	for y := top; y <= foot; y++ {
		g[y] = full
		if y > top && y < foot {
			g[y] = 1<<(glyphBits-1) | full&-full
		}
	}
	return g
}

// DrawLine draws one line of text as the printer would print it, 12 dots to a column and 32 dots high,
// twice that where the style says so; the alignment of the style is left to whoever places it. It is as
// wide as the text: two columns for a wide character, none for a mark that stands on the one before.
// Characters the font lacks are a box. An empty text is nil.
func DrawLine(s string, st Style) *Bitmap {
	if s == "" {
		return nil
	}
	n := max(columns(s), 1) // a mark may stand alone
	p := pen{across: 1, down: 1}
	if st.Wide {
		p.across = 2
	}
	if st.Tall {
		p.down = 2
	}
	if st.Bold {
		p.stroke = p.across
	}
	p.b = blank(n*glyphWidth*squareDots*p.across, glyphHeight*squareDots*p.down)
	at, last := 0, 0
	for _, r := range s {
		w := runeColumns(r)
		g, ok := glyphOf(r)
		switch {
		case r == ' ':
		case w == 0:
			p.draw(g, at-last)
		case ok:
			p.draw(g, at)
		default:
			p.draw(missing(w), at)
		}
		if w > 0 {
			at, last = at+w, w
		}
	}
	if st.Underline {
		p.bar(p.b.height-squareDots, squareDots)
	}
	if st.Reverse {
		p.b.invert()
	}
	p.b.screen()
	return p.b
}

// pen draws glyphs into a bitmap.
type pen struct {
	b            *Bitmap
	across, down int // dots of a quarter of a square
	stroke       int // dots that bold letters add to the right
}

// draw draws a glyph at a column. Each square is drawn in four quarters, of which those in the corners of
// a slanting stroke are filled or left out, so that slants are not stairs (the rule is Eric's pixel
// expansion, known as Scale2x).
func (p *pen) draw(g glyph, column int) {
	for y := range glyphHeight {
		for x := range glyphBits {
			here, up, down, left, right := g.at(x, y), g.at(x, y-1), g.at(x, y+1), g.at(x-1, y), g.at(x+1, y)
			for i := range 4 {
				beside, past := left, right
				if i%2 == 1 {
					beside, past = right, left
				}
				above, below := up, down
				if i/2 == 1 {
					above, below = down, up
				}
				black := here
				if beside == above && beside != below && above != past {
					black = above
				}
				if black {
					p.quarter(2*(column*glyphWidth+x)+i%2, 2*y+i/2)
				}
			}
		}
	}
}

func (g *glyph) at(x, y int) bool {
	return x >= 0 && x < glyphBits && y >= 0 && y < glyphHeight && g[y]&(1<<(glyphBits-1-x)) != 0
}

func (p *pen) quarter(x, y int) {
	right := min((x+1)*p.across+p.stroke, p.b.width)
	for j := y * p.down; j < (y+1)*p.down; j++ {
		for i := x * p.across; i < right; i++ {
			p.b.set(i, j)
		}
	}
}

// bar draws a line across, from row y on.
func (p *pen) bar(y, height int) {
	for j := y; j < y+height; j++ {
		for i := range p.b.width {
			p.b.set(i, j)
		}
	}
}

// invert makes white dots black and black ones white.
func (b *Bitmap) invert() {
	for y := range b.height {
		for x := range b.width {
			b.bits[y*b.stride+x/8] ^= 0x80 >> (x % 8)
		}
	}
}

// drawnLine sends a line as a picture.
func (e *encoder) drawnLine(s string, st Style) {
	st.Reverse = st.Reverse && !e.p.Impact // as in text
	b := DrawLine(s, st)
	if b.width > e.p.Dots {
		b = b.left(e.p.Dots)
	}
	// A line that is cut to the width of the paper cannot be too wide for it.
	_ = e.image(b, st.Align)
}

// left returns the leftmost dots of the bitmap.
func (b *Bitmap) left(width int) *Bitmap {
	out := blank(width, b.height)
	for y := range out.height {
		copy(out.bits[y*out.stride:(y+1)*out.stride], b.bits[y*b.stride:])
		if spare := width % 8; spare != 0 {
			out.bits[(y+1)*out.stride-1] &^= 0xFF >> spare
		}
	}
	out.screen()
	return out
}
