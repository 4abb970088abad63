package cash

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// TakePayment takes one payment for one or several accounts, by any split of
// tenders.
type TakePayment struct {
	Pay     []Pay    `json:"pay" doc:"the accounts and how much each gets"`
	Tenders []Tender `json:"tenders" doc:"what was handed over, before change"`
}

// Pay is what one account gets.
type Pay struct {
	Account account.No   `json:"account,omitempty" doc:"account number, like 01-2345-6; left out for money of somebody who has none yet"`
	For     string       `json:"for,omitempty" doc:"without an account: whose money it is, and what for"`
	Amount  ledger.Cents `json:"amount" doc:"dollars and cents in quotes, like \"188.20\""`
	// Split goes by what the customer asked for instead of the table. A second person
	// approves.
	Split []Allocated `json:"split,omitempty" doc:"instead of the table: what past-due, penalties and current get, together the amount"`
	Why   string      `json:"why,omitempty" doc:"of a split: one of the policy's reasons"`
}

// Bounds of one payment, so that its postings stay well under ledger.MaxLines.
const (
	maxParts   = 12
	maxTenders = 10
	maxNumber  = 40 // characters of a check's number or a processor's reference
)

// Settled is how a payment comes out.
type Settled struct {
	Change   ledger.Cents // given back, from cash only
	Rounding ledger.Cents // what the cash kept is more than what was owed in cash
}

// nickel is what cash is rounded to, where it is.
const nickel = 5 // cents

// toNickel is the nearest amount that can be paid without pennies: 1, 2, 6 and 7
// go down, 3, 4, 8 and 9 up. Nothing is rounded to nothing.
func toNickel(due ledger.Cents) ledger.Cents {
	return max(nickel, (due+nickel/2)/nickel*nickel)
}

// Settle says what is given back for a payment of total on a business date: only
// cash is, so it is never more than the cash handed over, and no drawer runs out of
// money for it. Where cash is rounded, only what is owed in cash is, after all
// other tenders; whoever has the exact coins pays exactly. A refusal names what
// is wrong with the tenders.
func (p Policy) Settle(date ledger.Date, total ledger.Cents, tenders []Tender) (Settled, error) {
	if len(tenders) == 0 || len(tenders) > maxTenders {
		return Settled{}, ledger.Refuse("cash.tenders", "A payment has one to {most} tenders.", "most", fmt.Sprint(maxTenders)).At("tenders")
	}
	of := make(map[TenderKind]ledger.Cents)
	var tendered ledger.Cents
	for _, t := range tenders {
		rule, err := p.checkTender(t)
		if err != nil {
			return Settled{}, err
		}
		tendered = tendered.Plus(t.Amount)
		of[t.Kind] = of[t.Kind].Plus(t.Amount)
		if rule.Most > 0 && of[t.Kind] > rule.Most {
			return Settled{}, ledger.Refuse("cash.tender_limit", "{kind} is taken up to {most}.", "kind", string(t.Kind), "most", rule.Most.String()).At("tenders")
		}
	}
	cash := of[Cash]
	other := tendered - cash
	due := total - other
	switch {
	case due < 0:
		return Settled{}, ledger.Refuse("cash.change_only_from_cash", "Change is given only from cash. {over} too much was tendered by other means; take it as credit on the account, or lower the amount.", "over", (-due).String()).At("tenders")
	case cash > 0 && due == 0:
		return Settled{}, ledger.Refuse("cash.cash_not_needed", "The other tenders already pay all of it. Give the cash back.").At("tenders")
	}
	owed := due
	if cash > 0 && cash != due && p.Rounding.on(date) && cash >= toNickel(due) {
		owed = toNickel(due)
	}
	if cash < owed {
		return Settled{}, ledger.Refuse("cash.short", "{left} is still to be paid.", "left", (owed - cash).String()).At("tenders")
	}
	if rule, _ := p.tender(Cash); cash > owed && !rule.Change {
		return Settled{}, ledger.Refuse("cash.no_change", "This desk gives no change. Take the exact amount.").At("tenders")
	}
	return Settled{Change: cash - owed, Rounding: owed - due}, nil
}

