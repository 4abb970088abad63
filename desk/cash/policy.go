package cash

import (
	"errors"
	"fmt"
	"slices"

	"gatehouse/desk/account"
	"gatehouse/ledger"
)

// Policy is what the utility set for its drawers. Rows are dated; the one in
// force is the newest that has begun.
type Policy struct {
	Drawers       []DrawerID      `toml:"drawers"`
	Float         ledger.Cents    `toml:"float"` // what a drawer begins with
	Denominations []ledger.Cents  `toml:"denominations"`
	Tenders       []TenderRule    `toml:"tender"`
	Allocation    []AllocationRow `toml:"allocation"`
	Reasons       Reasons         `toml:"reasons"`
}

// Reasons are the coded reasons to choose from.
type Reasons struct {
	Void   []string `toml:"void"`
	NoSale []string `toml:"no_sale"`
	Float  []string `toml:"float"`
}

// TenderRule is what holds for one means of payment.
type TenderRule struct {
	Kind  TenderKind   `toml:"kind"`
	Opens bool         `toml:"opens"` // the drawer opens
	Most  ledger.Cents `toml:"most"`  // most in one payment; 0: no limit
}

// AllocationRow is a version of the table that says what a payment pays first.
type AllocationRow struct {
	Version string           `toml:"version"`
	From    ledger.Date      `toml:"from"` // first business date
	Order   []account.Bucket `toml:"order"`
	Source  string           `toml:"source"` // resolution or rule it comes from
}

// Check says whether the policy can be worked with.
func (p Policy) Check() error {
	if len(p.Drawers) == 0 || p.Float < 0 || len(p.Denominations) == 0 || len(p.Tenders) == 0 || len(p.Allocation) == 0 {
		return errors.New("cash policy: drawers, denominations, tender and allocation must not be empty, float not negative")
	}
	for _, d := range p.Denominations {
		if d <= 0 {
			return fmt.Errorf("cash policy: denomination %s", d)
		}
	}
	for _, row := range p.Allocation {
		if row.Version == "" || row.From == 0 {
			return errors.New("cash policy: an allocation table needs a version and a first date")
		}
		order := slices.Clone(row.Order)
		slices.Sort(order)
		all := account.Buckets()
		slices.Sort(all)
		if !slices.Equal(order, all) {
			return fmt.Errorf("cash policy: allocation %s must order every bucket once: %v", row.Version, account.Buckets())
		}
	}
	return nil
}

// allocationOn is the table in force on a date.
func (p Policy) allocationOn(date ledger.Date) (AllocationRow, error) {
	var best AllocationRow
	for _, row := range p.Allocation {
		if row.From <= date && row.From >= best.From {
			best = row
		}
	}
	if best.Version == "" {
		return best, ledger.Refuse("cash.no_allocation_table", "No allocation table is in force on {date}. Ask your supervisor to add one to the policy.", "date", date.String())
	}
	return best, nil
}

// tender is the rule of a means of payment, and whether it is taken at all.
func (p Policy) tender(kind TenderKind) (TenderRule, bool) {
	for _, t := range p.Tenders {
		if t.Kind == kind {
			return t, true
		}
	}
	return TenderRule{}, false
}
