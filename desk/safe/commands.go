package safe

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Duty is the safe and the bank, with what it depends on.
type Duty struct {
	Staff    *staff.Duty
	Cash     *cash.Duty
	Policy   Policy
	Location *time.Location
}

// CountSafe counts the change fund in the safe and ticks what waits there. Two
// people do; neither is shown what the books say before the count is on record.
type CountSafe struct {
	Count cash.Count `json:"count" doc:"the change fund as counted: pieces of each value"`
	There []string   `json:"there,omitempty" doc:"numbers of the bags, and the sessions, whose money is there"`
}

// MakeDeposit takes whole sessions and whole bags to a bank.
type MakeDeposit struct {
	Bank  string     `json:"bank" doc:"id of the bank, as in the policy"`
	Parts []string   `json:"parts" doc:"sessions and bags, by their numbers"`
	Count cash.Count `json:"count,omitempty" doc:"the cash as counted: pieces of each value"`
	Bag   string     `json:"bag,omitempty" doc:"number printed on the deposit bag"`
	Note  string     `json:"note,omitempty" doc:"what there is to say of a difference"`
}

// RecordStatement records the lines of a bank's statement, and finds the deposits
// among them.
type RecordStatement struct {
	Bank  string `json:"bank" doc:"id of the bank, as in the policy"`
	File  string `json:"file" doc:"name of the file"`
	Lines []Line `json:"lines" doc:"its lines"`
}

// MatchByHand says that a line of a statement is a deposit, though they differ.
type MatchByHand struct {
	Bank    string `json:"bank" doc:"id of the bank"`
	Deposit string `json:"deposit" doc:"number of the deposit, like A1-D0012"`
	Line    Line   `json:"line" doc:"the line, as it was recorded"`
	Note    string `json:"note" doc:"why they differ"`
}

// Bounds of one command, so that its entries stay well under the ledger's own.
const (
	maxParts = 10
	maxTicks = 200
	maxLines = 200
	maxText  = 120 // characters
	maxFound = 20  // deposits found by one statement; the rest by the next
)

// CountSafe records a count of the safe. Any count is accepted and kept; what the
// change fund differs from the books goes to over/short. What is missing besides
// is named, and stays in the books until somebody says what became of it.
func (d *Duty) CountSafe(s *ledger.State, by staff.Acting, c CountSafe) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.KeepSafe); err != nil {
		return nil, err
	}
	if err := d.Staff.RequireWitness(s, by); err != nil {
		return nil, err
	}
	if err := d.Cash.CheckCount(c.Count); err != nil {
		return nil, err
	}
	if len(c.There) > maxTicks {
		return nil, ledger.Refuse("safe.ticks", "At most {most} bags and sessions are ticked at once.", "most", fmt.Sprint(maxTicks)).At("there")
	}
	holds, err := InSafe(s)
	if err != nil {
		return nil, err
	}
	body := Counted{Name: by.Who.Name, Witness: by.Approver.ID, WitnessName: by.Approver.Name,
		Counted: c.Count, Expected: holds.Float, Over: c.Count.Total() - holds.Float}
	there := make(map[string]bool)
	for _, typed := range c.There {
		id, err := cash.CheckBag(typed)
		if err != nil {
			return nil, err
		}
		there[id] = true
	}
	for _, w := range holds.Waiting {
		if there[w.ID] {
			body.There = append(body.There, w.ID)
		} else if w.physical() {
			body.Missing = append(body.Missing, w.ID)
		}
		delete(there, w.ID)
	}
	for id := range there {
		body.Unknown = append(body.Unknown, id)
	}
	slices.Sort(body.Unknown)
	return []ledger.Draft{{Kind: KindCounted, Body: body, Lines: lines(
		ledger.Posting{Account: cash.AccountFloat, Amount: body.Over},
		ledger.Posting{Account: cash.AccountOverShort, Sub: "safe", Amount: -body.Over})}}, nil
}

