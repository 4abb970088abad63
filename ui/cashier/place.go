package cashier

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// Options is what a cashier's place is made of.
type Options struct {
	Env   *kit.Env
	Flow  *flow.Flow
	Words *words.Book
	Zone  *time.Location // of the station; nil is UTC
	Cash  cash.Policy
	// Run carries out an effect away from the window's goroutine and brings its
	// answer back with Handle, on that goroutine. A Later waits first.
	Run func(flow.Effect)
	// StationName is said after the station's id, such as "Main office".
	StationName string
	// SamplePINs are shown on the sign-in page of a sample utility only, where all
	// of it is invented: the PIN of each person. Empty: there is no such column.
	SamplePINs map[staff.ID]string
	// Night and Large turn light and dark, and the size of text, the other way.
	// Nil: there is no key for it.
	Night, Large func()
	// SetUp leaves the place for the set-up of the devices, where MaySetUp says of
	// what the flow shows that it may be now. Nil: there is no key for it.
	SetUp    func()
	MaySetUp func(*flow.Model) bool
	// Reports leaves the place for the reports, where MayReport says of what the flow
	// shows that it may be now. Nil: there is no key for it.
	Reports   func()
	MayReport func(*flow.Model) bool
	// Followed is called after every event with what the flow shows, for the
	// customer's display. It must not block or change it. Nil: there is none.
	Followed func(*flow.Model)
}

// Place is the cashier's place.
type Place struct {
	o        Options
	env      *kit.Env
	content  *fyne.Container
	body     *fyne.Container
	status   *kit.StatusLine
	parts    []kit.Part
	pages    map[flow.Place]*page
	ask      *kit.Ask
	asked    string
	revision uint64
	at       flow.Place
	focus    flow.Field
	front    bool
	showing  bool
}

// New builds the place. Enter brings it to the front.
func New(o Options) *Place {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	p := &Place{o: o, env: o.Env, pages: map[flow.Place]*page{}, status: kit.NewStatusLine(nil)}
	o.Env.Keys.Show(p.layer()) // the pieces take their captions from the table
	p.ask = kit.NewAsk(o.Env)
	p.body = container.NewStack()
	p.build()
	p.content = kit.Page(p.status, p.body, kit.NewKeyBar(o.Env))
	o.Env.Keys.Watch(p.followFocus)
	return p
}

// build builds the pages, but for those of forms.
func (p *Place) build() {
	p.keep(flow.AtSignIn, p.signInPage())
	p.keep(flow.AtLock, p.lockPage())
	p.keep(flow.AtOpening, p.countPage(false))
	p.keep(flow.AtClosing, p.countPage(true))
	p.keep(flow.AtWindow, p.windowPage())
	p.keep(flow.AtUndo, p.undoPage())
	p.keep(flow.AtNoSale, p.noSalePage())
	p.keep(flow.AtReprint, p.reprintPage())
	p.keep(flow.AtCounted, p.countedPage())
	p.keep(flow.AtClosed, p.closedPage())
	p.keep(flow.AtHelp, p.helpPage())
	p.keep(flow.AtMenu, p.menuPage())
}

func (p *Place) keep(at flow.Place, pg *page) {
	pg.content.Hide()
	p.pages[at] = pg
	p.body.Add(pg.content)
}

// pageAt is the page of a place. Those of forms are built when they are gone to for
// the first time: they are many, and not needed for the first customer.
func (p *Place) pageAt(at flow.Place) *page {
	if p.pages[at] == nil {
		for _, a := range flow.Acts() {
			if a.Place() == at {
				p.keep(at, p.formPage(a))
			}
		}
	}
	return p.pages[at]
}

// Content is what goes into the window.
func (p *Place) Content() fyne.CanvasObject { return p.content }

// Start asks for what the place begins with: the staff, and what was typed before
// the program ended.
func (p *Place) Start() {
	for _, e := range p.o.Flow.Start() {
		p.o.Run(e)
	}
}

