package kiosk

import (
	"time"

	"fyne.io/fyne/v2"

	"gatehouse/desk/visit"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// list is the staff corner: who is in the building.
type list struct {
	question
	s                 *Screen
	content           *fyne.Container
	register          *kit.Register
	print, exit, quit *plate
	book              *words.Book
}

func newList(s *Screen, does func(Event) func()) *list {
	l := &list{question: newQuestion(), s: s}
	l.register = kit.NewRegister(s.d.Env, kit.RegisterOptions{Range: func(from, to, total int) string {
		return l.book.Say("common.pager.range", words.Args{"from": from, "to": to, "total": total})
	}})
	l.print = newPlate(look.SignPrinter, middle, look.SizeText, 2, does(Print{})).primary()
	l.exit = newPlate(look.SignLeft, middle, look.SizeText, 2, does(StartOver{}))
	l.quit = newPlate(look.SignClose, middle, look.SizeText, 2, does(Close{}))
	visible(l.quit, s.d.Quit != nil)
	l.content = shelve(&shelf{lay: l.lay, min: l.min}, l.title, l.sign, l.hint, l.register, l.print, l.exit, l.quit)
	return l
}

func (l *list) object() fyne.CanvasObject { return l.content }
func (l *list) field(Page) *kit.Field     { return nil }

func (l *list) lay(s fyne.Size) {
	g, touch := edgeGap(), touchHeight()
	q := &answers{title: l.title, hint: l.hint, sign: l.sign}
	y := q.layQuestion(0, s.Width)
	put(l.register, 0, y, s.Width, s.Height-y-touch-g)
	third := (s.Width - 2*g) / 3
	put(l.print, 0, s.Height-touch, third, touch)
	put(l.exit, third+g, s.Height-touch, third, touch)
	put(l.quit, 2*(third+g), s.Height-touch, third, touch)
}

func (l *list) min() fyne.Size {
	g, touch := edgeGap(), touchHeight()
	return fyne.NewSize(9*touch, l.title.MinSize().Height+l.hint.MinSize().Height+l.register.MinSize().Height+touch+2*g)
}

func (l *list) show(m Model, b *words.Book) {
	l.book = b
	l.question.show(m, b)
	if m.Problem == nil && !m.Busy {
		l.hint.SetText(l.summary(m, b))
	}
	l.register.SetColumns(l.columns(b))
	l.register.SetEmpty(b.Say("kiosk.list.nobody"))
	l.register.SetRows(l.rows(m, b))
	l.print.say(b.Say("kiosk.list.print"), "")
	l.exit.say(b.Say("kiosk.list.exit"), "")
	l.quit.say(b.Say("kiosk.list.quit"), "")
	l.print.enable(!m.Busy)
}

// columns are those there is room for: an upright screen leaves out where
// visitors come from.
func (l *list) columns(b *words.Book) []kit.Column {
	fit := func(key words.Key) kit.Column { return kit.Column{Title: b.Say(key), Fit: b.Say(key) + " 0"} }
	all := []kit.Column{fit("kiosk.list.number"), fit("kiosk.list.since"), {Title: b.Say("kiosk.list.name"), Share: 3, Bold: true},
		{Title: b.Say("kiosk.list.whom"), Share: 2}, {Title: b.Say("kiosk.list.from"), Share: 2}}
	if tall(l.s.content.Size()) {
		return all[:4]
	}
	return all
}

func (l *list) summary(m Model, b *words.Book) string {
	in, left := 0, 0
	for _, p := range m.Here {
		if p.Left == 0 {
			in++
		} else {
			left++
		}
	}
	text := b.Say("kiosk.list.hint", words.Args{"in": b.Say("kiosk.list.count", words.Args{"n": in}),
		"left": b.Say("kiosk.list.presumed", words.Args{"n": left}), "time": b.Time(l.s.d.Now().In(l.s.d.Location))})
	switch {
	case m.Printed && m.Paper:
		text += " " + b.Say("kiosk.list.printed")
	case m.Printed:
		text += " " + b.Say("kiosk.list.no_paper")
	}
	return text
}

func (l *list) rows(m Model, b *words.Book) []kit.Row {
	out := make([]kit.Row, 0, len(m.Here))
	for _, p := range m.Here {
		row := l.row(p, b)
		row.Cells = row.Cells[:len(l.columns(b))]
		out = append(out, row)
	}
	return out
}

func (l *list) row(p visit.Present, b *words.Book) kit.Row {
	at := func(micros int64) string { return b.Time(time.UnixMicro(micros).In(l.s.d.Location)) }
	row := kit.Row{ID: string(p.Number), Cells: []string{string(p.Number), at(p.At), p.Name, p.WhomDesk, p.Company}}
	if p.Left != 0 {
		row.Level = kit.Look
		row.Cells[2] += " (" + b.Say("kiosk.list.left", words.Args{"time": at(p.Left)}) + ")"
	}
	return row
}
