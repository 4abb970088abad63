package account

import (
	"fmt"
	"strings"

	"gatehouse/ledger"
)

// No is an account's number as printed on the bill, like "01-2345-6".
type No string

// maxNo bounds an account's number, in bytes.
const maxNo = 32

// CheckNo refuses what cannot be an account's number.
func CheckNo(no No) error {
	if no == "" || len(no) > maxNo {
		return ledger.Refuse("account.bad_number", "{typed} is not an account number.", "typed", fmt.Sprintf("%.40q", string(no)))
	}
	for _, c := range []byte(no) {
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-') {
			return ledger.Refuse("account.bad_number", "{typed} is not an account number.", "typed", fmt.Sprintf("%.40q", string(no)))
		}
	}
	return nil
}

// Bucket is what a part of a balance is.
type Bucket string

// The buckets of a balance, and Credit, where money goes that no bucket needs.
const (
	PastDue   Bucket = "past-due"
	Penalties Bucket = "penalties"
	Current   Bucket = "current"
	Credit    Bucket = "credit"
)

// Buckets lists those that can be owed, in the order a bill shows them.
func Buckets() []Bucket { return []Bucket{PastDue, Penalties, Current} }

// Customer is one account in the reference data.
type Customer struct {
	No      No     `json:"no"`
	Name    string `json:"name"`
	Service string `json:"service"` // service address
	Phone   string `json:"phone,omitempty"`
	Meter   string `json:"meter,omitempty"`

	PastDue   ledger.Cents `json:"past_due,omitempty"`
	Penalties ledger.Cents `json:"penalties,omitempty"`
	Current   ledger.Cents `json:"current,omitempty"` // below zero: the customer has a credit
	DueBy     ledger.Date  `json:"due_by,omitempty"`
	LateSince ledger.Date  `json:"late_since,omitempty"` // due date of the oldest unpaid bill

	NoChecksUntil ledger.Date `json:"no_checks_until,omitempty"` // checks were returned
	ShutOff       ledger.Date `json:"shut_off,omitempty"`        // on the list to be shut off, earliest on this date
	Closed        bool        `json:"closed,omitempty"`
	Note          string      `json:"note,omitempty"`
}

// Owed is what is owed in one bucket.
func (c Customer) Owed(b Bucket) ledger.Cents {
	switch b {
	case PastDue:
		return c.PastDue
	case Penalties:
		return c.Penalties
	case Current:
		return c.Current
	}
	return 0
}

// Balance is the sum of the buckets.
func (c Customer) Balance() ledger.Cents { return ledger.Sum(c.PastDue, c.Penalties, c.Current) }

// Check says whether a record can be worked with. No balance is anywhere near
// the bound; a damaged one must stop here and not in a sum.
func (c Customer) Check() error {
	for _, owed := range []ledger.Cents{c.PastDue, c.Penalties, c.Current} {
		if owed > ledger.MaxAmount || owed < -ledger.MaxAmount {
			return fmt.Errorf("account %s: a balance of %s is more than %s", c.No, owed, ledger.MaxAmount)
		}
	}
	return nil
}

// Words are the texts a customer can be found by.
func (c Customer) Words() []string {
	return []string{c.Name, c.Service, string(c.No), c.Phone, c.Meter}
}

// Receivable is the account in the books that a bucket of customers' debts is.
func Receivable(b Bucket) string {
	if b == Credit {
		return "liabilities:unapplied"
	}
	return "assets:receivable:" + string(b)
}

// BucketOf is the bucket of an account in the books, and whether it is one.
func BucketOf(account string) (Bucket, bool) {
	if account == Receivable(Credit) {
		return Credit, true
	}
	b, found := strings.CutPrefix(account, "assets:receivable:")
	return Bucket(b), found
}
