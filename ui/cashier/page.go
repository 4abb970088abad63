package cashier

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// page is what is shown at one place of the flow.
type page struct {
	content *fyne.Container
	fields  map[flow.Field]*kit.Field
	lists   map[flow.Field]*kit.Register // where the focus is a list
	refused map[flow.Field]*ledger.Refusal
	notice  *kit.Notice
	said    kit.Message
	show    func(*flow.Model)
}

func newPage() *page {
	return &page{fields: map[flow.Field]*kit.Field{}, lists: map[flow.Field]*kit.Register{},
		refused: map[flow.Field]*ledger.Refusal{}, notice: kit.NewNotice()}
}

// fill shows the model on the page: texts and refusals of its fields, its notice,
// then what is the page's own.
func (pg *page) fill(p *Place, m *flow.Model) {
	for name, f := range pg.fields {
		in := m.Inputs[name]
		if f.Text() != in.Text {
			if in.Propose {
				f.Preset(in.Text)
			} else {
				f.SetText(in.Text)
			}
			pg.refused[name] = nil
		} else if in.Propose && in.Refusal == nil && !f.Focused() {
			f.Preset(in.Text)
		}
		if pg.refused[name] != in.Refusal {
			pg.refused[name] = in.Refusal
			f.Refuse(p.refusal(in.Refusal))
		}
		f.Enable(!in.Locked)
	}
	pg.sayNotice(p, m)
	if pg.show != nil {
		pg.show(m)
	}
}

// sayNotice says what was just done or refused, or else what is wrong with the
// station. A question goes first.
func (pg *page) sayNotice(p *Place, m *flow.Model) {
	n := m.Notice
	if n == nil {
		n = m.Trouble
	}
	if r := pg.tooLong(p, m); r != nil {
		n = &flow.Notice{Level: flow.Bad, Refusal: r}
	}
	var message kit.Message
	if n != nil && m.Ask == nil {
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

// tooLong is a refusal that has no room beside its field, or whose field is a
// list: the notice says it whole.
func (pg *page) tooLong(p *Place, m *flow.Model) *ledger.Refusal {
	r := m.Inputs[m.Focus].Refusal
	if r == nil {
		return nil
	}
	f := pg.fields[m.Focus]
	if f == nil {
		return r
	}
	t := fyne.CurrentApp().Settings().Theme()
	caption := t.Size(look.SizeCaption)
	room := f.Size().Width - fyne.MeasureText(captionOf(f), caption, fyne.TextStyle{}).Width - 3*t.Size(look.SizeIcon)
	if fyne.MeasureText(p.refusal(r), caption, fyne.TextStyle{Bold: true}).Width <= room {
		return nil
	}
	return r
}

func captionOf(f *kit.Field) string {
	if c, ok := f.Focusable().(interface{ Caption() string }); ok {
		return c.Caption()
	}
	return ""
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
		o.Lines = -1
	}
	o.OnChange = func(text string) { p.Handle(flow.Typed{Field: name, Text: text}) }
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

// set shows rows and which is chosen.
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
	if now, ok := l.register.Selected(); ok && now.ID != strconv.Itoa(chosen) {
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
