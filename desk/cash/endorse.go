package cash

import (
	"errors"
	"slices"

	"gatehouse/ledger"
)

// KindEndorse says that a check was taken and is to be endorsed at once, while it
// is in the cashier's hand: nobody can cash it then who finds it. There is one
// entry for each, because each is put into the printer by itself.
const KindEndorse ledger.Kind = "cash.check_to_endorse.v1"

// ToEndorse is the body of KindEndorse.
type ToEndorse struct {
	Payment uint64           `json:"payment"` // number of its entry
	Receipt ledger.ReceiptNo `json:"receipt"`
	Session SessionID        `json:"session"`
	Kind    TenderKind       `json:"kind"`
	Number  string           `json:"number"` // printed on it
	Amount  ledger.Cents     `json:"amount"`
	Text    []string         `json:"text,omitempty"` // from the policy: the bank, the account's last digits
}

// An endorsement has so many lines of the utility's own, of so many characters:
// the smallest printer that endorses has nine lines of forty, and each of ours may
// take two.
const (
	maxEndorsement     = 2
	maxEndorsementLine = 40
)

// checkEndorsement holds for the lines of the utility's own.
func (p Policy) checkEndorsement() error {
	if len(p.Endorsement) == 0 {
		return nil
	}
	if err := checkWords(p.Endorsement); err != nil || len(p.Endorsement) > maxEndorsement ||
		slices.ContainsFunc(p.Endorsement, func(s string) bool { return len(s) > maxEndorsementLine }) {
		return errors.New("cash policy: an endorsement has up to two different lines of at most 40 characters, like the bank and the last four digits of the account")
	}
	return nil
}

// Consequences are what follows from the entries of this duty in the same
// transaction.
func (d *Duty) Consequences() []ledger.Consequence {
	return []ledger.Consequence{{On: KindPayment, Then: d.endorse}}
}

// endorse asks for the endorsement of what a payment brought that has a back to
// print on.
func (d *Duty) endorse(s *ledger.State, e *ledger.Entry) ([]ledger.Draft, error) {
	p, err := ledger.Unpack[Payment](e)
	if err != nil {
		return nil, err
	}
	var out []ledger.Draft
	for _, t := range p.Tenders {
		if rule, _ := d.Policy.tender(t.Kind); rule.Endorse {
			out = append(out, ledger.Draft{Kind: KindEndorse, Date: e.Date, Body: ToEndorse{
				Payment: e.Seq, Receipt: e.ReceiptNo(s.Station()), Session: p.Session,
				Kind: t.Kind, Number: t.Number, Amount: t.Amount, Text: d.Policy.Endorsement,
			}})
		}
	}
	return out, nil
}