// checkTender says whether one tender is complete, and gives the rule for it.
func (p Policy) checkTender(t Tender) (TenderRule, error) {
	rule, taken := p.tender(t.Kind)
	switch {
	case !taken:
		return rule, ledger.Refuse("cash.unknown_tender", "This desk does not take {kind}.", "kind", fmt.Sprintf("%.20s", string(t.Kind))).At("tenders")
	case t.Amount <= 0 || t.Amount > ledger.MaxAmount:
		return rule, ledger.Refuse("cash.tender_amount", "A tender is more than nothing and at most {most}.", "most", ledger.MaxAmount.String()).At("tenders")
	}
	if err := CheckText("cash.number_too_long", "number", t.Number, maxNumber); err != nil {
		return rule, err
	}
	if err := CheckText("cash.number_too_long", "reference", t.Reference, maxNumber); err != nil {
		return rule, err
	}
	return rule, t.checkFields()
}

// checkFields asks for what is written on a tender, and for nothing else: what
// nobody asked for would be kept and never shown.
func (t Tender) checkFields() error {
	card := t.Reference != "" || t.LastFour != ""
	switch t.Kind {
	case Cash:
		if t.Number != "" || card || t.hasLine() {
			return ledger.Refuse("cash.cash_has_no_number", "Cash has no number.").At("number")
		}
	case Check, CashiersCheck, MoneyOrder, Pledge:
		if strings.TrimSpace(t.Number) == "" {
			return ledger.Refuse("cash.number_needed", "Type the number printed on it.").At("number")
		}
		if card {
			return ledger.Refuse("cash.not_a_card", "A reference and last four digits are a card's. Type only the number printed on it.").At("reference")
		}
		return t.checkLine()
	case Credit:
		if t.Number != "" || t.LastFour != "" || t.hasLine() {
			return ledger.Refuse("cash.credit_has_no_number", "A credit has only the account or receipt it comes from.").At("number")
		}
		if strings.TrimSpace(t.Reference) == "" {
			return ledger.Refuse("cash.credit_from", "Type the account the credit is on, or the receipt that was reversed.").At("reference")
		}
	case Card:
		if strings.TrimSpace(t.Reference) == "" {
			return ledger.Refuse("cash.reference_needed", "Type the reference from the card terminal's slip.").At("reference")
		}
		if len(t.LastFour) != 4 || strings.Trim(t.LastFour, "0123456789") != "" {
			return ledger.Refuse("cash.last_four", "Type only the last four digits of the card.").At("last_four")
		}
		if t.Number != "" || t.hasLine() {
			return ledger.Refuse("cash.card_has_no_number", "Of a card only the terminal's reference and the last four digits are kept.").At("number")
		}
	}
	return nil
}

// TakePayment takes a payment into the open session of who acts.
func (d *Duty) TakePayment(s *ledger.State, by staff.Acting, c TakePayment) ([]ledger.Draft, error) {
	c.Tenders = trimmed(c.Tenders)
	session, err := d.working(s, by)
	if err != nil {
		return nil, err
	}
	rule, err := d.Policy.allocationOn(session.Date)
	if err != nil {
		return nil, err
	}
	parts, total, err := d.parts(s, by, rule, session.Date, c)
	if err != nil {
		return nil, err
	}
	if err := d.checkRoom(s, session, c.Tenders); err != nil {
		return nil, err
	}
	settled, err := d.Policy.Settle(session.Date, total, c.Tenders)
	if err != nil {
		return nil, err
	}
	if err := d.checkOffline(by, c.Tenders); err != nil {
		return nil, err
	}
	drawn, err := d.drawCredits(s, by, c)
	if err != nil {
		return nil, err
	}
	approved, err := d.approvedBy(by, c)
	if err != nil {
		return nil, err
	}
	posted, receipt := drawn, reversedSub(s.Station(), s.Head().Totals.Receipts+1)
	for _, p := range parts {
		for _, a := range p.Allocation {
			posted = append(posted, p.posting(receipt, a.Bucket, -a.Amount))
		}
	}
	for _, kind := range TenderKinds() {
		amount := kept(c.Tenders, settled.Change, kind)
		posted = append(posted, ledger.Posting{Account: drawerAccount(kind), Sub: string(session.ID), Amount: amount})
		if kind == Credit {
			// It is in no drawer, and goes through the books of this one only so that its
			// session knows of a payment by nothing else.
			posted = append(posted, ledger.Posting{Account: drawerAccount(kind), Sub: string(session.ID), Amount: -amount})
		}
	}
	posted = append(posted, ledger.Posting{Account: accountRounding, Amount: -settled.Rounding})
	seen, err := d.seenChecks(s, session.Date, c.Tenders)
	if err != nil {
		return nil, err
	}
	body := Payment{Session: session.ID, Seen: seen, Drawer: session.Drawer, Cashier: by.Who.Name,
		Parts: parts, Tenders: c.Tenders, Total: total, Change: settled.Change, Rounding: settled.Rounding,
		Rounded: d.Policy.resolution(settled), Approver: approved.ID, ApproverName: approved.Name,
		Rule: rule.Version, Offline: by.Offline, Opens: d.Policy.opens(c.Tenders)}
	drafts := []ledger.Draft{{Kind: KindPayment, Date: session.Date, Receipt: true, Taken: total, Body: body, Lines: lines(posted...)}}
	return append(drafts, d.watchCash(s, body, session.Date)...), nil
}

