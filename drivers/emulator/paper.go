package emulator

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"gatehouse/drivers/escpos"
)

// Span is a stretch of text in one style, or a picture within a line.
type Span struct {
	X         int    `json:"x"` // dots from the left edge of the print area
	W         int    `json:"w"`
	Text      string `json:"text,omitempty"`
	Bold      bool   `json:"bold,omitempty"`
	Underline int    `json:"underline,omitempty"` // dots
	Reverse   bool   `json:"reverse,omitempty"`
	Small     bool   `json:"small,omitempty"` // font B
	WideBy    int    `json:"wide"`            // 1 to 8
	TallBy    int    `json:"tall"`
	Turned    bool   `json:"turned,omitempty"` // each letter by itself, clockwise
	double    bool   // letters of two bytes, two columns wide
	dots      *dots
}

// Element is one thing on the paper, with its place in dots.
type Element struct {
	Kind    string `json:"kind"` // "text", "image", "barcode", "qr", "pdf417", "datamatrix", "aztec", "feed", "page", "area"
	X       int    `json:"x"`
	Y       int    `json:"y"`
	W       int    `json:"w,omitempty"`
	H       int    `json:"h"`
	Spans   []Span `json:"spans,omitempty"`
	Turn    int    `json:"turn,omitempty"`    // quarters, against the clock: 2 is upside down
	Payload string `json:"payload,omitempty"` // what a code says; the name of a kept logo
	Lines   int    `json:"lines,omitempty"`   // of a feed

	Parts []Element `json:"parts,omitempty"` // of a page its areas, of an area what is in it, in its own dots
	dots  *dots
}

// dots is a picture in the printer: a byte for each dot would be waste, so eight to a byte.
type dots struct {
	w, h   int
	stride int
	bits   []byte
}

func newDots(w, h int) *dots {
	stride := (w + 7) / 8
	return &dots{w: w, h: h, stride: stride, bits: make([]byte, stride*h)}
}

func (d *dots) black(x, y int) bool {
	return d.bits[y*d.stride+x/8]&(0x80>>(x%8)) != 0
}

func (d *dots) set(x, y int) { d.bits[y*d.stride+x/8] |= 0x80 >> (x % 8) }

// scale repeats every dot kx times across and ky times down.
func (d *dots) scale(kx, ky int) *dots {
	if kx == 1 && ky == 1 {
		return d
	}
	out := newDots(d.w*kx, d.h*ky)
	for y := range out.h {
		for x := range out.w {
			if d.black(x/kx, y/ky) {
				out.set(x, y)
			}
		}
	}
	return out
}

// Piece is what lies between two cuts.
type Piece struct {
	Number   int       `json:"number"` // from 1
	Width    int       `json:"width"`  // of the paper, in dots
	Height   int       `json:"height"`
	Margin   int       `json:"margin"` // left of the print area, in dots
	DPI      int       `json:"dpi"`
	Cut      bool      `json:"cut"` // cut off, rather than still in the printer
	Elements []Element `json:"elements"`

	draw *renderer
	ink  int // bytes of its pages' pictures
}

// JSON returns everything on the piece and where.
func (p Piece) JSON() ([]byte, error) { return json.MarshalIndent(p, "", "  ") }

// Text returns the piece as plain text in the columns of font A. Codes and pictures stand as a word in
// brackets, as in escpos.PlainText.
func (p Piece) Text() string {
	var b strings.Builder
	writeText(&b, p.Elements)
	return b.String()
}

func writeText(b *strings.Builder, elements []Element) {
	for _, e := range elements {
		switch e.Kind {
		case "text":
			lineText(b, e)
		case "feed":
			b.WriteString(strings.Repeat("\n", e.Lines))
		case "page", "area":
			writeText(b, e.Parts)
		default:
			b.WriteString(e.label())
			b.WriteByte('\n')
		}
	}
}

func (e Element) label() string {
	switch e.Kind {
	case "qr", "pdf417", "datamatrix", "aztec":
		return "[" + strings.ToUpper(e.Kind) + "] " + e.Payload
	case "barcode":
		return pad("["+e.Payload+"]", e)
	}
	name := "image"
	if e.Payload != "" {
		name = "logo " + e.Payload
	}
	return pad("["+name+" "+itoa(e.W)+"×"+itoa(e.H)+"]", e)
}

// pad puts a label where the middle of the element is.
func pad(s string, e Element) string {
	n := (e.X+e.W/2)/cellWidth - utf8.RuneCountInString(s)/2
	if e.X == 0 || n < 0 {
		n = 0
	}
	return strings.Repeat(" ", n) + s
}