// physical says whether there is something to see: a card's money is nowhere.
func (w Waiting) physical() bool {
	return slices.ContainsFunc(w.Amounts, func(a Amount) bool { return a.Kind == cash.Cash || slices.Contains(cash.PaperKinds(), a.Kind) })
}

// MakeDeposit takes money to a bank: all that the bank takes of each session and
// bag named, and nothing else.
func (d *Duty) MakeDeposit(s *ledger.State, by staff.Acting, c MakeDeposit) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.Bank); err != nil {
		return nil, err
	}
	if err := d.Staff.RequireWitness(s, by); err != nil {
		return nil, err
	}
	bank, found := d.Policy.bank(c.Bank)
	if !found {
		return nil, noBank()
	}
	if err := cash.CheckText("safe.note_too_long", "note", c.Note, maxText); err != nil {
		return nil, err
	}
	if err := d.Cash.CheckCount(c.Count); err != nil {
		return nil, err
	}
	body := Deposit{No: fmt.Sprintf("%s-D%04d", s.Station(), deposits(s)+1), Bank: bank.ID, Name: bank.Name, Account: bank.Account,
		By: by.Who.Name, Witness: by.Approver.ID, WitnessName: by.Approver.Name, Count: c.Count, Note: c.Note}
	if bank.Bagged {
		bag, err := d.Cash.NewBag(s, c.Bag)
		if err != nil {
			return nil, err
		}
		body.Bag = bag
	} else if c.Bag != "" || len(c.Count) > 0 {
		return nil, ledger.Refuse("safe.no_bag", "Nothing goes to {bank} in a bag.", "bank", bank.Name).At("bag")
	}
	posted, err := d.parts(s, bank, c.Parts, &body)
	if err != nil {
		return nil, err
	}
	counted := c.Count.Total()
	body.Over = counted - body.Expected
	for i := range body.Amounts {
		if body.Amounts[i].Kind == cash.Cash {
			body.Amounts[i].Amount = counted
		}
		body.Total = body.Total.Plus(body.Amounts[i].Amount)
	}
	if body.Expected == 0 && counted != 0 {
		return nil, ledger.Refuse("safe.no_cash", "There is no cash in these sessions and bags.").At("count")
	}
	if body.Over != 0 && strings.TrimSpace(c.Note) == "" {
		return nil, ledger.Refuse("safe.note_needed", "The cash counted is {counted}, and {expected} was put away. Count again, or say what happened.",
			"counted", counted.String(), "expected", body.Expected.String()).At("note")
	}
	posted = append(posted,
		ledger.Posting{Account: transitAccount(bank.ID), Sub: body.No, Amount: body.Total},
		ledger.Posting{Account: cash.AccountOverShort, Sub: body.No, Amount: -body.Over})
	return []ledger.Draft{{Kind: KindDeposit, Body: body, Lines: lines(posted...)}}, nil
}

// parts takes all that a bank takes of the sessions and bags named.
func (d *Duty) parts(s *ledger.State, bank Bank, ids []string, body *Deposit) (posted []ledger.Posting, err error) {
	if len(ids) == 0 || len(ids) > maxParts {
		return nil, ledger.Refuse("safe.parts", "A deposit takes 1 to {most} sessions and bags.", "most", fmt.Sprint(maxParts)).At("parts")
	}
	all, err := AllWaiting(s)
	if err != nil {
		return nil, err
	}
	sums := make(map[cash.TenderKind]ledger.Cents)
	for _, id := range ids {
		id = strings.ToUpper(strings.TrimSpace(id))
		at := slices.IndexFunc(all, func(w Waiting) bool { return w.ID == id })
		if at < 0 || slices.ContainsFunc(body.Parts, func(w Waiting) bool { return w.ID == id }) {
			return nil, ledger.Refuse("safe.not_waiting", "{id} does not wait for its deposit, or is named twice.", "id", fmt.Sprintf("%.30s", id)).At("parts")
		}
		part := all[at]
		part.Amounts = nil
		for _, a := range all[at].Amounts {
			if !slices.Contains(bank.Tenders, a.Kind) {
				continue
			}
			part.Amounts = append(part.Amounts, a)
			sums[a.Kind] = sums[a.Kind].Plus(a.Amount)
			from := ledger.Posting{Account: cash.UndepositedAccount(a.Kind), Sub: part.ID, Amount: -a.Amount}
			if part.Bag {
				from.Account, from.Sub = cash.BagAccount(a.Kind), cash.BagSub(part.ID)
			}
			posted = append(posted, from)
		}
		if len(part.Amounts) == 0 {
			return nil, ledger.Refuse("safe.not_for_bank", "{bank} takes nothing of what is in {id}.", "bank", bank.Name, "id", id).At("parts")
		}
		items, err := checksOf(s, part)
		if err != nil {
			return nil, err
		}
		body.Checks = append(body.Checks, items...)
		body.Parts = append(body.Parts, part)
	}
	for _, kind := range cash.TenderKinds() {
		if sums[kind] != 0 {
			body.Amounts = append(body.Amounts, Amount{kind, sums[kind]})
		}
	}
	body.Expected = sums[cash.Cash]
	return posted, nil
}

