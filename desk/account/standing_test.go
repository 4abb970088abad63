package account_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	. "gatehouse/desk/desktest"
	"gatehouse/desk/reference"
	"gatehouse/ledger"
)

func standing(t *testing.T, s *Station, no account.No) (got account.Standing) {
	t.Helper()
	s.Look(func(st *ledger.State) (err error) {
		got, err = s.Accounts.Standing(st, no)
		return err
	})
	return got
}

func take(s *Station, no account.No, amount ledger.Cents) ledger.Entry {
	return s.Do(Tom, cash.TakePayment{Pay: []cash.Pay{{Account: no, Amount: amount}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: amount}}})
}

func expectOwed(t *testing.T, what string, got account.Standing, balance, pastDue, penalties, current, here ledger.Cents) {
	t.Helper()
	if got.Balance() != balance || got.Owed(account.PastDue) != pastDue || got.Owed(account.Penalties) != penalties ||
		got.Owed(account.Current) != current || got.PaidHere() != here {
		t.Errorf("%s: balance %s = %s + %s + %s, paid here %s; want %s = %s + %s + %s, %s", what, got.Balance(), got.Owed(account.PastDue),
			got.Owed(account.Penalties), got.Owed(account.Current), got.PaidHere(), balance, pastDue, penalties, current, here)
	}
}

func TestAStandingIsTheReferenceLessWhatWasTakenSince(t *testing.T) {
	s := New(t, Options{})
	s.Morning(Tom, "1")
	expectOwed(t, "before", standing(t, s, Garcia), 188_20, 62_10, 5_00, 121_10, 0)
	first := take(s, Garcia, 70_00)
	expectOwed(t, "after 70.00", standing(t, s, Garcia), 118_20, 0, 0, 118_20, 70_00)
	take(s, Garcia, 120_00)
	expectOwed(t, "after too much", standing(t, s, Garcia), -1_80, 0, 0, 0, 190_00)
	expectOwed(t, "another account", standing(t, s, Oak), 1_204_11, 0, 0, 1_204_11, 0)

	// Central sends balances that count the first payment already.
	c := s.Customers.By[Garcia]
	c.PastDue, c.Penalties, c.Current = 0, 0, 118_20
	s.Customers.By[Garcia] = c
	s.Customers.Age.Counted = []reference.Counted{{Log: s.Book.Identity().Log, Through: first.Seq}}
	expectOwed(t, "with new balances", standing(t, s, Garcia), -1_80, 0, 0, 0, 120_00)
	// The first payment is taken back: its lines are after the balances.
	s.DoApproved(Tom, Ana, cash.VoidPayment{Receipt: first.ReceiptNo("A1"), Reason: "wrong account"})
	expectOwed(t, "after a void", standing(t, s, Garcia), 68_20, 62_10, 5_00, 2_90, 50_00)
	s.Customers.Age.Counted[0].Through = s.Book.Head().Seq
	expectOwed(t, "when all is counted", standing(t, s, Garcia), 118_20, 0, 0, 118_20, 0)
	if got := standing(t, s, Garcia); !got.AsOf.Equal(Began()) {
		t.Errorf("as of %s", got.AsOf)
	}
}

func TestAccountsThatCannotBeLookedUp(t *testing.T) {
	s := New(t, Options{})
	s.Customers.By["77"] = account.Customer{No: "77", Current: 1 << 62, PastDue: 1 << 62}
	s.Look(func(st *ledger.State) error {
		for no, want := range map[account.No]string{
			"":                                  "account.bad_number",
			"01-2":                              "account.unknown",
			"01 2":                              "account.bad_number",
			"01/2":                              "account.bad_number",
			"٠١":                                "account.bad_number",
			"\x00":                              "account.bad_number",
			"A-1-b":                             "account.unknown",
			account.No(strings.Repeat("1", 32)): "account.unknown",
			account.No(strings.Repeat("1", 33)): "account.bad_number",
		} {
			if _, err := s.Accounts.Standing(st, no); Code(err) != want {
				t.Errorf("%q: %v, want %s", string(no), err, want)
			}
		}
		if _, err := s.Accounts.Standing(st, "77"); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("a balance that cannot be: %v", err)
		}
		return nil
	})
}

