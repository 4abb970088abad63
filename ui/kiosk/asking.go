package kiosk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// question is what a page asks, and why the answer is refused.
type question struct {
	title, hint *kit.Text
	sign        *canvas.Image
}

func newQuestion() question {
	q := question{title: kit.NewParagraph("", kit.Title(), 1), hint: kit.NewParagraph("", kit.Body(), 2),
		sign: canvas.NewImageFromResource(look.Sign(look.SignRefused, look.ColorRefused))}
	q.sign.FillMode = canvas.ImageFillContain
	return q
}

func (q question) show(m Model, b *words.Book) {
	q.title.SetText(b.Say("kiosk." + words.Key(m.Page) + ".title"))
	text, style := b.Say("kiosk."+words.Key(m.Page)+".hint"), kit.Body()
	switch {
	case m.Busy:
		text = b.Say("kiosk.wait")
	case m.Problem != nil:
		text, style = problem(m.Problem, b), kit.Strong().In(look.ColorRefused)
	}
	visible(q.sign, m.Problem != nil && !m.Busy)
	q.hint.SetText(text)
	q.hint.SetStyle(style)
}

// letters is a page with one line to type.
type letters struct {
	question
	content    *fyne.Container
	typed      *kit.Field
	keyboard   *kit.Keyboard
	back, next *plate
}

// fieldRoom is more than a name may have, so that a name too long is refused
// with a sentence and not cut.
const fieldRoom = 72

func newLetters(s *Screen, does func(Event) func()) *letters {
	l := &letters{question: newQuestion(), keyboard: kit.NewKeyboard(s.d.Env, "")}
	l.typed = kit.NewField(s.d.Env, kit.FieldOptions{Size: look.SizeBig, Max: fieldRoom, Lines: -1,
		OnChange: func(text string) { s.handle(Typed{text}) }})
	l.back, l.next = backAndNext(does)
	a := &answers{title: l.title, hint: l.hint, sign: l.sign, field: l.typed, back: l.back, next: l.next, keys: l.keyboard, widest: 1.25}
	l.content = a.content(l.title, l.sign, l.hint, l.typed, l.back, l.next, l.keyboard)
	return l
}

func backAndNext(does func(Event) func()) (back, next *plate) {
	return newPlate(look.SignLeft, middle, look.SizeText, 1, does(Back{})),
		newPlate(look.SignRight, middle, look.SizeText, 1, does(Next{})).primary()
}

func (l *letters) object() fyne.CanvasObject { return l.content }
func (l *letters) field(Page) *kit.Field     { return l.typed }

func (l *letters) show(m Model, b *words.Book) {
	l.question.show(m, b)
	l.keyboard.SetWords(b.Say("common.keyboard.space"))
	l.back.say(b.Say("kiosk.back"), "")
	next := words.Key("kiosk.next")
	if m.Page == Company && m.Typed == "" {
		next = "kiosk.skip"
	}
	l.next.say(b.Say(next), "")
	l.next.enable(!m.Busy)
}

// digits is a page with one number to type: of a badge, or a PIN.
type digits struct {
	question
	content    *fyne.Container
	badge, pin *kit.Field
	pad        *kit.Keypad
	back, next *plate
}

func newDigits(s *Screen, does func(Event) func()) *digits {
	d := &digits{question: newQuestion(), pad: kit.NewKeypad(s.d.Env, kit.KeypadOptions{Clear: "C"})}
	o := kit.FieldOptions{Size: look.SizeBig, Max: 3, Digits: true, Lines: -1,
		OnChange: func(text string) { s.handle(Typed{text}) }}
	d.badge = kit.NewField(s.d.Env, o)
	o.Max = 12
	d.pin = kit.NewSecret(s.d.Env, o)
	d.back, d.next = backAndNext(does)
	fields := shelve(&shelf{lay: func(s fyne.Size) {
		put(d.badge, 0, 0, s.Width, s.Height)
		put(d.pin, 0, 0, s.Width, s.Height)
	}, min: func() fyne.Size { return d.badge.MinSize().Max(d.pin.MinSize()) }}, d.badge, d.pin)
	a := &answers{title: d.title, hint: d.hint, sign: d.sign, field: fields, back: d.back, next: d.next, keys: d.pad, widest: 1.6}
	d.content = a.content(d.title, d.sign, d.hint, fields, d.back, d.next, d.pad)
	return d
}

