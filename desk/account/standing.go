package account

import (
	"fmt"
	"time"

	"gatehouse/desk/reference"
	"gatehouse/ledger"
)

// Duty is what the desk knows of accounts.
type Duty struct {
	Customers Customers
	Layouts   []Layout   // of scanned bill lines
	Elsewhere *Elsewhere // what other stations took; nil where nobody tells
}

// Customers finds customers in the reference data.
type Customers interface {
	// Customer returns one by number, and what the set is that it was read from: a
	// fresh set may take its place between two readings.
	Customer(No) (Customer, reference.About, bool, error)
	// Find returns the first customers by name for whom every typed word begins
	// some word of their record, and whether there are more.
	Find(words string, limit int) (found []Customer, more bool, err error)
}

// Standing is an account at this moment, as far as this station can know.
type Standing struct {
	Customer Customer
	AsOf     time.Time // when the reference data were true
	Version  uint64    // of the reference data
	// Here is what this station took since then, per bucket. It is not in the
	// customer's balance yet.
	Here map[Bucket]ledger.Cents
	// Elsewhere is what other stations took since then, as far as central told. It is
	// for people to see: what is owed is not less by it until central counts it.
	Elsewhere []Pending
}

// Owed is what is still owed in a bucket. Below zero is a credit.
func (s Standing) Owed(b Bucket) ledger.Cents { return s.Customer.Owed(b) - s.Here[b] }

// Balance is what is still owed in all, less money not applied to any bucket.
func (s Standing) Balance() ledger.Cents {
	return ledger.Sum(s.Owed(PastDue), s.Owed(Penalties), s.Owed(Current), -s.Here[Credit])
}

// PaidHere is what this station took since the reference data were true.
func (s Standing) PaidHere() ledger.Cents {
	var sum ledger.Cents
	for _, c := range s.Here {
		sum = sum.Plus(c)
	}
	return sum
}

// Standing looks an account up. A number that is not in the reference data is
// refused.
func (d *Duty) Standing(s *ledger.State, no No) (Standing, error) {
	if err := CheckNo(no); err != nil {
		return Standing{}, err
	}
	c, about, found, err := d.Customers.Customer(no)
	if err != nil {
		return Standing{}, err
	}
	if !found {
		return Standing{}, ledger.Refuse("account.unknown", "There is no account {no}.", "no", string(no))
	}
	if err := c.Check(); err != nil {
		return Standing{}, fmt.Errorf("the reference data are damaged, central must send them again: %w", err)
	}
	through := about.Through(s.Log())
	standing := Standing{Customer: c, AsOf: about.AsOf, Version: about.Version,
		Here: make(map[Bucket]ledger.Cents), Elsewhere: d.Elsewhere.Of(no, about)}
	if through == 0 {
		// Nothing of this log is in the balances: the running balances are
		// exactly what was taken here.
		for b := range s.Balances(string(no)) {
			if bucket, ok := BucketOf(b.Account); ok {
				standing.Here[bucket] -= b.Net()
			}
		}
		return standing, nil
	}
	for seq := range s.History(string(no)) {
		if seq <= through {
			break
		}
		e, err := s.Entry(seq)
		if err != nil {
			return Standing{}, err
		}
		for _, l := range e.Lines {
			if bucket, ok := BucketOf(l.Account); ok && l.Sub == string(no) {
				standing.Here[bucket] -= l.Amount
			}
		}
	}
	return standing, nil
}
