package cashier

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// page is what is shown at one place of the flow.
type page struct {
	content *fyne.Container
	fields  map[flow.Field]*kit.Field
	lists   map[flow.Field]*kit.Register // where the focus is a list
	refused map[flow.Field]*ledger.Refusal
	offered map[flow.Field]uint64 // texts proposed
	spoke   bool                  // a field says something else: it may need another height
	notice  *kit.Notice
	said    kit.Message
	show    func(*flow.Model)
}

func newPage() *page {
	return &page{fields: map[flow.Field]*kit.Field{}, lists: map[flow.Field]*kit.Register{},
		refused: map[flow.Field]*ledger.Refusal{}, offered: map[flow.Field]uint64{}, notice: kit.NewNotice()}
}

// fill shows the model on the page: texts and refusals of its fields, what is the
// page's own, then its notice.
func (pg *page) fill(p *Place, m *flow.Model) {
	for name, f := range pg.fields {
		in := m.Inputs[name]
		switch {
		case in.Propose != 0 && (f.Text() != in.Text || pg.offered[name] != in.Propose):
			f.Preset(in.Text)
			pg.refused[name] = nil
		case f.Text() != in.Text:
			f.SetText(in.Text)
			pg.refused[name] = nil
		}
		pg.offered[name] = in.Propose
		if pg.refused[name] != in.Refusal {
			pg.refused[name] = in.Refusal
			f.Refuse(p.refusal(in.Refusal))
		}
		f.Enable(!in.Locked)
		// One sentence at a time has room to spread: that of where the person is.
		f.Spread(name == m.Focus)
	}
	if pg.show != nil {
		pg.show(m)
	}
	pg.makeRoom()
	pg.sayNotice(p, m)
}

// makeRoom lays the page out again if a field says something else. Where there is
// no room for it, beside a notice for example, the field says less of it.
func (pg *page) makeRoom() {
	if !pg.spoke {
		return
	}
	pg.content.Refresh()
	if pg.content.MinSize().Height > pg.content.Size().Height {
		for _, f := range pg.fields {
			f.Spread(false)
		}
		pg.content.Refresh()
	}
	pg.spoke = false
}

// heard is called when a field says something else, be it that the model was shown
// or that the field itself refused a character.
func (pg *page) heard(p *Place) {
	first := !pg.spoke
	pg.spoke = true
	if first && !p.showing {
		pg.makeRoom()
		pg.sayNotice(p, p.o.Flow.Model())
	}
}

// sayNotice says what was just done or refused, or else what is wrong with the
// station. A question goes first.
func (pg *page) sayNotice(p *Place, m *flow.Model) {
	n := m.Notice
	if n == nil {
		n = m.Trouble
	}
	var message kit.Message
	switch text := pg.tooLong(p, m); {
	case m.Ask != nil:
	case text != "":
		message = p.refused(text)
	case n != nil:
		message = p.message(n)
	}
	if message == pg.said {
		return
	}
	pg.said = message
	if message == (kit.Message{}) {
		pg.notice.Clear()
		return
	}
	pg.notice.Say(message)
}

// tooLong is a refusal that has no room at its field, or whose field is a list: the
// notice says it whole.
func (pg *page) tooLong(p *Place, m *flow.Model) string {
	f := pg.fields[m.Focus]
	switch {
	case f == nil:
		return p.refusal(m.Inputs[m.Focus].Refusal)
	case f.Whole():
		return ""
	}
	return f.Refusal()
}

// fieldKind is what is typed into a field.
type fieldKind int

const (
	textField fieldKind = iota
	moneyField
	secretField
)

// field builds a field that tells the flow what is typed.
func (p *Place) field(pg *page, name flow.Field, kind fieldKind, o kit.FieldOptions) *kit.Field {
	if o.Max == 0 {
		o.Max = 80
		if kind == moneyField {
			o.Max = 24
		}
	}
	o.TooLong = p.o.Words.Say("common.field.too_long", words.Args{"max": o.Max})
	o.OnlyDigits = p.o.Words.Say("common.field.only_digits")
	if o.Lines == 0 {
		o.Lines, o.Grows = -1, true
	}
	o.OnSay = func() { pg.heard(p) }
	o.OnChange = func(text string) { p.Handle(flow.Typed{Field: name, Text: text}) }
	o.OnStray = func(text string) bool {
		p.Handle(flow.Strayed{Field: name, Text: text})
		return p.o.Flow.Model().Focus != name
	}
	var f *kit.Field
	switch kind {
	case moneyField:
		f = kit.NewMoneyField(p.env, o)
	case secretField:
		o.Max = 12
		f = kit.NewSecret(p.env, o)
	default:
		f = kit.NewField(p.env, o)
	}
	pg.fields[name] = f
	return f
}

// list is a register whose rows are the model's.
type list struct {
	register *kit.Register
	rows     []kit.Row
	empty    string
}

// newList builds a register; rows are known by their place.
func (p *Place) newList(which flow.List, columns ...kit.Column) *list {
	l := &list{}
	at := func(r kit.Row) int { n, _ := strconv.Atoi(r.ID); return n }
	l.register = kit.NewRegister(p.env, kit.RegisterOptions{
		Columns: columns,
		Range: func(from, to, total int) string {
			return p.o.Words.Say("common.pager.range", words.Args{"from": from, "to": to, "total": total})
		},
		OnSelect: func(r kit.Row) {
			if !p.showing {
				p.Handle(flow.Picked{List: which, Row: at(r)})
			}
		},
		OnOpen: func(r kit.Row) { p.Handle(flow.Picked{List: which, Row: at(r), Open: true}) },
	})
	return l
}

// setEmpty says why there are no rows.
func (l *list) setEmpty(text string) {
	if l.empty != text {
		l.empty = text
		l.register.SetEmpty(text)
	}
}

// set shows rows and which is chosen; -1 is none.
func (l *list) set(rows []kit.Row, chosen int) {
	for i := range rows {
		rows[i].ID = strconv.Itoa(i)
	}
	same := slices.EqualFunc(rows, l.rows, func(a, b kit.Row) bool {
		return a.Level == b.Level && slices.Equal(a.Cells, b.Cells)
	})
	if !same {
		l.rows = rows
		l.register.SetRows(rows)
	}
	switch now, ok := l.register.Selected(); {
	case chosen < 0:
		l.register.SelectNone()
	case !ok || now.ID != strconv.Itoa(chosen):
		l.register.Select(strconv.Itoa(chosen))
	}
}

// relay lays a container out again after something in it came or went.
func relay(c *fyne.Container) { c.Layout.Layout(c.Objects, c.Size()) }

// shown makes an object visible or not, and reports whether that changed.
func shown(o fyne.CanvasObject, on bool) bool {
	if o.Visible() == on {
		return false
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}
