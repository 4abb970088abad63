package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/reference"
	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// town are customers of the sample whom the day is about, taken from the
// reference data that the station made.
type town struct {
	plain  []account.Customer // owe the current bill only
	behind []account.Customer // past due, with penalties
	large  account.Customer
	pins   map[staff.ID]string
}

func readTown(data string) (t town, err error) {
	store, err := reference.Open(filepath.Join(data, "ref.db"))
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	var own staff.Person
	if _, err := store.Get(staff.Feed, "maria", &own); err != nil {
		return t, err
	}
	keys, err := store.Keys(account.Feed, 300)
	if err != nil {
		return t, err
	}
	for _, key := range keys {
		var c account.Customer
		if _, err := store.Get(account.Feed, key, &c); err != nil {
			return t, err
		}
		t.take(c, own.Own)
	}
	t.pins = make(map[staff.ID]string)
	for _, h := range sample.PINs() {
		t.pins[h.ID] = h.PIN
	}
	if len(t.plain) < 11 || len(t.behind) < 3 || t.large.No == "" {
		return t, fmt.Errorf("the sample has too few customers for the day: %d, %d", len(t.plain), len(t.behind))
	}
	return t, nil
}

func (t *town) take(c account.Customer, own []string) {
	ascii := strings.IndexFunc(c.Name+c.Service, func(r rune) bool { return r > 126 }) < 0
	if !ascii || c.Closed || c.NoChecksUntil != 0 || c.ShutOff != 0 || slices.Contains(own, string(c.No)) {
		return
	}
	switch {
	case c.Current > 100_000 && t.large.No == "":
		t.large = c
	case c.PastDue > 0 && c.Penalties > 0:
		t.behind = append(t.behind, c)
	case c.PastDue == 0 && c.Current > 0 && c.Current < 100_000:
		t.plain = append(t.plain, c)
	}
}

func owed(c account.Customer) ledger.Cents {
	return c.PastDue.Plus(c.Penalties).Plus(c.Current)
}

// handed is what a customer hands over for what they owe: the next twenty.
func handed(c account.Customer) ledger.Cents { return (owed(c)/2000 + 1) * 2000 }

// words are what a cashier types to find somebody: the family name and the
// beginning of the street address.
func words(c account.Customer) string {
	name, _, _ := strings.Cut(c.Name, ",")
	name, _, _ = strings.Cut(name, "-")
	address := strings.Fields(c.Service)
	return strings.ToLower(name + " " + address[0] + " " + address[1][:2])
}

// bill is the line of a bill's stub as the sample's policy lays it out: the
// account, the amount, the day it is due, and a check digit after Luhn.
func bill(c account.Customer) string {
	due := "000000"
	if c.DueBy != 0 {
		due = c.DueBy.Time().Format("060102")
	}
	digits := strings.ReplaceAll(string(c.No), "-", "") + fmt.Sprintf("%09d", int64(owed(c))) + due
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return digits + fmt.Sprint((10-sum%10)%10)
}

// tillCount is what ought to lie in the drawer.
type tillCount struct {
	cash  ledger.Cents
	other map[cash.TenderKind][]ledger.Cents // one by one
}

func newTill() tillCount {
	return tillCount{cash: float, other: make(map[cash.TenderKind][]ledger.Cents)}
}

// takes puts a check or the like into the drawer.
func (t *tillCount) takes(kind cash.TenderKind, c ledger.Cents) {
	t.other[kind] = append(t.other[kind], c)
}

// pieces is how many checks and the like there are.
func (t *tillCount) pieces() (n int) {
	for _, all := range t.other {
		n += len(all)
	}
	return n
}

// banked is what of the drawer goes to the bank, when so much is short.
func (t *tillCount) banked(short ledger.Cents) ledger.Cents {
	sum := t.cash - float - short
	for kind, all := range t.other {
		if kind != cash.Card && kind != cash.Pledge {
			sum += total(all)
		}
	}
	return sum
}

func total(all []ledger.Cents) (sum ledger.Cents) {
	for _, c := range all {
		sum = sum.Plus(c)
	}
	return sum
}

// pieces are the fewest notes and coins of an amount, largest first.
func pieces(amount ledger.Cents, values []ledger.Cents) []int {
	out := make([]int, len(values))
	for i, v := range values {
		out[i] = int(amount / v)
		amount %= v
	}
	return out
}

// values are the notes and coins in the order they are counted.
func values() []ledger.Cents {
	return []ledger.Cents{10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1}
}
