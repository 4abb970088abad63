package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// Panel is a surface with a title that holds something.
type Panel struct {
	widget.BaseWidget
	title   *Text
	content fyne.CanvasObject
}

// NewPanel returns a panel; without a title, "", it is only the surface.
func NewPanel(title string, content fyne.CanvasObject) *Panel {
	p := &Panel{title: NewLine(title, Title()), content: content}
	p.ExtendBaseWidget(p)
	return p
}

// SetTitle changes the title.
func (p *Panel) SetTitle(title string) {
	p.title.SetText(title)
	p.Refresh()
}

func (p *Panel) head() float32 {
	if p.title.Text() == "" {
		return 0
	}
	return p.title.MinSize().Height + unit(p)
}

// CreateRenderer is for the toolkit.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	back := &canvas.Rectangle{}
	d := &drawing{objects: []fyne.CanvasObject{back, p.title, p.content}}
	d.layout = func(s fyne.Size) {
		u, head := 1.5*unit(p), p.head()
		place(back, 0, 0, s.Width, s.Height)
		p.title.Hidden = head == 0
		place(p.title, u, u, max(0, s.Width-2*u), max(0, head-unit(p)))
		place(p.content, u, u+head, max(0, s.Width-2*u), max(0, s.Height-2*u-head))
	}
	d.refresh = func() {
		paint(back, colour(p, look.ColorSurface), colour(p, look.ColorLine), 1, size(p, look.SizeRadius))
		p.title.Refresh()
		d.layout(p.Size())
		p.content.Refresh()
	}
	d.min = func() fyne.Size {
		m, u := p.content.MinSize(), 3*unit(p)
		return fyne.NewSize(m.Width+u, m.Height+u+p.head())
	}
	d.refresh()
	return d
}