// trimmed are tenders without the blanks around what was typed, which would make one check
// look like another.
func trimmed(tenders []Tender) []Tender {
	tenders = slices.Clone(tenders)
	for i := range tenders {
		t := &tenders[i]
		t.Number, t.Reference = strings.TrimSpace(t.Number), strings.TrimSpace(t.Reference)
	}
	return tenders
}

// checkRoom refuses cash once the drawer holds as much as it may.
func (d *Duty) checkRoom(s *ledger.State, session Session, tenders []Tender) error {
	stop := d.Policy.Limit.Stop
	if stop == 0 || InDrawer(s, session.ID, Cash) < stop || !slices.ContainsFunc(tenders, func(t Tender) bool { return t.Kind == Cash }) {
		return nil
	}
	return ledger.Refuse("cash.drawer_full", "The drawer holds as much cash as it may. Take some to the safe in a bag, then take this payment.").At("tenders")
}

// kept is what stays in the drawer of one means of payment.
func kept(tenders []Tender, change ledger.Cents, kind TenderKind) ledger.Cents {
	var sum ledger.Cents
	for _, t := range tenders {
		if t.Kind == kind {
			sum = sum.Plus(t.Amount)
		}
	}
	if kind == Cash {
		sum -= change
	}
	return sum
}

// parts looks the accounts up and allocates what each gets.
func (d *Duty) parts(s *ledger.State, by staff.Acting, rule AllocationRow, today ledger.Date, c TakePayment) (parts []Part, total ledger.Cents, err error) {
	if len(c.Pay) == 0 || len(c.Pay) > maxParts {
		return nil, 0, ledger.Refuse("cash.accounts", "A payment is for one to {most} accounts.", "most", fmt.Sprint(maxParts)).At("pay")
	}
	for i, pay := range c.Pay {
		if pay.Amount <= 0 || pay.Amount > ledger.MaxAmount {
			return nil, 0, ledger.Refuse("cash.pay_amount", "An account gets more than nothing and at most {most}.", "most", ledger.MaxAmount.String()).At("amount")
		}
		if slices.ContainsFunc(c.Pay[:i], func(p Pay) bool { return p.Account == pay.Account }) {
			return nil, 0, ledger.Refuse("cash.account_twice", "Account {no} is in this payment twice.", "no", string(pay.Account)).At("pay")
		}
		if err := notOwn(by, pay.Account, "pay"); err != nil {
			return nil, 0, err
		}
		if pay.Account == "" {
			part, err := unnumbered(pay)
			if err != nil {
				return nil, 0, err
			}
			parts, total = append(parts, part), total.Plus(pay.Amount)
			continue
		}
		if pay.For != "" {
			return nil, 0, ledger.Refuse("cash.for_account", "Whose money it is follows from the account.").At("for")
		}
		if err := account.CheckNo(pay.Account); err != nil {
			return nil, 0, err
		}
		standing, err := d.Accounts.Standing(s, pay.Account)
		if err != nil {
			return nil, 0, err
		}
		if err := checkFlags(s, today, standing.Customer, c.Tenders); err != nil {
			return nil, 0, err
		}
		allocation, err := d.allocate(rule, standing, pay)
		if err != nil {
			return nil, 0, err
		}
		part := Part{Account: pay.Account, Name: clip(standing.Customer.Name), Service: clip(standing.Customer.Service),
			Amount: pay.Amount, Allocation: allocation, Why: pay.Why,
			Before: standing.Balance(), After: standing.Balance() - pay.Amount,
			AsOf: standing.AsOf.UnixMicro(), Basis: standing.Version}
		total = total.Plus(pay.Amount)
		parts = append(parts, part)
	}
	if total > ledger.MaxAmount {
		return nil, 0, ledger.Refuse("cash.total", "A payment is at most {most}.", "most", ledger.MaxAmount.String()).At("amount")
	}
	return parts, total, nil
}

