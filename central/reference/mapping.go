package reference

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"gatehouse/desk/account"
	"gatehouse/desk/staff"
)

// Mapping says how a file is read.
type Mapping struct {
	Feed      string `toml:"feed"`      // "customers" or "staff"
	Separator string `toml:"separator"` // one character; empty is a comma
	Encoding  string `toml:"encoding"`  // "utf-8" (empty too) or "windows-1252"
	Money     string `toml:"money"`     // one of moneyForms; empty is "1234.56"
	Date      string `toml:"date"`      // one of dateForms; empty is "yyyy-mm-dd"
	List      string `toml:"list"`      // what parts the items of a list; empty is a semicolon
	// Columns are the columns of each field, by their titles. The texts of several are
	// put together with a blank between.
	Columns map[string]Titles `toml:"columns"`
	// Flags are fields that are yes or no, and the values of a column that are yes.
	Flags map[string]Flag `toml:"flags"`
	// Values are what the file calls the values of a field: its word → ours.
	Values map[string]map[string]string `toml:"values"`
	Guard  Guard                        `toml:"guard"`
}

// Flag is when a field is yes.
type Flag struct {
	Column string   `toml:"column"`
	Values []string `toml:"values"`
}

// Guard is from where on a person has to confirm that a file is what it should be: a
// file that was cut short looks like a town that shrank.
type Guard struct {
	Refused *int `toml:"refused_percent"` // of the lines; nil is 1
	Fewer   *int `toml:"fewer_percent"`   // records than before; nil is 5
}

// Titles are one title, or several.
type Titles []string

// UnmarshalText reads a single title; a list of them is read by TOML itself.
func (t *Titles) UnmarshalText(text []byte) error {
	*t = Titles{string(text)}
	return nil
}

const (
	maxMapping = 32 << 10 // bytes
	maxTitles  = 8        // columns of one field
	maxColumns = 500      // columns of a file
)

// Usual guards.
const (
	usualRefused = 1
	usualFewer   = 5
)

// form is what the text of a field is.
type form uint8

const (
	text form = iota
	money
	date
	list
	flag
)

// fieldOf is a field that a mapping may name.
type fieldOf struct {
	form     form
	required bool
}

func fieldsOf(feed string) map[string]fieldOf {
	switch feed {
	case account.Feed:
		return map[string]fieldOf{
			"no": {text, true}, "name": {text, true}, "service": {text, false}, "phone": {text, false}, "meter": {text, false},
			"past_due": {money, false}, "penalties": {money, false}, "current": {money, true},
			"due_by": {date, false}, "late_since": {date, false}, "no_checks_until": {date, false}, "shut_off": {date, false},
			"closed": {flag, false}, "note": {text, false},
		}
	case staff.Feed:
		return map[string]fieldOf{"id": {text, true}, "name": {text, true}, "role": {text, true}, "pin": {text, true}, "own": {list, false}, "retired": {flag, false}}
	}
	return nil
}

// Feeds lists the feeds that files are read for.
func Feeds() []string { return []string{account.Feed, staff.Feed} }

// moneyForms are how amounts are written: with a point before the cents, with a comma,
// or in cents. The other one of point and comma may part thousands. Below zero is
// "-5.00", "5.00-", "(5.00)" or "5.00CR"; nothing is 0.
func moneyForms() []string { return []string{"1234.56", "1234,56", "cents"} }

// dateForms are how dates are written, in Go's layouts.
func dateForms() map[string]string {
	return map[string]string{"yyyy-mm-dd": "2006-01-02", "mm/dd/yyyy": "1/2/2006", "dd.mm.yyyy": "2.1.2006", "yyyymmdd": "20060102"}
}

// ParseMapping reads and checks a mapping. A word that it does not know is an error.
func ParseMapping(text []byte) (*Mapping, error) {
	if len(text) > maxMapping {
		return nil, fmt.Errorf("the mapping is longer than %d bytes", maxMapping)
	}
	var m Mapping
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return nil, fmt.Errorf("the mapping has words that are not known:\n%s", strict.String())
		}
		var where *toml.DecodeError
		if errors.As(err, &where) {
			return nil, fmt.Errorf("the mapping cannot be read:\n%s", where.String())
		}
		return nil, fmt.Errorf("the mapping cannot be read: %w", err)
	}
	m.fill()
	return &m, m.check()
}

func (m *Mapping) fill() {
	for to, usual := range map[*string]string{&m.Separator: ",", &m.Encoding: "utf-8", &m.Money: moneyForms()[0], &m.Date: "yyyy-mm-dd", &m.List: ";"} {
		if *to == "" {
			*to = usual
		}
	}
}

func (m *Mapping) check() error {
	fields := fieldsOf(m.Feed)
	if fields == nil {
		return fmt.Errorf("feed = %.40q: there are %v", m.Feed, Feeds())
	}
	if r, n := utf8.DecodeRuneInString(m.Separator); n != len(m.Separator) || r == '"' || r == '\n' || r == '\r' || r >= utf8.RuneSelf {
		return fmt.Errorf("separator = %.40q: want one character, no quote", m.Separator)
	}
	if m.Encoding != "utf-8" && m.Encoding != "windows-1252" {
		return fmt.Errorf("encoding = %.40q: there are utf-8 and windows-1252", m.Encoding)
	}
	if !slices.Contains(moneyForms(), m.Money) {
		return fmt.Errorf("money = %.40q: there are %q", m.Money, moneyForms())
	}
	if dateForms()[m.Date] == "" {
		return fmt.Errorf("date = %.40q: there are %q", m.Date, slices.Sorted(maps.Keys(dateForms())))
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		f, known := fields[name]
		switch titles := m.Columns[name]; {
		case !known || f.form == flag:
			return fmt.Errorf("columns: %.40q is no field of %s that a column gives; there are %v", name, m.Feed, namesOf(fields, false))
		case len(titles) == 0 || len(titles) > maxTitles || slices.Contains(titles, ""):
			return fmt.Errorf("columns: %s has %d titles, want 1 to %d, none empty", name, len(titles), maxTitles)
		case len(titles) > 1 && f.form != text:
			return fmt.Errorf("columns: %s is no text, and has more than one column", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Flags)) {
		if f, known := fields[name]; !known || f.form != flag || m.Flags[name].Column == "" || len(m.Flags[name].Values) == 0 {
			return fmt.Errorf("flags: %.40q wants a column and values; there are %v", name, namesOf(fields, true))
		}
	}
	for name := range m.Values {
		if f, known := fields[name]; !known || f.form != text {
			return fmt.Errorf("values: %.40q is no text field of %s", name, m.Feed)
		}
	}
	for _, name := range namesOf(fields, false) {
		if fields[name].required && len(m.Columns[name]) == 0 {
			return fmt.Errorf("columns: %s is missing", name)
		}
	}
	for name, percent := range map[string]*int{"refused_percent": m.Guard.Refused, "fewer_percent": m.Guard.Fewer} {
		if percent != nil && (*percent < 0 || *percent > 100) {
			return fmt.Errorf("guard: %s = %d: want 0 to 100", name, *percent)
		}
	}
	return nil
}

func namesOf(fields map[string]fieldOf, flags bool) (names []string) {
	for name, f := range fields {
		if (f.form == flag) == flags {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
