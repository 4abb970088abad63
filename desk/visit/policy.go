package visit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Policy is what the utility set for its lobby. An empty policy is a utility
// without one: every command is refused.
type Policy struct {
	// Languages visitors choose from; the first is the office's own.
	Languages []Language `toml:"languages"`
	// Letters are the block of each station that gives numbers.
	Letters     []Letters    `toml:"letters"`
	Services    []Service    `toml:"service"`
	Departments []Department `toml:"department"`
	// Hours are when tickets are given. No rows: always.
	Hours []Hours `toml:"hours"`
	// Closed are holidays.
	Closed []ledger.Date `toml:"closed"`
	// PresumedKept is how long a visitor who is presumed to have left stays on
	// the list, so that a wrong guess does not lose a person.
	PresumedKept staff.Duration `toml:"presumed_kept"`
}

// Letters are the letters of one station. No two stations share one, and none
// has I or O, which are read as digits.
type Letters struct {
	Station ledger.StationID  `toml:"station"`
	Badge   string            `toml:"badge"`   // of badges
	Service map[string]string `toml:"service"` // service id → letter of its tickets
}

// Service is a reason to take a number.
type Service struct {
	ID    string              `toml:"id"`
	Names map[Language]string `toml:"names"`
}

// Department is whom visitors visit. Names of people are never offered.
type Department struct {
	ID     string              `toml:"id"`
	Names  map[Language]string `toml:"names"`
	Escort bool                `toml:"escort"` // visitors are fetched and go nowhere alone
}

// Hours is when the office is open on some days of the week. The rows with the
// newest first date that has begun hold together.
type Hours struct {
	From   ledger.Date `toml:"from"`
	Days   []Weekday   `toml:"days"`
	Opens  TimeOfDay   `toml:"opens"`
	Closes TimeOfDay   `toml:"closes"`
	Source string      `toml:"source"` // resolution it comes from
}

// Weekday is a day of the week, written "mon".
type Weekday time.Weekday

// UnmarshalText reads the first three letters of a day, in English.
func (w *Weekday) UnmarshalText(text []byte) error {
	days := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	i := slices.Index(days, strings.ToLower(string(text)))
	if i < 0 {
		return fmt.Errorf("%q is not a day of the week: use %s", text, strings.Join(days, ", "))
	}
	*w = Weekday(i)
	return nil
}

// TimeOfDay is minutes since midnight, written "08:00"; "24:00" is the end of
// the day.
type TimeOfDay int

const endOfDay TimeOfDay = 24 * 60

// UnmarshalText reads hours and minutes.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	if string(text) == "24:00" {
		*t = endOfDay
		return nil
	}
	at, err := time.Parse("15:04", string(text))
	if err != nil || len(text) != 5 {
		return fmt.Errorf("%q is not a time of day: write it like 08:00", text)
	}
	*t = TimeOfDay(at.Hour()*60 + at.Minute())
	return nil
}

func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// Bounds of the lists, so that a kiosk can show them in a few pages.
const (
	maxServices    = 12
	maxDepartments = 60
	maxLanguages   = 12
	maxListName    = 40 // characters of a service's or department's name
)

// Check says whether the policy can be worked with.
func (p Policy) Check() error {
	if len(p.Languages)+len(p.Letters)+len(p.Services)+len(p.Departments)+len(p.Hours) == 0 {
		return nil
	}
	switch {
	case len(p.Languages) == 0 || len(p.Services) == 0 || len(p.Departments) == 0 || len(p.Letters) == 0:
		return errors.New("visit policy: languages, letters, service and department must not be empty")
	case len(p.Languages) > maxLanguages || len(p.Services) > maxServices || len(p.Departments) > maxDepartments:
		return fmt.Errorf("visit policy: at most %d languages, %d services, %d departments", maxLanguages, maxServices, maxDepartments)
	case p.PresumedKept < 0 || time.Duration(p.PresumedKept) > 24*time.Hour:
		return errors.New("visit policy: presumed_kept is 0 to 24 hours")
	}
	seen := map[string]bool{}
	for _, s := range p.Services {
		if err := p.checkItem("service", s.ID, s.Names, seen); err != nil {
			return err
		}
	}
	clear(seen)
	for _, d := range p.Departments {
		if err := p.checkItem("department", d.ID, d.Names, seen); err != nil {
			return err
		}
	}
	return errors.Join(p.checkLetters(), p.checkHours())
}

