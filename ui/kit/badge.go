package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// badge draws the name of a key as a key.
type badge struct {
	widget.BaseWidget
	key string
	ink fyne.ThemeColorName
}

func newBadge(key string) *badge {
	b := &badge{key: key, ink: look.ColorQuiet}
	b.ExtendBaseWidget(b)
	return b
}

func (b *badge) set(key string, ink fyne.ThemeColorName) {
	b.key, b.ink = key, ink
	b.Refresh()
}

// CreateRenderer is for the toolkit.
func (b *badge) CreateRenderer() fyne.WidgetRenderer {
	edge := &canvas.Rectangle{}
	text := canvas.NewText(b.key, colour(b, b.ink))
	text.Alignment = fyne.TextAlignCenter
	text.TextStyle.Bold = true
	d := &drawing{objects: []fyne.CanvasObject{edge, text}}
	d.layout = func(s fyne.Size) {
		place(edge, 0, 0, s.Width, s.Height)
		place(text, 0, 0, s.Width, s.Height)
	}
	d.min = func() fyne.Size {
		m := fyne.MeasureText(b.key, size(b, look.SizeCaption)*0.9, fyne.TextStyle{Bold: true})
		return fyne.NewSize(max(m.Width+unit(b), m.Height+unit(b)/2), m.Height+unit(b)/4)
	}
	d.refresh = func() {
		text.Text, text.Color, text.TextSize = b.key, colour(b, b.ink), size(b, look.SizeCaption)*0.9
		paint(edge, nil, colour(b, b.ink), 1, size(b, look.SizeRadius)/1.5)
		text.Refresh()
		d.layout(b.Size())
	}
	d.refresh()
	return d
}
