package watch

import (
	"errors"

	"gatehouse/ledger"
)

// Policy is from where on something is worth a look. A number of 0 switches its
// pattern off, and so does a list without a row.
type Policy struct {
	Swap         ledger.Cents `toml:"swap"`           // cash short and another tender over by this much
	VoidMinutes  int          `toml:"void_minutes"`   // a void of cash later than this
	AdjustDays   int          `toml:"adjust_days"`    // an adjustment so soon after cash
	Approvals    int          `toml:"approvals"`      // so many of one person, all by the same colleague
	NoSales      int          `toml:"no_sales"`       // openings without a sale in one session
	Unasked      int          `toml:"unasked"`        // openings nobody ordered in one session
	ReliefDays   int          `toml:"relief_days"`    // days with one drawer and nobody else
	LateDeposits int          `toml:"deposits_after"` // sessions that went to the bank before an older one

	Flips        []FlipRule        `toml:"flip"`
	Compositions []CompositionRule `toml:"composition"`
}

// FlipRule says how soon after cash a change of how an account stands is worth a look,
// from a date on.
type FlipRule struct {
	From   ledger.Date `toml:"from"` // first business date
	Days   int         `toml:"days"` // 0 switches the pattern off
	Source string      `toml:"source"`
}

// CompositionRule says from where on a deposit is unlike the receipts it is of, from a
// date on. Both numbers must be reached.
type CompositionRule struct {
	From   ledger.Date  `toml:"from"`   // first business date
	Points int          `toml:"points"` // hundredths by which the share of cash differs, 1 to 100; 0 switches the pattern off
	Least  ledger.Cents `toml:"least"`  // by which the cash differs
	Source string       `toml:"source"`
}

func (r FlipRule) begins() ledger.Date        { return r.From }
func (r CompositionRule) begins() ledger.Date { return r.From }

// inForce is the newest row that has begun; a row of nothing where none has.
func inForce[R interface{ begins() ledger.Date }](rows []R, date ledger.Date) (best R) {
	for _, r := range rows {
		if r.begins() <= date && r.begins() >= best.begins() {
			best = r
		}
	}
	return best
}

// Off says that no pattern is looked for.
func (p Policy) Off() bool {
	return p.Swap == 0 && p.VoidMinutes+p.AdjustDays+p.Approvals+p.NoSales+p.Unasked+p.ReliefDays+p.LateDeposits == 0 &&
		len(p.Flips) == 0 && len(p.Compositions) == 0
}

// Bounds of a policy.
const (
	maxRows   = 64
	maxSource = 200 // bytes
)

// Check says whether the policy can be worked with.
func (p Policy) Check() error {
	for _, n := range []int{p.VoidMinutes, p.AdjustDays, p.Approvals, p.NoSales, p.Unasked, p.ReliefDays, p.LateDeposits} {
		if n < 0 || n > 100_000 {
			return errors.New("watch policy: a number is 0, which switches its pattern off, up to 100000")
		}
	}
	if p.Swap < 0 {
		return errors.New("watch policy: swap is an amount")
	}
	if len(p.Flips) > maxRows || len(p.Compositions) > maxRows {
		return errors.New("watch policy: flip and composition have at most 64 rows each")
	}
	for _, r := range p.Flips {
		if !dated(r.From, r.Source) || r.Days < 0 || r.Days > 366 {
			return errors.New("watch policy: flip: a first date, like 20260101, days 0 to 366, and the source")
		}
	}
	for _, r := range p.Compositions {
		if !dated(r.From, r.Source) || r.Points < 0 || r.Points > 100 || r.Least < 0 || r.Least > ledger.MaxAmount {
			return errors.New("watch policy: composition: a first date, like 20260101, points 0 to 100, least as an amount, and the source")
		}
	}
	return nil
}

func dated(from ledger.Date, source string) bool {
	return from != 0 && ledger.DateOf(from.Time()) == from && source != "" && len(source) <= maxSource
}
