package kiosk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/kit"
	"gatehouse/ui/look"
)

// plate is everything a visitor touches: at least 20 mm wide and high, a word
// and mostly a sign. It takes no focus; there is no keyboard in the lobby.
type plate struct {
	widget.BaseWidget
	sign    look.SignName // "" draws none
	caption string
	detail  string // a second, smaller sentence
	strong  bool   // the one thing to do next
	held    bool   // chosen, like the language in use
	off     bool
	shape   shape
	points  fyne.ThemeSizeName
	lines   int
	tapped  func()
}

// shape says how sign and words stand.
type shape int

const (
	beside shape = iota // the sign left of the word, both at the left
	middle              // the same, both in the middle
	above               // the sign above the word
	bare                // the word alone, in the middle
)

func newPlate(sign look.SignName, s shape, points fyne.ThemeSizeName, lines int, tapped func()) *plate {
	p := &plate{sign: sign, shape: s, points: points, lines: lines, tapped: tapped}
	p.ExtendBaseWidget(p)
	return p
}

// primary marks the one thing to do next.
func (p *plate) primary() *plate {
	p.strong = true
	return p
}

// say changes the words, for another language or another choice.
func (p *plate) say(caption, detail string) {
	if p.caption != caption || p.detail != detail {
		p.caption, p.detail = caption, detail
		p.Refresh()
	}
}

func (p *plate) hold(on bool) {
	if p.held != on {
		p.held = on
		p.Refresh()
	}
}

func (p *plate) enable(on bool) {
	if p.off == on {
		p.off = !on
		p.Refresh()
	}
}

// reshape puts sign and words in another way.
func (p *plate) reshape(s shape) {
	if p.shape != s {
		p.shape = s
		p.Refresh()
	}
}

// natural is how wide the plate must be for its word to stand in one line.
func (p *plate) natural() float32 {
	word := fyne.MeasureText(p.caption, themed(p, p.points), fyne.TextStyle{Bold: true}).Width
	return word + 1.4*themed(p, look.SizeIcon) + 7*themed(p, look.SizeUnit)
}

// Caption is what the plate is called.
func (p *plate) Caption() string { return p.caption }

// Tapped is for the toolkit.
func (p *plate) Tapped(*fyne.PointEvent) {
	if !p.off {
		p.tapped()
	}
}

func (p *plate) colours() (fill, edge, ink, quiet, sign fyne.ThemeColorName) {
	switch {
	case p.off:
		return look.ColorBackground, look.ColorLine, look.ColorOff, look.ColorOff, look.ColorOff
	case p.strong || p.held:
		return look.ColorAccent, look.ColorAccent, look.ColorOnAccent, look.ColorOnAccent, look.ColorOnAccent
	}
	return look.ColorSurface, look.ColorEdge, look.ColorText, look.ColorQuiet, look.ColorAccent
}

// CreateRenderer is for the toolkit.
func (p *plate) CreateRenderer() fyne.WidgetRenderer {
	r := &plateView{p: p, face: &canvas.Rectangle{}, picture: &canvas.Image{FillMode: canvas.ImageFillContain},
		word: kit.NewParagraph("", kit.Style{}, p.lines), more: kit.NewParagraph("", kit.Style{}, 2)}
	r.Refresh()
	return r
}

type plateView struct {
	p          *plate
	face       *canvas.Rectangle
	picture    *canvas.Image
	word, more *kit.Text
}

func (v *plateView) Destroy() {}

func (v *plateView) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.face, v.picture, v.word, v.more}
}

// pictureSize is how large the sign is drawn: a door's grows with the door, a
// button's is as high as its word.
func (v *plateView) pictureSize(s fyne.Size) float32 {
	icon := themed(v.p, look.SizeIcon) * 1.4
	switch {
	case v.p.sign == "":
		return 0
	case v.p.points == look.SizeBig && v.p.shape == above:
		return max(icon, min(0.42*s.Height, 0.5*s.Width, 2*themed(v.p, look.SizePicture)))
	case v.p.points == look.SizeBig:
		return min(0.5*s.Height, themed(v.p, look.SizePicture))
	}
	return icon
}

func (v *plateView) moreHeight() float32 {
	if v.p.detail == "" {
		return 0
	}
	return v.more.MinSize().Height
}

func (v *plateView) MinSize() fyne.Size {
	u, touch := themed(v.p, look.SizeUnit), themed(v.p, look.SizeTouch)
	words := v.word.MinSize().Height + v.moreHeight()
	if v.p.shape == above {
		return fyne.NewSize(2*touch, max(touch, v.pictureSize(fyne.Size{})+words+3*u))
	}
	return fyne.NewSize(2*touch, max(touch, words))
}

func (v *plateView) Layout(s fyne.Size) {
	u, side := themed(v.p, look.SizeUnit), v.pictureSize(s)
	put(v.face, 0, 0, s.Width, s.Height)
	defer func() { v.more.Hidden = v.more.Size().Height == 0 }()
	// A word of one line is centred by how many lines it takes, so measure it.
	height, more := v.wordHeight(s), v.moreHeight()
	if v.p.shape == above {
		gap := min(3*u, s.Height*0.03)
		// A low door shows a smaller sign, or leaves out the second sentence.
		least := min(side, themed(v.p, look.SizeIcon)*1.4)
		if s.Height-height-more-3*gap < least {
			more = 0
		}
		side = min(side, max(least, s.Height-height-more-3*gap))
		top := max(gap, (s.Height-side-height-more-2*gap)/2)
		put(v.picture, (s.Width-side)/2, top, side, side)
		put(v.word, u, top+side+gap, s.Width-2*u, height)
		put(v.more, u, top+side+gap+height+gap/2, s.Width-2*u, more)
		return
	}
	x := 2 * u
	switch v.p.shape {
	case bare:
		x = u
	case middle:
		x = max(u, (s.Width-side-2*u-v.wordWidth(s))/2)
	}
	if side > 0 && v.p.shape != bare {
		put(v.picture, x, (s.Height-side)/2, side, side)
		x += side + 2*u
	}
	put(v.word, x, (s.Height-height-more)/2, max(0, s.Width-x-u), height)
	put(v.more, x, (s.Height-height-more)/2+height, max(0, s.Width-x-u), more)
}