// checkItem wants an id of its own, and a name in every language.
func (p Policy) checkItem(what, id string, names map[Language]string, seen map[string]bool) error {
	if id == "" || len(id) > maxListName || seen[id] {
		return fmt.Errorf("visit policy: %s %q needs an id of its own", what, id)
	}
	seen[id] = true
	for _, lang := range p.Languages {
		if _, err := tidy(names[lang], maxListName); err != nil || names[lang] == "" {
			return fmt.Errorf("visit policy: %s %q needs a name of 1 to %d characters in %q", what, id, maxListName, lang)
		}
	}
	return nil
}

func (p Policy) checkLetters() error {
	owner := map[string]string{}
	take := func(letter, what string) error {
		if len(letter) != 1 || letter[0] < 'A' || letter[0] > 'Z' || letter == "I" || letter == "O" {
			return fmt.Errorf("visit policy: %s has the letter %q: use one capital letter, not I or O", what, letter)
		}
		if other, taken := owner[letter]; taken {
			return fmt.Errorf("visit policy: %s and %s share the letter %s", other, what, letter)
		}
		owner[letter] = what
		return nil
	}
	stations := map[ledger.StationID]bool{}
	for _, l := range p.Letters {
		if _, err := ledger.ParseStationID(string(l.Station)); err != nil || stations[l.Station] {
			return fmt.Errorf("visit policy: letters: station %q is not a station, or is there twice", l.Station)
		}
		stations[l.Station] = true
		if err := take(l.Badge, "badges of "+string(l.Station)); err != nil {
			return err
		}
		for _, s := range p.Services {
			if err := take(l.Service[s.ID], "service "+s.ID+" of "+string(l.Station)); err != nil {
				return err
			}
		}
		if len(l.Service) != len(p.Services) {
			return fmt.Errorf("visit policy: the letters of %s name a service that there is not", l.Station)
		}
	}
	return nil
}

func (p Policy) checkHours() error {
	for _, h := range p.Hours {
		if h.From == 0 || len(h.Days) == 0 || h.Opens >= h.Closes || h.Closes > endOfDay {
			return fmt.Errorf("visit policy: hours from %s need a first date, days, and a closing after the opening", h.From)
		}
	}
	return nil
}

// Span is when the office is open on a day.
type Span struct{ Opens, Closes TimeOfDay }

// OpenOn is when the office is open on a date. Always is true for a policy
// without hours; no spans and not always is a closed day.
func (p Policy) OpenOn(date ledger.Date) (spans []Span, always bool) {
	if slices.Contains(p.Closed, date) {
		return nil, false
	}
	var newest ledger.Date
	for _, h := range p.Hours {
		if h.From <= date {
			newest = max(newest, h.From)
		}
	}
	if newest == 0 {
		return nil, len(p.Hours) == 0
	}
	day := Weekday(date.Time().Weekday())
	for _, h := range p.Hours {
		if h.From == newest && slices.Contains(h.Days, day) {
			spans = append(spans, Span{h.Opens, h.Closes})
		}
	}
	return spans, false
}

// OpenAt says whether tickets are given at a time of the utility's zone.
func (p Policy) OpenAt(t time.Time) bool {
	spans, always := p.OpenOn(ledger.DateOf(t))
	minute := TimeOfDay(t.Hour()*60 + t.Minute())
	return always || slices.ContainsFunc(spans, func(s Span) bool { return s.Opens <= minute && minute < s.Closes })
}

func (p Policy) letters(station ledger.StationID) (Letters, error) {
	for _, l := range p.Letters {
		if l.Station == station {
			return l, nil
		}
	}
	return Letters{}, ledger.Refuse("visit.no_letters", "This station gives no numbers. Please go to the counter.")
}

func (p Policy) service(id string) (Service, bool) {
	for _, s := range p.Services {
		if s.ID == id {
			return s, true
		}
	}
	return Service{}, false
}

func (p Policy) department(id string) (Department, bool) {
	for _, d := range p.Departments {
		if d.ID == id {
			return d, true
		}
	}
	return Department{}, false
}
