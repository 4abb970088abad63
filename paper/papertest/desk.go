package papertest

import (
	"context"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// The people, all with the PIN 1234.
const (
	Maria staff.ID = "maria" // CSS I, takes money
	Ben   staff.ID = "ben"   // supervisor, approves
	PIN            = "1234"
)

// The accounts.
const (
	Garcia account.No = "01-2345-6" // owes 62.10 past due and 126.10 current
	Oak    account.No = "02-0031-9" // a long name, owes 1,204.11
	Nowak  account.No = "03-7700-2" // has a credit of 12.00
)

// Desk is a desk with somebody at it.
type Desk struct {
	*desk.Desk
	t     testing.TB
	Clock *Clock

	mu      sync.Mutex
	offline bool
}

// Options say how a desk differs from the usual one.
type Options struct {
	Path     string // of the ledger; empty: in a new folder of the test
	Station  ledger.StationID
	Training bool
	// Run counts the runs of the program on this ledger: no two make the same ids.
	Run   byte
	Extra []ledger.View
	Kiosk bool // visitors act at it themselves
	// Policy changes the policy; nil leaves it.
	Policy func(*desk.Policy)
	// Register adds commands of followers.
	Register func(*desk.Desk)
	// Clock is the time; nil is one that begins at the same moment in every run
	// and moves a second with each look.
	Clock ledger.Clock
}

// Clock moves a second with each look.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the next second.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Second)
	return c.now
}

// Began is when every desk opens: a Monday at 08:02 in the utility's zone.
func Began() time.Time { return time.Date(2026, 11, 23, 16, 2, 0, 0, time.UTC) }

// Key is the station's key in every test.
func Key() *ledger.Key {
	k, err := ledger.NewKey(Random(1))
	if err != nil {
		panic(err)
	}
	return k
}

// Random is the same sequence for the same seed.
func Random(seed ...byte) io.Reader {
	var all [32]byte
	copy(all[:], seed)
	return &lockedReader{r: rand.NewChaCha8(all)}
}

type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(b)
}

// Open opens a desk. It is closed with the test, unless Close was called before.
func Open(t testing.TB, o Options) *Desk {
	t.Helper()
	if o.Path == "" {
		o.Path = filepath.Join(t.TempDir(), "ledger.db")
	}
	if o.Station == "" {
		o.Station = "A1"
	}
	d := &Desk{t: t, Clock: &Clock{now: Began()}}
	if o.Clock == nil {
		o.Clock = d.Clock.Now
	}
	policy := Policy()
	if o.Policy != nil {
		o.Policy(&policy)
	}
	inner, err := desk.Open(desk.Options{
		Ledger: ledger.Options{Path: o.Path, Station: o.Station, Signer: Key(), Training: o.Training,
			Clock: o.Clock, Random: Random(2, o.Run)},
		Extra: o.Extra, Kiosk: o.Kiosk, Policy: policy, Roster: roster{}, Customers: customers{},
		Offline: func() bool {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.offline
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Desk = inner
	if o.Register != nil {
		o.Register(inner)
	}
	t.Cleanup(func() { _ = inner.Close() })
	return d
}

// Offline says whether central can be reached from now on.
func (d *Desk) Offline(off bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.offline = off
}

// Do gives an order as Maria, who must be there, and returns the first entry.
func (d *Desk) Do(do any) ledger.Entry {
	d.t.Helper()
	return d.order(desk.Order{By: Maria, Do: do})
}

// CloseCounted counts the drawer and closes it on that count.
func (d *Desk) CloseCounted(count cash.CountDrawer) ledger.Entry {
	d.t.Helper()
	d.Do(count)
	return d.Do(cash.CloseDrawer{})
}

// DoApproved is Do with Ben's approval.
func (d *Desk) DoApproved(do any) ledger.Entry {
	d.t.Helper()
	return d.order(desk.Order{By: Maria, Do: do, Approver: Ben, ApproverPIN: PIN})
}

func (d *Desk) order(o desk.Order) ledger.Entry {
	d.t.Helper()
	entries, err := d.Try(o)
	if err != nil {
		d.t.Fatalf("%T: %v", o.Do, err)
	}
	return entries[0]
}

// Try gives an order and returns what the desk said.
func (d *Desk) Try(o desk.Order) ([]ledger.Entry, error) {
	id, err := d.NewID()
	if err != nil {
		d.t.Fatal(err)
	}
	o.ID = id
	return d.Desk.Do(context.Background(), o)
}

// SignIn signs Maria in.
func (d *Desk) SignIn() {
	d.t.Helper()
	d.order(desk.Order{By: Maria, PIN: PIN, Do: staff.SignIn{}})
}

// Morning signs Maria in and opens drawer 1 with its float.
func (d *Desk) Morning() ledger.Entry {
	d.t.Helper()
	d.SignIn()
	return d.Do(cash.OpenDrawer{Drawer: "1", Count: Float()})
}

// PayCash pays an account from a bank note of 200.
func (d *Desk) PayCash(no account.No, amount ledger.Cents) ledger.Entry {
	d.t.Helper()
	return d.Do(cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: amount}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 200_00}}})
}

