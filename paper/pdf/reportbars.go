package pdf

import (
	"slices"

	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// Sizes of a picture in millimetres.
const (
	barHigh    = 4.6 // of a lying bar
	barStep    = 7.0
	panelHigh  = 26.0 // of a row of standing bars
	barMost    = 9.0  // width of a standing bar
	figureRoom = 4.0  // above and below standing bars, for their figures
	panelName  = 34.0 // room for a cashier's name before their bars
)

// The grey of what is over, or there at all. What is short is only an outline, so that
// the two differ on any printer.
const barGrey = 90

// picture draws the bars. Their figures stand beside them wherever there is room.
func (s *sheets) picture() {
	p := s.t.Picture
	if p.Empty() {
		return
	}
	s.room(20)
	s.font("B", namePoints)
	s.words(reportEdge, s.y+3, p.Title)
	s.y += 7
	if p.Shape == report.Lying {
		for i := range p.Panels {
			s.lying(p, &p.Panels[i])
		}
	} else {
		s.standing(p)
	}
	s.y += 4
}

// lying draws bars one below the other, all from one line where nothing is.
func (s *sheets) lying(p *report.Picture, panel *report.Panel) {
	s.font("", 9)
	names, figures := 0.0, 0.0
	for _, b := range panel.Bars {
		names, figures = max(names, s.wide(b.Name)), max(figures, s.wide(b.Value.String()))
	}
	least, most := p.Reach()
	// A figure stands behind the end of its bar, on the side it goes to.
	left, right := reportEdge+names+gutter, s.width-reportEdge-figures-2
	if least < 0 {
		left += figures + 2
	}
	perCent := (right - left) / float64(most-least)
	zero := left + float64(-least)*perCent
	for _, b := range panel.Bars {
		if s.room(barStep) {
			s.font("", 9)
		}
		length := float64(b.Value) * perCent
		s.words(reportEdge, s.y+barHigh*0.78, b.Name)
		s.bar(min(zero, zero+length), s.y, max(length, -length), barHigh, b.Value)
		x := zero + length + 1.2
		if b.Value < 0 {
			x = zero + length - 1.2 - s.wide(b.Value.String())
		}
		s.words(x, s.y+barHigh*0.78, b.Value.String())
		s.axis(zero, s.y-1, zero, s.y+barStep-1)
		s.y += barStep
	}
}

// standing draws a row of bars for each panel. All have the same dates at the same
// places, so that one looks down from one cashier to the next.
func (s *sheets) standing(p *report.Picture) {
	dates := p.Dates()
	names := panelName
	if len(p.Panels) == 1 && p.Panels[0].Name == "" {
		names = 0
	}
	f := &field{left: reportEdge + names, dates: dates}
	f.slot = min((s.width-reportEdge-f.left)/float64(len(dates)), 2.4*barMost)
	least, most := p.Reach()
	f.scale = (panelHigh - 2*figureRoom) / float64(most-least)
	f.zero = figureRoom + float64(most)*f.scale
	s.font("", smallPoints)
	s.words(reportEdge+names, s.y+1, p.Legend())
	s.y += 3
	for i := range p.Panels {
		if s.room(panelHigh + 6) {
			s.y += 2
		}
		s.panel(f, &p.Panels[i])
	}
}

// field is where the bars of all panels stand.
type field struct {
	left, slot, zero, scale float64
	dates                   []string
}

func (s *sheets) panel(f *field, panel *report.Panel) {
	base := s.y + f.zero
	if panel.Name != "" {
		s.font("B", 9)
		for i, line := range s.wrap(panel.Name, panelName-gutter) {
			s.words(reportEdge, base-1+float64(i)*4-2, line)
		}
		s.font("", 9)
		s.words(reportEdge, base+6, panel.Sum.String())
	}
	s.axis(f.left, base, f.left+f.slot*float64(len(f.dates)), base)
	s.font("", 7)
	width := min(barMost, f.slot*0.7)
	above, below := 0.0, 0.0 // where the last figure ends
	for _, b := range panel.Bars {
		at, _ := slices.BinarySearch(f.dates, b.Name)
		x := f.left + (float64(at)+0.5)*f.slot
		length := float64(b.Value) * f.scale
		s.bar(x-width/2, min(base, base-length), width, max(length, -length), b.Value)
		end, y := &above, base-length-0.9
		if b.Value < 0 {
			end, y = &below, base-length+2.9
		}
		// A figure that would run into the one before it is left to the table.
		figure := b.Value.String()
		if half := s.wide(figure) / 2; b.Value != 0 && x-half > *end {
			s.words(x-half, y, figure)
			*end = x + half + 0.8
		}
	}
	s.y += panelHigh
	s.dates(f)
	s.y += 5
}

// dates are written below a row of bars, as many as there is room for.
func (s *sheets) dates(f *field) {
	s.font("", 6.5)
	every := 1
	for s.wide("00-00")+1.5 > f.slot*float64(every) {
		every++
	}
	for i, d := range f.dates {
		if i%every == 0 {
			short := d
			if len(d) == len("2026-11-23") {
				short = d[5:]
			}
			s.words(f.left+(float64(i)+0.5)*f.slot-s.wide(short)/2, s.y+1.5, short)
		}
	}
}

// bar is a filled box for money that is there or over, and an empty one for money that
// is short; a figure of nothing is only a stroke.
func (s *sheets) bar(x, y, width, height float64, value ledger.Cents) {
	s.SetLineWidth(thin)
	s.SetDrawColor(0, 0, 0)
	switch {
	case value > 0:
		s.SetFillColor(barGrey, barGrey, barGrey)
		s.Rect(x, y, width, height, "F")
	case value < 0:
		s.Rect(x, y, width, height, "D")
	}
}

func (s *sheets) axis(x1, y1, x2, y2 float64) {
	s.SetDrawColor(0, 0, 0)
	s.SetLineWidth(thin)
	s.Line(x1, y1, x2, y2)
}
