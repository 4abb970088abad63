package lead

import (
	"strconv"

	"fyne.io/fyne/v2"

	"gatehouse/desk/report"
	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/lead/flow"
	"gatehouse/ui/words"
)

// Options is what a screen is made of.
type Options struct {
	Env     *kit.Env
	Flow    *flow.Flow
	Words   *words.Book
	Station string
	// Run carries an effect out away from the window's goroutine and brings what
	// comes of it back with Handle, on that goroutine.
	Run func(flow.Effect)
}

// Screen is the reports in the window.
type Screen struct {
	o       Options
	content *fyne.Container
	page    *fyne.Container
	dates   *fyne.Container
	status  *kit.StatusLine
	title   *kit.Text
	text    *kit.Text
	facts   *kit.Register
	from    *kit.Field
	to      *kit.Field
	kinds   *kit.Register
	table   *kit.Register
	bars    *bars
	notice  *kit.Notice
	buttons *fyne.Container
	keys    map[flow.Action]*kit.KeyButton

	at      flow.Place
	shows   *report.Table
	said    kit.Message
	showing bool
}

// New builds the screen. Enter brings it to the front.
func New(o Options) *Screen {
	s := &Screen{o: o, status: kit.NewStatusLine(nil), notice: kit.NewNotice(), bars: newBars(), keys: map[flow.Action]*kit.KeyButton{}}
	o.Env.Keys.Show(s.layer()) // the buttons take their captions from it
	s.title, s.text = kit.NewLine("", kit.Big()), kit.NewParagraph("", kit.Body(), 2)
	s.facts = s.register(nil)
	s.from, s.to = s.field(flow.From, "lead.says.from"), s.field(flow.To, "lead.says.to")
	s.dates = kit.Split([]float32{1, 1}, s.from, s.to)
	s.kinds = s.register([]kit.Column{{Title: s.say("lead.column.report"), Bold: true, Share: 2}, {Title: s.say("lead.column.shows"), Share: 5}})
	s.table = s.register(nil)
	rows := make([]kit.Row, 0, len(report.Kinds()))
	for i, k := range report.Kinds() {
		key := words.Key(k.Name)
		rows = append(rows, kit.Row{ID: strconv.Itoa(i), Cells: []string{s.say("lead.title." + key), s.say("lead.shows." + key)}})
	}
	s.kinds.SetRows(rows)
	var all []fyne.CanvasObject
	var shares []float32
	for _, b := range bindings() {
		switch {
		case b.quiet:
			continue
		case b.key == keys.Enter:
			s.keys[b.action] = kit.NewBigButton(o.Env, keys.Action(b.action), kit.Primary)
			shares = append(shares, 1)
		default:
			s.keys[b.action] = kit.NewKeyButton(o.Env, keys.Action(b.action), kit.Plain)
			shares = append(shares, 0)
		}
		all = append(all, s.keys[b.action])
	}
	s.buttons = kit.Split(shares, all...)
	s.page = kit.Stack([]float32{0, 0, 0, 1, 1, 1, 1, 0, 0}, s.title, s.text, s.dates, s.facts, s.kinds, s.table, s.bars, s.notice, s.buttons)
	s.content = kit.Page(s.status, s.page, kit.NewKeyBar(o.Env))
	return s
}

func (s *Screen) field(name flow.Field, caption words.Key) *kit.Field {
	const most = 10 // 2026-11-23
	return kit.NewField(s.o.Env, kit.FieldOptions{Caption: s.say(caption), Max: most, TooLong: s.say("common.field.too_long", words.Args{"max": most}),
		OnChange: func(text string) { s.Handle(flow.Typed{Field: name, Text: text}) }})
}

func (s *Screen) register(columns []kit.Column) *kit.Register {
	return kit.NewRegister(s.o.Env, kit.RegisterOptions{Columns: columns,
		Range: func(from, to, total int) string {
			return s.say("common.pager.range", words.Args{"from": from, "to": to, "total": total})
		},
		OnSelect: func(r kit.Row) { s.picked(r, false) },
		OnOpen:   func(r kit.Row) { s.picked(r, true) }})
}

func (s *Screen) picked(r kit.Row, open bool) {
	if n, err := strconv.Atoi(r.ID); err == nil && !s.showing && s.at == flow.AtList {
		s.Handle(flow.Picked{Row: n, Open: open})
	}
}

// bound is one line of the table of keys.
type bound struct {
	key    keys.Key
	action flow.Action
	quiet  bool
}

// bindings are all keys. Where a key stands twice, the first that can be done has it.
func bindings() []bound {
	return []bound{
		{keys.Enter, flow.Make, false},
		{keys.F2, flow.Today, false},
		{keys.F3, flow.Month, false},
		{keys.F4, flow.Year, false},
		{keys.F5, flow.Picture, false},
		{keys.F9, flow.Save, false},
		{keys.Esc, flow.Back, false},
		{keys.Up, flow.RowUp, true},
		{keys.Down, flow.RowDown, true},
		{keys.PageUp, flow.PageUp, true},
		{keys.PageDown, flow.PageDown, true},
	}
}

