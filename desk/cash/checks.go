package cash

import (
	"encoding/binary"
	"fmt"
	"strings"

	"gatehouse/ledger"
)

// CheckAgainRule is a version of how long a check is remembered, so that one which is
// brought again is noticed.
type CheckAgainRule struct {
	From   ledger.Date `toml:"from"` // first business date
	Days   int         `toml:"days"` // 0: nobody is warned
	Source string      `toml:"source"`
}

// SeenCheck is a check that was taken before one which looks like it: the same bank, the
// same last digits of the account, the same number. The whole account is nowhere, so
// it may be another customer's all the same: somebody looks at both.
type SeenCheck struct {
	Number  string           `json:"number"`
	Receipt ledger.ReceiptNo `json:"receipt"` // it paid
	Date    ledger.Date      `json:"date"`    // business date it was taken
}

const (
	routingDigits = 9 // of a routing number (American Bankers Association)
	lineEnds      = 4 // digits of an account that may be kept
	// maxSerial is how long the number of a check may be: the longest field for it in a
	// magnetic line has 15 characters (ANSI X9.100-160). A whole line is longer, and has
	// the account in it.
	maxSerial = 20
)

func (t Tender) hasLine() bool { return t.Routing != "" || t.AccountEnds != "" }

// checkLine holds for what is kept of a check's magnetic line.
func (t Tender) checkLine() error {
	if err := CheckText("cash.number_too_long", "number", t.Number, maxSerial); err != nil && t.Kind == Check {
		return err
	}
	if !t.hasLine() {
		return nil
	}
	if t.Kind != Check && t.Kind != CashiersCheck || len(t.Routing) != routingDigits || !isDigits(t.Routing) ||
		len(t.AccountEnds) > lineEnds || !isDigits(t.AccountEnds) {
		return ledger.Refuse("cash.check_line", "Of a check's magnetic line only the routing number and the last four digits of the account are kept. Type the number printed on the check.").At("number")
	}
	return nil
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// seenChecks lists the checks of a payment that look like one taken before.
func (d *Duty) seenChecks(s *ledger.State, today ledger.Date, tenders []Tender) (all []SeenCheck, err error) {
	for _, t := range tenders {
		seen, found, err := d.SeenCheck(s, today, t)
		if err != nil {
			return nil, err
		}
		if found {
			all = append(all, seen)
		}
	}
	return all, nil
}

// SeenCheck is the newest check that a tender looks like, within the days of the rule,
// if there is one. A check whose line was not read looks like none.
func (d *Duty) SeenCheck(s *ledger.State, today ledger.Date, t Tender) (seen SeenCheck, found bool, err error) {
	rule := ledger.InForce(d.Policy.CheckAgain, today, func(r CheckAgainRule) ledger.Date { return r.From })
	if rule.Days == 0 || !t.hasLine() {
		return seen, false, nil
	}
	first := ledger.DateOf(today.Time().AddDate(0, 0, -rule.Days))
	for k := range ledger.Prefixed(s.Rows(checks{}.Name()), checkKey(t)) {
		e, err := s.Entry(ledger.KeySeq(k[len(k)-8:]))
		if err != nil {
			return seen, false, err
		}
		if e.Date >= first { // the newest is the last
			seen, found = SeenCheck{Number: t.Number, Receipt: e.ReceiptNo(s.Station()), Date: e.Date}, true
		}
	}
	return seen, found, nil
}

// checkKey is what a check looks like. Zeros before its number are printed by one bank
// and not by the other, and typed by nobody.
func checkKey(t Tender) []byte {
	return fmt.Appendf(nil, "%s\x00%s\x00%s\x00", t.Routing, t.AccountEnds, strings.TrimLeft(t.Number, "0"))
}

// checks is the view of the checks whose magnetic line was read, but for those that were
// given back by a void: what it looks like, number of the payment's entry → empty.
type checks struct{}

func (checks) Name() string         { return "cash.checks" }
func (checks) Kinds() []ledger.Kind { return []ledger.Kind{KindPayment, KindVoid} }

func (checks) Fold(t ledger.Table, e *ledger.Entry) error {
	if e.Kind == KindVoid {
		body, err := ledger.Unpack[Undone](e)
		for _, tender := range body.Tenders {
			if tender.hasLine() {
				t.Delete(binary.BigEndian.AppendUint64(checkKey(tender), body.Of))
			}
		}
		return err
	}
	body, err := ledger.Unpack[Payment](e)
	for _, tender := range body.Tenders {
		if tender.hasLine() {
			t.Put(binary.BigEndian.AppendUint64(checkKey(tender), e.Seq), nil)
		}
	}
	return err
}

// maxAgain is how long a check may be remembered, in days: after six months no bank need
// pay one (UCC 4-404), and some do.
const maxAgain = 3660

func (p Policy) checkAgain() error {
	if len(p.CheckAgain) > maxRows {
		return fmt.Errorf("cash policy: more than %d rows of check_again", maxRows)
	}
	for _, r := range p.CheckAgain {
		if r.From == 0 || ledger.DateOf(r.From.Time()) != r.From || r.Source == "" || len(r.Source) > maxSource || r.Days < 0 || r.Days > maxAgain {
			return fmt.Errorf("cash policy: check_again needs a first date, like 20260101, days up to %d, and its source", maxAgain)
		}
	}
	return nil
}
