package cash

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Refund gives back what is owed to a customer: the money of a reversed receipt,
// or credit on an account. A second person approves.
type Refund struct {
	From   string       `json:"from" doc:"the reversed receipt, like A1-000123, or the account the credit is on"`
	Amount ledger.Cents `json:"amount" doc:"dollars and cents in quotes"`
	By     RefundBy     `json:"how" doc:"cash from the drawer, or warrant: accounts payable sends a check"`
	Reason string       `json:"reason" doc:"one of the policy's reasons"`
	Note   string       `json:"note,omitempty" doc:"where a warrant is to be sent, or what there is to say"`
}

// RefundBy is how a refund is paid.
type RefundBy string

// The ways of a refund.
const (
	RefundCash    RefundBy = "cash"
	RefundWarrant RefundBy = "warrant"
)

// Adjust changes what an account owes without money: a penalty waived, a charge
// corrected. A second person approves.
type Adjust struct {
	Account account.No     `json:"account" doc:"account number, like 01-2345-6"`
	Bucket  account.Bucket `json:"bucket" doc:"past-due, penalties or current"`
	Amount  ledger.Cents   `json:"amount" doc:"below zero the customer owes less: \"-5.00\""`
	Reason  string         `json:"reason" doc:"one of the policy's reasons"`
	Note    string         `json:"note,omitempty" doc:"what there is to say"`
}

// AdjustLimit is how much one adjustment of a role may be, from a date on.
type AdjustLimit struct {
	From   ledger.Date  `toml:"from"`
	Role   staff.Role   `toml:"role"`
	Most   ledger.Cents `toml:"most"`
	Source string       `toml:"source"`
}

// Refund gives back money that is owed.
func (d *Duty) Refund(s *ledger.State, by staff.Acting, c Refund) ([]ledger.Draft, error) {
	if !slices.Contains(d.Policy.Reasons.Refund, c.Reason) {
		return nil, ledger.Refuse("cash.reason", "Choose a reason from the list.").At("reason")
	}
	if err := CheckText("cash.note_too_long", "note", c.Note, maxText); err != nil {
		return nil, err
	}
	session, err := d.working(s, by)
	if err != nil {
		return nil, err
	}
	if err := d.Staff.RequireApproval(by); err != nil {
		return nil, err
	}
	name, sub, has, err := d.credit(s, by, strings.TrimSpace(c.From), "from")
	if err != nil {
		return nil, err
	}
	if c.Amount <= 0 || c.Amount > has {
		return nil, ledger.Refuse("cash.refund_amount", "{has} can be given back.", "has", has.String()).At("amount")
	}
	body := Refunded{Session: session.ID, From: sub, Amount: c.Amount, By: c.By, Reason: c.Reason, Note: c.Note, Name: by.Who.Name,
		Approver: by.Approver.ID, ApproverName: by.Approver.Name}
	paid := ledger.Posting{Account: accountWarrants, Sub: sub, Amount: -c.Amount}
	switch c.By {
	case RefundCash:
		if most := d.Policy.RefundCashMost; most > 0 && c.Amount > most {
			return nil, ledger.Refuse("cash.refund_limit", "From the drawer at most {most} is given back. Ask accounts payable for a check.", "most", most.String()).At("how")
		}
		if c.Amount > InDrawer(s, session.ID, Cash) {
			return nil, ledger.Refuse("cash.paid_too_much", "There is not that much cash in the drawer.").At("how")
		}
		body.Drawer = session.Drawer
		paid = ledger.Posting{Account: drawerAccount(Cash), Sub: string(session.ID), Amount: -c.Amount}
	case RefundWarrant:
	default:
		return nil, ledger.Refuse("cash.refund_by", "A refund is paid in cash or by a warrant.").At("how")
	}
	return []ledger.Draft{{Kind: KindRefunded, Date: session.Date, Receipt: true, Body: body,
		Lines: lines(ledger.Posting{Account: name, Sub: sub, Amount: c.Amount}, paid)}}, nil
}

// accountWarrants is what accounts payable is asked to pay.
const accountWarrants = "liabilities:warrants"

// Adjust changes what an account owes.
func (d *Duty) Adjust(s *ledger.State, by staff.Acting, c Adjust) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.Adjust); err != nil {
		return nil, err
	}
	if !slices.Contains(d.Policy.Reasons.Adjust, c.Reason) {
		return nil, ledger.Refuse("cash.reason", "Choose a reason from the list.").At("reason")
	}
	if err := CheckText("cash.note_too_long", "note", c.Note, maxText); err != nil {
		return nil, err
	}
	if !slices.Contains(account.Buckets(), c.Bucket) {
		return nil, ledger.Refuse("cash.bucket", "Choose what is adjusted: {buckets}.", "buckets", fmt.Sprint(account.Buckets())).At("bucket")
	}
	size := max(c.Amount, -c.Amount)
	if size == 0 || size > ledger.MaxAmount {
		return nil, ledger.Refuse("cash.adjust_amount", "An adjustment is more than nothing and at most {most}.", "most", ledger.MaxAmount.String()).At("amount")
	}
	if err := d.Staff.RequireApproval(by); err != nil {
		return nil, err
	}
	today := ledger.DateOf(s.Now().In(d.Location))
	limit := d.Policy.adjustLimit(by.Who.Role, today)
	approved := d.Policy.adjustLimit(by.Approver.Role, today)
	if size > max(limit.Most, approved.Most) {
		return nil, ledger.Refuse("cash.adjust_limit", "{name} may adjust up to {most}, with {approver} up to {more}.", "name", by.Who.Name, "most", limit.Most.String(),
			"approver", by.Approver.Name, "more", approved.Most.String()).At("amount")
	}
	if err := notOwn(by, c.Account, "account"); err != nil {
		return nil, err
	}
	standing, err := d.Accounts.Standing(s, c.Account)
	if err != nil {
		return nil, err
	}
	body := Adjusted{Account: c.Account, Name: clip(standing.Customer.Name), Bucket: c.Bucket, Amount: c.Amount, Reason: c.Reason, Note: c.Note,
		Before: standing.Balance(), After: standing.Balance().Plus(c.Amount), By: by.Who.Name, Approver: by.Approver.ID, ApproverName: by.Approver.Name}
	return []ledger.Draft{{Kind: KindAdjusted, Receipt: true, Body: body, Lines: lines(
		ledger.Posting{Account: account.Receivable(c.Bucket), Sub: string(c.Account), Amount: c.Amount},
		ledger.Posting{Account: accountAdjustments, Sub: string(c.Account), Amount: -c.Amount})}}, nil
}

// accountAdjustments is where adjustments go in the books: below zero the
// utility gave up income.
const accountAdjustments = "income:adjustments"

// RoleLimits are the limits of the roles, for the table of who may do what.
func (p Policy) RoleLimits() (all []staff.Limit) {
	for _, l := range p.AdjustLimits {
		all = append(all, staff.Limit{Role: l.Role, Right: staff.Adjust, From: l.From, Most: l.Most.String(), Source: l.Source})
	}
	return all
}

// adjustLimit is the limit of a role on a date; nothing where there is no row.
func (p Policy) adjustLimit(role staff.Role, date ledger.Date) AdjustLimit {
	of := slices.DeleteFunc(slices.Clone(p.AdjustLimits), func(l AdjustLimit) bool { return l.Role != role })
	return ledger.InForce(of, date, func(l AdjustLimit) ledger.Date { return l.From })
}
