package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/go-pdf/fpdf"
	"rsc.io/qr"

	"gatehouse/drivers/escpos"
)

// canvas is where boxes are drawn.
type canvas struct {
	*fpdf.Fpdf
	em          float64 // height of a letter
	left, width float64 // of the text
	images      int
}

// box is one thing on the page, as high as it is.
type box struct {
	height float64
	draw   func(c *canvas, y float64)
}

// plan is a document as boxes from the top.
type plan struct {
	columns int
	width   float64
	em      float64
	boxes   []box
}

func (p *plan) add(item escpos.Item) error {
	switch v := item.(type) {
	case escpos.Text:
		return p.lines(item, v.Style)
	case escpos.Row:
		return p.lines(item, v.Style)
	case escpos.EndMark:
		return p.lines(item, escpos.Style{Bold: true})
	case escpos.Feed:
		return p.lines(item, escpos.Style{})
	case escpos.Rule:
		p.rule(v.Heavy)
	case escpos.QR:
		return p.qr(v)
	case escpos.Barcode:
		return p.barcode(v)
	case escpos.Image:
		return p.picture(v.Bitmap, v.Align)
	case escpos.Picture:
		b, err := v.Fit(int(p.width * dotsPerMM))
		if err != nil {
			return err
		}
		return p.picture(b, v.Align)
	case escpos.Logo:
		return p.picture(v.Bitmap, v.Align)
	case escpos.Cut:
	default:
		return fmt.Errorf("%T cannot be drawn", item)
	}
	return nil
}

func (p *plan) rule(heavy bool) {
	p.boxes = append(p.boxes, box{p.em * leading, func(c *canvas, y float64) {
		middle := y + p.em*leading/2
		if !heavy {
			c.Line(c.left, middle, c.left+c.width, middle)
			return
		}
		c.Line(c.left, middle-0.4, c.left+c.width, middle-0.4)
		c.Line(c.left, middle+0.4, c.left+c.width, middle+0.4)
	}})
}

// qr draws the code in squares, as large as on paper.
func (p *plan) qr(q escpos.QR) error {
	if len(q.Text) > escpos.MaxQRBytes {
		return escpos.ErrTooLong
	}
	code, err := qr.Encode(q.Text, qr.Level(q.Level))
	if err != nil {
		return err
	}
	module := float64(q.Module) / dotsPerMM
	if q.Module == 0 {
		module = 4 / dotsPerMM
	}
	const quiet = 4 // modules of white that readers need around
	side := module * float64(code.Size+2*quiet)
	if side > p.width {
		return escpos.ErrTooWide
	}
	p.boxes = append(p.boxes, box{side, func(c *canvas, y float64) {
		x := c.left + (c.width-side)/2 + quiet*module
		c.bars(code.Size, code.Size, code.Black, x, y+quiet*module, module, module)
	}})
	return nil
}

// bars fills what is black, one rectangle for a run.
func (c *canvas) bars(w, h int, black func(x, y int) bool, left, top, dx, dy float64) {
	c.SetFillColor(0, 0, 0)
	for y := range h {
		for x := 0; x < w; x++ {
			from := x
			for x < w && black(x, y) {
				x++
			}
			if x > from {
				c.Rect(left+float64(from)*dx, top+float64(y)*dy, float64(x-from)*dx, dy, "F")
			}
		}
	}
}

func (p *plan) barcode(b escpos.Barcode) error {
	black, text, err := b.Bars()
	if err != nil {
		return err
	}
	w := len(black)
	const quiet = 10
	module := 3 / dotsPerMM
	if b.Module > 0 {
		module = float64(b.Module) / dotsPerMM
	}
	module = min(module, p.width/float64(w+2*quiet))
	height := 80 / dotsPerMM
	if b.Height > 0 {
		height = float64(b.Height) / dotsPerMM
	}
	p.boxes = append(p.boxes, box{height + 1, func(c *canvas, y float64) {
		x := c.left + (c.width-module*float64(w))/2
		c.bars(w, 1, func(x, _ int) bool { return black[x] }, x, y, module, height)
	}})
	if b.Caption {
		return p.lines(escpos.Text{S: text, Style: escpos.Style{Align: escpos.Center}}, escpos.Style{})
	}
	return nil
}

// picture draws a bitmap as large as on paper, or as wide as the text.
func (p *plan) picture(b *escpos.Bitmap, a escpos.Align) error {
	if b == nil {
		return escpos.ErrEmpty
	}
	file, err := pngOf(b)
	if err != nil {
		return err
	}
	w := min(float64(b.Width())/dotsPerMM, p.width)
	h := w * float64(b.Height()) / float64(b.Width())
	p.boxes = append(p.boxes, box{h + 1, func(c *canvas, y float64) {
		x := c.left
		switch a {
		case escpos.Center:
			x += (c.width - w) / 2
		case escpos.Right:
			x += c.width - w
		}
		c.place(file, x, y, w, h)
	}})
	return nil
}

// pngOf is a bitmap as a file.
func pngOf(b *escpos.Bitmap) ([]byte, error) {
	img := image.NewPaletted(image.Rect(0, 0, b.Width(), b.Height()), color.Palette{color.White, color.Black})
	for y := range b.Height() {
		for x := range b.Width() {
			if b.Black(x, y) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var file bytes.Buffer
	err := png.Encode(&file, img)
	return file.Bytes(), err
}

// place puts a picture on the page.
func (c *canvas) place(file []byte, x, y, w, h float64) {
	c.images++
	name := fmt.Sprintf("picture %d", c.images)
	c.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(file))
	c.ImageOptions(name, x, y, w, h, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
}
