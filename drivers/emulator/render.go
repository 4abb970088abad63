package emulator

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"sync"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// renderer draws pieces. Its letters are those of the Go Mono fonts, at 20 pixels, which makes them as
// wide as the 12 dots of font A.
type renderer struct {
	mu      sync.Mutex
	regular *opentype.Font
	bold    *opentype.Font
	faces   map[faceKey]font.Face
	glyphs  map[glyphKey]*image.Alpha
	buffer  sfnt.Buffer
}

type faceKey struct {
	bold   bool
	height int
}

type glyphKey struct {
	r          rune
	bold       bool
	small      bool
	double     bool // two columns wide
	turned     bool // clockwise
	wide, tall int
}

// maxGlyphs bounds the store of drawn letters.
const maxGlyphs = 4096

func newRenderer() *renderer {
	return &renderer{
		regular: mustParse(gomono.TTF), bold: mustParse(gomonobold.TTF),
		faces: map[faceKey]font.Face{}, glyphs: map[glyphKey]*image.Alpha{},
	}
}

// mustParse reads a font that is part of the program.
func mustParse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("emulator: the font within the program is damaged: " + err.Error())
	}
	return f
}

// Image draws the piece, a pixel for a dot, black on white.
func (p Piece) Image() *image.Gray {
	img := image.NewGray(image.Rect(0, 0, p.Width, p.Height))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	r := p.draw
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range p.Elements {
		r.element(img, e, p.Margin+e.X, e.Y)
	}
	return img
}

// element draws an element with its upper left corner at x, y.
func (r *renderer) element(img *image.Gray, e Element, x, y int) {
	if e.Turn != 0 {
		r.turned(img, e, x, y)
		return
	}
	if e.dots != nil {
		stamp(img, e.dots, x, y)
	}
	base := 0
	for _, run := range e.Spans {
		base = max(base, baseline(run.height()))
	}
	for _, run := range e.Spans {
		r.run(img, run, x+run.X, y+base-baseline(run.height()))
	}
	if len(e.Parts) == 0 {
		return
	}
	clip, _ := img.SubImage(image.Rect(x, y, x+e.W, y+e.H)).(*image.Gray)
	for _, part := range e.Parts {
		r.element(clip, part, x+part.X, y+part.Y)
	}
}

// turned draws an element on a paper of its own, turns that, and lays its ink on the piece.
func (r *renderer) turned(img *image.Gray, e Element, x, y int) {
	w, h := e.W, e.H
	if e.Turn&1 == 1 {
		w, h = h, w
	}
	own := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(own, own.Rect, image.White, image.Point{}, draw.Src)
	flat := e
	flat.Turn, flat.W, flat.H = 0, w, h
	r.element(own, flat, 0, 0)
	for oy := range h {
		for ox := range w {
			at := image.Pt(x, y)
			switch e.Turn {
			case 1: // from the foot to the head
				at = at.Add(image.Pt(oy, w-1-ox))
			case 2:
				at = at.Add(image.Pt(w-1-ox, h-1-oy))
			case 3: // from the head to the foot
				at = at.Add(image.Pt(h-1-oy, ox))
			}
			if c := own.GrayAt(ox, oy); at.In(img.Rect) && c.Y < img.GrayAt(at.X, at.Y).Y {
				img.SetGray(at.X, at.Y, c)
			}
		}
	}
}

// PNG returns [Piece.Image] as a file.
func (p Piece) PNG() ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, p.Image())
	return b.Bytes(), err
}

// baseline is how far below its upper edge a letter of that height stands on the line.
func baseline(height int) int { return (height*3 + 3) / 4 }

// stamp sets exactly the dots.
func stamp(img *image.Gray, d *dots, x0, y0 int) {
	for y := range d.h {
		for x := range d.w {
			if d.black(x, y) && (image.Point{X: x0 + x, Y: y0 + y}).In(img.Rect) {
				img.SetGray(x0+x, y0+y, color.Gray{})
			}
		}
	}
}

// run draws a stretch of text with its upper left corner at x, y.
func (r *renderer) run(img *image.Gray, run Span, x, y int) {
	h := run.height()
	ink, paper := image.Black, image.White
	switch {
	case run.dots != nil:
		stamp(img, run.dots, x, y)
	case run.Reverse:
		ink, paper = paper, ink
		draw.Draw(img, image.Rect(x, y, x+run.W, y+h), paper, image.Point{}, draw.Src)
		fallthrough
	default:
		r.letters(img, run, x, y, ink)
	}
	if run.Underline > 0 && !run.Turned && !run.Reverse { // the makers let both do without
		bar := image.Rect(x, y+h-run.Underline, x+run.W, y+h)
		draw.Draw(img, bar, ink, image.Point{}, draw.Src)
	}
}

