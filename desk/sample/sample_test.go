package sample_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/reference"
	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// now is a Monday at eight in the sample's zone.
func now() time.Time { return time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC) }

type utility struct {
	dir       string
	policy    desk.Policy
	store     *reference.Store
	customers *account.Stored
}

func write(t testing.TB, count int) *utility {
	t.Helper()
	u := &utility{dir: t.TempDir()}
	must(t, sample.Write(u.dir, now(), count))
	var err error
	u.policy, err = desk.LoadPolicy(filepath.Join(u.dir, "policy.toml"))
	must(t, err)
	path := filepath.Join(u.dir, "ref.db")
	u.store, err = reference.Open(path)
	must(t, err)
	t.Cleanup(func() { u.store.Close() })
	u.customers, err = account.OpenStored(u.store, path)
	must(t, err)
	t.Cleanup(func() { u.customers.Close() })
	return u
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// all reads every customer in the order of their numbers.
func (u *utility) all(t testing.TB) []account.Customer {
	keys, err := u.store.Keys(account.Feed, sample.MaxCustomers)
	must(t, err)
	var out []account.Customer
	for _, k := range keys {
		c, _, found, err := u.customers.Customer(account.No(k))
		must(t, err)
		if !found {
			t.Fatalf("customer %s is listed and not there", k)
		}
		out = append(out, c)
	}
	return out
}

func TestTheNumberTellsTheState(t *testing.T) {
	all := write(t, 5000).all(t)
	if len(all) != 5000 || all[0].No != "01-0000-8" {
		t.Fatalf("%d customers from %s, want 5000 from 01-0000-8", len(all), all[0].No)
	}
	today := ledger.DateOf(now())
	late := func(c account.Customer) bool {
		return c.PastDue > 0 && c.Penalties == c.PastDue/10 && c.LateSince < today && c.LateSince > 20260801
	}
	for i, c := range all {
		var right bool
		switch state := i % 20; {
		case state <= 8:
			right = c.Current > 0 && c.PastDue == 0 && c.DueBy > today && !c.Closed
		case state <= 11:
			right = late(c) && c.Current > 0 && c.NoChecksUntil == 0 && c.ShutOff == 0
		case state == 12:
			right = c.Balance() == 0 && !c.Closed
		case state == 13:
			right = c.Balance() < 0
		case state == 14:
			right = late(c) && c.NoChecksUntil > today
		case state == 15:
			right = late(c) && c.ShutOff > today
		case state == 16:
			right = c.Closed && c.Balance() > 0
		case state == 17:
			right = c.Closed && c.Balance() == 0
		case state == 18:
			right = c.Current >= 1_200_00
		default:
			right = c.DueBy == today && c.Current > 0
		}
		if !right {
			t.Errorf("customer %d is %+v", i, c)
		}
		if c.Name == "" || c.Service == "" || c.Phone == "" || c.Meter == "" || account.CheckNo(c.No) != nil {
			t.Errorf("customer %d lacks something: %+v", i, c)
		}
	}
}

func TestTheSameUtilityEveryTime(t *testing.T) {
	first, second := write(t, 300), write(t, 300)
	if !reflect.DeepEqual(first.all(t), second.all(t)) || !reflect.DeepEqual(first.store.About(), second.store.About()) {
		t.Error("two utilities of the same day differ")
	}
	for _, name := range []string{"policy.toml", "ref.db", "ref.db.index"} {
		a, err := os.ReadFile(filepath.Join(first.dir, name))
		must(t, err)
		b, err := os.ReadFile(filepath.Join(second.dir, name))
		must(t, err)
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs", name)
		}
	}
	if got, want := first.store.About().AsOf, now().Add(-6*time.Hour); !got.Equal(want) {
		t.Errorf("the balances are of %s, want %s", got, want)
	}
}

func TestCustomersAreFoundByEveryWord(t *testing.T) {
	u := write(t, 5000)
	c := u.all(t)[2345]
	for _, words := range []string{string(c.No), c.Phone, c.Meter, c.Name, c.Service} {
		found, _, err := u.customers.Find(words, 50)
		must(t, err)
		there := false
		for _, f := range found {
			there = there || f.No == c.No
		}
		if !there {
			t.Errorf("%q does not find %s", words, c.No)
		}
	}
}