// Float is 300.00, counted.
func Float() cash.Count {
	return cash.Count{{Value: 20_00, N: 10}, {Value: 10_00, N: 5}, {Value: 5_00, N: 8}, {Value: 25, N: 40}}
}

// Policy is a utility that takes everything.
func Policy() desk.Policy {
	locked := staff.Duration(time.Minute)
	return desk.Policy{
		Utility: desk.Utility{Name: "Millbrook Water District", TimeZone: "America/Los_Angeles",
			Lines:  []string{"1400 Mill Road, Millbrook", "(555) 010-0100"},
			Notice: "Thank you. Keep this receipt."},
		Staff: staff.Policy{WrongPINs: 5, FirstLock: locked, LongestLock: locked,
			Rights: map[staff.Role][]staff.Right{staff.CSS1: {staff.TakeMoney}, staff.Supervisor: {staff.Approve}}},
		Cash: cash.Policy{Drawers: []cash.DrawerID{"1", "2"}, Float: 300_00,
			Denominations: []ledger.Cents{100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 25, 10, 5, 1},
			Tenders: []cash.TenderRule{{Kind: cash.Cash, Opens: true, Change: true, Deposit: true}, {Kind: cash.Check, Opens: true, Deposit: true},
				{Kind: cash.Card}, {Kind: cash.MoneyOrder, Opens: true, Deposit: true}},
			Allocation: []cash.AllocationRow{{Version: "2026-1", From: 19990101, Source: "Resolution 2025-41",
				Order: []account.Bucket{account.PastDue, account.Penalties, account.Current}}},
			Reasons: cash.Reasons{Void: []string{"wrong account"}, NoSale: []string{"make change"}, Float: []string{"change fund short"}}},
	}
}

// pinHash is staff.HashPIN of PIN, made once: making it takes as long as a small
// test.
const pinHash = "$argon2id$v=19$m=19456,t=2,p=1$xsFQqRJSCxx8acINSMRk4w$/J4dHNwYD1sebBFEOnVvPIu6cUvjCPrwchoO1fD0B60"

type roster struct{}

func (r roster) Person(id staff.ID) (staff.Person, bool, error) {
	all, err := r.People()
	i := slices.IndexFunc(all, func(p staff.Person) bool { return p.ID == id })
	if i < 0 {
		return staff.Person{}, false, err
	}
	all[i].PIN = pinHash
	return all[i], true, err
}

func (roster) People() ([]staff.Person, error) {
	return []staff.Person{
		{ID: Maria, Name: "Maria Lopez", Role: staff.CSS1},
		{ID: Ben, Name: "Ben Okafor", Role: staff.Supervisor},
	}, nil
}

type customers struct{}

func (customers) all() []account.Customer {
	return []account.Customer{
		{No: Garcia, Name: "GARCIA, MARÍA E", Service: "1423 Oak St", PastDue: 62_10, Current: 126_10},
		{No: Oak, Name: "OAK GARDENS HOMEOWNERS ASSOCIATION, C/O WEST COAST MANAGEMENT", Service: "1400 Oak St, irrigation meter behind the club house",
			Penalties: 18_00, Current: 1_186_11},
		{No: Nowak, Name: "NOWAK, ŁUKASZ", Service: "9 Canal Walk", Current: -12_00},
	}
}

func (c customers) Customer(no account.No) (account.Customer, reference.About, bool, error) {
	for _, one := range c.all() {
		if one.No == no {
			return one, about(), true, nil
		}
	}
	return account.Customer{}, about(), false, nil
}

func (c customers) Find(words string, limit int) (found []account.Customer, more bool, err error) {
	for _, one := range c.all() {
		if strings.Contains(strings.ToLower(one.Name), strings.ToLower(words)) && len(found) < limit {
			found = append(found, one)
		}
	}
	return found, false, nil
}

// about is two hours before Began.
func about() reference.About {
	return reference.About{Version: 7, AsOf: Began().Add(-2*time.Hour - 2*time.Minute)}
}