// Enter brings the place to the front: its keys replace all others. The content
// must be in the window.
func (p *Place) Enter() {
	p.front = true
	p.at, p.revision = "", 0
	p.show()
}

// Leave is called when another screen comes to the front.
func (p *Place) Leave() { p.front = false }

// Handle takes an event and shows what came of it.
func (p *Place) Handle(e flow.Event) {
	for _, effect := range p.o.Flow.Handle(e) {
		p.o.Run(effect)
	}
	p.show()
	if p.o.Followed != nil {
		p.o.Followed(p.o.Flow.Model())
	}
}

func (p *Place) press(a flow.Action) { p.Handle(flow.Pressed{Action: a}) }

// show shows the model, if it changed.
func (p *Place) show() {
	m := p.o.Flow.Model()
	if !p.front || p.showing || p.revision == m.Revision && p.at == m.Place {
		return
	}
	p.showing = true
	p.revision = m.Revision
	p.showStatus(m)
	pg := p.pageAt(m.Place)
	turned := p.at != m.Place
	if turned {
		p.turnTo(m.Place)
	}
	pg.fill(p, m)
	p.showAsk(m)
	if turned {
		p.env.Enter(p.layer(), nil)
		p.putAsk(m)
	} else {
		p.env.Keys.Changed()
	}
	p.showFocus(m, turned)
	p.showing = false
}

// showAnew shows the model in another size of text: there is room for more or less.
func (p *Place) showAnew() {
	if pg := p.pages[p.at]; pg != nil {
		pg.spoke = true
	}
	p.revision--
	p.show()
}

// turnTo shows another page.
func (p *Place) turnTo(at flow.Place) {
	if was := p.pages[p.at]; was != nil {
		was.content.Hide()
	}
	p.at = at
	p.pages[at].content.Show()
}

// showFocus puts the keyboard where the flow wants it, but only when that
// changed: whoever went to a button with Tab stays there.
func (p *Place) showFocus(m *flow.Model, turned bool) {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.content)
	if c == nil || !turned && p.focus == m.Focus && c.Focused() != nil {
		return
	}
	p.focus = m.Focus
	pg := p.pages[m.Place]
	if f := pg.fields[m.Focus]; f != nil {
		if !f.Focused() {
			f.Focus()
		}
		return
	}
	if list := pg.lists[m.Focus]; list != nil {
		c.Focus(list)
		return
	}
	c.Unfocus()
}

// followFocus tells the flow to which field the person went by Tab or by touch.
func (p *Place) followFocus() {
	if p.showing || !p.front {
		return
	}
	m := p.o.Flow.Model()
	pg := p.pages[m.Place]
	if pg == nil || p.at != m.Place {
		return
	}
	for name, f := range pg.fields {
		if f.Focused() && name != m.Focus {
			p.focus = name
			p.Handle(flow.Focused{Field: name})
			return
		}
	}
}

// showAsk puts the question of the model into the page, or takes it away.
func (p *Place) showAsk(m *flow.Model) {
	name := ""
	if m.Ask != nil {
		name = m.Ask.Name
		for _, arg := range m.Ask.Args {
			name += " " + arg
		}
	}
	if name == p.asked {
		return
	}
	p.asked = name
	p.putAsk(m)
}

func (p *Place) putAsk(m *flow.Model) {
	if m.Ask == nil {
		if p.ask.Open() || p.ask.Visible() {
			p.ask.Close()
		}
		return
	}
	var answers []kit.Answer
	for _, a := range m.Ask.Answers {
		answers = append(answers, kit.Answer{Key: keyOf(a), Label: p.caption(a), Weight: weightOf(a), Do: func() { p.press(a) }})
	}
	key := words.Key("cashier.ask." + m.Ask.Name)
	p.ask.Put(p.say(key+".what", m.Ask.Args), p.say(key+".detail", m.Ask.Args), answers...)
}

func weightOf(a flow.Action) kit.Weight {
	if a == flow.Discard || a == flow.VoidPaper {
		return kit.Danger
	}
	return kit.Plain
}
