package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// columns is how many keys of usual width the widest row has.
const columns = 11

// letterRows are the keys of the on-screen keyboard. Accented letters have keys
// of their own: a visitor does not know about dead keys.
func letterRows() []string {
	return []string{"1234567890-", "qwertyuiop'", "asdfghjklñ.", "zxcvbnm,@&", "áéíóúü"}
}

// Keyboard types letters into the field used last. Shift holds for one letter.
type Keyboard struct {
	widget.BaseWidget
	env     *Env
	letters []*keycap
	space   *keycap
	shift   *keycap
	rows    [][]*keycap
	shifted bool
}

// NewKeyboard returns a keyboard for English and Spanish; space is the word on
// the space bar. Its Enter does what Enter does now.
func NewKeyboard(env *Env, space string) *Keyboard {
	b := &Keyboard{env: env}
	for _, row := range letterRows() {
		var caps []*keycap
		for _, r := range row {
			caps = append(caps, b.letter(string(r)))
		}
		b.rows = append(b.rows, caps)
	}
	b.shift = newSignCap(env, look.SignShift, func() { b.setShift(!b.shifted) })
	back := newSignCap(env, look.SignBackspace, func() { env.Backspace() })
	b.space = newKeycap(env, space, func() { env.Type(" ") })
	enter := newSignCap(env, look.SignEnter, env.PressEnter)
	enter.weight = Primary
	b.rows[3] = append([]*keycap{b.shift}, b.rows[3]...)
	b.rows[4] = append(b.rows[4], b.space, back, enter)
	// The space bar takes the columns that are left.
	b.space.wide = float32(columns - (len(b.rows[4]) - 1))
	b.ExtendBaseWidget(b)
	return b
}

func (b *Keyboard) letter(s string) *keycap {
	k := newKeycap(b.env, s, nil)
	k.press = func() {
		b.env.Type(k.text)
		b.setShift(false)
	}
	b.letters = append(b.letters, k)
	return k
}

func (b *Keyboard) setShift(on bool) {
	b.shifted = on
	b.shift.set("", on)
	for _, k := range b.letters {
		if on {
			k.set(strings.ToUpper(k.text), false)
		} else {
			k.set(strings.ToLower(k.text), false)
		}
	}
}

// SetWords changes the word on the space bar, for another language.
func (b *Keyboard) SetWords(space string) { b.space.set(space, false) }

// CreateRenderer is for the toolkit.
func (b *Keyboard) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{}
	for _, row := range b.rows {
		for _, k := range row {
			d.objects = append(d.objects, k)
		}
	}
	d.layout = func(s fyne.Size) {
		u := unit(b)
		w := (s.Width - (columns-1)*u) / columns
		h := (s.Height - float32(len(b.rows)-1)*u) / float32(len(b.rows))
		for y, row := range b.rows {
			x := float32(0)
			for _, k := range row {
				wide := w*k.wide + u*(k.wide-1)
				place(k, x, float32(y)*(h+u), wide, h)
				x += wide + u
			}
		}
	}
	d.min = func() fyne.Size {
		side, u, n := size(b, look.SizeKey), unit(b), float32(len(b.rows))
		return fyne.NewSize(columns*side+(columns-1)*u, n*side+(n-1)*u)
	}
	d.refresh = func() {
		for _, k := range d.objects {
			k.Refresh()
		}
		d.layout(b.Size())
	}
	return d
}
