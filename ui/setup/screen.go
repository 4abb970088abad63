package setup

import (
	"fyne.io/fyne/v2"

	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/setup/flow"
	"gatehouse/ui/words"
)

// Options is what a screen is made of.
type Options struct {
	Env     *kit.Env
	Flow    *flow.Flow
	Words   *words.Book
	Station string
	// Run carries out an effect away from the window's goroutine and brings what
	// comes of it back with Handle, on that goroutine.
	Run func(flow.Effect)
}

// Screen is the set-up in the window.
type Screen struct {
	o       Options
	content *fyne.Container
	page    *fyne.Container
	buttons *fyne.Container
	status  *kit.StatusLine
	title   *kit.Text
	text    *kit.Text
	port    *kit.Field
	address *kit.Field      // of central
	code    *kit.Field      // to enrol with
	central *fyne.Container // both
	list    *kit.Register
	notice  *kit.Notice
	keys    map[flow.Action]*kit.KeyButton

	at      flow.Step
	showing bool
}

// New builds the screen. Enter brings it to the front.
func New(o Options) *Screen {
	s := &Screen{o: o, status: kit.NewStatusLine(nil), notice: kit.NewNotice(), keys: map[flow.Action]*kit.KeyButton{}}
	o.Env.Keys.Show(s.layer()) // the buttons take their captions from it
	s.title = kit.NewLine("", kit.Big())
	s.text = kit.NewParagraph("", kit.Body(), 2)
	s.port = kit.NewField(o.Env, kit.FieldOptions{Caption: s.say("setup.says.other_port"), Max: 200, TooLong: s.say("common.field.too_long", words.Args{"max": 200}),
		OnChange: func(text string) { s.Handle(flow.Typed{Text: text}) }})
	s.address = kit.NewField(o.Env, kit.FieldOptions{Caption: s.say("setup.says.address"), Hint: "https://", Max: 200, TooLong: s.say("common.field.too_long", words.Args{"max": 200}),
		OnChange: func(text string) { s.Handle(flow.Placed{Text: text}) }})
	s.code = kit.NewField(o.Env, kit.FieldOptions{Caption: s.say("setup.says.code"), Max: 40, TooLong: s.say("common.field.too_long", words.Args{"max": 40}),
		OnChange: func(text string) { s.Handle(flow.Coded{Text: text}) }})
	s.central = kit.Split([]float32{3, 2}, s.address, s.code)
	s.list = kit.NewRegister(o.Env, kit.RegisterOptions{Columns: s.columns(flow.AtPort),
		Range: func(from, to, total int) string {
			return s.say("common.pager.range", words.Args{"from": from, "to": to, "total": total})
		},
		OnSelect: func(kit.Row) { s.picked() }})
	var all []fyne.CanvasObject
	var shares []float32
	for _, b := range bindings() {
		switch {
		case b.quiet:
			continue
		case b.key == keys.Enter: // what is to be done next has the room
			s.keys[b.action] = kit.NewBigButton(o.Env, keys.Action(b.action), kit.Primary)
			shares = append(shares, 1)
		default:
			s.keys[b.action] = kit.NewKeyButton(o.Env, keys.Action(b.action), kit.Plain)
			shares = append(shares, 0)
		}
		all = append(all, s.keys[b.action])
	}
	s.buttons = kit.Split(shares, all...)
	s.page = kit.Stack([]float32{0, 0, 0, 0, 1, 0, 0}, s.title, s.text, s.port, s.central, s.list, s.notice, s.buttons)
	s.content = kit.Page(s.status, s.page, kit.NewKeyBar(o.Env))
	return s
}

// bound is one line of the table of keys.
type bound struct {
	key    keys.Key
	also   keys.Key
	action flow.Action
	quiet  bool
}

// bindings are all keys. Where a key stands twice, the first that can be done has
// it: Enter is what is to be done next.
func bindings() []bound {
	return []bound{
		{keys.Enter, "", flow.Search, false},
		{keys.Enter, "", flow.Next, false},
		{keys.Enter, "", flow.Pick, false},
		{keys.Enter, "", flow.Learn, false},
		{keys.Enter, "", flow.Print, false},
		{keys.Enter, "", flow.Whole, false},
		{keys.Enter, "", flow.Seen, false},
		{keys.Enter, "", flow.Meet, false},
		{keys.Enter, "", flow.Trust, false},
		{keys.Enter, "", flow.Save, false},
		{keys.Enter, "", flow.Open, false},
		{keys.F3, "", flow.Broken, false},
		{keys.F4, "", flow.Other, false},
		{keys.F5, keys.Enter, flow.Again, false},
		{keys.F6, "", flow.Listen, false},
		{keys.F6, "", flow.ShowA, false},
		{keys.F7, "", flow.ShowB, false},
		{keys.F8, "", flow.Absent, false},
		{keys.F9, "", flow.Reads, false},
		{keys.Esc, "", flow.Back, false},
		{keys.Up, "", flow.Up, true},
		{keys.Down, "", flow.Down, true},
	}
}