func (s *Screen) layer() keys.Layer { return keys.Layer{Sole: true, Table: s.Table(), Do: s.do} }

// do hands an action to the flow; turning the pages of a table and of its facts is
// their own.
func (s *Screen) do(a keys.Action) {
	switch flow.Action(a) {
	case flow.PageUp:
		s.table.PageUp()
		s.facts.PageUp()
	case flow.PageDown:
		s.table.PageDown()
		s.facts.PageDown()
	default:
		s.Handle(flow.Pressed{Action: flow.Action(a)})
	}
}

// Table is the table of keys of both pages.
func (s *Screen) Table() keys.Table {
	var table keys.Table
	for _, b := range bindings() {
		table = append(table, keys.Binding{Key: b.key, Label: s.say("lead.key." + words.Key(b.action[len("lead."):])), Action: keys.Action(b.action), Quiet: b.quiet,
			When: func() bool { return s.o.Flow.Can(b.action) }})
	}
	return table
}

func (s *Screen) say(key words.Key, args ...words.Args) string { return s.o.Words.Say(key, args...) }

// Model is what is shown.
func (s *Screen) Model() *flow.Model { return s.o.Flow.Model() }

// Content is what goes into the window.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Enter brings the screen to the front: its keys replace all others.
func (s *Screen) Enter() {
	s.at = ""
	s.show()
}

// Leave is called when another screen comes to the front.
func (s *Screen) Leave() {}

// Handle takes an event and shows what came of it.
func (s *Screen) Handle(e flow.Event) {
	if s.showing {
		return // it is the screen's own doing
	}
	for _, effect := range s.o.Flow.Handle(e) {
		s.o.Run(effect)
	}
	s.show()
}

// show shows the model.
func (s *Screen) show() {
	m := s.o.Flow.Model()
	s.showing = true
	turned := s.at != m.Place
	s.at = m.Place
	s.status.Set(kit.Part{ID: "name", Text: s.o.Station}, kit.Part{ID: "what", Text: s.say("lead.says.name")}, kit.Part{ID: "who", Text: m.Name})
	s.showList(m)
	s.showReport(m)
	s.showNotice(m)
	for action, b := range s.keys {
		shown(b, s.o.Flow.Can(action))
	}
	if turned {
		var first *kit.Field
		if m.Place == flow.AtList {
			first = s.from
		}
		s.o.Env.Enter(s.layer(), first)
	} else {
		s.o.Env.Keys.Changed()
	}
	relay(s.buttons)
	relay(s.page)
	s.showing = false
}

func (s *Screen) showList(m *flow.Model) {
	list := m.Place == flow.AtList
	shown(s.dates, list)
	shown(s.kinds, list)
	if !list {
		return
	}
	s.title.SetText(s.say("lead.says.title"))
	s.text.SetText(s.say("lead.says.text"))
	s.kinds.Select(strconv.Itoa(m.Chosen))
	for f, text := range map[*kit.Field]string{s.from: m.From, s.to: m.To} {
		if f.Text() != text {
			f.SetText(text)
		}
	}
	for f, name := range map[*kit.Field]flow.Field{s.from: flow.From, s.to: flow.To} {
		if m.Refused[name] {
			f.Refuse(s.say("lead.says.no_date"))
		}
	}
}

func (s *Screen) showNotice(m *flow.Model) {
	message := s.message(m)
	if message == s.said {
		return
	}
	s.said = message
	if message == (kit.Message{}) {
		s.notice.Clear()
		return
	}
	s.notice.Say(message)
}

func (s *Screen) message(m *flow.Model) kit.Message {
	switch {
	case m.Refusal != nil:
		return kit.Message{Level: kit.Refused, What: s.o.Words.Refusal(m.Refusal.Code, m.Refusal.Args, m.Refusal.Error())}
	case m.Trouble != "":
		return kit.Message{Level: kit.Refused, What: s.say("lead.says.trouble", words.Args{"cause": m.Trouble})}
	case m.Saved != "":
		return kit.Message{Level: kit.Done, What: s.say("lead.says.saved", words.Args{"path": m.Saved})}
	case m.Busy:
		return kit.Message{Level: kit.Quiet, What: s.say("lead.says.busy")}
	case m.Table != nil && m.Table.Disagrees():
		return kit.Message{Level: kit.Refused, What: s.say("lead.says.disagrees")}
	}
	return kit.Message{}
}

// shown shows or hides an object and reports whether that changed anything.
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

// relay lays a container out again: the toolkit does not when a child appears. Twice,
// because the height of a text follows from its width.
func relay(c *fyne.Container) {
	for range 2 {
		c.Layout.Layout(c.Objects, c.Size())
	}
}
