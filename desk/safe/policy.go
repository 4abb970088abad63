package safe

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/desk/cash"
)

// Policy is what the utility set for its safe and its banks.
type Policy struct {
	Banks []Bank `toml:"bank"`
	// WarnAfter is how many hours money may wait before somebody is told.
	WarnAfter int `toml:"warn_after_hours"`
	// AlarmAfter is how many working days it may wait at most.
	AlarmAfter int    `toml:"alarm_after_days"`
	Source     string `toml:"source"`
	// Near is how many days a line of a statement may be from its deposit to be
	// taken for it without a reference.
	Near int `toml:"match_within_days"`
}

// Bank is who takes some of the means of payment.
type Bank struct {
	ID      string            `toml:"id"`   // in the books: small letters, digits, dashes
	Name    string            `toml:"name"` // on the slip
	Account string            `toml:"account"`
	Tenders []cash.TenderKind `toml:"tenders"`
	// Bagged says that its deposits go in a numbered bag.
	Bagged bool `toml:"bagged"`
	// Statement says how its statements are written as CSV; BAI2 needs no word.
	Statement Columns `toml:"statement"`
}

// Columns are the names of a CSV statement's columns. It has one of amounts, or one
// of credits and one of debits.
type Columns struct {
	Date      string `toml:"date"`
	Amount    string `toml:"amount"`
	Credit    string `toml:"credit"`
	Debit     string `toml:"debit"`
	Reference string `toml:"reference"`
	Text      string `toml:"text"`
	Layout    string `toml:"layout"` // of the date, as Go writes it: 01/02/2006
}

func (c Columns) check() error {
	if c == (Columns{}) {
		return nil
	}
	if c.Date == "" || c.Layout == "" || (c.Amount == "") == (c.Credit == "") || c.Amount != "" && c.Debit != "" {
		return errors.New("a statement needs the column of the date and its layout, and one of amounts, or one of credits and one of debits")
	}
	return nil
}

const (
	maxBanks = 16
	maxWord  = 60 // bytes of a name
)

// Check says whether the policy can be worked with.
func (p Policy) Check() error {
	switch {
	case len(p.Banks) > maxBanks:
		return fmt.Errorf("safe policy: %d banks, at most %d", len(p.Banks), maxBanks)
	case p.WarnAfter < 0 || p.WarnAfter > 24*31, p.AlarmAfter < 0 || p.AlarmAfter > 31, p.Near < 0 || p.Near > 31, len(p.Source) > 200:
		return errors.New("safe policy: money waits hours and working days, of a month at most")
	}
	seen := make(map[cash.TenderKind]string)
	for i, b := range p.Banks {
		if b.ID == "" || len(b.ID) > maxWord/2 || strings.Trim(b.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" ||
			slices.ContainsFunc(p.Banks[:i], func(o Bank) bool { return o.ID == b.ID }) {
			return fmt.Errorf("safe policy: the bank %q is there twice, or its id is not small letters, digits and dashes", b.ID)
		}
		if b.Name == "" || len(b.Name) > maxWord || len(b.Account) > maxWord || len(b.Tenders) == 0 {
			return fmt.Errorf("safe policy: the bank %s needs a name and the tenders it takes", b.ID)
		}
		if err := b.Statement.check(); err != nil {
			return fmt.Errorf("safe policy: the bank %s: %w", b.ID, err)
		}
		for _, kind := range b.Tenders {
			if !slices.Contains(cash.TenderKinds(), kind) || seen[kind] != "" {
				return fmt.Errorf("safe policy: the tender %q is none, or two banks take it", kind)
			}
			seen[kind] = b.ID
		}
	}
	return nil
}

// bank finds one.
func (p Policy) bank(id string) (Bank, bool) {
	i := slices.IndexFunc(p.Banks, func(b Bank) bool { return b.ID == id })
	if i < 0 {
		return Bank{}, false
	}
	return p.Banks[i], true
}

// Age is how long something waits, as the policy sees it.
type Age int

// The ages.
const (
	InTime  Age = iota
	Late        // somebody is told
	Overdue     // later than is ever allowed
)

// Waits says whether the policy has a limit for how long money waits.
func (p Policy) Waits() bool { return p.WarnAfter > 0 || p.AlarmAfter > 0 }

// AgeOf says how old money of a moment is.
func (p Policy) AgeOf(since, now time.Time) Age {
	switch {
	case p.AlarmAfter > 0 && workingDays(since, now) > p.AlarmAfter:
		return Overdue
	case p.WarnAfter > 0 && now.Sub(since) > time.Duration(p.WarnAfter)*time.Hour:
		return Late
	}
	return InTime
}

// workingDays counts the days from Monday to Friday that began after one moment,
// up to another.
func workingDays(since, now time.Time) (n int) {
	const longest = 3660 // days; nothing waits longer, and no clock makes this slow
	for day := since; n <= longest; {
		day = day.AddDate(0, 0, 1)
		if day.After(now) {
			return n
		}
		if d := day.Weekday(); d != time.Saturday && d != time.Sunday {
			n++
		}
	}
	return n
}
