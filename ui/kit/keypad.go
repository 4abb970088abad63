package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// KeypadOptions describe a keypad.
type KeypadOptions struct {
	Money bool   // with 00 and a decimal point; without, both places stay empty
	Clear string // word on the key that empties the field, short
}

// Keypad types digits into the field used last.
type Keypad struct {
	widget.BaseWidget
	clear *keycap
	rows  [][]fyne.CanvasObject
}

// NewKeypad returns a keypad: 7 8 9, 4 5 6, 1 2 3, 0 00 point, and on the right
// backspace, clear and a tall Enter.
func NewKeypad(env *Env, o KeypadOptions) *Keypad {
	digit := func(s string) fyne.CanvasObject { return newKeycap(env, s, func() { env.Type(s) }) }
	enter := newSignCap(env, look.SignEnter, env.PressEnter)
	enter.weight = Primary
	p := &Keypad{clear: newKeycap(env, o.Clear, func() { env.ClearField() })}
	p.rows = [][]fyne.CanvasObject{
		{digit("7"), digit("8"), digit("9"), newSignCap(env, look.SignBackspace, func() { env.Backspace() })},
		{digit("4"), digit("5"), digit("6"), p.clear},
		{digit("1"), digit("2"), digit("3"), enter},
		{digit("0"), nil, nil, nil},
	}
	if o.Money {
		p.rows[3][1], p.rows[3][2] = digit("00"), digit(".")
	}
	p.ExtendBaseWidget(p)
	return p
}

// SetWords changes the word on the clear key, for another language.
func (p *Keypad) SetWords(clear string) { p.clear.set(clear, false) }

// CreateRenderer is for the toolkit.
func (p *Keypad) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{}
	for _, row := range p.rows {
		for _, k := range row {
			if k != nil {
				d.objects = append(d.objects, k)
			}
		}
	}
	d.layout = func(s fyne.Size) {
		u := unit(p)
		w, h := (s.Width-3*u)/4, (s.Height-3*u)/4
		for y, row := range p.rows {
			for x, k := range row {
				if k == nil {
					continue
				}
				wide, tall := w, h
				if y == 2 && x == 3 {
					tall = 2*h + u
				}
				if y == 3 && x == 0 && row[1] == nil {
					wide = 3*w + 2*u
				}
				place(k, float32(x)*(w+u), float32(y)*(h+u), wide, tall)
			}
		}
	}
	d.min = func() fyne.Size {
		side := size(p, look.SizeKey)*4 + unit(p)*3
		return fyne.NewSize(side, side)
	}
	d.refresh = func() {
		for _, k := range d.objects {
			k.Refresh()
		}
		d.layout(p.Size())
	}
	return d
}
