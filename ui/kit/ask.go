package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/keys"
	"gatehouse/ui/look"
)

// Answer is one way to answer a question.
type Answer struct {
	Key    keys.Key
	Label  string
	Weight Weight
	Do     func() // called after the question is gone; may be nil
}

// Ask is a question in the page. It covers nothing and takes no focus; its
// answers' keys come before the screen's until it is answered or taken back.
// Answer by Enter, Esc or a function key: letters and digits are typed. Put it
// directly into a Stack or Split, which make room for it when it appears.
type Ask struct {
	widget.BaseWidget
	env      *Env
	question *Text
	detail   *Text
	buttons  []*KeyButton
	pop      func()
	room     func() // lays out the container again
}

// NewAsk returns a place for questions; it takes no room while there is none.
func NewAsk(env *Env) *Ask {
	a := &Ask{env: env, question: NewParagraph("", Title(), 2), detail: NewParagraph("", Body(), 2)}
	a.room = func() {}
	a.ExtendBaseWidget(a)
	a.Hide()
	return a
}

// Put asks a question in place of any other. Detail may be "".
func (a *Ask) Put(question, detail string, answers ...Answer) {
	a.drop()
	a.question.SetText(question)
	a.detail.SetText(detail)
	table := keys.Table{}
	do := map[keys.Action]func(){}
	for _, answer := range answers {
		action := keys.Action("ask." + string(answer.Key))
		table = append(table, keys.Binding{Key: answer.Key, Label: answer.Label, Action: action})
		do[action] = answer.Do
	}
	a.pop = a.env.Keys.Push(keys.Layer{Table: table, Do: func(chosen keys.Action) {
		a.Close()
		if f := do[chosen]; f != nil {
			f()
		}
	}})
	for i, binding := range table {
		a.buttons = append(a.buttons, NewKeyButton(a.env, binding.Action, answers[i].Weight))
	}
	a.Refresh()
	a.Show()
	a.room()
}

// Open reports whether a question waits for its answer.
func (a *Ask) Open() bool { return a.pop != nil }

// Close takes the question back unanswered.
func (a *Ask) Close() {
	a.drop()
	a.Hide()
	a.room()
}

func (a *Ask) drop() {
	if a.pop == nil {
		return
	}
	pop := a.pop
	a.pop = nil
	for _, b := range a.buttons {
		b.stop()
	}
	a.buttons = nil
	pop()
}

func (a *Ask) onRoom(f func()) { a.room = f }

// CreateRenderer is for the toolkit.
func (a *Ask) CreateRenderer() fyne.WidgetRenderer {
	v := &askView{a: a, back: &canvas.Rectangle{}, sign: signOn(look.SignLook, look.ColorOnLook)}
	v.Refresh()
	return v
}

type askView struct {
	a    *Ask
	back *canvas.Rectangle
	sign *canvas.Image
}

func (v *askView) Destroy() {}

func (v *askView) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{v.back, v.sign, v.a.question, v.a.detail}
	for _, b := range v.a.buttons {
		out = append(out, b)
	}
	return out
}

func (v *askView) MinSize() fyne.Size {
	u := unit(v.a)
	w, h := 4*u, float32(0)
	for _, b := range v.a.buttons {
		w += b.MinSize().Width + u
		h = max(h, b.MinSize().Height)
	}
	h += v.a.question.UsedHeight(v.a.question.Size().Width) + v.detail() + 5*u
	return fyne.NewSize(max(w, 36*u), h)
}

func (v *askView) detail() float32 {
	if v.a.detail.Text() == "" {
		return 0
	}
	return v.a.detail.UsedHeight(v.a.detail.Size().Width) + unit(v.a)
}

func (v *askView) Layout(s fyne.Size) {
	a, u := v.a, unit(v.a)
	place(v.back, 0, 0, s.Width, s.Height)
	icon := size(a, look.SizeIcon) * 1.6
	place(v.sign, 2*u, 1.5*u, icon, icon)
	x, y := 3*u+icon, 1.5*u
	room := max(0, s.Width-x-2*u)
	place(a.question, x, y, room, a.question.MinSize().Height)
	y += a.question.UsedHeight(room) + u
	a.detail.Hidden = a.detail.Text() == ""
	place(a.detail, x, y, room, a.detail.MinSize().Height)
	y += v.detail()
	for _, b := range a.buttons {
		m := b.MinSize()
		place(b, x, y, m.Width, m.Height)
		x += m.Width + 1.5*u
	}
}

func (v *askView) Refresh() {
	a := v.a
	paint(v.back, colour(a, look.ColorLook), colour(a, look.ColorOnLook), 1, size(a, look.SizeRadius))
	resign(v.sign, look.SignLook, look.ColorOnLook)
	a.question.SetStyle(Title().In(look.ColorOnLook))
	a.detail.SetStyle(Body().In(look.ColorOnLook))
	v.Layout(a.Size())
	for _, o := range v.Objects() {
		o.Refresh()
	}
}
