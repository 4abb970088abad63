package desktest

import (
	"slices"

	"golang.org/x/crypto/argon2"

	"encoding/base64"
	"fmt"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
)

// The people. Maria and Tom take money, Ana and Ben may also approve.
const (
	Maria   staff.ID = "maria"
	Tom     staff.ID = "tom"
	Ana     staff.ID = "ana"
	Ben     staff.ID = "ben"
	Auditor staff.ID = "ed"
	Trainee staff.ID = "nico"
	Retired staff.ID = "rosa"
	Damaged staff.ID = "dana" // their PIN's hash cannot be read
)

// PIN is everybody's, and Wrong is nobody's.
const (
	PIN   = "4711"
	Wrong = "0000"
)

// The accounts.
const (
	Garcia   account.No = "01-2345-6" // owes 62.10 past due, 5.00 penalties, 121.10 current
	Oak      account.No = "02-0031-9" // owes 1,204.11 current
	Paid     account.No = "02-0777-1" // has a credit of 12.00
	Returned account.No = "01-8812-0" // owes 40.00; no checks until 2026-11-23
	Own      account.No = "03-1111-1" // Maria's
	Bens     account.No = "03-2222-2" // Ben's
)

// PolicyText is what the utility set.
const PolicyText = `
[utility]
name = "Arroyo Water District"
time_zone = "America/Los_Angeles"

[staff]
wrong_pins = 5
first_lock = "30s"
longest_lock = "4m"
[staff.rights]
css1 = ["take money", "receive"]
css2 = ["take money", "approve", "see the day", "receive", "count others' drawers"]
supervisor = ["take money", "approve", "see the day", "receive", "count others' drawers", "keep the safe", "bank the money", "adjust balances"]
auditor = ["see the day", "count others' drawers"]
trainee = ["take money", "receive"]
kiosk = ["receive"]

[cash]
drawers = ["1", "2"]
float = "200.00"
denominations = ["100.00", "50.00", "20.00", "10.00", "5.00", "1.00", "0.25", "0.10", "0.05", "0.01"]
[cash.reasons]
void = ["wrong account", "wrong amount"]
no_sale = ["change for a customer"]
float = ["counted wrong at close"]
[[cash.tender]]
kind = "cash"
deposit = true
opens = true
change = true
[[cash.tender]]
kind = "check"
deposit = true
opens = true
most = "5000.00"
[[cash.tender]]
kind = "card"
[[cash.tender]]
kind = "money-order"
deposit = true
opens = true
[[cash.allocation]]
version = "2026-1"
from = 20260101
order = ["past-due", "penalties", "current"]
source = "Resolution 2026-14"
[[cash.allocation]]
version = "2027-1"
from = 20270101
order = ["current", "penalties", "past-due"]
source = "Resolution 2026-44"

[[bill_layout]]
name = "stub"
length = 25
account = { at = 0, length = 7 }
groups = [2, 4, 1]
cents = { at = 7, length = 9 }
due = { at = 16, length = 6 }
check = "mod10"

[visit]
languages = ["en"]
presumed_kept = "4h"
[[visit.letters]]
station = "A1"
badge = "V"
service = { bill = "B" }
[[visit.service]]
id = "bill"
names = { en = "Pay or ask about a bill" }
[[visit.department]]
id = "customer"
names = { en = "Customer service" }
`

// Policy is PolicyText, read.
func Policy() desk.Policy {
	p, err := desk.ParsePolicy([]byte(PolicyText))
	if err != nil {
		panic(err) // a fault of this file
	}
	return p
}

// Hash is the hash of a PIN at the least cost that is accepted: tests check
// thousands.
func Hash(pin string) string {
	salt := []byte("salt of " + pin)
	hash := argon2.IDKey([]byte(pin), salt, 1, 8, 1, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=8,t=1,p=1$%s$%s", argon2.Version, b64(salt), b64(hash))
}

// Roster is people by id.
type Roster map[staff.ID]staff.Person

// People of the town.
func People() Roster {
	hash := Hash(PIN)
	r := Roster{}
	for _, p := range []staff.Person{
		{ID: Maria, Name: "Maria Lopez", Role: staff.CSS1, PIN: hash, Own: []string{string(Own)}},
		{ID: Tom, Name: "Tom Baker", Role: staff.CSS1, PIN: hash},
		{ID: Ana, Name: "Ana Ruiz", Role: staff.CSS2, PIN: hash},
		{ID: Ben, Name: "Ben Okafor", Role: staff.Supervisor, PIN: hash, Own: []string{string(Bens)}},
		{ID: Auditor, Name: "Ed Wong", Role: staff.Auditor, PIN: hash},
		{ID: Trainee, Name: "Nico Hale", Role: staff.Trainee, PIN: hash},
		{ID: Retired, Name: "Rosa Diaz", Role: staff.CSS2, PIN: hash, Retired: true},
		{ID: Damaged, Name: "Dana Roe", Role: staff.CSS1, PIN: "$argon2id$v=19$m=8,t=1,p=1$c2FsdA"},
	} {
		r[p.ID] = p
	}
	return r
}

// Person finds one.
func (r Roster) Person(id staff.ID) (staff.Person, bool, error) {
	p, found := r[id]
	return p, found, nil
}

// People lists all.
func (r Roster) People() (all []staff.Person, err error) {
	for _, p := range r {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b staff.Person) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return all, nil
}

// Customers are accounts in memory, with how old they are.
type Customers struct {
	By  map[account.No]account.Customer
	Age reference.About
}

// Accounts of the town.
func Accounts() *Customers {
	c := &Customers{By: make(map[account.No]account.Customer), Age: reference.About{Version: 7, AsOf: Began()}}
	for _, one := range []account.Customer{
		{No: Garcia, Name: "GARCIA, MARIA E", Service: "1423 Oak St", PastDue: 62_10, Penalties: 5_00, Current: 121_10},
		{No: Oak, Name: "OAK GARDENS HOA", Service: "1400 Oak St", Current: 1_204_11},
		{No: Paid, Name: "OAKLEY, PÍO", Service: "9 Garcia Ln", Current: -12_00},
		{No: Returned, Name: "GARCIA, TOMAS", Service: "77 Oak Ct", Current: 40_00, NoChecksUntil: 20261123},
		{No: Own, Name: "LOPEZ, MARIA", Service: "5 Elm St", Current: 50_00},
		{No: Bens, Name: "OKAFOR, BEN", Service: "6 Elm St", Current: 50_00},
	} {
		c.By[one.No] = one
	}
	return c
}

// Customer finds one.
func (c *Customers) Customer(no account.No) (account.Customer, reference.About, bool, error) {
	one, found := c.By[no]
	return one, c.Age, found, nil
}

// Find finds nobody: searching is the index's, and tested there.
func (c *Customers) Find(string, int) ([]account.Customer, bool, error) { return nil, false, nil }
