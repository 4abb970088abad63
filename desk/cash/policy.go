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
	// XShowsCash puts on the X report what cash was taken. Without it a cashier
	// who prints one still counts the drawer blind.
	XShowsCash bool `toml:"x_shows_cash"`

	Rounding     Rounding       `toml:"rounding"`
	CashWatch    CashWatch      `toml:"cash_watch"`
	Returned     []ReturnedRule `toml:"returned_check"`
	AdjustLimits []AdjustLimit  `toml:"adjust"`
	// RefundCashMost is the most that is given back in cash at once; 0: no limit.
	RefundCashMost ledger.Cents `toml:"refund_cash_most"`
	Limit          Limit        `toml:"limit"`
	// Endorsement is what stands on the back of a check besides "for deposit only",
	// the utility and the receipt: up to two lines.
	Endorsement []string         `toml:"endorsement"`
	CheckAgain  []CheckAgainRule `toml:"check_again"`
	Paid        []PaidRule       `toml:"paid"`
	Rota        Rota             `toml:"rota"`
	Unclaimed   Unclaimed        `toml:"unclaimed"`
	OverShort   []OverShort      `toml:"over_short"`
	// FiscalYearBegins is the month a fiscal year begins in, 1 to 12; 0 is July.
	FiscalYearBegins int `toml:"fiscal_year_begins"`
}

// Reasons are the coded reasons to choose from.
type Reasons struct {
	Void   []string `toml:"void"`
	NoSale []string `toml:"no_sale"`
	Float  []string `toml:"float"`
	// The following are needed only where there is something to choose them for.
	OverShort []string `toml:"over_short"`
	Refund    []string `toml:"refund"`
	Adjust    []string `toml:"adjust"`
	Returned  []string `toml:"returned"`
	Split     []string `toml:"split"` // of a payment, as the customer asks
}

// TenderRule is what holds for one means of payment.
type TenderRule struct {
	Kind    TenderKind `toml:"kind"`
	Opens   bool       `toml:"opens"`   // the drawer opens
	Change  bool       `toml:"change"`  // change is given; only from cash
	Deposit bool       `toml:"deposit"` // goes to the bank in a bag, and so may be skimmed; cash always
	Endorse bool       `toml:"endorse"` // "for deposit only" is printed on its back
	// OnlineOnly refuses it while central cannot be reached.
	OnlineOnly   bool         `toml:"online_only"`
	Most         ledger.Cents `toml:"most"`          // most in one payment, all of this kind together; 0: no limit
	ApproveAbove ledger.Cents `toml:"approve_above"` // a second person approves more; 0: nobody need
}

// AllocationRow is a version of the table that says what a payment pays first.
type AllocationRow struct {
	Version string           `toml:"version"`
	From    ledger.Date      `toml:"from"` // first business date
	Order   []account.Bucket `toml:"order"`
	Source  string           `toml:"source"` // resolution or rule it comes from
}

// Bounds of a policy.
const (
	maxRows         = 64        // of any list
	maxWord         = 60        // bytes of a drawer's name, a version, a reason
	maxSource       = 200       // bytes of a resolution's name
	maxDenomination = 1_000_000 // cents: the largest note ever in circulation was 10,000
)

// Check says whether the policy can be worked with.
func (p Policy) Check() error {
	if p.Float < 0 || p.Float > ledger.MaxAmount {
		return fmt.Errorf("cash policy: a float of %s", p.Float)
	}
	for name, words := range map[string][]string{
		"drawers": toStrings(p.Drawers), "reasons.void": p.Reasons.Void,
		"reasons.no_sale": p.Reasons.NoSale, "reasons.float": p.Reasons.Float,
	} {
		if err := checkWords(words); err != nil {
			return fmt.Errorf("cash policy: %s: %w", name, err)
		}
	}
	for name, words := range map[string][]string{"over_short": p.Reasons.OverShort, "refund": p.Reasons.Refund,
		"adjust": p.Reasons.Adjust, "returned": p.Reasons.Returned, "split": p.Reasons.Split} {
		if err := checkWords(words); len(words) > 0 && err != nil {
			return fmt.Errorf("cash policy: reasons.%s: %w", name, err)
		}
	}
	return errors.Join(p.checkDenominations(), p.checkTenders(), p.checkAllocation(), p.checkControl())
}

func toStrings[S ~string](all []S) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return out
}

