package flowtest

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/desktest"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

const policy = `
[utility]
name = "Arroyo Water District"
time_zone = "America/Los_Angeles"

[staff]
wrong_pins = 5
first_lock = "30s"
longest_lock = "1h"
[staff.rights]
css1 = ["take money"]
css2 = ["take money", "approve", "see the day", "count others' drawers", "keep the safe", "bank the money", "adjust balances"]
auditor = ["see the day"]

[cash]
drawers = ["1", "2"]
float = "200.00"
denominations = ["100.00", "50.00", "20.00", "10.00", "5.00", "2.00", "1.00", "0.50", "0.25", "0.10", "0.05", "0.01"]
[[cash.over_short]]
from = 20260101
source = "Procedure 7"
tier = [{ from = "5.00", reason = true, approve = true }, { from = "20.00", reason = true, approve = true, memo = true }]
[cash.limit]
warn = "800.00"
stop = "2000.00"
source = "Procedure 4"
[[cash.paid]]
reason = "postage"
way = "out"
place = "drawer"
account = "expenses:postage"
most = "50.00"
approve_above = "20.00"
[[cash.paid]]
reason = "change fund from the bank"
way = "in"
place = "safe"
account = "equity:change-fund"
[[cash.adjust]]
from = 20260101
role = "css2"
most = "100.00"
source = "Resolution 2023-31"
[[cash.returned_check]]
from = 20260101
first = "25.00"
further = "35.00"
months = 12
no_checks_after = 2
no_checks_days = 365
answer = 30
source = "Civil Code 1719"
[cash.reasons]
refund = ["paid twice", "account closed"]
adjust = ["penalty waived", "billing error"]
returned = ["insufficient funds", "payment stopped"]
split = ["penalty in dispute", "court order"]
over_short = ["missing cash", "missing check"]
void = ["wrong account", "wrong amount", "changed their mind"]
no_sale = ["change for a customer", "check the drawer"]
float = ["counted wrong at close", "change fund adjusted"]
[[cash.tender]]
kind = "cash"
deposit = true
change = true
opens = true
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
[[cash.tender]]
kind = "cashiers-check"
deposit = true
opens = true
[[cash.tender]]
kind = "pledge"
approve_above = "100.00"
[[cash.tender]]
kind = "credit"
[[cash.allocation]]
version = "2026-1"
from = 20260101
order = ["past-due", "penalties", "current"]
source = "Resolution 2026-14"

[safe]
warn_after_hours = 24
alarm_after_days = 5
match_within_days = 5
source = "Procedure 9"
[[safe.bank]]
id = "first"
name = "First Valley Bank"
account = "ending 4410"
tenders = ["cash", "check", "money-order", "cashiers-check"]
bagged = true
[[safe.bank]]
id = "processor"
name = "Card processor"
tenders = ["card"]
[[safe.bank]]
id = "programs"
name = "Assistance programs"
tenders = ["pledge"]

[[bill_layout]]
name = "stub"
length = 25
account = { at = 0, length = 7 }
groups = [2, 4, 1]
cents = { at = 7, length = 9 }
due = { at = 16, length = 6 }
check = "mod10"
`

// The people, and their PINs.
const (
	Cashier      staff.ID = "maria"
	CashierPIN            = "4711"
	Colleague    staff.ID = "tom"
	ColleaguePIN          = "3344"
	Lead         staff.ID = "ana"
	LeadPIN               = "8080"
	Deputy       staff.ID = "rosa" // may do what the lead may, so that one approves the other
	DeputyPIN             = "6262"
	Auditor      staff.ID = "ed"
	AuditorPIN            = "9999"
)

// Garcia owes 188.20, 62.10 of it past due; Gardens much; Returned must not pay
// by check; Own belongs to the cashier; Paid owes nothing.
const (
	Garcia   account.No = "01-2345-6"
	Gardens  account.No = "02-0031-9"
	Returned account.No = "01-8812-0"
	Own      account.No = "03-1111-1"
	Paid     account.No = "02-0777-1"
)

func customers() []account.Customer {
	return []account.Customer{
		{No: Garcia, Name: "GARCIA, MARIA E", Service: "1423 Oak St", Phone: "555-0142", Meter: "88120034", PastDue: 6210, Penalties: 500, Current: 12110, DueBy: 20261130, LateSince: 20261020, ShutOff: 20261218, Note: "Prefers Spanish"},
		{No: Returned, Name: "GARCIA, TOMAS", Service: "77 Oak Ct Apt 4", Phone: "555-0177", Current: 4000, DueBy: 20261130, NoChecksUntil: 20270303},
		{No: Gardens, Name: "OAK GARDENS HOA", Service: "1400 Oak St", Current: 120411, DueBy: 20261130},
		{No: Paid, Name: "OAKLEY, PÍO", Service: "9 Garcia Ln", Current: -1200},
		{No: Own, Name: "LOPEZ, MARIA", Service: "5 Elm St", Current: 5000},
	}
}

