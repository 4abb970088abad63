package cash

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// ReturnedRule is a version of what follows when the bank returns a check.
type ReturnedRule struct {
	From    ledger.Date  `toml:"from"` // first business date
	First   ledger.Cents `toml:"first"`
	Further ledger.Cents `toml:"further"`
	// Months is how long a returned check makes the next one a further one.
	Months int `toml:"months"`
	// NoChecks is for how many days no check is taken after this many.
	NoChecksAfter int    `toml:"no_checks_after"`
	NoChecksDays  int    `toml:"no_checks_days"`
	Answer        int    `toml:"answer"` // days the letter gives to pay
	Source        string `toml:"source"`
}

// ReturnCheck takes back what a check paid, after the bank returned it.
type ReturnCheck struct {
	Receipt ledger.ReceiptNo `json:"receipt" doc:"number on the receipt the check paid"`
	Number  string           `json:"number" doc:"number printed on the check"`
	Reason  string           `json:"reason" doc:"one of the policy's reasons, as the bank says"`
	Waive   bool             `json:"waive,omitempty" doc:"charge no fee: the bank's own error; a second person approves"`
}

// ReturnCheck re-opens what a returned check had paid, charges the fee by rank,
// and flags the account.
func (d *Duty) ReturnCheck(s *ledger.State, by staff.Acting, c ReturnCheck) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.Bank); err != nil {
		return nil, err
	}
	if !slices.Contains(d.Policy.Reasons.Returned, c.Reason) {
		return nil, ledger.Refuse("cash.reason", "Choose a reason from the list.").At("reason")
	}
	e, body, err := FindPayment(s, c.Receipt)
	if err != nil {
		return nil, err
	}
	if UndoneBy(s, e.Seq) != 0 {
		return nil, ledger.Refuse("cash.already_undone", "Receipt {no} was already taken back.", "no", string(c.Receipt)).At("receipt")
	}
	if session, _, err := SessionByID(s, body.Session); err != nil || session.Closed == 0 {
		return nil, orError(err, ledger.Refuse("cash.return_open", "The check of receipt {no} is still in its drawer.", "no", string(c.Receipt)).At("receipt"))
	}
	check, err := checkOf(s, e, body, c)
	if err != nil {
		return nil, err
	}
	if err := notOwnParts(by, body.Parts, "receipt"); err != nil {
		return nil, err
	}
	item := check.item(e.Receipt)
	today := ledger.DateOf(s.Now().In(d.Location))
	rule, err := d.Policy.returnedOn(today)
	if err != nil {
		return nil, err
	}
	out := Returned{Receipt: e.ReceiptNo(s.Station()), Of: e.Seq, Item: item, Reason: c.Reason, Reopened: reopen(body.Parts, returnedOf(s, e.Receipt, body), check.Amount),
		By: by.Who.Name, Source: rule.Source, AnswerBy: ledger.DateOf(today.Time().AddDate(0, 0, rule.Answer))}
	receipt := reversedSub(s.Station(), e.Receipt)
	posted := []ledger.Posting{{Account: AccountReturned, Sub: receipt, Amount: -check.Amount}}
	for _, p := range out.Reopened {
		for _, a := range p.Allocation {
			posted = append(posted, p.posting(receipt, a.Bucket, a.Amount))
		}
	}
	// The fee and the flag are the first account's: it is the one that was named
	// when the check was taken.
	payer := body.Parts[0].Account
	out.Account, out.Name, out.Service = payer, body.Parts[0].Name, body.Parts[0].Service
	if payer != "" { // else there is no account to charge or to flag
		fee, err := d.chargeReturned(s, by, rule, today, c.Waive, &out)
		if err != nil {
			return nil, err
		}
		posted = append(posted, fee...)
	}
	return []ledger.Draft{{Kind: KindReturned, Date: today, Receipt: true, Returned: check.Amount, Body: out, Lines: lines(posted...)}}, nil
}

// chargeReturned charges the fee by rank to the account that a returned check is of, and
// flags it, or waives both.
func (d *Duty) chargeReturned(s *ledger.State, by staff.Acting, rule ReturnedRule, today ledger.Date, waive bool, out *Returned) ([]ledger.Posting, error) {
	out.Rank = 1 + ReturnedOf(s, out.Account).since(today.Time().AddDate(0, -rule.Months, 0))
	out.Fee = rule.First
	if out.Rank > 1 {
		out.Fee = rule.Further
	}
	if err := d.Staff.CheckApproval(by, waive); err != nil {
		return nil, err
	}
	if waive {
		out.Fee, out.Waived, out.Approver, out.ApproverName = 0, true, by.Approver.ID, by.Approver.Name
	} else if rule.NoChecksAfter > 0 && out.Rank >= rule.NoChecksAfter {
		out.NoChecksUntil = ledger.DateOf(today.Time().AddDate(0, 0, rule.NoChecksDays))
	}
	return []ledger.Posting{{Account: account.Receivable(account.Penalties), Sub: string(out.Account), Amount: out.Fee},
		{Account: accountReturnFees, Sub: string(out.Account), Amount: -out.Fee}}, nil
}

// AccountReturned is what the bank takes back for returned checks.
const AccountReturned = "assets:bank:returned"

const accountReturnFees = "income:returned-check-fees"

