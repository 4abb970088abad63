package kiosk

import (
	"time"

	"gatehouse/desk"
	"gatehouse/desk/staff"
	"gatehouse/desk/visit"
	"gatehouse/ledger"
)

// Page is one screen.
type Page string

// The pages.
const (
	Doors    Page = "doors"
	Services Page = "services"  // what the number is for
	Number   Page = "number"    // here it is
	Name     Page = "name"      // of the visitor
	Company  Page = "company"   // they come from
	Whom     Page = "whom"      // they visit
	Badge    Page = "badge"     // signed in
	Leaving  Page = "leaving"   // number of the badge
	Left     Page = "left"      // signed out
	Help     Page = "help"      // where somebody helps
	StaffWho Page = "staff_who" // who opens the staff corner
	StaffPIN Page = "staff_pin"
	List     Page = "list" // who is in the building
)

// The times of a visit.
const (
	idleTime    = 60 * time.Second // without a touch, until the warning
	warningTime = 30 * time.Second // the warning lasts; the law asks for 20
	resultTime  = 20 * time.Second // a number stays
)

// choicesOnPage is how many choices a page shows; the rest is on further pages.
const choicesOnPage = 6

// Choice is something to choose: a service or a department.
type Choice struct{ ID, Name string }

// Problem is why something could not be done. Code is a refusal's, or Fault.
type Problem struct {
	Code  string
	Field string
	Args  map[string]string
	Own   string // the rule's own sentence, in English
}

// Fault is the code of a problem that is not a rule's: the disk, the program.
const Fault = "kiosk.fault"

// Model is what the screen shows.
type Model struct {
	Page     Page
	Language visit.Language
	Low      bool // everything moved within reach of somebody sitting
	Busy     bool // an order is on its way
	Typed    string
	Choices  []Choice
	Earlier  bool // there are choices on the page before
	Later    bool // and on the next
	Number   visit.Number
	Whom     string // on the badge page: where to go
	Escorted bool   // and that the visitor is fetched
	Paper    bool   // the printer can print
	Problem  *Problem
	Warning  int // seconds left; 0 while there is no warning
	Here     []visit.Present
	Printed  bool // the list is on its way to the printer
}

// Printer says whether paper will come out. It answers from memory, at once.
type Printer interface{ Ready() bool }

// FlowDeps is what a flow needs.
type FlowDeps struct {
	Policy  visit.Policy
	Printer Printer
	Now     ledger.Clock                     // with its monotonic reading, where there is one
	NewID   func() (ledger.CommandID, error) // the desk's
}

// Flow is what the kiosk is doing.
type Flow struct {
	d       FlowDeps
	m       Model
	form    form
	touched time.Time // last touch
	shown   time.Time // when the page came
	waiting ledger.CommandID
	staff   staff.ID // signed in, in the staff corner
	closing bool     // the program ends when they are signed out
}

// form is what a visitor has typed and chosen.
type form struct {
	id                  ledger.CommandID // of the order, made when the door was opened
	name, company, left string
	who, pin            string
	list                int  // page of the choices
	from                Page // where help was asked
}

// NewFlow begins at the doors.
func NewFlow(d FlowDeps) *Flow {
	f := &Flow{d: d}
	f.wipe()
	return f
}

// Model is what to show now.
func (f *Flow) Model() Model {
	m := f.m
	m.Paper = f.d.Printer.Ready()
	return m
}

// Handle takes an event in, and returns what is to be done away from the
// window's thread.
func (f *Flow) Handle(e Event) []Effect {
	switch e := e.(type) {
	case Tick:
		return f.tick()
	case Answered:
		return f.answered(e)
	case Listed:
		f.listed(e)
		return nil
	}
	f.touched, f.m.Warning = f.d.Now(), 0
	switch e := e.(type) {
	case StartOver:
		return f.wipe()
	case Close:
		return f.close()
	case Speak:
		f.speak(e.Language)
		return nil
	case Reach:
		f.m.Low = !f.m.Low
		return nil
	case Typed:
		f.typed(e.Text)
		return nil
	}
	if f.m.Busy {
		return nil // the answer comes first
	}
	return f.walk(e)
}

// walk goes from page to page.
func (f *Flow) walk(e Event) []Effect {
	switch e := e.(type) {
	case Open:
		return f.open(e.Page)
	case Chose:
		return f.chose(e.ID)
	case Turn:
		f.turn(e.By)
	case Scanned:
		return f.scanned(e.Text)
	case Next:
		return f.next()
	case Back:
		return f.back()
	case AskHelp:
		if f.m.Page != Help {
			f.form.from = f.m.Page
			f.show(Help)
		}
	case Print:
		if f.m.Page == List {
			f.begin()
			return f.order(desk.Order{By: f.staff, Do: visit.PrintList{}})
		}
	}
	return nil
}

// open goes through a door. The id of what will be asked is made here, so that
// one visit is one order however often it is sent.
func (f *Flow) open(p Page) []Effect {
	if f.m.Page != Doors || !f.begin() {
		return nil
	}
	if p == Services && len(f.d.Policy.Services) == 1 {
		return f.ticket(f.d.Policy.Services[0].ID)
	}
	f.show(p)
	return nil
}

// begin makes the id of an order.
func (f *Flow) begin() bool {
	id, err := f.d.NewID()
	if err != nil {
		f.m.Problem = &Problem{Code: Fault}
		return false
	}
	f.form.id = id
	return true
}

func (f *Flow) chose(id string) []Effect {
	switch f.m.Page {
	case Services:
		return f.ticket(id)
	case Whom:
		return f.order(desk.Order{By: desk.KioskActor, Do: visit.SignIn{
			Name: f.form.name, Company: f.form.company, Whom: id, Language: f.m.Language}})
	}
	return nil
}

