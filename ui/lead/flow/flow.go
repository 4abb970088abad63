package flow

import (
	"strconv"
	"strings"
	"time"

	"gatehouse/desk/report"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Place is where the person is.
type Place string

// The places.
const (
	AtList   Place = "list"
	AtReport Place = "report"
)

// Field is a field of the list.
type Field string

// The fields.
const (
	From Field = "from"
	To   Field = "to"
)

// Action is what a key or a button does.
type Action string

// The actions.
const (
	Make     Action = "lead.make"
	Today    Action = "lead.today"
	Month    Action = "lead.month"
	Year     Action = "lead.year"
	Picture  Action = "lead.picture" // and back to the table
	Save     Action = "lead.save"
	Back     Action = "lead.back"
	RowUp    Action = "lead.row_up"
	RowDown  Action = "lead.row_down"
	PageUp   Action = "lead.page_up"
	PageDown Action = "lead.page_down"
)

// Model is what is to be shown.
type Model struct {
	Place   Place
	Who     staff.ID
	Name    string
	Chosen  int // of report.Kinds
	From    string
	To      string
	Refused map[Field]bool // is no date
	Busy    bool
	Table   *report.Table
	Drawn   bool // the picture is looked at
	Saved   string
	Trouble string
	Refusal *ledger.Refusal
}

// Deps is what a flow is made of.
type Deps struct {
	Now        func() time.Time // in the utility's zone
	YearBegins int              // month of the fiscal year, 0 for July
}

// Flow is the reports of one station.
type Flow struct {
	deps  Deps
	model Model
	turn  int
}

// New is a flow at its list. Entered says who looks.
func New(d Deps) *Flow { return &Flow{deps: d, model: Model{Place: AtList}} }

// Model is what is to be shown.
func (f *Flow) Model() *Model { return &f.model }

// Do is what an effect does.
type Do string

// What is done elsewhere.
const (
	DoMake  Do = "make"
	DoSave  Do = "save"
	DoLeave Do = "leave" // back to the cashier's window
)

// Effect is something to be done elsewhere.
type Effect struct {
	Do     Do
	Turn   int
	Who    staff.ID
	Name   string // of the person
	What   string // of the report
	Period report.Period
	Table  *report.Table
}

// Event is something that happened.
type Event any

// The events.
type (
	// Entered says who came to look.
	Entered struct {
		Who  staff.ID
		Name string
	}
	// Pressed is an action.
	Pressed struct{ Action Action }
	// Picked is a row of the list, by touch or the arrows.
	Picked struct {
		Row  int
		Open bool
	}
	// Typed is a field as it stands.
	Typed struct {
		Field Field
		Text  string
	}
	// Made is a report, or why there is none.
	Made struct {
		Turn    int
		Table   *report.Table
		Refusal *ledger.Refusal
		Trouble string
	}
	// Saved is where a report was kept, or why it was not.
	Saved struct {
		Turn    int
		Path    string
		Trouble string
	}
)

// Can says whether an action can be done now.
func (f *Flow) Can(a Action) bool {
	m := &f.model
	switch a {
	case Make, Today, Month, Year, RowUp, RowDown:
		return m.Place == AtList && !m.Busy
	case PageUp, PageDown:
		return m.Place == AtReport && !m.Drawn
	case Picture:
		return m.Place == AtReport && !m.Table.Picture.Empty()
	case Save:
		return m.Place == AtReport && !m.Busy
	case Back:
		return true
	}
	return false
}

// Handle takes an event and returns what is to be done.
func (f *Flow) Handle(e Event) []Effect {
	m := &f.model
	switch e := e.(type) {
	case Entered:
		f.turn++
		today := ledger.DateOf(f.deps.Now()).String()
		*m = Model{Place: AtList, Who: e.Who, Name: e.Name, From: today, To: today, Chosen: m.Chosen}
	case Pressed:
		if f.Can(e.Action) {
			return f.press(e.Action)
		}
	case Picked:
		if m.Place == AtList && e.Row >= 0 && e.Row < len(report.Kinds()) {
			m.Chosen = e.Row
			if e.Open && !m.Busy {
				return f.press(Make)
			}
		}
	case Typed:
		f.typed(e)
	case Made:
		if e.Turn == f.turn {
			m.Busy, m.Table, m.Refusal, m.Trouble = false, e.Table, e.Refusal, e.Trouble
			if e.Table != nil {
				m.Place, m.Drawn = AtReport, !e.Table.Picture.Empty()
			}
		}
	case Saved:
		if e.Turn == f.turn {
			m.Busy, m.Saved, m.Trouble = false, e.Path, e.Trouble
		}
	}
	return nil
}

func (f *Flow) typed(e Typed) {
	m := &f.model
	switch e.Field {
	case From:
		m.From = e.Text
	case To:
		m.To = e.Text
	}
	m.Refused = nil
}

func (f *Flow) press(a Action) []Effect {
	m := &f.model
	m.Saved, m.Trouble, m.Refusal = "", "", nil
	today := ledger.DateOf(f.deps.Now())
	switch a {
	case Make:
		return f.make()
	case Today:
		f.span(report.Day(today))
	case Month:
		f.span(report.Month(today))
	case Year:
		f.span(report.Year(today, f.deps.YearBegins))
	case RowUp:
		m.Chosen = max(0, m.Chosen-1)
	case RowDown:
		m.Chosen = min(len(report.Kinds())-1, m.Chosen+1)
	case Picture:
		m.Drawn = !m.Drawn
	case Save:
		m.Busy = true
		f.turn++
		return []Effect{{Do: DoSave, Turn: f.turn, Who: m.Who, Name: m.Name, Table: m.Table}}
	case Back:
		f.turn++ // what is under way is nobody's any more
		m.Busy = false
		if m.Place == AtReport {
			m.Place, m.Table = AtList, nil
			return nil
		}
		return []Effect{{Do: DoLeave}}
	}
	return nil
}

func (f *Flow) span(p report.Period) {
	f.model.From, f.model.To, f.model.Refused = p.From.String(), p.To.String(), nil
}

// make asks for the chosen report, once its dates are dates.
func (f *Flow) make() []Effect {
	m := &f.model
	kind := report.Kinds()[m.Chosen]
	effect := Effect{Do: DoMake, Who: m.Who, Name: m.Name, What: kind.Name}
	m.Refused = nil
	if !kind.Now {
		from, fromOK := readDate(m.From)
		to, toOK := readDate(m.To)
		if strings.TrimSpace(m.To) == "" || kind.Span != nil {
			to, toOK = from, true
		}
		if !fromOK || !toOK {
			m.Refused = map[Field]bool{From: !fromOK, To: !toOK}
			return nil
		}
		effect.Period = report.Period{From: from, To: to}
	}
	f.turn++
	effect.Turn = f.turn
	m.Busy = true
	return []Effect{effect}
}

// readDate reads a date as a person types it: 2026-11-23 or 20261123.
func readDate(text string) (ledger.Date, bool) {
	text = strings.TrimSpace(text)
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return ledger.DateOf(at), true
	}
	n, err := strconv.ParseUint(text, 10, 32)
	d := ledger.Date(n)
	return d, err == nil && d != 0 && ledger.DateOf(d.Time()) == d
}