// checkOf is the check of a payment that has a number and was not returned yet.
func checkOf(s *ledger.State, e ledger.Entry, body Payment, c ReturnCheck) (Tender, error) {
	before := false
	for _, t := range body.Tenders {
		if t.Kind != Check || t.Number != strings.TrimSpace(c.Number) {
			continue
		}
		if s.Rows(returned{}.Name()).Get(itemKey(t.item(e.Receipt))) == nil {
			return t, nil
		}
		before = true
	}
	if before {
		return Tender{}, ledger.Refuse("cash.returned_before", "That check was returned before.").At("number")
	}
	return Tender{}, ledger.Refuse("cash.no_such_check", "Receipt {no} was not paid by that check.", "no", string(c.Receipt)).At("number")
}

// returnedOf is how much of a payment's checks the bank returned so far.
func returnedOf(s *ledger.State, receipt uint64, body Payment) (sum ledger.Cents) {
	for _, t := range body.Tenders {
		if t.Kind == Check && s.Rows(returned{}.Name()).Get(itemKey(t.item(receipt))) != nil {
			sum = sum.Plus(t.Amount)
		}
	}
	return sum
}

// reopen undoes an amount of a payment's allocation. One check that paid all of
// it undoes all of it; where other tenders paid too, what was allocated last is
// undone first, but for what is undone already.
func reopen(parts []Part, already, amount ledger.Cents) (all []Part) {
	for _, p := range slices.Backward(parts) {
		again := Part{Account: p.Account, Name: p.Name, Service: p.Service}
		for _, a := range slices.Backward(p.Allocation) {
			done := min(already, a.Amount)
			already -= done
			take := min(amount, a.Amount-done)
			if take <= 0 {
				continue
			}
			amount -= take
			again.Amount = again.Amount.Plus(take)
			again.Allocation = append(again.Allocation, Allocated{a.Bucket, take})
		}
		if again.Amount > 0 {
			slices.Reverse(again.Allocation)
			all = append(all, again)
		}
	}
	slices.Reverse(all)
	return all
}

// History is what is known here of an account's returned checks.
type History struct {
	Dates         []ledger.Date `json:"dates"`
	NoChecksUntil ledger.Date   `json:"no_checks_until,omitempty"`
}

// since counts those on or after a day.
func (h History) since(day time.Time) (n int) {
	for _, d := range h.Dates {
		if !d.Time().Before(day) {
			n++
		}
	}
	return n
}

// ReturnedOf is the history of an account's returned checks at this station.
func ReturnedOf(s *ledger.State, no account.No) History {
	row := s.Rows(returned{}.Name()).Get(key('A', string(no)))
	if row == nil {
		return History{}
	}
	h, err := ledger.Unpack[History](&ledger.Entry{Kind: "history", Body: row})
	if err != nil {
		return History{}
	}
	return h
}

// returned is the view of returned checks:
//
//	"A" account                 History
//	"I" receipt NUL number …    empty: this check was returned
type returned struct{}

func (returned) Name() string         { return "cash.returned" }
func (returned) Kinds() []ledger.Kind { return []ledger.Kind{KindReturned} }

func (returned) Fold(t ledger.Table, e *ledger.Entry) error {
	body, err := ledger.Unpack[Returned](e)
	if err != nil {
		return err
	}
	t.Put(itemKey(body.Item), nil)
	if body.Waived {
		return nil
	}
	var h History
	if row := t.Get(key('A', string(body.Account))); row != nil {
		if h, err = ledger.Unpack[History](&ledger.Entry{Kind: "history", Body: row}); err != nil {
			return err
		}
	}
	// Older ones no longer matter to any rule.
	if h.Dates = append(h.Dates, e.Date); len(h.Dates) > maxHistory {
		h.Dates = h.Dates[len(h.Dates)-maxHistory:]
	}
	h.NoChecksUntil = max(h.NoChecksUntil, body.NoChecksUntil)
	return put(t, key('A', string(body.Account)), h)
}

const maxHistory = 50

func itemKey(i Item) []byte {
	return key('I', fmt.Sprintf("%d\x00%s\x00%d", i.Receipt, i.Number, i.Amount))
}

// returnedOn is the rule in force on a date.
func (p Policy) returnedOn(date ledger.Date) (ReturnedRule, error) {
	best := ledger.InForce(p.Returned, date, func(r ReturnedRule) ledger.Date { return r.From })
	if best.From == 0 {
		return best, ledger.Refuse("cash.no_returned_rule", "No rule for returned checks is in force on {date}. Ask your supervisor to add one to the policy.", "date", date.String())
	}
	return best, nil
}

func (p Policy) checkReturned() error {
	if len(p.Returned) > maxRows || len(p.AdjustLimits) > maxRows {
		return fmt.Errorf("cash policy: more than %d rows for returned checks or for adjustments", maxRows)
	}
	for _, r := range p.Returned {
		switch {
		case r.From == 0 || ledger.DateOf(r.From.Time()) != r.From || r.Source == "" || len(r.Source) > maxSource:
			return errors.New("cash policy: a rule for returned checks needs a first date, like 20260101, and its source")
		case r.First < 0 || r.Further < r.First || r.Further > ledger.MaxAmount:
			return errors.New("cash policy: the fee for a further returned check is not below that for the first")
		case r.Months < 0 || r.Months > 120 || r.NoChecksDays < 0 || r.NoChecksDays > 3660 || r.NoChecksAfter < 0 || r.Answer < 0 || r.Answer > 366:
			return errors.New("cash policy: a rule for returned checks counts months up to 120 and days up to ten years")
		}
	}
	for _, r := range p.AdjustLimits {
		if r.From == 0 || ledger.DateOf(r.From.Time()) != r.From || r.Source == "" || len(r.Source) > maxSource || r.Most < 0 || !slices.Contains(staff.Roles(), r.Role) {
			return fmt.Errorf("cash policy: the limit of adjustments for %q needs a role, a first date and its source", r.Role)
		}
	}
	return nil
}
