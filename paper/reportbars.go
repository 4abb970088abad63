package paper

import (
	"image"
	"image/color"
	"slices"

	"gatehouse/desk/report"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
)

// Sizes of bars in dots: a picture is as wide as the paper, whatever its width.
const (
	barsWide   = 480
	lyingHigh  = 14
	panelTall  = 96
	outline    = 2
	leastDots  = 3 // of money that is there, however little
	wholePaper = 100
)

// pictured are the bars of a report, each with its figure: money that is there or over
// is black, what is short an outline.
func pictured(p *report.Picture) (items []escpos.Item) {
	if p.Empty() {
		return nil
	}
	items = append(items, strong(p.Title))
	for _, panel := range p.Panels {
		if p.Shape == report.Lying {
			for _, b := range panel.Bars {
				items = append(items, escpos.Pair(b.Name, b.Value.String()), picture(lying(p, b.Value)))
			}
			continue
		}
		if panel.Name != "" {
			items = append(items, escpos.Pair(panel.Name, panel.Sum.String()))
		}
		items = append(items, picture(standing(p, panel)))
		if dates := p.Dates(); len(dates) > 0 {
			items = append(items, escpos.Pair(dates[0], dates[len(dates)-1]))
		}
	}
	return append(items, escpos.Rule{})
}

func picture(img image.Image) escpos.Item {
	return escpos.Picture{Image: img, Percent: wholePaper, Shades: escpos.Threshold}
}

func white(w, h int) *image.Paletted {
	return image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.White, color.Black})
}

// box blackens a box, or only its outline.
func box(img *image.Paletted, r image.Rectangle, filled bool) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if filled || x < r.Min.X+outline || x >= r.Max.X-outline || y < r.Min.Y+outline || y >= r.Max.Y-outline {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
}

// dots is how long a bar is when so many dots are the whole reach of a picture.
func dots(value, reach ledger.Cents, of int) int {
	n := int(max(value, -value) * ledger.Cents(of) / reach)
	if value != 0 {
		n = max(n, leastDots)
	}
	return min(n, of)
}

func lying(p *report.Picture, value ledger.Cents) image.Image {
	least, most := p.Reach()
	img := white(barsWide, lyingHigh)
	zero := dots(least, most-least, barsWide-outline)
	length := dots(value, most-least, barsWide-outline)
	box(img, image.Rect(zero, 0, zero+outline, lyingHigh), true)
	from := zero
	if value < 0 {
		from = max(0, zero-length)
	}
	box(img, image.Rect(from, 1, from+length, lyingHigh-1), value > 0)
	return img
}

func standing(p *report.Picture, panel report.Panel) image.Image {
	least, most := p.Reach()
	dates := p.Dates()
	img := white(barsWide, panelTall)
	zero := dots(most, most-least, panelTall-outline)
	box(img, image.Rect(0, zero, barsWide, zero+outline), true)
	for _, b := range panel.Bars {
		at, _ := slices.BinarySearch(dates, b.Name)
		left, right := barsWide*at/len(dates), barsWide*(at+1)/len(dates)
		if right-left > 4 {
			right -= (right - left) / 4
		}
		right = min(right, left+40)
		length := dots(b.Value, most-least, panelTall-outline)
		if b.Value > 0 {
			box(img, image.Rect(left, max(0, zero-length), right, zero), true)
		} else if b.Value < 0 {
			box(img, image.Rect(left, zero, right, min(panelTall, zero+outline+length)), false)
		}
	}
	return img
}
