package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"gatehouse/ui/keys"
	"gatehouse/ui/look"
)

// Tile is a door of the kiosk: a picture and a word, all of it to be touched.
type Tile struct {
	press
	sign look.SignName
}

// NewTile returns the door of an action.
func NewTile(env *Env, action keys.Action, sign look.SignName) *Tile {
	t := &Tile{sign: sign}
	t.init(env, action, t)
	return t
}

// CreateRenderer is for the toolkit.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	ring, face := &canvas.Rectangle{}, &canvas.Rectangle{}
	picture, word := signOn(t.sign, look.ColorAccent), NewParagraph("", Big().Centred(), 2)
	key := newBadge("")
	d := &drawing{objects: []fyne.CanvasObject{ring, face, picture, word, key}}
	d.layout = func(s fyne.Size) {
		u, p, h := unit(t), size(t, look.SizePicture), word.MinSize().Height
		place(ring, -3, -3, s.Width+6, s.Height+6)
		place(face, 0, 0, s.Width, s.Height)
		lines := word.usedHeight(s.Width - 4*u)
		top := max(u, (s.Height-p-lines-3*u)/2)
		place(picture, (s.Width-p)/2, top, p, p)
		place(word, 2*u, top+p+3*u, max(0, s.Width-4*u), h)
		m := key.MinSize()
		place(key, s.Width-m.Width-1.5*u, 1.5*u, m.Width, m.Height)
	}
	d.refresh = func() {
		fill, ink, sign := look.ColorSurface, look.ColorText, look.ColorAccent
		if t.Disabled() {
			fill, ink, sign = look.ColorBackground, look.ColorOff, look.ColorOff
		}
		paint(face, colour(t, fill), colour(t, look.ColorEdge), 1, 2*size(t, look.SizeRadius))
		ring.Hidden = !t.focused
		paint(ring, nil, colour(t, look.ColorFocus), 3, 2*size(t, look.SizeRadius)+3)
		resign(picture, t.sign, sign)
		word.SetText(t.binding.Label)
		word.SetStyle(Big().Centred().In(ink))
		key.Hidden = t.binding.Key == ""
		key.set(string(t.binding.Key), look.ColorQuiet)
		word.Refresh()
		d.layout(t.Size())
	}
	d.min = func() fyne.Size {
		u, p := unit(t), size(t, look.SizePicture)
		return fyne.NewSize(max(2*p, 8*word.MinSize().Width), p+word.MinSize().Height+6*u)
	}
	d.refresh()
	return d
}