// checksOf lists the checks of a part one by one, for the slip.
func checksOf(s *ledger.State, part Waiting) (all []cash.Item, err error) {
	for _, kind := range cash.PaperKinds() {
		if part.Of(kind) == 0 {
			continue
		}
		var items []cash.Item
		if part.Bag {
			items, err = cash.BagItems(s, part.ID, kind)
		} else {
			var session cash.Session
			if session, _, err = cash.SessionByID(s, part.Session); err == nil {
				items, err = cash.Items(s, session, kind)
			}
		}
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}

// RecordStatement keeps the lines that are new, and matches those that can be no
// other deposit: by its number or its bag in the bank's reference, or by an amount
// that only one deposit of those days has.
func (d *Duty) RecordStatement(s *ledger.State, by staff.Acting, c RecordStatement) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.Bank); err != nil {
		return nil, err
	}
	bank, found := d.Policy.bank(c.Bank)
	if !found {
		return nil, noBank()
	}
	if err := cash.CheckText("safe.file_name", "file", c.File, maxText); err != nil {
		return nil, err
	}
	if len(c.Lines) == 0 || len(c.Lines) > maxLines {
		return nil, ledger.Refuse("safe.lines", "A statement is recorded 1 to {most} lines at a time.", "most", fmt.Sprint(maxLines)).At("lines")
	}
	body := Statement{Bank: bank.ID, File: c.File, By: by.Who.Name}
	rows := s.Rows(place{}.Name())
	equal := make(map[Line]int) // how many of the file so far
	for _, l := range c.Lines {
		if err := l.check(); err != nil {
			return nil, err
		}
		known := rows.Get(lineKey(bank.ID, l, equal[l])) != nil
		equal[l]++
		if known {
			body.Known++
			continue
		}
		body.Lines = append(body.Lines, l)
	}
	if len(body.Lines) == 0 {
		return nil, ledger.Refuse("safe.all_known", "All lines of this statement were recorded before.").At("lines")
	}
	drafts := []ledger.Draft{{Kind: KindStatement, Body: body}}
	transit, err := InTransit(s)
	if err != nil {
		return nil, err
	}
	transit = slices.DeleteFunc(transit, func(t Transit) bool { return t.Bank != bank.ID })
	// Lines that were no deposit so far may be one that was made since, or was too many for
	// one statement.
	before, err := OpenLines(s, bank.ID)
	if err != nil {
		return nil, err
	}
	for _, l := range append(before, body.Lines...) {
		at, how := d.Policy.find(transit, l)
		if at < 0 || len(drafts) > maxFound {
			continue
		}
		drafts = append(drafts, matched(by, bank.ID, transit[at], l, how, "", staff.Person{}))
		transit = slices.Delete(transit, at, at+1)
	}
	return drafts, nil
}

