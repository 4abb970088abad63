package cashier

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/kit"
	"gatehouse/ui/look"
)

// line is one account or tender of the payment.
type line struct {
	text   string
	figure string
	quiet  bool
}

// lines shows the lines of a payment close together, the chosen one marked. It
// shows those around the chosen one if there is no room for all.
type lines struct {
	widget.BaseWidget
	least  int // lines there is always room for
	all    []line
	chosen int
	pick   func(int)
	first  int
	fits   int
}

func newLines(least int, pick func(int)) *lines {
	l := &lines{least: least, pick: pick}
	l.ExtendBaseWidget(l)
	return l
}

func (l *lines) set(all []line, chosen int) {
	l.all, l.chosen = all, chosen
	l.Refresh()
}

func (l *lines) rowHeight() float32 {
	t := l.Theme()
	return fyne.MeasureText("M", t.Size(look.SizeText), fyne.TextStyle{}).Height + t.Size(look.SizeUnit)/2
}

// Tapped chooses the line under the finger.
func (l *lines) Tapped(ev *fyne.PointEvent) {
	if i := l.first + int(ev.Position.Y/l.rowHeight()); i < len(l.all) && i < l.first+l.fits {
		l.pick(i)
	}
}

// Caption is the text of the chosen line.
func (l *lines) Caption() string {
	if l.chosen < len(l.all) {
		return l.all[l.chosen].text
	}
	return ""
}

// CreateRenderer is for the toolkit.
func (l *lines) CreateRenderer() fyne.WidgetRenderer {
	return &linesView{l: l, mark: &canvas.Rectangle{}, back: &canvas.Rectangle{}}
}

type linesView struct {
	l          *lines
	back, mark *canvas.Rectangle
	texts      []*kit.Text
	figures    []*kit.Text
}

func (v *linesView) Destroy() {}

func (v *linesView) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{v.back, v.mark}
	for i := range v.texts {
		out = append(out, v.texts[i], v.figures[i])
	}
	return out
}

func (v *linesView) MinSize() fyne.Size {
	return fyne.NewSize(16*v.l.Theme().Size(look.SizeUnit), float32(v.l.least)*v.l.rowHeight())
}

func (v *linesView) Layout(s fyne.Size) {
	l, t := v.l, v.l.Theme()
	u, tall := t.Size(look.SizeUnit), l.rowHeight()
	l.fits = max(1, int(s.Height/tall))
	l.first = max(0, min(l.chosen-l.fits/2, len(l.all)-l.fits))
	for len(v.texts) < l.fits {
		v.texts = append(v.texts, kit.NewLine("", kit.Body()))
		v.figures = append(v.figures, kit.NewLine("", kit.Strong().Right()))
	}
	v.back.Hidden, v.mark.Hidden = len(l.all) == 0, len(l.all) == 0
	y := float32(l.chosen-l.first) * tall
	fillRect(v.back, t.Color(look.ColorChosen, theme.VariantLight), fyne.NewPos(0, y), fyne.NewSize(s.Width, tall))
	fillRect(v.mark, t.Color(look.ColorAccent, theme.VariantLight), fyne.NewPos(0, y), fyne.NewSize(u/2, tall))
	for i := range v.texts {
		v.texts[i].Hidden, v.figures[i].Hidden = i >= l.fits, i >= l.fits
		var one line
		if at := l.first + i; at < len(l.all) && i < l.fits {
			one = l.all[at]
		}
		style := kit.Body()
		if one.quiet {
			style = style.In(look.ColorQuiet)
		}
		v.texts[i].SetText(one.text)
		v.texts[i].SetStyle(style)
		v.figures[i].SetText(one.figure)
		wide := 13 * u
		if one.figure == "" {
			wide = 0
		}
		wide = max(wide, fyne.MeasureText(one.figure, t.Size(look.SizeText), fyne.TextStyle{Bold: true}).Width+u)
		v.texts[i].Move(fyne.NewPos(1.5*u, float32(i)*tall))
		v.texts[i].Resize(fyne.NewSize(max(0, s.Width-wide-2.5*u), tall))
		v.figures[i].Move(fyne.NewPos(s.Width-wide-u, float32(i)*tall))
		v.figures[i].Resize(fyne.NewSize(wide, tall))
	}
}

