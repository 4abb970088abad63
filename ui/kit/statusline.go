package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// Part is one part of the status line.
type Part struct {
	ID    string // handed to OnOpen
	Text  string // in the person's language, with the word that says what is wrong
	Level Level
}

// StatusLine is the line at the top: always the same parts in the same order.
// What is normal is quiet, what is wrong has a sign and a colour.
type StatusLine struct {
	widget.BaseWidget
	parts []Part
	open  func(id string)
	drawn []*statusPart
}

// NewStatusLine returns a line without parts. Open is called when a part is
// tapped; it may be nil.
func NewStatusLine(open func(id string)) *StatusLine {
	s := &StatusLine{open: open}
	s.ExtendBaseWidget(s)
	return s
}

// Set shows the parts. The last is put at the right end.
func (s *StatusLine) Set(parts ...Part) {
	s.parts = parts
	for len(s.drawn) < len(parts) {
		s.drawn = append(s.drawn, newStatusPart(s))
	}
	for i, p := range parts {
		s.drawn[i].set(p)
		// The last part stands apart, so neither it nor the one before needs a line.
		s.drawn[i].bare = i >= len(parts)-2 || p.Level != Quiet || parts[i+1].Level != Quiet
	}
	s.Refresh()
}

// CreateRenderer is for the toolkit.
func (s *StatusLine) CreateRenderer() fyne.WidgetRenderer {
	v := &statusView{s: s, line: &canvas.Rectangle{}}
	v.Refresh()
	return v
}

type statusView struct {
	s    *StatusLine
	line *canvas.Rectangle
}

func (v *statusView) Destroy() {}

func (v *statusView) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{v.line}
	for _, p := range v.s.drawn[:len(v.s.parts)] {
		out = append(out, p)
	}
	return out
}

func (v *statusView) MinSize() fyne.Size {
	h := fyne.MeasureText("M", size(v.s, look.SizeCaption), fyne.TextStyle{}).Height
	return fyne.NewSize(8*h, h+2*unit(v.s))
}

// Layout gives each part what it needs. If all together need too much, the
// quiet ones give way, except the last, the time: what is wrong is always
// readable.
func (v *statusView) Layout(room fyne.Size) {
	n := len(v.s.parts)
	widths := make([]float32, n)
	quiet, total := float32(0), float32(0)
	for i := range n {
		widths[i] = v.s.drawn[i].wish()
		total += widths[i]
		if v.yields(i) {
			quiet += widths[i]
		}
	}
	if over := total - room.Width; over > 0 && quiet > 0 {
		for i := range n {
			if v.yields(i) {
				widths[i] = max(0, widths[i]-over*widths[i]/quiet)
			}
		}
	}
	x := float32(0)
	for i := range n {
		if i == n-1 && n > 1 {
			x = max(x, room.Width-widths[i])
		}
		place(v.s.drawn[i], x, 0, widths[i], room.Height-1)
		x += widths[i]
	}
	place(v.line, 0, room.Height-1, room.Width, 1)
}

func (v *statusView) yields(i int) bool {
	return v.s.parts[i].Level == Quiet && i < len(v.s.parts)-1
}

func (v *statusView) Refresh() {
	paint(v.line, colour(v.s, look.ColorLine), nil, 0, 0)
	v.Layout(v.s.Size())
	for _, p := range v.s.drawn[:len(v.s.parts)] {
		p.Refresh()
	}
}

// statusPart draws one part and opens what it talks about.
type statusPart struct {
	widget.BaseWidget
	owner *StatusLine
	part  Part
	text  *Text
	bare  bool // no line at its right end
}

func newStatusPart(owner *StatusLine) *statusPart {
	p := &statusPart{owner: owner, text: NewLine("", Caption())}
	p.ExtendBaseWidget(p)
	return p
}

func (p *statusPart) set(part Part) {
	p.part = part
	_, ink := part.Level.surface()
	style := Caption().In(ink)
	style.Bold = part.Level != Quiet
	p.text.SetText(part.Text)
	p.text.SetStyle(style)
}

// Caption returns the text drawn.
func (p *statusPart) Caption() string { return p.part.Text }

// Tapped opens what the part talks about.
func (p *statusPart) Tapped(*fyne.PointEvent) {
	if p.owner.open != nil {
		p.owner.open(p.part.ID)
	}
}

// wish is the width that shows the part whole.
func (p *statusPart) wish() float32 {
	w := p.text.measure(p.part.Text).Width + 2.5*unit(p) + 1
	if p.part.Level != Quiet {
		w += size(p, look.SizeIcon) + unit(p)
	}
	return w
}

// CreateRenderer is for the toolkit.
func (p *statusPart) CreateRenderer() fyne.WidgetRenderer {
	back, rule := &canvas.Rectangle{}, &canvas.Rectangle{}
	sign := signOn(look.SignLook, look.ColorText)
	d := &drawing{objects: []fyne.CanvasObject{back, rule, sign, p.text}}
	d.layout = func(s fyne.Size) {
		u, icon := unit(p), size(p, look.SizeIcon)
		place(back, 0, 0, s.Width, s.Height)
		place(rule, s.Width-1, s.Height*0.25, 1, s.Height*0.5)
		x := 1.25 * u
		if p.part.Level != Quiet {
			place(sign, x, (s.Height-icon)/2, icon, icon)
			x += icon + u
		}
		place(p.text, x, 0, max(0, s.Width-x-u), s.Height)
	}
	d.refresh = func() {
		fill, ink := p.part.Level.surface()
		rule.Hidden = p.bare
		back.Hidden, sign.Hidden = p.part.Level == Quiet, p.part.Level == Quiet
		paint(back, colour(p, fill), nil, 0, 0)
		paint(rule, colour(p, look.ColorEdge), nil, 0, 0)
		resign(sign, p.part.Level.sign(), ink)
		p.text.Refresh()
		d.layout(p.Size())
	}
	d.min = func() fyne.Size { return fyne.NewSize(1, p.text.MinSize().Height) }
	d.refresh()
	return d
}
