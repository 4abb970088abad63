package probe

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"strings"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
)

// Words are the sentences on the test page, in the language of who reads it.
type Words struct {
	Title, Columns, Dots, Letters, Codes, Whole string
}

// letters is what the languages of the desk need beyond ASCII, with an amount.
const letters = "ÁÉÍÓÚÜÑ áéíóúüñ ¿? ¡! $1,234.56"

// Page is the test page: a ruler of as many columns as the profile says, a bar as
// wide as it says the head is, the letters that change with the code page, a bar
// code and a QR code, and the end mark. Whoever looks at it sees at once whether
// the profile fits: a ruler that breaks is of a narrower printer, a bar that ends
// early of a wider one.
func Page(w Words, found Result, port devices.Port) (*escpos.Doc, error) {
	p := found.Profile
	d := new(escpos.Doc)
	if found.Logo.Bitmap != nil {
		d.Add(found.Logo)
	}
	d.Add(escpos.Text{S: w.Title, Style: escpos.Style{Bold: true, Tall: true, Align: escpos.Center}},
		escpos.Text{S: p.Name, Style: escpos.Style{Align: escpos.Center}},
		escpos.Text{S: where(port, found), Style: escpos.Style{Align: escpos.Center}},
		escpos.Rule{},
		escpos.Pair(w.Columns, fmt.Sprint(p.Columns)),
		escpos.Text{S: ruler(p.Columns)},
		escpos.Text{S: "|" + strings.Repeat("-", p.Columns-2) + "|"},
		escpos.Pair(w.Dots, fmt.Sprint(p.Dots)))
	bar, err := escpos.NewBitmap(wedges(min(p.Dots, escpos.MaxBitmapWidth)), escpos.Threshold)
	if err != nil {
		return nil, err
	}
	d.Add(escpos.Image{Bitmap: bar},
		escpos.Text{S: w.Letters},
		escpos.Text{S: letters},
		escpos.Text{S: letters, Style: escpos.Style{Bold: true}},
		escpos.Text{S: w.Codes},
		escpos.Barcode{Data: "GATEHOUSE", Caption: true},
		escpos.QR{Text: "gatehouse test page " + p.Name, Module: 4},
		escpos.Text{S: w.Whole, Style: escpos.Style{Align: escpos.Center}},
		escpos.EndMark{Number: "TEST"}, escpos.Cut{})
	return d, nil
}

func where(port devices.Port, found Result) string {
	if found.Baud == 0 {
		return string(port)
	}
	return fmt.Sprintf("%s %d %s", port, found.Baud, found.Frame)
}

// ruler counts the columns: 123456789012…
func ruler(columns int) string {
	b := make([]byte, columns)
	for i := range b {
		b[i] = '0' + byte((i+1)%10)
	}
	return string(b)
}

const wedgesHeight = 24 // dots

// wedges is a bar over the whole head with a tooth every 50 dots, the last column
// of dots black.
func wedges(dots int) image.Image {
	img := image.NewGray(image.Rect(0, 0, dots, wedgesHeight))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for x := range dots {
		from := wedgesHeight - 4
		if x%50 == 0 || x == dots-1 {
			from = 0
		}
		for y := from; y < wedgesHeight; y++ {
			img.SetGray(x, y, color.Gray{})
		}
	}
	return img
}

// Print prints the test page through a session like the station's own, so that
// what it shows is what receipts will do. ctx bounds it; a printer without paper
// waits until then.
func Print(ctx context.Context, o Options, found Result, w Words) (printer.Result, error) {
	o.fill()
	page, err := Page(w, found, o.Port)
	if err != nil {
		return printer.Result{}, fmt.Errorf("lay out the test page: %w", err)
	}
	segs, err := escpos.Encode(page, found.Profile)
	if err != nil {
		return printer.Result{}, fmt.Errorf("lay out the test page: %w", err)
	}
	s, err := printer.New(printer.Config{Profile: found.Profile, Clock: o.Clock, Baud: found.Baud,
		Dialer: link.DialFunc(func(ctx context.Context) (link.Port, error) { return o.Open(ctx, found.Baud, found.Frame) })})
	if err != nil {
		return printer.Result{}, fmt.Errorf("print the test page: %w", err)
	}
	r := s.Print(ctx, segs)
	if err := s.Close(); err != nil {
		return r, fmt.Errorf("print the test page: %w", err)
	}
	return r, nil
}