func TestBucketsAndTheBooks(t *testing.T) {
	for _, b := range append(account.Buckets(), account.Credit) {
		if got, ok := account.BucketOf(account.Receivable(b)); !ok || got != b {
			t.Errorf("%s is booked on %s, read as %s", b, account.Receivable(b), got)
		}
	}
	if _, ok := account.BucketOf("assets:drawer:cash"); ok {
		t.Error("a drawer is nobody's debt")
	}
}

// stored makes a set of customers with their index.
func stored(t *testing.T, path string, version uint64, customers ...account.Customer) *account.Stored {
	t.Helper()
	err := reference.Build(path, reference.About{Version: version, AsOf: Began()}, func(w *reference.Writer) error {
		return account.Put(w, path, slices.Values(customers))
	})
	if err != nil {
		t.Fatal(err)
	}
	store, err := reference.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	found, err := account.OpenStored(store, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(found.Close(), store.Close()); err != nil {
			t.Error(err)
		}
	})
	return found
}

func TestStoredCustomersAreFound(t *testing.T) {
	garcia := account.Customer{No: "01-2345-6", Name: "GARCIA, MARIA E", Service: "1423 Oak St", Phone: "555-010-0142", Meter: "88120034",
		PastDue: 62_10, Penalties: 5_00, Current: -3, DueBy: 20261130, LateSince: 20261020, NoChecksUntil: 20270303, ShutOff: 20261218, Closed: true, Note: "Prefers Spanish"}
	oak := account.Customer{No: "02-0031-9", Name: "OAK GARDENS HOA", Service: "1400 Oak St"}
	path := filepath.Join(Folder(t), "ref.db")
	c := stored(t, path, 7, garcia, oak)
	if got, _, found, err := c.Customer(garcia.No); !found || err != nil || got != garcia {
		t.Errorf("%+v, %v, %v", got, found, err)
	}
	if _, _, found, err := c.Customer("99"); found || err != nil {
		t.Errorf("nobody: %v, %v", found, err)
	}
	for words, want := range map[string][]account.No{
		"garcia oak": {garcia.No}, "1423": {garcia.No}, "0142": {garcia.No}, "88120034": {garcia.No}, "01-2345-6": {garcia.No},
		"oak": {garcia.No, oak.No}, "maria gardens": nil,
	} {
		found, more, err := c.Find(words, 20)
		var got []account.No
		for _, one := range found {
			got = append(got, one.No)
		}
		if err != nil || more || !slices.Equal(got, want) {
			t.Errorf("%q finds %v, %v, %v; want %v", words, got, more, err, want)
		}
	}
	if _, more, err := c.Find("oak", 1); !more || err != nil {
		t.Errorf("more than one: %v, %v", more, err)
	}
	if _, _, err := c.Find(strings.Repeat("oak ", 1000), 20); Code(err) != "account.search_too_long at find" {
		t.Errorf("a thousand words: %v", err)
	}
	if c.Store.About().Version != 7 {
		t.Errorf("about %+v", c.Store.About())
	}
	// The next set takes the place of this one, which goes on meanwhile.
	next := stored(t, path, 8, oak)
	if found, _, err := next.Find("garcia", 20); err != nil || len(found) != 0 {
		t.Errorf("who is gone is found: %v, %v", found, err)
	}
	if found, _, err := c.Find("garcia", 20); err != nil || len(found) != 1 {
		t.Errorf("the set that was open: %v, %v", found, err)
	}
}

func TestCustomersThatCannotBeStored(t *testing.T) {
	for name, c := range map[string]account.Customer{
		"no number":              {Name: "X"},
		"a number with a space":  {No: "01 2"},
		"a debt beyond all sums": {No: "01", Current: ledger.MaxAmount + 1},
		"a credit beyond":        {No: "01", PastDue: -ledger.MaxAmount - 1},
	} {
		path := filepath.Join(Folder(t), "ref.db")
		err := reference.Build(path, reference.About{}, func(w *reference.Writer) error {
			return account.Put(w, path, slices.Values([]account.Customer{c}))
		})
		if err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}
