package cash

import (
	"slices"

	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// checkOffline refuses what the policy takes only while central can be reached.
func (d *Duty) checkOffline(by staff.Acting, tenders []Tender) error {
	for _, t := range tenders {
		if rule, _ := d.Policy.tender(t.Kind); by.Offline && rule.OnlineOnly {
			return ledger.Refuse("cash.online_only", "{kind} is not taken while central cannot be reached.", "kind", string(t.Kind)).At("tenders")
		}
	}
	return nil
}

// approvedBy asks for a second person where the policy or a rule does, and says who it was.
func (d *Duty) approvedBy(by staff.Acting, c TakePayment) (staff.Person, error) {
	split := slices.ContainsFunc(c.Pay, func(p Pay) bool { return len(p.Split) > 0 })
	if err := d.Staff.CheckApproval(by, split || d.Policy.AsksApproval(c.Tenders)); err != nil || by.Approver == nil {
		return staff.Person{}, err
	}
	return *by.Approver, nil
}

// AsksApproval reports whether a second person must approve these tenders: one kind is
// more than goes without them, or money of one customer would pay for another, which
// nobody at the counter brings and nobody there would miss.
func (p Policy) AsksApproval(tenders []Tender) bool {
	return kept(tenders, 0, Credit) > 0 || slices.ContainsFunc(p.Tenders, func(rule TenderRule) bool {
		return rule.ApproveAbove > 0 && kept(tenders, 0, rule.Kind) > rule.ApproveAbove
	})
}

// resolution is what governs a rounding, empty where nothing was rounded.
func (p Policy) resolution(s Settled) string {
	if s.Rounding == 0 {
		return ""
	}
	return p.Rounding.Resolution
}

// drawCredits takes what is paid by credit from where it is: unapplied money of
// an account, the money of a reversed receipt, or of one without an account. None can
// give more than it has.
func (d *Duty) drawCredits(s *ledger.State, by staff.Acting, c TakePayment) (posted []ledger.Posting, err error) {
	taken := make(map[string]ledger.Cents)
	for _, t := range c.Tenders {
		if t.Kind != Credit {
			continue
		}
		account, sub, has, err := d.credit(s, by, t.Reference, "reference")
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(c.Pay, func(p Pay) bool { return string(p.Account) == sub }) {
			return nil, ledger.Refuse("cash.credit_itself", "The credit is on this account already.").At("reference")
		}
		if taken[sub] = taken[sub].Plus(t.Amount); taken[sub] > has {
			return nil, ledger.Refuse("cash.credit_short", "Only {has} is there.", "has", has.String()).At("tenders")
		}
		posted = append(posted, ledger.Posting{Account: account, Sub: sub, Amount: t.Amount})
	}
	return posted, nil
}

// credit finds where a credit is in the books, and how much it is. What a customer
// has too much by the reference data counts as theirs; it was taken elsewhere. What is
// wrong with it is said at a field.
func (d *Duty) credit(s *ledger.State, by staff.Acting, from, field string) (name, sub string, has ledger.Cents, err error) {
	if station, _, _, ok := ReadReceiptNo(ledger.ReceiptNo(from)); ok && station == s.Station() {
		e, body, err := FindPayment(s, ledger.ReceiptNo(from))
		if r, refused := ledger.AsRefusal(err); refused {
			err = r.At(field)
		}
		if err == nil {
			err = notOwnParts(by, body.Parts, field)
		}
		if err != nil {
			return "", "", 0, err
		}
		sub = reversedSub(station, e.Receipt)
		if has = -s.Balance(accountUnnumbered, sub).Net(); has > 0 {
			return accountUnnumbered, sub, has, nil
		}
		return accountReversed, sub, -s.Balance(accountReversed, sub).Net(), nil
	}
	no := account.No(from)
	standing, err := d.Accounts.Standing(s, no)
	if err == nil {
		err = notOwn(by, no, field)
	}
	if err != nil {
		return "", "", 0, err
	}
	return account.Receivable(account.Credit), from, max(0, -standing.Balance()), nil
}

// notOwnParts refuses work on a payment for such an account.
func notOwnParts(by staff.Acting, parts []Part, field string) error {
	for _, p := range parts {
		if err := notOwn(by, p.Account, field); err != nil {
			return err
		}
	}
	return nil
}

// notOwn refuses work on an account of who acts, or of who approves it, or of their
// household.
func notOwn(by staff.Acting, no account.No, field string) error {
	own := by.Who.Own
	if by.Approver != nil {
		own = slices.Concat(own, by.Approver.Own)
	}
	if no == "" || !slices.Contains(own, string(no)) {
		return nil
	}
	return ledger.Refuse("cash.own_account", "Account {no} is your own or your household's. A colleague must do this.", "no", string(no)).At(field)
}
