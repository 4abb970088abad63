package cash

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/ledger"
)

// Limit is how much cash a drawer may hold before some must go to the safe. The
// float counts too.
type Limit struct {
	Warn   ledger.Cents `toml:"warn"`   // the cashier is told; 0: never
	Stop   ledger.Cents `toml:"stop"`   // no more cash until a skim; 0: never
	Source string       `toml:"source"` // rule it comes from
}

// PaidRule is a reason to put money into a drawer or the safe, or to take it out,
// that is no customer's payment.
type PaidRule struct {
	Reason       string       `toml:"reason"`
	Way          Way          `toml:"way"`
	Place        Place        `toml:"place"`         // drawer or safe
	Account      string       `toml:"account"`       // the other side, in the books
	Most         ledger.Cents `toml:"most"`          // 0: no limit
	ApproveAbove ledger.Cents `toml:"approve_above"` // a second person approves more than this
}

// OverShort is a version of the table that says what a difference at the close
// asks for.
type OverShort struct {
	From   ledger.Date `toml:"from"` // first business date
	Source string      `toml:"source"`
	// YearReport is how much a person may be short in a fiscal year before finance
	// is told; 0: no such rule.
	YearReport ledger.Cents `toml:"year_report"`
	Tiers      []Tier       `toml:"tier"`
}

// Tier is what a difference of at least From asks for.
type Tier struct {
	From    ledger.Cents `toml:"from"`
	Reason  bool         `toml:"reason"`  // a coded reason
	Approve bool         `toml:"approve"` // a second person
	Memo    bool         `toml:"memo"`    // what happened, in words
	Report  bool         `toml:"report"`  // finance is told
}

// Rounding is the governed rounding of cash to the nickel. It is off until a
// resolution says otherwise.
type Rounding struct {
	Resolution string      `toml:"resolution"` // number of the governing body's resolution; empty: no rounding
	Adopted    ledger.Date `toml:"adopted"`
	From       ledger.Date `toml:"from"` // first business date
	To         ledger.Date `toml:"to"`   // last business date; 0: until changed
}

// on says whether cash is rounded on a business date.
func (r Rounding) on(date ledger.Date) bool {
	return r.Resolution != "" && r.From <= date && (r.To == 0 || date <= r.To)
}

func (r Rounding) check() error {
	if r == (Rounding{}) {
		return nil
	}
	if r.Resolution == "" || len(r.Resolution) > maxWord || !printable(r.Resolution) {
		return errors.New("cash policy: rounding needs the number of the resolution that allows it")
	}
	for _, d := range []ledger.Date{r.Adopted, r.From} {
		if d == 0 || ledger.DateOf(d.Time()) != d {
			return errors.New("cash policy: rounding needs the date of its resolution and its first date, like 20260701")
		}
	}
	if r.From < r.Adopted || r.To != 0 && (r.To < r.From || ledger.DateOf(r.To.Time()) != r.To) {
		return errors.New("cash policy: rounding cannot begin before its resolution, or end before it begins")
	}
	return nil
}

// firstMonth and lastMonth bound the month a fiscal year begins in.
const firstMonth, lastMonth = 1, 12

// FiscalYear is the first and the last date of the fiscal year that a business date is
// in. It begins with the first day of a month, 1 to 12; 0 is July, where the policy does
// not say otherwise.
func FiscalYear(d ledger.Date, begins int) (first, last ledger.Date) {
	if begins == 0 {
		begins = int(time.July)
	}
	at := d.Time()
	year := at.Year()
	if int(at.Month()) < begins {
		year--
	}
	start := time.Date(year, time.Month(begins), 1, 0, 0, 0, 0, time.UTC)
	return ledger.DateOf(start), ledger.DateOf(start.AddDate(1, 0, -1))
}

// fiscalYear names the year a business date belongs to by the calendar year it ends in.
func (p Policy) fiscalYear(d ledger.Date) int {
	_, last := FiscalYear(d, p.FiscalYearBegins)
	return int(last / 1_00_00)
}

// overShortOn is the table in force on a date. Without one every difference is
// only noted.
func (p Policy) overShortOn(date ledger.Date) OverShort {
	return ledger.InForce(p.OverShort, date, func(r OverShort) ledger.Date { return r.From })
}

// TierFor is what a difference of this size asks for on a business date.
func (p Policy) TierFor(date ledger.Date, off ledger.Cents) Tier {
	return p.overShortOn(date).tierOf(off)
}