func (d *digits) object() fyne.CanvasObject { return d.content }

func (d *digits) field(p Page) *kit.Field {
	if p == StaffPIN {
		return d.pin
	}
	return d.badge
}

func (d *digits) show(m Model, b *words.Book) {
	d.question.show(m, b)
	visible(d.badge, m.Page == Leaving)
	visible(d.pin, m.Page == StaffPIN)
	if f := d.field(m.Page); f.Text() != m.Typed {
		f.SetText(m.Typed) // a PIN that was wrong is typed anew
	}
	d.back.say(b.Say("kiosk.back"), "")
	d.next.say(b.Say("kiosk.next"), "")
	d.next.enable(!m.Busy)
}

// choices is a page with things to choose from, six at a time.
type choices struct {
	question
	content              *fyne.Container
	plates               []*plate
	back, earlier, later *plate
	ids                  []string
}

func newChoices(s *Screen, does func(Event) func()) *choices {
	c := &choices{question: newQuestion(), ids: make([]string, choicesOnPage)}
	objects := []fyne.CanvasObject{c.title, c.sign, c.hint}
	for i := range choicesOnPage {
		p := newPlate(look.SignRight, beside, look.SizeTitle, 2, func() { s.handle(Chose{c.ids[i]}) })
		c.plates = append(c.plates, p)
		objects = append(objects, p)
	}
	c.back = newPlate(look.SignLeft, middle, look.SizeText, 1, does(Back{}))
	c.earlier = newPlate(look.SignUp, middle, look.SizeText, 1, does(Turn{-1}))
	c.later = newPlate(look.SignDown, middle, look.SizeText, 1, does(Turn{1}))
	c.content = shelve(&shelf{lay: c.lay, min: c.min}, append(objects, c.back, c.earlier, c.later)...)
	return c
}

func (c *choices) object() fyne.CanvasObject { return c.content }
func (c *choices) field(Page) *kit.Field     { return nil }

func (c *choices) lay(s fyne.Size) {
	u, g, touch := themeSize(look.SizeUnit), edgeGap(), touchHeight()
	q := &answers{title: c.title, hint: c.hint, sign: c.sign}
	y := q.layQuestion(0, s.Width)
	columns, room := 1, s.Height-y-touch-2*g
	if rowsHigh(choicesOnPage, themeSize(look.SizeKey), g) > room {
		columns = 2
	}
	rows := choicesOnPage / columns
	w := (s.Width - g*float32(columns-1)) / float32(columns)
	h := min((room-g*float32(rows-1))/float32(rows), 1.6*touch)
	for i, p := range c.plates {
		put(p, float32(i%columns)*(w+g), y+float32(i/columns)*(h+g), w, h)
	}
	third := (s.Width - 2*g) / 3
	foot := min(s.Height-touch, y+rowsHigh(rows, h, g)+g+2*u)
	put(c.back, 0, foot, third, touch)
	put(c.earlier, third+g, foot, third, touch)
	put(c.later, 2*(third+g), foot, third, touch)
}

func (c *choices) min() fyne.Size {
	g, touch := edgeGap(), touchHeight()
	return fyne.NewSize(9*touch, c.title.MinSize().Height+c.hint.MinSize().Height+themeSize(look.SizeUnit)+rowsHigh(4, touch, g)+g)
}

func (c *choices) show(m Model, b *words.Book) {
	c.question.show(m, b)
	for i, p := range c.plates {
		visible(p, i < len(m.Choices))
		if i < len(m.Choices) {
			c.ids[i] = m.Choices[i].ID
			p.say(m.Choices[i].Name, "")
			p.enable(!m.Busy)
		}
	}
	c.back.say(b.Say("kiosk.back"), "")
	c.earlier.say(b.Say("kiosk.earlier"), "")
	c.later.say(b.Say("kiosk.later"), "")
	visible(c.earlier, m.Earlier)
	visible(c.later, m.Later)
}