// checkWords holds for a list to choose from.
func checkWords(words []string) error {
	if len(words) == 0 || len(words) > maxRows {
		return fmt.Errorf("%d of them; 1 to %d are needed", len(words), maxRows)
	}
	for i, w := range words {
		if w == "" || len(w) > maxWord || !printable(w) || slices.Contains(words[:i], w) {
			return fmt.Errorf("%q is there twice, empty, longer than %d bytes, or cannot be printed", w, maxWord)
		}
	}
	return nil
}

func (p Policy) checkDenominations() error {
	if len(p.Denominations) == 0 || len(p.Denominations) > maxRows {
		return fmt.Errorf("cash policy: %d denominations; 1 to %d are needed", len(p.Denominations), maxRows)
	}
	for i, d := range p.Denominations {
		if d <= 0 || d > maxDenomination || slices.Contains(p.Denominations[:i], d) {
			return fmt.Errorf("cash policy: the denomination %s is there twice or cannot be", d)
		}
	}
	return nil
}

func (p Policy) checkTenders() error {
	if len(p.Tenders) == 0 {
		return errors.New("cash policy: no tender is taken")
	}
	for i, t := range p.Tenders {
		switch {
		case !slices.Contains(TenderKinds(), t.Kind):
			return fmt.Errorf("cash policy: there is no tender %q; there are %q", t.Kind, TenderKinds())
		case slices.ContainsFunc(p.Tenders[:i], func(o TenderRule) bool { return o.Kind == t.Kind }):
			return fmt.Errorf("cash policy: the tender %s is there twice", t.Kind)
		case t.Most < 0 || t.ApproveAbove < 0:
			return fmt.Errorf("cash policy: the tender %s has a limit below zero", t.Kind)
		case t.Kind == Cash && !t.Deposit:
			return errors.New("cash policy: cash goes to the bank in a bag; say deposit = true")
		case t.Change && t.Kind != Cash:
			return fmt.Errorf("cash policy: change from %s is cashing it, and this desk cashes nothing", t.Kind)
		case t.Deposit && t.Kind != Cash && !slices.Contains(PaperKinds(), t.Kind):
			return fmt.Errorf("cash policy: %s cannot go to the bank in a bag", t.Kind)
		case t.Endorse && !slices.Contains(PaperKinds(), t.Kind):
			return fmt.Errorf("cash policy: %s has no back to print on", t.Kind)
		}
	}
	return nil
}

func (p Policy) checkAllocation() error {
	if len(p.Allocation) == 0 {
		return errors.New("cash policy: an allocation table is needed")
	}
	all := slices.Sorted(slices.Values(account.Buckets()))
	for i, row := range p.Allocation {
		if row.Version == "" || len(row.Version) > maxWord || !printable(row.Version) || row.From == 0 || ledger.DateOf(row.From.Time()) != row.From {
			return errors.New("cash policy: an allocation table needs a version and a first date, like 20260101")
		}
		if row.Source == "" || len(row.Source) > maxSource {
			return fmt.Errorf("cash policy: allocation %s needs its source, the resolution or rule it comes from, in at most %d bytes", row.Version, maxSource)
		}
		if slices.ContainsFunc(p.Allocation[:i], func(o AllocationRow) bool { return o.Version == row.Version || o.From == row.From }) {
			return fmt.Errorf("cash policy: two allocation tables have the version %s, or begin on %s", row.Version, row.From)
		}
		if !slices.Equal(slices.Sorted(slices.Values(row.Order)), all) {
			return fmt.Errorf("cash policy: allocation %s must order every bucket once: %v", row.Version, account.Buckets())
		}
	}
	return nil
}

// allocationOn is the table in force on a date.
func (p Policy) allocationOn(date ledger.Date) (AllocationRow, error) {
	best := ledger.InForce(p.Allocation, date, func(r AllocationRow) ledger.Date { return r.From })
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

// OneByOne are the means of payment, besides cash, of which something lies in the
// drawer to be counted: all but credit, which is in the books only.
func (p Policy) OneByOne() (kinds []TenderKind) {
	for _, t := range p.Tenders {
		if t.Kind != Cash && t.Kind != Credit {
			kinds = append(kinds, t.Kind)
		}
	}
	return kinds
}

// Skimmed are the means of payment, besides cash, that may go into a bag.
func (p Policy) Skimmed() (kinds []TenderKind) {
	for _, t := range p.Tenders {
		if t.Deposit && t.Kind != Cash {
			kinds = append(kinds, t.Kind)
		}
	}
	return kinds
}

// opens says whether the drawer opens for these tenders.
func (p Policy) opens(tenders []Tender) bool {
	return slices.ContainsFunc(tenders, func(t Tender) bool {
		rule, _ := p.tender(t.Kind)
		return rule.Opens
	})
}