// wordWidth is the width of the longest line of the word.
func (v *plateView) wordWidth(s fyne.Size) float32 {
	wide := fyne.MeasureText(v.p.caption, themed(v.p, v.p.points), fyne.TextStyle{Bold: true}).Width
	return min(wide, s.Width-v.pictureSize(s)-5*themed(v.p, look.SizeUnit))
}

// wordHeight is the height of the lines that the word really takes.
func (v *plateView) wordHeight(s fyne.Size) float32 {
	line := v.word.MinSize().Height / float32(v.p.lines)
	room := s.Width - 2*themed(v.p, look.SizeUnit)
	if v.p.shape == beside || v.p.shape == middle {
		room -= v.pictureSize(s) + 2*themed(v.p, look.SizeUnit)
	}
	wide := fyne.MeasureText(v.p.caption, themed(v.p, v.p.points), fyne.TextStyle{Bold: true}).Width
	if v.p.lines > 1 && wide > room {
		return line * 2
	}
	return line
}

func (v *plateView) Refresh() {
	p := v.p
	fill, edge, ink, quiet, sign := p.colours()
	v.face.FillColor, v.face.StrokeColor = colour(p, fill), colour(p, edge)
	v.face.StrokeWidth, v.face.CornerRadius = 2, 1.5*themed(p, look.SizeRadius)
	v.picture.Hidden = p.sign == ""
	if p.sign != "" {
		v.picture.Resource = look.Sign(p.sign, sign)
	}
	style := kit.Style{Size: p.points, Bold: true, Color: ink}
	small := kit.Style{Color: quiet}
	if p.shape == above || p.shape == bare {
		style, small = style.Centred(), small.Centred()
	}
	v.word.SetText(p.caption)
	v.word.SetStyle(style)
	v.more.SetText(p.detail)
	v.more.SetStyle(small)
	v.Layout(p.Size())
	for _, o := range v.Objects() {
		o.Refresh()
	}
}

// figure is a number as large as its room.
type figure struct {
	widget.BaseWidget
	text string
}

func newFigure() *figure {
	f := &figure{}
	f.ExtendBaseWidget(f)
	return f
}

func (f *figure) set(text string) {
	if f.text != text {
		f.text = text
		f.Refresh()
	}
}

// Text is the number shown.
func (f *figure) Text() string { return f.text }

// CreateRenderer is for the toolkit.
func (f *figure) CreateRenderer() fyne.WidgetRenderer {
	v := &figureView{f: f, text: &canvas.Text{Alignment: fyne.TextAlignCenter, TextStyle: fyne.TextStyle{Bold: true}}}
	v.Refresh()
	return v
}

type figureView struct {
	f    *figure
	text *canvas.Text
}

func (v *figureView) Destroy()                     {}
func (v *figureView) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{v.text} }

func (v *figureView) MinSize() fyne.Size {
	return fyne.MeasureText("M000", themed(v.f, look.SizeMoney), v.text.TextStyle)
}

func (v *figureView) Layout(s fyne.Size) {
	const sample = 100
	m := fyne.MeasureText(v.f.text, sample, v.text.TextStyle)
	if m.Width == 0 {
		return
	}
	v.text.TextSize = sample * min(s.Width*0.96/m.Width, s.Height/m.Height)
	h := fyne.MeasureText(v.f.text, v.text.TextSize, v.text.TextStyle).Height
	put(v.text, 0, (s.Height-h)/2, s.Width, h)
	v.text.Refresh()
}

func (v *figureView) Refresh() {
	v.text.Text, v.text.Color = v.f.text, colour(v.f, look.ColorAccent)
	v.Layout(v.f.Size())
}

// surface is a panel that takes a touch anywhere; alarmed, it says "look here".
type surface struct {
	widget.BaseWidget
	loud   bool
	tapped func()
}

func newSurface(tapped func()) *surface {
	s := &surface{tapped: tapped}
	s.ExtendBaseWidget(s)
	return s
}

func (s *surface) alarm(on bool) {
	if s.loud != on {
		s.loud = on
		s.Refresh()
	}
}

// Tapped is for the toolkit.
func (s *surface) Tapped(*fyne.PointEvent) { s.tapped() }

// CreateRenderer is for the toolkit.
func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	v := &surfaceView{s: s, face: &canvas.Rectangle{}}
	v.WidgetRenderer = widget.NewSimpleRenderer(v.face)
	v.Refresh()
	return v
}

type surfaceView struct {
	fyne.WidgetRenderer
	s    *surface
	face *canvas.Rectangle
}

func (v *surfaceView) Refresh() {
	v.face.FillColor, v.face.StrokeColor = colour(v.s, look.ColorSurface), colour(v.s, look.ColorLine)
	if v.s.loud {
		v.face.FillColor, v.face.StrokeColor = colour(v.s, look.ColorLook), colour(v.s, look.ColorOnLook)
	}
	v.face.StrokeWidth, v.face.CornerRadius = 2, 1.5*themed(v.s, look.SizeRadius)
	v.face.Refresh()
}