// find is the deposit a line of a statement is.
func (p Policy) find(transit []Transit, l Line) (at int, how string) {
	text := strings.ToUpper(l.Reference + " " + l.Text)
	for i, t := range transit {
		if t.Total == l.Amount && (hasWord(text, t.No) || t.Bag != "" && hasWord(text, t.Bag)) {
			return i, "reference"
		}
	}
	at = -1
	for i, t := range transit {
		days := l.Date.Time().Sub(t.Date.Time()).Hours() / 24
		if t.Total != l.Amount || days < 0 || days > float64(p.Near) {
			continue
		}
		if at >= 0 {
			return -1, "" // two of them: somebody must look
		}
		at = i
	}
	return at, "amount"
}

// hasWord says whether a word stands in a text by itself.
func hasWord(text, word string) bool {
	return slices.Contains(strings.FieldsFunc(text, func(r rune) bool {
		return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
	}), word)
}

func matched(by staff.Acting, bank string, t Transit, l Line, how, note string, approver staff.Person) ledger.Draft {
	body := Matched{Deposit: t.No, Bank: bank, Line: l, Sent: t.Total, Difference: l.Amount - t.Total, How: how, Note: note, By: by.Who.Name,
		Approver: approver.ID, ApproverName: approver.Name}
	return ledger.Draft{Kind: KindMatched, Body: body, Lines: lines(
		ledger.Posting{Account: bankAccount(bank), Amount: l.Amount},
		ledger.Posting{Account: transitAccount(bank), Sub: t.No, Amount: -t.Total},
		ledger.Posting{Account: accountDifferences, Sub: t.No, Amount: -body.Difference})}
}

// MatchByHand matches a line that differs from its deposit, or that nothing told
// from another.
func (d *Duty) MatchByHand(s *ledger.State, by staff.Acting, c MatchByHand) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.Bank); err != nil {
		return nil, err
	}
	if err := d.Staff.RequireApproval(by); err != nil {
		return nil, err
	}
	bank, found := d.Policy.bank(c.Bank)
	if !found {
		return nil, noBank()
	}
	if err := cash.CheckText("safe.note_too_long", "note", c.Note, maxText); err != nil {
		return nil, err
	}
	if strings.TrimSpace(c.Note) == "" {
		return nil, ledger.Refuse("safe.say_why", "Say why this line is that deposit.").At("note")
	}
	open, err := OpenLines(s, bank.ID)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(open, c.Line) {
		return nil, ledger.Refuse("safe.no_such_line", "That line is not on a statement of {bank}, or is a deposit already.", "bank", bank.Name).At("line")
	}
	transit, err := InTransit(s)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(transit, func(t Transit) bool { return t.Bank == bank.ID && t.No == c.Deposit })
	if at < 0 {
		return nil, ledger.Refuse("safe.no_such_deposit", "No deposit {no} is on its way to {bank}.", "no", fmt.Sprintf("%.30s", c.Deposit), "bank", bank.Name).At("deposit")
	}
	return []ledger.Draft{matched(by, bank.ID, transit[at], c.Line, "by hand", c.Note, *by.Approver)}, nil
}

func (l Line) check() error {
	if l.Date == 0 || ledger.DateOf(l.Date.Time()) != l.Date || l.Amount > ledger.MaxAmount || l.Amount < -ledger.MaxAmount || l.Amount == 0 {
		return ledger.Refuse("safe.bad_line", "A line of a statement has a date and an amount.").At("lines")
	}
	if err := cash.CheckText("safe.bad_line", "lines", l.Reference, maxText); err != nil {
		return err
	}
	return cash.CheckText("safe.bad_line", "lines", l.Text, maxText)
}

func noBank() error {
	return ledger.Refuse("safe.no_such_bank", "The policy has no such bank.").At("bank")
}

const accountDifferences = "expenses:bank-differences"

func transitAccount(bank string) string { return "assets:in-transit:" + bank }
func bankAccount(bank string) string    { return "assets:bank:" + bank }

// lines drops postings of nothing.
func lines(all ...ledger.Posting) []ledger.Posting {
	return slices.DeleteFunc(all, func(l ledger.Posting) bool { return l.Amount == 0 })
}
