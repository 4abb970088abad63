package report

import (
	"time"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// Period is business dates, From and To included.
type Period struct{ From, To ledger.Date }

// Has says whether a business date is in it.
func (p Period) Has(d ledger.Date) bool { return p.From <= d && d <= p.To }

// String writes it: "2026-11-23", or "2026-11-01 to 2026-11-30".
func (p Period) String() string {
	if p.From == p.To {
		return p.From.String()
	}
	return p.From.String() + " to " + p.To.String()
}

// Check refuses dates that no calendar has, and an end before the beginning.
func (p Period) Check() error {
	for _, d := range []ledger.Date{p.From, p.To} {
		if d == 0 || ledger.DateOf(d.Time()) != d {
			return ledger.Refuse("report.bad_date", "A report is from a date to a date, like 20261101 to 20261130.").At("from")
		}
	}
	if p.To < p.From {
		return ledger.Refuse("report.bad_period", "A report cannot end before it begins.").At("to")
	}
	return nil
}

// Day is one business date.
func Day(d ledger.Date) Period { return Period{d, d} }

// Month is the calendar month a date is in.
func Month(d ledger.Date) Period {
	at := d.Time()
	first := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	return Period{ledger.DateOf(first), ledger.DateOf(first.AddDate(0, 1, -1))}
}

// Year is the fiscal year a date is in, which begins as the policy says.
func Year(d ledger.Date, begins int) Period {
	first, last := cash.FiscalYear(d, begins)
	return Period{first, last}
}
