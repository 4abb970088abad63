package console

import (
	"fmt"
	"slices"

	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// drawing is a picture of a report as an SVG of the page: boxes and words, which the
// page's style colours. It holds no figure that is not in a table.
type drawing struct {
	Title  string
	Legend string
	Wide   int
	High   int
	Boxes  []box
	Words  []word
	Lines  []box
}

type box struct {
	X, Y, W, H int
	Short      bool
	Says       string // for whoever points at it, and who listens
}

type word struct {
	X, Y int
	End  string // "start", "middle" or "end"
	Text string
	Name bool
}

// together puts the pictures of all stations one below the other, on one scale.
func together(all []sheet) *drawing {
	var p report.Picture
	for _, s := range all {
		one := s.Table.Picture
		if one == nil {
			continue
		}
		p.Title, p.Shape = one.Title, one.Shape
		for _, panel := range one.Panels {
			if !slices.ContainsFunc(panel.Bars, func(b report.Bar) bool { return b.Value != 0 }) {
				continue // there is nothing to see; the table says so
			}
			panel.Name = string(s.Table.Station) + name(panel.Name)
			p.Panels = append(p.Panels, panel)
		}
	}
	if p.Empty() {
		return nil
	}
	d := &drawing{Title: p.Title, Legend: p.Legend(), Wide: 900}
	if p.Shape == report.Standing {
		d.standing(&p)
	} else {
		d.lying(&p)
	}
	return d
}

func name(panel string) string {
	if panel == "" {
		return ""
	}
	return ", " + panel
}

// Sizes in the units of the drawing; it is as wide as the page.
const (
	nameRoom  = 190
	panelHigh = 110
	barMost   = 34
	lineHigh  = 26
)

// scaled is an amount as a length, where most is the whole.
func scaled(c, most ledger.Cents, whole int) int {
	if most == 0 {
		return 0
	}
	n := int(int64(c) * int64(whole) / int64(most))
	if n == 0 && c != 0 {
		return 1 // what is there is seen
	}
	return n
}

// standing draws bars on a line in the order of dates: above it over, below it short.
func (d *drawing) standing(p *report.Picture) {
	dates := p.Dates()
	least, most := p.Reach()
	span := most - least
	slot := max(4, (d.Wide-nameRoom)/max(1, len(dates)))
	d.Wide = max(d.Wide, nameRoom+slot*len(dates))
	width := max(3, min(barMost, slot*3/4))
	y := 10
	for _, panel := range p.Panels {
		zero := y + scaled(most, span, panelHigh)
		d.Words = append(d.Words, word{0, zero - 6, "start", panel.Name, true}, word{0, zero + 12, "start", panel.Sum.String(), false})
		d.Lines = append(d.Lines, box{X: nameRoom, Y: zero, W: d.Wide - nameRoom, H: 1})
		for _, b := range panel.Bars {
			at := nameRoom + slot*slices.Index(dates, b.Name) + (slot-width)/2
			size := scaled(max(b.Value, -b.Value), span, panelHigh)
			one := box{X: at, Y: zero - size, W: width, H: size, Says: fmt.Sprintf("%s, %s: %s", panel.Name, b.Name, b.Value)}
			if b.Value < 0 {
				one.Y, one.Short = zero, true
			}
			d.Boxes = append(d.Boxes, one)
		}
		y += panelHigh + 26
	}
	step := max(1, len(dates)/7)
	for i := 0; i < len(dates); i += step {
		d.Words = append(d.Words, word{nameRoom + slot*i + slot/2, y, "middle", dates[i], false})
	}
	d.High = y + 12
}

// lying draws bars one below the other, each with its figure.
func (d *drawing) lying(p *report.Picture) {
	least, most := p.Reach()
	span := max(most, -least)
	y := 6
	for _, panel := range p.Panels {
		d.Words = append(d.Words, word{0, y + 16, "start", panel.Name, true})
		y += lineHigh
		for _, b := range panel.Bars {
			size := scaled(max(b.Value, -b.Value), span, d.Wide-nameRoom-120)
			d.Words = append(d.Words, word{nameRoom - 12, y + 15, "end", b.Name, false}, word{nameRoom + size + 8, y + 15, "start", b.Value.String(), false})
			d.Boxes = append(d.Boxes, box{nameRoom, y, size, lineHigh - 8, b.Value < 0, fmt.Sprintf("%s: %s", b.Name, b.Value)})
			y += lineHigh
		}
		y += 8
	}
	d.High = y
}