func (r *renderer) letters(img *image.Gray, run Span, x, y int, ink image.Image) {
	text := []rune(run.Text)
	step := run.W / max(len(text), 1)
	for i, c := range text {
		at := image.Pt(x+i*step, y)
		if !run.Turned && ruled(img, c, at, step, run.height(), ink) {
			continue
		}
		mask := r.glyph(glyphKey{c, run.Bold, run.Small, run.double, run.Turned, run.WideBy, run.TallBy})
		draw.DrawMask(img, mask.Rect.Add(at), ink, image.Point{}, mask, image.Point{}, draw.Over)
	}
}

// ruled draws the horizontal lines of the box characters, which join from cell to cell.
func ruled(img *image.Gray, c rune, at image.Point, w, h int, ink image.Image) bool {
	rows := []int{}
	switch c {
	case '─':
		rows = append(rows, h/2-1)
	case '═':
		rows = append(rows, h/2-4, h/2+2)
	default:
		return false
	}
	for _, y := range rows {
		draw.Draw(img, image.Rect(at.X, at.Y+y, at.X+w, at.Y+y+2), ink, image.Point{}, draw.Src)
	}
	return true
}

// glyph draws a letter into a cell of its size.
func (r *renderer) glyph(k glyphKey) *image.Alpha {
	if m := r.glyphs[k]; m != nil {
		return m
	}
	w, h, size := cellWidth, cellHeight, 20
	if k.small {
		w, h, size = smallWidth, smallHeight, 15
	}
	if k.double {
		w *= 2
	}
	n := max(k.wide, k.tall)
	var mask *image.Alpha
	if r.has(k.r) {
		face := r.face(faceKey{k.bold, size * n})
		mask = image.NewAlpha(image.Rect(0, 0, w*n, h*n))
		d := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(0, baseline(h*n))}
		d.DrawString(string(k.r))
	} else {
		mask = foreign(k.r, w*n/cellWidth > n)
	}
	if target := image.Rect(0, 0, w*k.wide, h*k.tall); mask.Rect != target {
		large := mask
		mask = image.NewAlpha(target)
		draw.CatmullRom.Scale(mask, mask.Rect, large, large.Rect, draw.Src, nil)
	}
	if k.turned {
		mask = clockwise(mask)
	}
	if len(r.glyphs) >= maxGlyphs {
		clear(r.glyphs)
	}
	r.glyphs[k] = mask
	return mask
}

// has reports whether the printer's own type has a letter.
func (r *renderer) has(c rune) bool {
	i, err := r.regular.GlyphIndex(&r.buffer, c)
	return err == nil && i != 0
}

// foreign draws a letter of the writings that Go Mono lacks, 6 squares to a column and 16 high. What the
// font here lacks too is a box.
func foreign(c rune, double bool) *image.Alpha {
	w, high, foot := 6, 16, 12
	if double { // these fill a square
		w, high, foot = 12, 12, 11
	}
	mask := image.NewAlpha(image.Rect(0, 0, w, high))
	d := font.Drawer{Dst: mask, Src: image.Opaque, Face: bitmapfont.FaceSC, Dot: fixed.P(0, foot)}
	if _, _, _, _, found := bitmapfont.FaceSC.Glyph(d.Dot, c); found {
		d.DrawString(string(c))
		return mask
	}
	box := image.Rect(1, 2, w-1, foot)
	draw.Draw(mask, box, image.Opaque, image.Point{}, draw.Src)
	draw.Draw(mask, box.Inset(1), image.Transparent, image.Point{}, draw.Src)
	return mask
}

// clockwise turns a letter by a quarter.
func clockwise(m *image.Alpha) *image.Alpha {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewAlpha(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			out.SetAlpha(h-1-y, x, m.AlphaAt(x, y))
		}
	}
	return out
}

func (r *renderer) face(k faceKey) font.Face {
	if f := r.faces[k]; f != nil {
		return f
	}
	f := r.regular
	if k.bold {
		f = r.bold
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: float64(k.height), DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("emulator: the font within the program cannot be sized: " + err.Error())
	}
	r.faces[k] = face
	return face
}