// clip keeps what the reference data say of a customer within the bounds of an
// entry, whatever central sent.
func clip(text string) string {
	if r := []rune(text); len(r) > maxText {
		return string(r[:maxText])
	}
	return text
}

// checkFlags honours the flags on an account. today is the session's business
// date: a flag that ends today still holds after midnight in Greenwich.
func checkFlags(s *ledger.State, today ledger.Date, c account.Customer, tenders []Tender) error {
	until := max(c.NoChecksUntil, ReturnedOf(s, c.No).NoChecksUntil)
	if until >= today && slices.ContainsFunc(tenders, func(t Tender) bool { return t.Kind == Check }) {
		return ledger.Refuse("cash.no_checks", "No checks for account {no} until {until}: checks were returned. Cash, card or money order.",
			"no", string(c.No), "until", until.String()).At("tenders")
	}
	return nil
}

// unnumbered is the part of somebody who has no account yet, or whose account nobody
// knows. It waits under the number of its receipt until it is put on an account, as
// credit is, or given back.
func unnumbered(pay Pay) (Part, error) {
	name := strings.TrimSpace(pay.For)
	if name == "" {
		return Part{}, ledger.Refuse("cash.for_whom", "Without an account, type whose money it is and what for.").At("for")
	}
	if err := CheckText("cash.note_too_long", "for", name, maxText); err != nil {
		return Part{}, err
	}
	if len(pay.Split) > 0 || pay.Why != "" {
		return Part{}, ledger.Refuse("cash.split_unnumbered", "Without an account there is nothing to split.").At("split")
	}
	return Part{Name: name, Amount: pay.Amount, Allocation: []Allocated{{account.Credit, pay.Amount}}}, nil
}

// posting is where an amount of the part goes in the books. receipt is what the
// money of somebody without an account is found by.
func (p Part) posting(receipt string, bucket account.Bucket, amount ledger.Cents) ledger.Posting {
	if p.Account == "" {
		return ledger.Posting{Account: accountUnnumbered, Sub: receipt, Amount: amount}
	}
	return ledger.Posting{Account: account.Receivable(bucket), Sub: string(p.Account), Amount: amount}
}

// accountUnnumbered is money of those who have no account yet.
const accountUnnumbered = "liabilities:no-account-yet"

// allocate splits what an account gets: by the table, or as the customer asked.
func (d *Duty) allocate(rule AllocationRow, standing account.Standing, pay Pay) ([]Allocated, error) {
	if len(pay.Split) == 0 {
		if pay.Why != "" {
			return nil, ledger.Refuse("cash.split_needed", "A reason belongs to a split that was asked for. Say what gets how much.").At("split")
		}
		return Allocate(rule, standing, pay.Amount), nil
	}
	if !slices.Contains(d.Policy.Reasons.Split, pay.Why) {
		return nil, ledger.Refuse("cash.reason", "Choose a reason from the list.").At("reason")
	}
	var sum ledger.Cents
	for i, a := range pay.Split {
		switch {
		case !slices.Contains(account.Buckets(), a.Bucket) || slices.ContainsFunc(pay.Split[:i], func(b Allocated) bool { return b.Bucket == a.Bucket }):
			return nil, ledger.Refuse("cash.bucket", "Choose what is paid: {buckets}.", "buckets", fmt.Sprint(account.Buckets())).At("split")
		case a.Amount <= 0 || a.Amount > standing.Owed(a.Bucket):
			return nil, ledger.Refuse("cash.split_owed", "Of {bucket} {owed} is owed, and no more can be paid to it.", "bucket", string(a.Bucket), "owed", standing.Owed(a.Bucket).String()).At("split")
		}
		sum = sum.Plus(a.Amount)
	}
	if sum != pay.Amount {
		return nil, ledger.Refuse("cash.split_sum", "What is split adds up to {sum}, and {amount} is paid.", "sum", sum.String(), "amount", pay.Amount.String()).At("split")
	}
	return pay.Split, nil
}

// Allocate splits an amount over the buckets of an account, in the order of the
// table. What no bucket needs stays as credit.
func Allocate(rule AllocationRow, standing account.Standing, amount ledger.Cents) []Allocated {
	var out []Allocated
	left := amount
	for _, bucket := range rule.Order {
		take := min(left, standing.Owed(bucket))
		if take <= 0 {
			continue
		}
		out = append(out, Allocated{bucket, take})
		left -= take
	}
	if left > 0 {
		out = append(out, Allocated{account.Credit, left})
	}
	return out
}
