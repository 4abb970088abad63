package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"gatehouse/ui/keys"
	"gatehouse/ui/look"
)

// Weight says how much a button wants to be pressed.
type Weight int

// The weights. At most one Primary is on a screen: the one thing to do next.
const (
	Plain Weight = iota
	Primary
	Danger
)

// KeyButton is a button that shows the key which does the same. Caption, key
// and whether it can be pressed come from the screen's table.
type KeyButton struct {
	press
	weight Weight
	points fyne.ThemeSizeName
}

// NewKeyButton returns the button of an action.
func NewKeyButton(env *Env, action keys.Action, weight Weight) *KeyButton {
	b := &KeyButton{weight: weight, points: look.SizeText}
	b.init(env, action, b)
	return b
}

// NewBigButton returns a button with larger letters, for the main thing to do.
func NewBigButton(env *Env, action keys.Action, weight Weight) *KeyButton {
	b := NewKeyButton(env, action, weight)
	b.points = look.SizeTitle
	b.Refresh()
	return b
}

func (b *KeyButton) colours() (fill, ink, key, edge fyne.ThemeColorName) {
	switch {
	case b.Disabled():
		return look.ColorBackground, look.ColorOff, look.ColorOff, look.ColorLine
	case b.weight == Primary:
		return look.ColorAccent, look.ColorOnAccent, look.ColorOnAccent, look.ColorAccent
	case b.weight == Danger:
		return look.ColorDanger, look.ColorOnDanger, look.ColorOnDanger, look.ColorDanger
	}
	return look.ColorRaised, look.ColorText, look.ColorQuiet, look.ColorEdge
}

// CreateRenderer is for the toolkit.
func (b *KeyButton) CreateRenderer() fyne.WidgetRenderer {
	ring, face := &canvas.Rectangle{}, &canvas.Rectangle{}
	key, caption := newBadge(""), NewLine("", Strong())
	d := &drawing{objects: []fyne.CanvasObject{ring, face, key, caption}}
	d.layout = func(s fyne.Size) {
		u := unit(b)
		place(ring, -3, -3, s.Width+6, s.Height+6)
		place(face, 0, 0, s.Width, s.Height)
		m := key.MinSize()
		x := 1.25 * u
		if !key.Hidden {
			place(key, x, (s.Height-m.Height)/2, m.Width, m.Height)
			x += m.Width + u
		}
		place(caption, x, 0, max(0, s.Width-x-u), s.Height)
	}
	d.refresh = func() {
		fill, ink, keyInk, edge := b.colours()
		paint(face, colour(b, fill), colour(b, edge), 1, size(b, look.SizeRadius))
		ring.Hidden = !b.focused
		paint(ring, nil, colour(b, look.ColorFocus), 2, size(b, look.SizeRadius)+3)
		key.Hidden = b.binding.Key == ""
		key.set(string(b.binding.Key), keyInk)
		caption.SetText(b.binding.Label)
		caption.SetStyle(Style{Size: b.points, Bold: true, Color: ink})
		caption.Refresh()
		d.layout(b.Size())
	}
	d.min = func() fyne.Size {
		u := unit(b)
		w := 2.25*u + caption.measure(b.binding.Label).Width
		if b.binding.Key != "" {
			w += key.MinSize().Width + u
		}
		return fyne.NewSize(w, max(size(b, look.SizeTouch), caption.MinSize().Height+u))
	}
	d.refresh()
	return d
}