// OfCustomers reports whether a text begins what a customer is called, or where they
// live.
func OfCustomers(text string) bool {
	return slices.ContainsFunc(customers(), func(c account.Customer) bool {
		all := []string{c.Name, c.Service, string(c.No) + "  ·  " + c.Name}
		return text != "" && slices.ContainsFunc(all, func(one string) bool { return strings.HasPrefix(one, text) })
	})
}

// roster has the PINs' hashes ready: making one is slow on purpose.
func roster() staff.Roster {
	return desktest.Roster{
		Cashier:   {ID: Cashier, Name: "Maria Lopez", Role: staff.CSS1, Own: []string{string(Own)}, PIN: "$argon2id$v=19$m=19456,t=2,p=1$GvntityB8F6l+6+FiAUd6Q$xVQ84y6CohPNoNhzzNHunRbLZ/mOtlMHKW3exqE0zIo"},
		Colleague: {ID: Colleague, Name: "Tom Baker", Role: staff.CSS1, PIN: "$argon2id$v=19$m=19456,t=2,p=1$ekF7hOlipLY8IaE6mJXPBA$QCNhw4a5LqEgno4klTCCs2rvbQK0ZZqUTR4m2/3SLFY"},
		Lead:      {ID: Lead, Name: "Ana Ruiz", Role: staff.CSS2, PIN: "$argon2id$v=19$m=19456,t=2,p=1$3ujkBCkmWIQ2+3OZwd6vPA$2Ib25Qr3As65T9NRxPHmRxQj8FgM5ai2UMFVhOtXCN8"},
		Deputy:    {ID: Deputy, Name: "Rosa Chen", Role: staff.CSS2, PIN: "$argon2id$v=19$m=19456,t=2,p=1$4DNftZU6Y5p3Jq7EGHDx2g$l60y5j2fFMAuWOy+UFV8yiEYGFRnlm+1a5V3s5GPZbI"},
		Auditor:   {ID: Auditor, Name: "Ed Wong", Role: staff.Auditor, PIN: "$argon2id$v=19$m=19456,t=2,p=1$Q4Prf/stY85V7/0/9Cbl3A$iq3B80aQZOBPIPCEV9ZZX9ZzTpFgorGZPc+17K9Duhg"},
	}
}

// Town is a utility with one station, A1.
type Town struct {
	Clock  *desktest.Clock
	Desk   *desk.Desk
	Policy desk.Policy
	Roster staff.Roster

	t    testing.TB
	dir  string
	key  *ledger.Key
	live *desk.Live
	Away bool // central cannot be reached
}

// New opens the town at 08:00 on Monday, November 23, 2026. Changes may alter its policy.
func New(t testing.TB, changes ...func(*desk.Policy)) *Town {
	t.Helper()
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	p, err := desk.ParsePolicy([]byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		change(&p)
	}
	key, err := ledger.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	town := &Town{t: t, dir: t.TempDir(), Policy: p, key: key, Roster: roster(),
		Clock: desktest.NewClock(time.Date(2026, time.November, 23, 8, 0, 0, 0, zone))}
	ref := filepath.Join(town.dir, "ref.db")
	about := reference.About{Version: 7, AsOf: town.Clock.Now().Add(-2 * time.Hour)}
	if err := reference.Build(ref, about, func(w *reference.Writer) error {
		return account.Put(w, ref, slices.Values(customers()))
	}); err != nil {
		t.Fatal(err)
	}
	town.open()
	return town
}

// open opens the desk over the folder.
func (town *Town) open() {
	t := town.t
	t.Helper()
	ref := filepath.Join(town.dir, "ref.db")
	live, err := desk.OpenLive(ref)
	if err != nil {
		t.Fatal(err)
	}
	d, err := desk.Open(desk.Options{
		Ledger: ledger.Options{Path: filepath.Join(town.dir, "ledger.db"), Station: "A1", Signer: town.key, Clock: town.Clock.Now},
		Policy: town.Policy, Roster: town.Roster, Customers: live,
		Offline: func() bool { return town.Away },
	})
	if err != nil {
		t.Fatal(err)
	}
	town.Desk, town.live = d, live
	t.Cleanup(func() {
		d.Close()
		live.Close()
	})
}

// Renew puts fresh customers in the place of those the station has.
func (town *Town) Renew(change func(*account.Customer)) {
	town.t.Helper()
	about := town.live.About()
	about.Version++
	about.AsOf = town.Clock.Now()
	err := town.live.Replace(context.Background(), about, desk.Feeds{account.Feed: func(yield func(reference.Raw, error) bool) {
		for _, c := range customers() {
			change(&c)
			raw, err := ledger.Pack(c)
			if !yield(reference.Raw{Key: string(c.No), Value: raw}, err) {
				return
			}
		}
	}})
	if err != nil {
		town.t.Fatal(err)
	}
}

// Crash ends the program without a word and starts it again.
func (town *Town) Crash() {
	town.t.Helper()
	if err := town.Desk.Close(); err != nil {
		town.t.Fatal(err)
	}
	town.open()
}

// Bill is the line on the stub of an account's bill.
func (town *Town) Bill(no account.No, cents ledger.Cents) string {
	return town.Policy.Bills[0].Write(no, cents, 20261130)
}
