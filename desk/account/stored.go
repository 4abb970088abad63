package account

import (
	"errors"
	"fmt"
	"iter"

	"gatehouse/desk/account/directory"
	"gatehouse/desk/reference"
	"gatehouse/ledger"
)

// Feed is the name of the customers in the reference data.
const Feed = "customers"

// IndexPath is where the index of the customers lies, beside their data.
func IndexPath(referencePath string) string { return referencePath + ".index" }

// Stored is the customers in the reference data, with the index that finds them.
type Stored struct {
	Store *reference.Store
	Index *directory.Index
}

// OpenStored opens the index beside an open set of reference data.
func OpenStored(store *reference.Store, referencePath string) (*Stored, error) {
	index, err := directory.Open(IndexPath(referencePath))
	if err != nil {
		return nil, err
	}
	return &Stored{Store: store, Index: index}, nil
}

// Customer returns one by number.
func (c *Stored) Customer(no No) (Customer, bool, error) {
	var customer Customer
	found, err := c.Store.Get(Feed, string(no), &customer)
	return customer, found, err
}

// Find returns the first customers by name that have every typed word.
func (c *Stored) Find(words string, limit int) ([]Customer, bool, error) {
	keys, more, err := c.Index.Find(words, limit)
	if errors.Is(err, directory.ErrQuery) {
		return nil, false, ledger.Refuse("account.search_too_long", "That is too much to search for. Type up to eight words.").At("find")
	}
	if err != nil {
		return nil, false, err
	}
	found := make([]Customer, 0, len(keys))
	for _, k := range keys {
		customer, ok, err := c.Customer(No(k))
		if err != nil {
			return nil, false, err
		}
		if ok {
			found = append(found, customer)
		}
	}
	return found, more, nil
}

// About says how old the data are.
func (c *Stored) About() reference.About { return c.Store.About() }

// Close lets go of the index; the store is its owner's.
func (c *Stored) Close() error { return c.Index.Close() }

// Put stores customers in a set that is being built, and builds their index
// beside it. customers is walked twice.
func Put(w *reference.Writer, referencePath string, customers iter.Seq[Customer]) error {
	for c := range customers {
		if err := CheckNo(c.No); err != nil {
			return fmt.Errorf("customer %q: %w", c.Name, err)
		}
		if err := c.Check(); err != nil {
			return err
		}
		if err := w.Put(Feed, string(c.No), c); err != nil {
			return err
		}
	}
	items := func(yield func(directory.Item) bool) {
		for c := range customers {
			if !yield(directory.Item{Key: string(c.No), Name: c.Name, Texts: c.Words()}) {
				return
			}
		}
	}
	return directory.Build(IndexPath(referencePath), items, directory.Options{})
}
