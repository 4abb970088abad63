package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// keycap is one key of the keypad or the on-screen keyboard. It never has the
// focus: a real keyboard has the real key.
type keycap struct {
	widget.BaseWidget
	env    *Env
	text   string
	sign   look.SignName // drawn instead of text
	weight Weight
	wide   float32 // in keys; 1 is usual
	on     bool    // held, as Shift
	press  func()
}

func newKeycap(env *Env, text string, press func()) *keycap {
	k := &keycap{env: env, text: text, wide: 1, press: press}
	k.ExtendBaseWidget(k)
	return k
}

func newSignCap(env *Env, sign look.SignName, press func()) *keycap {
	k := newKeycap(env, "", press)
	k.sign = sign
	return k
}

// Caption returns what the key shows.
func (k *keycap) Caption() string {
	if k.sign != "" {
		return string(k.sign)
	}
	return k.text
}

// Tapped presses the key.
func (k *keycap) Tapped(*fyne.PointEvent) {
	k.press()
	k.env.handBack()
}

func (k *keycap) set(text string, on bool) {
	if k.text != text || k.on != on {
		k.text, k.on = text, on
		k.Refresh()
	}
}

// CreateRenderer is for the toolkit.
func (k *keycap) CreateRenderer() fyne.WidgetRenderer {
	face := &canvas.Rectangle{}
	text := NewText(k.text, Title().Centred())
	d := &drawing{objects: []fyne.CanvasObject{face, text}}
	var img *canvas.Image
	if k.sign != "" {
		img = signOn(k.sign, look.ColorText)
		d.objects = append(d.objects, img)
	}
	d.layout = func(s fyne.Size) {
		place(face, 0, 0, s.Width, s.Height)
		place(text, 0, 0, s.Width, s.Height)
		if img != nil {
			h := min(s.Height, s.Width) * 0.5
			place(img, (s.Width-h)/2, (s.Height-h)/2, h, h)
		}
	}
	d.refresh = func() {
		fill, ink, edge := look.ColorRaised, look.ColorText, look.ColorEdge
		if k.weight == Primary || k.on {
			fill, ink, edge = look.ColorAccent, look.ColorOnAccent, look.ColorAccent
		}
		paint(face, colour(k, fill), colour(k, edge), 1, size(k, look.SizeRadius))
		text.SetText(k.text)
		text.SetStyle(Title().Centred().In(ink))
		text.Refresh()
		if img != nil {
			resign(img, k.sign, ink)
		}
		d.layout(k.Size())
	}
	d.min = func() fyne.Size {
		side := size(k, look.SizeKey)
		return fyne.NewSize(side*k.wide+unit(k)*(k.wide-1), side)
	}
	d.refresh()
	return d
}
