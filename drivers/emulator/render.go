package emulator

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/opentype"
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
}

type faceKey struct {
	bold   bool
	height int
}

type glyphKey struct {
	r          rune
	bold       bool
	small      bool
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
		if e.dots != nil {
			stamp(img, e.dots, p.Margin+e.X, e.Y)
		}
		base := 0
		for _, run := range e.Spans {
			base = max(base, baseline(run.height()))
		}
		for _, run := range e.Spans {
			r.run(img, run, p.Margin+e.X+run.X, e.Y+base-baseline(run.height()))
		}
	}
	return img
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
	if run.dots != nil {
		stamp(img, run.dots, x, y)
		return
	}
	h := run.height()
	box := image.Rect(x, y, x+run.W, y+h)
	ink, paper := image.Black, image.White
	if run.Reverse {
		ink, paper = paper, ink
		draw.Draw(img, box, paper, image.Point{}, draw.Src)
	}
	n := len([]rune(run.Text))
	step := run.W / max(n, 1)
	for i, c := range []rune(run.Text) {
		at := image.Pt(x+i*step, y)
		if ruled(img, c, at, step, h, ink) {
			continue
		}
		mask := r.glyph(glyphKey{c, run.Bold, run.Small, run.WideBy, run.TallBy})
		draw.DrawMask(img, mask.Rect.Add(at), ink, image.Point{}, mask, image.Point{}, draw.Over)
	}
	if run.Underline > 0 {
		bar := image.Rect(x, y+h-run.Underline, x+run.W, y+h)
		draw.Draw(img, bar, ink, image.Point{}, draw.Src)
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
	n := max(k.wide, k.tall)
	face := r.face(faceKey{k.bold, size * n})
	mask := image.NewAlpha(image.Rect(0, 0, w*n, h*n))
	d := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(0, baseline(h*n))}
	d.DrawString(string(k.r))
	if k.wide != k.tall {
		large := mask
		mask = image.NewAlpha(image.Rect(0, 0, w*k.wide, h*k.tall))
		draw.CatmullRom.Scale(mask, mask.Rect, large, large.Rect, draw.Src, nil)
	}
	if len(r.glyphs) >= maxGlyphs {
		clear(r.glyphs)
	}
	r.glyphs[k] = mask
	return mask
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
