package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/go-pdf/fpdf"

	"gatehouse/drivers/escpos"
)

// Page is a size of paper.
type Page uint8

// The sizes.
const (
	Roll80 Page = iota // 80 mm wide, one page as long as the document
	Letter
	A4
)

// Options say how a document is drawn.
type Options struct {
	Page Page
	// Columns is the number of characters on a line, 16 to 100. 0 means 42 on a
	// roll and 64 on sheets.
	Columns int
	Title   string    // of the file, in the reader's window
	At      time.Time // written into the file as the time of its making
}

// Sizes in millimetres.
const (
	rollWidth  = 80.0
	rollText   = 72.0 // width of the text on a roll
	sheetText  = 128.0
	margin     = 4.0  // above and below on a roll
	sheetEdge  = 20.0 // above and below on a sheet
	dotsPerMM  = 8.0  // of a printer with 203 dots an inch
	pointsPer  = 72 / 25.4
	leading    = 1.28 // height of a line in heights of a letter
	courier    = 0.6  // width of a letter in heights
	longest    = 5000 // mm of one page; a PDF reader shows no more
	maxColumns = 100
)

// Render draws a document.
func Render(d *escpos.Doc, o Options) ([]byte, error) {
	if len(d.Items) > escpos.MaxItems {
		return nil, errors.New("draw a PDF: the document is too long")
	}
	if o.Columns == 0 {
		o.Columns = 42
		if o.Page != Roll80 {
			o.Columns = 64
		}
	}
	if o.Columns < 16 || o.Columns > maxColumns || o.Page > A4 {
		return nil, fmt.Errorf("draw a PDF: %d columns on page %d: use 16 to %d columns and a known page", o.Columns, o.Page, maxColumns)
	}
	p := &plan{columns: o.Columns, width: rollText}
	if o.Page != Roll80 {
		p.width = sheetText
	}
	p.em = p.width / float64(o.Columns) / courier
	for i, item := range d.Items {
		if err := p.add(item); err != nil {
			return nil, fmt.Errorf("draw a PDF: item %d: %w", i, err)
		}
	}
	return p.draw(o)
}

// size is the page in millimetres, and the edge above and below the text.
func (p *plan) size(page Page) (width, height, edge float64) {
	switch page {
	case Letter:
		return 215.9, 279.4, sheetEdge
	case A4:
		return 210, 297, sheetEdge
	}
	height = 2 * margin
	for _, b := range p.boxes {
		height += b.height
	}
	return rollWidth, min(height, longest), margin
}

// draw puts the boxes on pages, one under the other.
func (p *plan) draw(o Options) ([]byte, error) {
	width, height, edge := p.size(o.Page)
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: fpdf.SizeType{Wd: width, Ht: height}})
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	f.SetCreationDate(o.At.UTC())
	f.SetModificationDate(o.At.UTC())
	f.SetProducer("Gatehouse", false)
	f.SetTitle(o.Title, true)
	f.SetLineWidth(0.25)
	c := &canvas{Fpdf: f, em: p.em, left: (width - p.width) / 2, width: p.width}
	y := height // so that the first box opens the first page
	for _, b := range p.boxes {
		if y+b.height > height-edge+0.01 {
			f.AddPage()
			y = edge
		}
		b.draw(c, y)
		y += b.height
	}
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("draw a PDF: %w", err)
	}
	return out.Bytes(), nil
}
