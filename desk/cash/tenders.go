package cash

import (
	"slices"
	"strings"

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

// approvedTenders asks for a second person where the policy does, and says who it
// was.
func (d *Duty) approvedTenders(by staff.Acting, tenders []Tender) (staff.Person, error) {
	if d.Policy.AsksApproval(tenders) {
		if err := d.Staff.RequireApproval(by); err != nil {
			return staff.Person{}, err
		}
	}
	if by.Approver == nil {
		return staff.Person{}, nil
	}
	return *by.Approver, nil
}

// AsksApproval reports whether one kind of these tenders is more than goes without a
// second person.
func (p Policy) AsksApproval(tenders []Tender) bool {
	return slices.ContainsFunc(p.Tenders, func(rule TenderRule) bool {
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
// an account, the money of a reversed receipt, or of one without an account. None can give more than it
// has.
func (d *Duty) drawCredits(s *ledger.State, by staff.Acting, c TakePayment) (posted []ledger.Posting, err error) {
	taken := make(map[string]ledger.Cents)
	for _, t := range c.Tenders {
		if t.Kind != Credit {
			continue
		}
		account, sub, has, err := d.credit(s, by, strings.TrimSpace(t.Reference))
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
// has too much by the reference data counts as theirs; it was taken elsewhere.
func (d *Duty) credit(s *ledger.State, by staff.Acting, from string) (name, sub string, has ledger.Cents, err error) {
	if station, n, _, ok := ReadReceiptNo(ledger.ReceiptNo(from)); ok && station == s.Station() {
		sub = reversedSub(station, n)
		if has = -s.Balance(accountUnnumbered, sub).Net(); has > 0 {
			return accountUnnumbered, sub, has, nil
		}
		return accountReversed, sub, -s.Balance(accountReversed, sub).Net(), nil
	}
	no := account.No(from)
	standing, err := d.Accounts.Standing(s, no)
	if err != nil {
		return "", "", 0, err
	}
	if slices.Contains(by.Who.Own, from) {
		return "", "", 0, ownAccount(no).At("reference")
	}
	return account.Receivable(account.Credit), from, max(0, -standing.Balance()), nil
}

func ownAccount(no account.No) *ledger.Refusal {
	return ledger.Refuse("cash.own_account", "Account {no} is your own or your household's. A colleague must do this.", "no", string(no))
}