func TestBillsOfTheSampleScan(t *testing.T) {
	u := write(t, 1)
	c := u.all(t)[0]
	for _, l := range u.policy.Bills {
		line, err := account.ParseBillLine(u.policy.Bills, l.Write(c.No, c.Current, c.DueBy))
		must(t, err)
		if line.No != c.No || line.Billed != c.Current || line.Due != c.DueBy || line.Layout != l.Name {
			t.Errorf("layout %s reads %+v", l.Name, line)
		}
	}
}

func TestEverybodySignsInWithTheirPIN(t *testing.T) {
	u := write(t, 100)
	d := u.open(t, false)
	roles := make(map[staff.Role]int)
	for _, h := range sample.PINs() {
		roles[h.Role]++
		_, err := u.do(t, d, desk.Order{By: h.ID, PIN: h.PIN, Do: staff.SignIn{}})
		refusal, refused := ledger.AsRefusal(err)
		switch {
		case h.Role == staff.Trainee:
			if !refused || refusal.Code != "staff.trainee" {
				t.Errorf("the trainee in a real ledger: %v", err)
			}
		case err != nil:
			t.Errorf("%s: %v", h.ID, err)
		}
		if len(u.policy.Staff.Rights[h.Role]) == 0 {
			t.Errorf("%s has no right", h.Role)
		}
	}
	want := map[staff.Role]int{staff.CSS1: 2, staff.CSS2: 2, staff.Supervisor: 1, staff.Auditor: 1, staff.Trainee: 1}
	if !reflect.DeepEqual(roles, want) {
		t.Errorf("roles %v, want %v", roles, want)
	}
	practice := u.open(t, true)
	_, err := u.do(t, practice, desk.Order{By: "sam", PIN: "141421", Do: staff.SignIn{}})
	must(t, err)
}

func TestStaffHaveAccountsOfTheirOwn(t *testing.T) {
	u := write(t, 100)
	d := u.open(t, false)
	own := u.all(t)[21].No
	_, err := u.do(t, d, desk.Order{By: "maria", PIN: "246801", Do: staff.SignIn{}})
	must(t, err)
	_, err = u.do(t, d, desk.Order{By: "maria", Do: cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 20_00, N: 15}}}})
	must(t, err)
	pay := cash.TakePayment{Pay: []cash.Pay{{Account: own, Amount: 100}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 100}}}
	_, err = u.do(t, d, desk.Order{By: "maria", Do: pay})
	if refusal, ok := ledger.AsRefusal(err); !ok || refusal.Code != "cash.own_account" {
		t.Errorf("maria pays her own account %s: %v", own, err)
	}
}

func TestNumbersOfCustomers(t *testing.T) {
	for _, count := range []int{-1, 0, sample.MaxCustomers + 1} {
		if err := sample.Write(t.TempDir(), now(), count); err == nil {
			t.Errorf("%d customers were made", count)
		}
	}
}

func (u *utility) open(t *testing.T, training bool) *desk.Desk {
	t.Helper()
	dir := t.TempDir()
	key, err := ledger.LoadKey(filepath.Join(dir, "station.key"), bytes.NewReader(make([]byte, 64)))
	must(t, err)
	d, err := desk.Open(desk.Options{
		Ledger: ledger.Options{Path: filepath.Join(dir, "ledger.db"), Station: "A1", Signer: key, Training: training},
		Policy: u.policy, Roster: staff.StoredRoster{Store: u.store}, Customers: u.customers,
	})
	must(t, err)
	t.Cleanup(func() { d.Close() })
	return d
}

func (u *utility) do(t *testing.T, d *desk.Desk, o desk.Order) ([]ledger.Entry, error) {
	t.Helper()
	var err error
	o.ID, err = d.NewID()
	must(t, err)
	return d.Do(context.Background(), o)
}

// BenchmarkWrite makes 50,000 customers; it takes no more memory for a million.
func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		must(b, sample.Write(b.TempDir(), now(), 50_000))
	}
}