// tierOf is what a difference of this size asks for: the highest tier it reaches.
func (o OverShort) tierOf(off ledger.Cents) Tier {
	var best Tier
	for _, t := range o.Tiers {
		if off >= t.From && t.From >= best.From {
			best = t
		}
	}
	return best
}

// paid is the rule for a reason.
func (p Policy) paid(reason string) (PaidRule, bool) {
	for _, r := range p.Paid {
		if r.Reason == reason {
			return r, true
		}
	}
	return PaidRule{}, false
}

func (p Policy) checkControl() error {
	if p.FiscalYearBegins < 0 || p.FiscalYearBegins > lastMonth {
		return fmt.Errorf("cash policy: fiscal_year_begins is a month, %d to %d", firstMonth, lastMonth)
	}
	l := p.Limit
	if l.Warn < 0 || l.Stop < 0 || l.Stop > ledger.MaxAmount || (l.Stop > 0 && l.Warn > l.Stop) || len(l.Source) > maxSource {
		return errors.New("cash policy: limit.warn must not be above limit.stop, and neither below zero")
	}
	if l.Stop > 0 && l.Stop <= p.Float {
		return fmt.Errorf("cash policy: a drawer that stops at %s cannot begin with a float of %s", l.Stop, p.Float)
	}
	return errors.Join(p.Rounding.check(), p.Rota.check(), p.Unclaimed.check(), p.CashWatch.check(), p.checkReturned(), p.checkEndorsement(), p.checkAgain(), p.checkPaid(), p.checkOverShort())
}

func (p Policy) checkPaid() error {
	if len(p.Paid) > maxRows {
		return fmt.Errorf("cash policy: %d reasons to pay in or out, at most %d", len(p.Paid), maxRows)
	}
	for i, r := range p.Paid {
		switch {
		case r.Reason == "" || len(r.Reason) > maxWord || !printable(r.Reason),
			slices.ContainsFunc(p.Paid[:i], func(o PaidRule) bool { return o.Reason == r.Reason }):
			return fmt.Errorf("cash policy: the reason %q to pay in or out is there twice, empty, or longer than %d bytes", r.Reason, maxWord)
		case r.Way != In && r.Way != Out, r.Place != PlaceDrawer && r.Place != PlaceSafe:
			return fmt.Errorf("cash policy: %s: way is %q or %q, place is %q or %q", r.Reason, In, Out, PlaceDrawer, PlaceSafe)
		case r.Most < 0 || r.ApproveAbove < 0:
			return fmt.Errorf("cash policy: %s: no limit is below zero", r.Reason)
		case !isAccount(r.Account):
			return fmt.Errorf("cash policy: %s: %q is no account of the books, like expenses:postage", r.Reason, r.Account)
		}
	}
	return nil
}

// isAccount says whether a name can be the other side of money paid in or out. The
// accounts of the drawers, the safe and the customers are the desk's own.
func isAccount(name string) bool {
	root, rest, found := strings.Cut(name, ":")
	return found && rest != "" && len(name) <= maxWord && slices.Contains([]string{"expenses", "income", "equity"}, root) &&
		strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz0123456789-:") == ""
}

func (p Policy) checkOverShort() error {
	if len(p.OverShort) > maxRows {
		return fmt.Errorf("cash policy: %d tables of over and short, at most %d", len(p.OverShort), maxRows)
	}
	for i, row := range p.OverShort {
		if row.From == 0 || ledger.DateOf(row.From.Time()) != row.From || row.Source == "" || len(row.Source) > maxSource {
			return errors.New("cash policy: a table of over and short needs a first date, like 20260101, and its source")
		}
		if slices.ContainsFunc(p.OverShort[:i], func(o OverShort) bool { return o.From == row.From }) {
			return fmt.Errorf("cash policy: two tables of over and short begin on %s", row.From)
		}
		if row.YearReport < 0 || len(row.Tiers) > maxRows {
			return fmt.Errorf("cash policy: over and short from %s: a limit below zero, or more than %d tiers", row.From, maxRows)
		}
		for j, t := range row.Tiers {
			if t.From <= 0 || slices.ContainsFunc(row.Tiers[:j], func(o Tier) bool { return o.From == t.From }) {
				return fmt.Errorf("cash policy: over and short from %s: the tier from %s is there twice or not above zero", row.From, t.From)
			}
			if t.Reason && len(p.Reasons.OverShort) == 0 {
				return errors.New("cash policy: a tier asks for a coded reason, and reasons.over_short has none")
			}
		}
	}
	return nil
}