func (v *linesView) Refresh() {
	v.Layout(v.l.Size())
	for _, o := range v.Objects() {
		o.Refresh()
	}
}

func fillRect(r *canvas.Rectangle, c color.Color, at fyne.Position, s fyne.Size) {
	r.FillColor = c
	r.Move(at)
	r.Resize(s)
}

// flag is a line that wants to be looked at: amber, with a sign.
type flag struct {
	widget.BaseWidget
	text *kit.Text
}

func newFlag() *flag {
	f := &flag{text: kit.NewParagraph("", kit.Strong().In(look.ColorOnLook), panelLines)}
	f.ExtendBaseWidget(f)
	return f
}

// CreateRenderer is for the toolkit.
func (f *flag) CreateRenderer() fyne.WidgetRenderer {
	sign := canvas.NewImageFromResource(look.Sign(look.SignLook, look.ColorOnLook))
	sign.FillMode = canvas.ImageFillContain
	return &flagView{f: f, back: &canvas.Rectangle{}, sign: sign}
}

type flagView struct {
	f    *flag
	back *canvas.Rectangle
	sign *canvas.Image
}

func (v *flagView) Destroy() {}

func (v *flagView) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{v.back, v.sign, v.f.text}
}

func (v *flagView) MinSize() fyne.Size {
	return fyne.NewSize(v.f.text.MinSize().Width, v.f.UsedHeight(v.f.Size().Width))
}

// UsedHeight is the height it takes at a width.
func (f *flag) UsedHeight(width float32) float32 {
	return f.text.UsedHeight(f.room(width)) + f.Theme().Size(look.SizeUnit)/2
}

// room is the width of its text.
func (f *flag) room(width float32) float32 {
	t := f.Theme()
	return max(0, width-3*t.Size(look.SizeUnit)-t.Size(look.SizeIcon))
}

func (v *flagView) Layout(s fyne.Size) {
	t := v.f.Theme()
	u, icon := t.Size(look.SizeUnit), t.Size(look.SizeIcon)
	v.back.CornerRadius = t.Size(look.SizeRadius)
	fillRect(v.back, t.Color(look.ColorLook, theme.VariantLight), fyne.NewPos(0, 0), s)
	v.sign.Move(fyne.NewPos(u, (s.Height-icon)/2))
	v.sign.Resize(fyne.NewSize(icon, icon))
	v.f.text.Move(fyne.NewPos(2*u+icon, u/4))
	v.f.text.Resize(fyne.NewSize(v.f.room(s.Width), s.Height))
}

func (v *flagView) Refresh() {
	v.sign.Resource = look.Sign(look.SignLook, look.ColorOnLook)
	v.Layout(v.f.Size())
	for _, o := range v.Objects() {
		o.Refresh()
	}
}

// fitting puts objects one above the other and leaves out, from the end, what
// there is no room for. Its least is the room of the first ones.
type fitting struct {
	least int
	wants func(fyne.CanvasObject) bool
}

func (l *fitting) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	gap := fyne.CurrentApp().Settings().Theme().Size(look.SizeUnit) / 2
	y, full := float32(0), false
	for _, o := range objects {
		h := usedHeight(o, s.Width)
		full = full || y+h > s.Height
		if !l.wants(o) || full {
			o.Resize(fyne.NewSize(s.Width, 0))
			o.Move(fyne.NewPos(0, -2*h))
			shown(o, false)
			continue
		}
		shown(o, true)
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, h))
		y += h + gap
	}
}

func (l *fitting) MinSize(objects []fyne.CanvasObject) fyne.Size {
	gap := fyne.CurrentApp().Settings().Theme().Size(look.SizeUnit) / 2
	var m fyne.Size
	for _, o := range objects[:min(l.least, len(objects))] {
		m.Width = max(m.Width, o.MinSize().Width)
		m.Height += usedHeight(o, o.Size().Width) + gap
	}
	return m
}

// usedHeight is what an object needs at a width: a text at least one line, and no
// more while the width is not known.
func usedHeight(o fyne.CanvasObject, width float32) float32 {
	switch o := o.(type) {
	case *kit.Text:
		if width <= 0 {
			return o.LineHeight()
		}
		return max(o.UsedHeight(width), o.LineHeight())
	case *flag:
		return o.UsedHeight(width)
	}
	return o.MinSize().Height
}
