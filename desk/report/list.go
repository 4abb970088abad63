package report

import (
	"fmt"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/watch"
	"gatehouse/ledger"
)

// Ask is what a report is asked for.
type Ask struct {
	Period Period
	// Session leaves all but the receipts of one session out of a proof list.
	Session string
	// Zone is the utility's time zone; nil is UTC.
	Zone *time.Location
	// YearBegins is the month a fiscal year begins in, as the policy has it.
	YearBegins int
	// Safe says how old money in transit may be.
	Safe safe.Policy
	// Unclaimed is the rule for money nobody asks for.
	Unclaimed cash.Unclaimed
	// Watch is what deserves a look.
	Watch watch.Policy
	// Reprint tells whether an entry is a paper printed again; nil finds none.
	Reprint watch.Reprint
}

// Kind is a report that can be asked for.
type Kind struct {
	Name  string
	Title string
	Shows string // in a sentence
	// Now says that it is of this moment, and takes no period.
	Now bool
	// AsOf says that it is of the end of the last date that was asked for.
	AsOf bool
	// Span makes the period of the date that was asked for; nil takes the period
	// as it is.
	Span func(ledger.Date, int) Period
	one  string // what a date stands for, where there is a span
	make func(*run) (Table, error)
}

// Kinds lists the reports, in the order of a menu.
func Kinds() []Kind {
	day := func(d ledger.Date, _ int) Period { return Day(d) }
	month := func(d ledger.Date, _ int) Period { return Month(d) }
	return []Kind{
		{Name: "day", Title: "Roll-up of the day", Shows: "all Z reports of a business date, checked against the entries", Span: day, one: "one business date", make: (*run).rollup},
		{Name: "month", Title: "Roll-up of the month", Shows: "all Z reports of a month, checked against the entries", Span: month, one: "any date of the month", make: (*run).rollup},
		{Name: "year", Title: "Roll-up of the fiscal year", Shows: "all Z reports of a fiscal year, checked against the entries", Span: Year, one: "any date of the fiscal year", make: (*run).rollup},
		{Name: "roll-up", Title: "Roll-up", Shows: "all Z reports of any period, checked against the entries", make: (*run).rollup},
		{Name: "days", Title: "Day by day", Shows: "the roll-ups of the days of a period, a line each", make: (*run).days},
		{Name: "cashiers", Title: "Cashier performance", Shows: "payments, hours, voids and corrections of each cashier", make: (*run).cashiers},
		{Name: "over-short", Title: "Over and short by cashier", Shows: "every difference of a count, by cashier over time", make: (*run).overByCashier},
		{Name: "over-short-drawer", Title: "Over and short by drawer", Shows: "every difference of a count, by drawer over time", make: (*run).overByDrawer},
		{Name: "voids", Title: "Voids, corrections and overrides", Shows: "what was taken back, opened, printed again, overridden or not in the safe: who, who approved, why", make: (*run).voids},
		{Name: "tenders", Title: "Mode mix", Shows: "what was paid by which means", make: (*run).tenders},
		{Name: "cash", Title: "Cash position", Shows: "what is in each drawer, in the safe and on its way to the bank now", Now: true, make: (*run).position},
		{Name: "transit", Title: "Deposits in transit", Shows: "deposits that the bank has not shown yet, with their age", Now: true, make: (*run).transit},
		{Name: "gl", Title: "GL distribution", Shows: "what was posted, by account and business date", make: (*run).gl},
		{Name: "proof", Title: "Proof list", Shows: "every receipt in order, with what it paid and how", make: (*run).proof},
		{Name: "credit", Title: "Unapplied credit by age", Shows: "money that waits for a bill or for its owner, and from when it is unclaimed", AsOf: true, make: (*run).credit},
		{Name: "returned", Title: "Returned checks", Shows: "checks that the bank returned, with fees and flags", make: (*run).returned},
		{Name: "watch", Title: "Fraud watch", Shows: "what frauds looked like afterwards, with the entries that say so", make: (*run).watch},
		{Name: "rota", Title: "Surprise counts", Shows: "which counts of the rota are kept, due and missed, and who made them", Now: true, make: (*run).rota},
		{Name: "rights", Title: "Who may do what", Shows: "each right, with the roles that have it and how far", Now: true, make: (*run).rights},
		{Name: "staff", Title: "Staff", Shows: "who is on the roster, with role and own accounts", Now: true, make: (*run).people},
		{Name: "changes", Title: "Changes of rights", Shows: "every change of roles, limits and people, with what was before", make: (*run).changes},
	}
}

// Takes says in words which dates it can be asked for.
func (k Kind) Takes() string {
	switch {
	case k.Now:
		return "no dates: it is of this moment"
	case k.AsOf:
		return "one date: it is as of the end of it"
	case k.Span != nil:
		return k.one + "; for any other period there are roll-up and days"
	}
	return "a first and a last date"
}

// Fits says whether the dates that a person asked for are such as it takes. A report
// that left a date out of account would show other figures than its reader believes.
func (k Kind) Fits(p Period, yearBegins int) bool {
	switch {
	case k.Now:
		return false
	case k.AsOf:
		return p.From == p.To
	case k.Span != nil:
		return k.Span(p.From, yearBegins) == k.Span(p.To, yearBegins)
	}
	return true
}

// KindNamed finds a report by its name.
func KindNamed(name string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// Make makes a report of a ledger as it stands.
func Make(s *ledger.State, name string, ask Ask) (Table, error) {
	kind, found := KindNamed(name)
	if !found {
		return Table{}, ledger.Refuse("report.unknown", "There is no report {name}.", "name", fmt.Sprintf("%.30s", name)).At("what")
	}
	if ask.Zone == nil {
		ask.Zone = time.UTC
	}
	if s.Training() && s.Head().Seq > 0 { // its entries may be of any day: now is not before the last of them
		last, err := s.Entry(s.Head().Seq)
		if err != nil {
			return Table{}, fmt.Errorf("report %s: %w", name, err)
		}
		if last.At().After(s.Now()) {
			s = s.AtTime(last.At())
		}
	}
	if kind.Now {
		ask.Period = Day(ledger.DateOf(s.Now().In(ask.Zone)))
	}
	if kind.Span != nil && ask.Period.From != 0 {
		ask.Period = kind.Span(ask.Period.From, ask.YearBegins)
	}
	if err := ask.Period.Check(); err != nil {
		return Table{}, err
	}
	t, err := kind.make(newRun(s, ask))
	if err != nil {
		return Table{}, fmt.Errorf("report %s: %w", name, err)
	}
	head := s.Head()
	t.Name, t.Title, t.Period, t.Now = kind.Name, kind.Title, ask.Period, kind.Now
	t.Station, t.Through, t.Leaf = s.Station(), head.Seq, head.Leaf
	return t, nil
}