func (s *Screen) layer() keys.Layer {
	return keys.Layer{Sole: true, Table: s.Table(), Do: func(a keys.Action) { s.Handle(flow.Pressed{Action: flow.Action(a)}) },
		OnScan: func(text string) { s.Handle(flow.Scanned{Text: text}) },
		Scans:  func(string) bool { return s.o.Flow.Model().Step == flow.AtScanner }}
}

// Table is the table of keys of all steps.
func (s *Screen) Table() keys.Table {
	var table keys.Table
	for _, b := range bindings() {
		binding := keys.Binding{Key: b.key, Label: s.say(caption(b.action)), Action: keys.Action(b.action), Quiet: b.quiet,
			When: func() bool { return s.o.Flow.Can(b.action) }}
		if b.also != "" {
			binding.Also = []keys.Key{b.also}
		}
		table = append(table, binding)
	}
	return table
}

func (s *Screen) say(key words.Key, args ...words.Args) string { return s.o.Words.Say(key, args...) }

// Content is what goes into the window.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Enter brings the screen to the front: its keys replace all others.
func (s *Screen) Enter() {
	s.at = ""
	s.show()
}

// Leave is called when another screen comes to the front.
func (s *Screen) Leave() {}

// Start asks for what the set-up begins with.
func (s *Screen) Start() { s.run(s.o.Flow.Start()) }

// Handle takes an event and shows what came of it.
func (s *Screen) Handle(e flow.Event) {
	if s.showing {
		return // it is the screen's own doing
	}
	s.run(s.o.Flow.Handle(e))
	s.show()
}

func (s *Screen) run(effects []flow.Effect) {
	for _, e := range effects {
		s.o.Run(e)
	}
}

// picked tells the flow which row was chosen by touch.
func (s *Screen) picked() {
	row, ok := s.list.Selected()
	if !ok || s.showing {
		return
	}
	for i, r := range s.list.Rows() {
		if r.ID == row.ID {
			s.Handle(flow.Picked{Row: i})
		}
	}
}

// show shows the model.
func (s *Screen) show() {
	m := s.o.Flow.Model()
	s.showing = true
	turned := s.at != m.Step
	s.at = m.Step
	s.showHead(m)
	if turned {
		s.list.SetColumns(s.columns(m.Step))
	}
	s.showList(m)
	s.showNotice(m)
	for action, b := range s.keys {
		shown(b, s.o.Flow.Can(action) || action == flow.Back && !m.Saved)
	}
	if turned {
		s.port.SetText(m.Typed)
		s.address.SetText(m.Address)
		s.code.SetText(m.Code)
		first := map[flow.Step]*kit.Field{flow.AtPort: s.port, flow.AtCentral: s.address}[m.Step]
		s.o.Env.Enter(s.layer(), first)
	} else {
		s.o.Env.Keys.Changed()
	}
	relay(s.buttons)
	relay(s.central)
	relay(s.page)
	s.showing = false
}

func (s *Screen) showHead(m *flow.Model) {
	at := 0
	for i, step := range flow.Steps() {
		if step == m.Step {
			at = i + 1
		}
	}
	s.status.Set(kit.Part{ID: "name", Text: s.o.Station}, kit.Part{ID: "what", Text: s.say("setup.says.name")},
		kit.Part{ID: "step", Text: s.say("setup.says.step", words.Args{"at": at, "of": len(flow.Steps())})})
	step := "setup.step." + words.Key(m.Step)
	s.title.SetText(s.say(step+".title", words.Args{"port": m.Settings.Port}))
	s.text.SetText(s.say(step + ".text"))
	shown(s.port, m.Step == flow.AtPort)
	shown(s.central, m.Step == flow.AtCentral)
	if m.Refused {
		s.port.Refuse(s.say("setup.says.no_port"))
	}
	if m.BadPlace != "" {
		s.address.Refuse(s.say("setup.says." + words.Key(m.BadPlace)))
	}
	if m.BadCode {
		s.code.Refuse(s.say("setup.says.no_code"))
	}
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

// relay lays a container out again: the toolkit does not when a child appears.
// Twice, because the height of a text follows from its width.
func relay(c *fyne.Container) {
	for range 2 {
		c.Layout.Layout(c.Objects, c.Size())
	}
}