func (f *Flow) ticket(service string) []Effect {
	return f.order(desk.Order{By: desk.KioskActor, Do: visit.TakeTicket{Service: service, Language: f.m.Language}})
}

// next leaves a page with a field, if what was typed will do.
func (f *Flow) next() []Effect {
	var err error
	switch f.m.Page {
	case Name:
		if _, err = visit.CheckName(f.form.name); err == nil {
			f.show(Company)
		}
	case Company:
		if _, err = visit.CheckText("company", f.form.company); err == nil {
			f.show(Whom)
		}
	case Leaving:
		return f.order(desk.Order{By: desk.KioskActor, Do: visit.SignOut{Number: visit.Number(f.form.left)}})
	case StaffWho:
		if f.form.who != "" {
			f.show(StaffPIN)
		}
	case StaffPIN:
		return f.order(desk.Order{By: staff.ID(f.form.who), PIN: f.form.pin, Do: staff.SignIn{}})
	case Number, Badge, Left:
		return f.wipe()
	}
	if err != nil {
		f.fail(err)
	}
	return nil
}

// longestBadge is the most characters of the code on a badge: "V007".
const longestBadge = 4

// scanned signs out who shows a badge, at the doors and where its number is typed.
func (f *Flow) scanned(text string) []Effect {
	if len(text) > longestBadge || f.m.Page != Doors && f.m.Page != Leaving {
		return nil
	}
	if f.m.Page == Doors {
		f.open(Leaving)
	}
	if f.m.Page != Leaving {
		return nil // it could not be begun, and says so
	}
	f.typed(text)
	return f.next()
}

// back goes one page back and keeps what was typed.
func (f *Flow) back() []Effect {
	before := map[Page]Page{Company: Name, Whom: Company, StaffPIN: StaffWho, Help: f.form.from}
	p, ok := before[f.m.Page]
	if !ok || p == Doors {
		return f.wipe()
	}
	f.form.pin = ""
	f.show(p)
	return nil
}

// typed keeps what stands in the page's field. Typing takes a refusal back.
func (f *Flow) typed(text string) {
	if slot := f.slot(); slot != nil && *slot != text {
		*slot, f.m.Typed, f.m.Problem = text, text, nil
	}
	// What can only be wrong is said while it is typed.
	if f.m.Page == Name || f.m.Page == Company {
		if _, err := visit.CheckText("", text); err != nil {
			f.fail(err)
		}
	}
}

// slot is where the page's field is kept, nil on a page without one.
func (f *Flow) slot() *string {
	switch f.m.Page {
	case Name:
		return &f.form.name
	case Company:
		return &f.form.company
	case Leaving:
		return &f.form.left
	case StaffWho:
		return &f.form.who
	case StaffPIN:
		return &f.form.pin
	}
	return nil
}

// show turns to a page.
func (f *Flow) show(p Page) {
	f.m.Page, f.m.Problem, f.m.Typed, f.form.list = p, nil, "", 0
	f.shown = f.d.Now()
	if slot := f.slot(); slot != nil {
		f.m.Typed = *slot
	}
	f.list()
}

// speak changes the language and nothing else. A number stays its full time
// once more, to be read.
func (f *Flow) speak(l visit.Language) {
	f.m.Language = l
	f.shown = f.d.Now()
	f.list()
}

func (f *Flow) turn(by int) {
	f.form.list += by
	f.list()
}

// list makes the choices of the page, in the language.
func (f *Flow) list() {
	var all []Choice
	switch f.m.Page {
	case Services:
		for _, s := range f.d.Policy.Services {
			all = append(all, Choice{s.ID, s.Names[f.m.Language]})
		}
	case Whom:
		for _, d := range f.d.Policy.Departments {
			all = append(all, Choice{d.ID, d.Names[f.m.Language]})
		}
	}
	last := max(0, len(all)-1) / choicesOnPage
	f.form.list = min(max(0, f.form.list), last)
	from := f.form.list * choicesOnPage
	f.m.Choices = all[from:min(len(all), from+choicesOnPage)]
	f.m.Earlier, f.m.Later = f.form.list > 0, f.form.list < last
}

// wipe forgets the visitor.
func (f *Flow) wipe() []Effect {
	was := f.staff
	now := f.d.Now()
	*f = Flow{d: f.d, touched: now, shown: now, m: Model{Page: Doors, Language: f.d.Policy.Languages[0]}}
	return f.release(was)
}

// close signs out who is in the staff corner; the program ends after that.
func (f *Flow) close() []Effect {
	out := f.wipe()
	if len(out) == 0 {
		return []Effect{Quit{}}
	}
	f.closing = true
	return out
}

// release signs a person of the staff out of the kiosk.
func (f *Flow) release(who staff.ID) []Effect {
	if who == "" {
		return nil
	}
	id, err := f.d.NewID()
	if err != nil {
		return nil // the next one to sign in signs them out
	}
	return []Effect{Carry{desk.Order{ID: id, By: who, Do: staff.SignOut{}}}}
}

// tick lets time pass.
func (f *Flow) tick() []Effect {
	now := f.d.Now()
	idle := now.Sub(f.touched)
	switch {
	case idle < 0 || now.Before(f.shown): // the clock was set back
		f.touched, f.shown = now, now
	case f.m.Page == Doors:
		if idle >= idleTime {
			return f.wipe() // language and reach; there is nothing to be warned of
		}
	case f.m.Page == Number || f.m.Page == Badge || f.m.Page == Left:
		if now.Sub(f.shown) >= resultTime {
			return f.wipe()
		}
	case idle >= idleTime+warningTime:
		return f.wipe()
	case idle >= idleTime:
		left := idleTime + warningTime - idle
		f.m.Warning = int((left + time.Second - 1) / time.Second)
	}
	return nil
}
