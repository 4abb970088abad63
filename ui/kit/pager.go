package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// Pager says which part of a long list is shown and turns its pages.
type Pager struct {
	widget.BaseWidget
	text     *Text
	up, down *keycap
}

// NewPager returns a pager that calls up for the earlier and down for the later
// page. Its keys are the screen's to bind, PgUp and PgDn.
func NewPager(env *Env, up, down func()) *Pager {
	p := &Pager{text: NewLine("", Caption()), up: newSignCap(env, look.SignUp, up), down: newSignCap(env, look.SignDown, down)}
	p.ExtendBaseWidget(p)
	p.Set("", false, false)
	return p
}

// Set shows the words, and the buttons only where there is a page to turn to.
func (p *Pager) Set(text string, earlier, later bool) {
	p.text.SetText(text)
	turn := func(k *keycap, can bool) {
		if k.Visible() != can {
			if can {
				k.Show()
			} else {
				k.Hide()
			}
		}
	}
	turn(p.up, earlier)
	turn(p.down, later)
}

// CreateRenderer is for the toolkit.
func (p *Pager) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{p.text, p.up, p.down}}
	d.layout = func(s fyne.Size) {
		u := unit(p)
		w := s.Height * 1.6
		place(p.text, u, 0, max(0, s.Width-2*w-3*u), s.Height)
		place(p.up, s.Width-2*w-u, 2, w, s.Height-4)
		place(p.down, s.Width-w, 2, w, s.Height-4)
	}
	d.min = func() fyne.Size {
		h := size(p, look.SizeTouch)
		return fyne.NewSize(4*h, h)
	}
	d.refresh = func() {
		for _, o := range d.objects {
			o.Refresh()
		}
	}
	return d
}