func lineText(b *strings.Builder, e Element) {
	at := 0 // columns written
	for _, r := range e.Spans {
		if gap := (e.X + r.X - at) / cellWidth; gap > 0 && r.Text != "" {
			b.WriteString(strings.Repeat(" ", gap))
		}
		b.WriteString(r.Text)
		at = e.X + r.X + r.W
	}
	b.WriteByte('\n')
}

// roll is the paper: pieces that were cut off and the one still in the printer.
type roll struct {
	profile *escpos.Profile
	number  int // of the piece in the printer
	pieces  []Piece
	now     Piece
	y       int // under the print head
	kept    int // dots of all pieces
	ink     int // bytes of the pictures on pages of the piece in the printer
	keptInk int // and on those of all pieces
}

// Pages can hold many pictures on little paper. What a piece, and all pieces, may hold is more than any real
// paper needs; a page beyond it comes out blank.
const (
	maxInk     = 8 << 20 // bytes
	maxKeptInk = 64 << 20
)

// ink is how many bytes the pictures of a page take.
func (e Element) ink() (n int) {
	for _, p := range e.Parts {
		if n += p.ink(); p.dots != nil {
			n += len(p.dots.bits)
		}
	}
	return n
}

func (r *roll) begin(p *escpos.Profile) {
	r.profile = p
	r.next(nil, 0)
}

// next starts a piece with what stands between print head and cutter.
func (r *roll) next(rest []Element, y int) {
	paper := 80.0
	if r.profile.Dots < 450 {
		paper = 58
	}
	width := max(int(paper/25.4*float64(r.profile.DPI)+0.5), r.profile.Dots)
	r.number++
	r.now = Piece{
		Number: r.number, Width: width, Margin: (width - r.profile.Dots) / 2, DPI: r.profile.DPI, Elements: rest,
	}
	r.y = y
	if rest == nil && y == 0 {
		r.y = r.gap()
	}
}

// gap is the way from print head to cutter in dots.
func (r *roll) gap() int { return int(headToCutter * float64(r.profile.DPI)) }

// add puts an element under the head and moves the paper by its height.
func (r *roll) add(e Element) {
	e.Y = r.y
	r.y += e.H
	if r.ink += e.ink(); r.ink > maxInk {
		e.Parts = nil
	}
	if n := len(r.now.Elements); n > 0 && e.Kind == "image" && r.join(&r.now.Elements[n-1], e) {
		return
	}
	r.now.Elements = append(r.now.Elements, e)
}

// join makes one picture of two strips.
func (r *roll) join(above *Element, e Element) bool {
	if above.Kind != "image" || above.Payload != "" || e.Payload != "" ||
		above.H >= maxStrip || above.X != e.X || above.W != e.W || above.Y+above.H != e.Y {
		return false
	}
	both := &dots{w: e.W, h: above.H + e.H, stride: above.dots.stride}
	both.bits = append(append(both.bits, above.dots.bits...), e.dots.bits...)
	above.dots, above.H = both, both.h
	return true
}

// cut ends the piece at y. What is printed below y belongs to the next.
func (r *roll) cut(y int) Piece {
	y = max(y, 0)
	var rest []Element
	keep := len(r.now.Elements)
	for i, e := range r.now.Elements {
		if e.Y+e.H > y && e.Kind != "feed" {
			keep = i
			break
		}
	}
	for _, e := range r.now.Elements[keep:] {
		e.Y = max(e.Y-y, 0)
		rest = append(rest, e)
	}
	done := r.now
	done.Elements = r.now.Elements[:keep:keep]
	done.Height, done.Cut = max(y, 1), true
	r.pieces = append(r.pieces, done)
	r.kept += done.Height
	done.ink, r.ink = min(r.ink, maxInk), 0
	r.pieces[len(r.pieces)-1].ink = done.ink
	r.keptInk += done.ink
	for len(r.pieces) > maxPieces || r.kept > maxPaper || r.keptInk > maxKeptInk {
		r.kept -= r.pieces[0].Height
		r.keptInk -= r.pieces[0].ink
		r.pieces = slices.Delete(r.pieces, 0, 1)
	}
	r.next(rest, max(r.y-y, 0))
	return done
}

// Pieces returns the pieces that were cut off, oldest first. Only the last 500, or the
// last 50 m of paper, are kept.
func (p *Printer) Pieces() []Piece {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Piece, len(p.roll.pieces))
	for i, piece := range p.roll.pieces {
		piece.draw = p.draw
		out[i] = piece
	}
	return out
}

// Unfinished returns what is printed but not cut off yet.
func (p *Printer) Unfinished() Piece {
	p.mu.Lock()
	defer p.mu.Unlock()
	piece := p.roll.now
	piece.Elements = slices.Clone(piece.Elements)
	piece.Height, piece.draw = p.roll.y+p.roll.gap(), p.draw
	return piece
}
