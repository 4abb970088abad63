package kiosk

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"gatehouse/desk/visit"
	"gatehouse/ledger"
	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// Deps is what the kiosk's screen needs.
type Deps struct {
	Env      *kit.Env // of its window
	Desk     Desk
	Visits   Visits
	Printer  Printer
	Policy   visit.Policy
	Utility  string         // name, at the top
	Location *time.Location // of the utility; nil is UTC
	Now      ledger.Clock
	Log      *slog.Logger
	// Away runs something away from the window's thread, and OnWindow brings
	// something back to it (fyne.Do).
	Away, OnWindow func(func())
	// Quit closes the program, from the staff corner. Nil: it cannot be closed.
	Quit func()
}

// workTime is how long the desk may take before the screen says that it works.
const workTime = 200 * time.Millisecond

// holdTime is how long the sign is held to open the staff corner.
const holdTime = 4 * time.Second

// Screen shows the flow. It is built once.
type Screen struct {
	d     Deps
	flow  *Flow
	books map[visit.Language]*words.Book
	shown Model
	since time.Time // when the order on its way was sent
	held  time.Time // when a finger was put on the sign

	frame   *frame
	content *fyne.Container
	head    *head
	warning *warning
	pages   map[Page]page
	fields  []*kit.Field
}

// page is one page of the screen.
type page interface {
	object() fyne.CanvasObject
	show(Model, *words.Book)
	field(Page) *kit.Field // what is typed into; nil if nothing is
}

// New builds the screen. It fails for a policy without languages, or with one
// that has no sentences.
func New(d Deps) (*Screen, error) {
	if d.Location == nil {
		d.Location = time.UTC
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	s := &Screen{d: d, books: map[visit.Language]*words.Book{}}
	if len(d.Policy.Languages) == 0 {
		return nil, fmt.Errorf("open the kiosk: the policy has no [visit] with languages")
	}
	for _, l := range d.Policy.Languages {
		b, err := words.For(words.Lang(l))
		if err != nil {
			return nil, fmt.Errorf("open the kiosk: %w", err)
		}
		s.books[l] = b
	}
	s.flow = NewFlow(FlowDeps{Policy: d.Policy, Printer: d.Printer, Now: d.Now, NewID: d.Desk.NewID})
	s.build()
	return s, nil
}

// Content is the whole screen, for a window without padding.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Enter brings the kiosk to the front of its window.
func (s *Screen) Enter() { s.show(true) }

// Model is what the kiosk shows now. It holds what a visitor typed: show it to
// nobody else, and keep it nowhere.
func (s *Screen) Model() Model { return s.flow.Model() }

// Tick lets time pass. Call it a few times a second, on the window's thread.
func (s *Screen) Tick() { s.handle(Tick{}) }

// Run ticks until the context ends.
func (s *Screen) Run(ctx context.Context) {
	t := time.NewTicker(workTime)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			s.d.OnWindow(s.Tick)
		case <-ctx.Done():
			return
		}
	}
}

// handle gives the flow an event and shows what became of it.
func (s *Screen) handle(e Event) {
	before := s.flow.Model().Busy
	effects := s.flow.Handle(e)
	if s.flow.Model().Busy && !before {
		s.since = s.d.Now()
	}
	s.show(false)
	s.refocus()
	for _, effect := range effects {
		if _, quit := effect.(Quit); quit {
			s.d.Quit()
			return
		}
		s.d.Away(func() {
			answer := run(s.d.Desk, s.d.Visits, s.d.Log, effect)
			s.d.OnWindow(func() { s.handle(answer) })
		})
	}
}

func (s *Screen) build() {
	does := func(e Event) func() { return func() { s.handle(e) } }
	s.head = newHead(s, does)
	s.warning = newWarning(does)
	s.pages = map[Page]page{Doors: newDoors(s, does), Help: newHelp(does), List: newList(s, does)}
	letters, digits := newLetters(s, does), newDigits(s, does)
	s.fields = []*kit.Field{letters.typed, digits.badge, digits.pin}
	choices, result := newChoices(s, does), newResult(s, does)
	for p, built := range map[Page]page{Name: letters, Company: letters, StaffWho: letters, Leaving: digits, StaffPIN: digits,
		Services: choices, Whom: choices, Number: result, Badge: result, Left: result} {
		s.pages[p] = built
	}
	s.frame = &frame{
		back: canvas.NewRectangle(nil), head: s.head.content, warning: s.warning.content,
		over:  newPlate(look.SignClose, above, look.SizeText, 2, does(StartOver{})),
		reach: newPlate(look.SignLowReach, above, look.SizeText, 2, does(Reach{})),
		help:  newPlate(look.SignInfo, above, look.SizeText, 2, does(AskHelp{})),
		page:  &fyne.Container{},
	}
	s.content = s.frame.content()
}

