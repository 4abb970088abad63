package lead

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/desk/report"
	"gatehouse/ledger"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
)

// bars is a report's picture: what is there or over filled, what is short an outline.
type bars struct {
	widget.BaseWidget
	picture *report.Picture
}

func newBars() *bars {
	b := &bars{}
	b.ExtendBaseWidget(b)
	return b
}

func (b *bars) set(p *report.Picture) {
	b.picture = p
	b.Refresh()
}

// CreateRenderer is for the toolkit.
func (b *bars) CreateRenderer() fyne.WidgetRenderer {
	r := &barsDrawn{of: b}
	r.Refresh()
	return r
}

type barsDrawn struct {
	of      *bars
	objects []fyne.CanvasObject
	size    fyne.Size
}

func (r *barsDrawn) MinSize() fyne.Size           { return fyne.NewSize(200, 120) }
func (r *barsDrawn) Destroy()                     {}
func (r *barsDrawn) Objects() []fyne.CanvasObject { return r.objects }

// Refresh draws the picture anew, in the colours of the day or the night.
func (r *barsDrawn) Refresh() {
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

// Layout draws the picture for the room there is.
func (r *barsDrawn) Layout(s fyne.Size) {
	r.size, r.objects = s, nil
	p := r.of.picture
	if p.Empty() || s.Width <= 0 || s.Height <= 0 {
		return
	}
	head := r.text(0, 0, p.Title, look.ColorText, look.SizeTitle, true)
	if p.Shape == report.Standing {
		r.text(head.Width+24, head.Height/4, p.Legend(), look.ColorQuiet, look.SizeCaption, false)
		r.standing(p, head.Height+8)
		return
	}
	r.lying(p, head.Height+8)
}

func tint(name fyne.ThemeColorName) color.Color {
	settings := fyne.CurrentApp().Settings()
	return settings.Theme().Color(name, settings.ThemeVariant())
}

func themeSize(name fyne.ThemeSizeName) float32 {
	return fyne.CurrentApp().Settings().Theme().Size(name)
}

func (r *barsDrawn) text(x, y float32, s string, in fyne.ThemeColorName, size fyne.ThemeSizeName, bold bool) fyne.Size {
	t := kit.NewLine(s, kit.Style{Size: size, Color: in, Bold: bold})
	room := fyne.MeasureText(s, themeSize(size), fyne.TextStyle{Bold: bold}).AddWidthHeight(2, 0) // the toolkit rounds
	t.Move(fyne.NewPos(x, y))
	t.Resize(room)
	r.objects = append(r.objects, t)
	return room
}

func wide(s string, size fyne.ThemeSizeName) float32 {
	return fyne.MeasureText(s, themeSize(size), fyne.TextStyle{}).Width
}

func (r *barsDrawn) box(x, y, w, h float32, value ledger.Cents) {
	if value == 0 {
		return
	}
	box := canvas.NewRectangle(tint(look.ColorAccent))
	if value < 0 {
		box.FillColor, box.StrokeColor, box.StrokeWidth = color.Transparent, tint(look.ColorText), 1.5
	}
	box.Move(fyne.NewPos(x, y))
	box.Resize(fyne.NewSize(max(1, w), max(1, h)))
	r.objects = append(r.objects, box)
}

func (r *barsDrawn) line(x1, y1, x2, y2 float32) {
	l := canvas.NewLine(tint(look.ColorQuiet))
	l.Position1, l.Position2 = fyne.NewPos(x1, y1), fyne.NewPos(x2, y2)
	r.objects = append(r.objects, l)
}

// lying draws bars one below the other.
func (r *barsDrawn) lying(p *report.Picture, top float32) {
	var names, figures float32
	n := 0
	for _, panel := range p.Panels {
		for _, b := range panel.Bars {
			names, figures = max(names, wide(b.Name, look.SizeText)), max(figures, wide(b.Value.String(), look.SizeText))
			n++
		}
	}
	least, most := p.Reach()
	left, right := names+16, r.size.Width-figures-16
	if least < 0 {
		left += figures + 8
	}
	step := min(48, (r.size.Height-top)/float32(n))
	perCent := (right - left) / float32(most-least)
	zero := left + float32(-least)*perCent
	y := top
	for _, panel := range p.Panels {
		for _, b := range panel.Bars {
			length := float32(b.Value) * perCent
			r.text(0, y, b.Name, look.ColorText, look.SizeText, false)
			r.box(min(zero, zero+length), y, max(length, -length), step*0.6, b.Value)
			at := max(zero, zero+length) + 8
			if b.Value < 0 {
				at = zero + length - 8 - wide(b.Value.String(), look.SizeText)
			}
			r.text(at, y, b.Value.String(), look.ColorText, look.SizeText, false)
			y += step
		}
	}
	r.line(zero, top-4, zero, y-step*0.3)
}

// standing draws a row of bars for each panel, all dates at the same places.
func (r *barsDrawn) standing(p *report.Picture, top float32) {
	dates := p.Dates()
	var names float32
	for _, panel := range p.Panels {
		names = max(names, wide(panel.Name, look.SizeText)+24)
	}
	if len(p.Panels) == 1 && p.Panels[0].Name == "" {
		names = 0
	}
	least, most := p.Reach()
	caption := wide("0", look.SizeCaption) * 2 // height of a line of figures, near enough
	dated := caption + 8
	each := (r.size.Height - top - dated) / float32(len(p.Panels))
	each = min(each, 220)
	slot := min((r.size.Width-names)/float32(len(dates)), 90)
	scale := max(0, each-2*caption-8) / float32(most-least)
	index := make(map[string]int, len(dates))
	for i, d := range dates {
		index[d] = i
	}
	y := top
	for _, panel := range p.Panels {
		zero := y + caption + 2 + float32(most)*scale
		if panel.Name != "" {
			h := r.text(0, zero-24, panel.Name, look.ColorText, look.SizeText, true).Height
			r.text(0, zero-24+h, panel.Sum.String(), look.ColorText, look.SizeText, false)
		}
		r.line(names, zero, names+slot*float32(len(dates)), zero)
		r.figures(panel, index, names, slot, zero, scale, caption)
		y += each
	}
	every := int(wide("0000-00", look.SizeCaption)/slot) + 1
	for i, d := range dates {
		if i%every == 0 {
			r.text(names+slot*float32(i), y, d[max(0, len(d)-5):], look.ColorQuiet, look.SizeCaption, false)
		}
	}
}

// figures draws the bars of a panel, each with its figure where it runs into no other.
func (r *barsDrawn) figures(panel report.Panel, index map[string]int, left, slot, zero, scale, caption float32) {
	var above, below float32
	width := min(slot*0.7, 48)
	for _, b := range panel.Bars {
		x := left + slot*float32(index[b.Name])
		length := float32(b.Value) * scale
		r.box(x, min(zero, zero-length), width, max(length, -length), b.Value)
		end, y := &above, zero-length-caption-2
		if b.Value < 0 {
			end, y = &below, zero-length+1
		}
		if figure := b.Value.String(); b.Value != 0 && x >= *end {
			r.text(x, y, figure, look.ColorText, look.SizeCaption, false)
			*end = x + wide(figure, look.SizeCaption) + 4
		}
	}
}