// show shows the model; anew also takes the keys and the focus.
func (s *Screen) show(anew bool) {
	m := s.flow.Model()
	// Most orders are done before anybody could read that they are.
	m.Busy = m.Busy && s.d.Now().Sub(s.since) >= workTime
	b := s.books[m.Language]
	turned := anew || m.Page != s.shown.Page || (m.Warning > 0) != (s.shown.Warning > 0)
	if !turned && reflect.DeepEqual(m, s.shown) {
		s.head.show(m, b)
		return
	}
	s.shown = m
	current := s.pages[m.Page]
	s.head.show(m, b)
	current.show(m, b)
	s.warning.show(m, b)
	s.corners(m, b)
	if turned {
		s.frame.page = current.object()
		s.content.Objects[2] = s.frame.page
	}
	s.content.Refresh()
	if turned {
		s.enter(m, current)
	}
}

// corners shows start over, reach and help, where they always are.
func (s *Screen) corners(m Model, b *words.Book) {
	f := s.frame
	f.back.FillColor = fyne.CurrentApp().Settings().Theme().Color(look.ColorBackground, 0)
	f.over.say(b.Say("kiosk.start_over"), "")
	f.help.say(b.Say("kiosk.help"), "")
	reach := words.Key("kiosk.reach")
	if m.Low {
		reach = "kiosk.reach_back"
	}
	f.reach.say(b.Say(reach), "")
	f.reach.hold(m.Low)
	f.low = m.Low
	visible(f.over, m.Page != Doors)
	visible(f.help, m.Page != Doors && m.Page != Help && m.Page != List)
	visible(s.warning.content, m.Warning > 0)
}

// What keys do where there is a keyboard.
const (
	actionStaff keys.Action = "kiosk.staff"
	actionNext  keys.Action = "kiosk.next"
)

// enter takes the window's keys for the page.
func (s *Screen) enter(m Model, p page) {
	layer := keys.Layer{Sole: true, Do: s.key, OnScan: func(text string) { s.handle(Scanned{text}) }, Scans: coded, Table: keys.Table{
		{Key: keys.Ctrl("L"), Label: "L", Action: actionStaff, Quiet: true, When: func() bool { return s.shown.Page == Doors }},
		{Key: keys.Enter, Label: "Enter", Action: actionNext, Quiet: true},
	}}
	field := p.field(m.Page)
	for _, f := range s.fields {
		switch {
		case f != field && f.Text() != "":
			f.SetText("") // what somebody typed stays nowhere, not even unseen
		case f == field && f.Text() != m.Typed:
			f.SetText(m.Typed)
		}
	}
	// Two pages share a field. It must lose the focus to be given it anew, or the
	// keys on the screen would not know where to type.
	s.d.Env.Enter(layer, nil)
	if field != nil && m.Warning == 0 {
		s.d.Env.Enter(layer, field)
	}
}

// coded reports whether a text that came as fast as a scan can be one: a code has a
// digit in it, and what a visitor types, a name, has none.
func coded(text string) bool { return strings.ContainsAny(text, "0123456789") }

func (s *Screen) key(a keys.Action) {
	switch {
	case a == actionStaff:
		s.handle(Open{StaffWho})
	case s.shown.Warning > 0:
		s.handle(Stay{})
	default:
		s.handle(Next{})
	}
}

// refocus gives the field back what a touch elsewhere took from it.
func (s *Screen) refocus() {
	if f := s.pages[s.shown.Page].field(s.shown.Page); f != nil && s.shown.Warning == 0 && !f.Focused() {
		f.Focus()
	}
}

// press and release are a finger on the sign at the top left. Held long enough,
// it opens the staff corner.
func (s *Screen) press() { s.held = s.d.Now() }

func (s *Screen) release() {
	if s.d.Now().Sub(s.held) >= holdTime && s.shown.Page == Doors {
		s.handle(Open{StaffWho})
	}
}

// problem is the sentence for why something could not be done.
func problem(p *Problem, b *words.Book) string {
	key := words.Key("kiosk.refusal." + p.Code)
	if !b.Has(key) {
		key = "kiosk.refusal.other"
	}
	args := words.Args{}
	for name, value := range p.Args {
		args[name] = value
	}
	return b.Say(key, args)
}

func visible(o fyne.CanvasObject, on bool) {
	if o.Visible() == on {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}
