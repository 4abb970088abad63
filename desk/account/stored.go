package account

import (
	"errors"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/fxamacker/cbor/v2"

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
	path := IndexPath(referencePath)
	if name := store.About().Index; name != "" {
		path = filepath.Join(filepath.Dir(referencePath), filepath.Base(name))
	}
	index, err := directory.Open(path)
	if err != nil {
		return nil, err
	}
	return &Stored{Store: store, Index: index}, nil
}

// Customer returns one by number.
func (c *Stored) Customer(no No) (Customer, reference.About, bool, error) {
	var customer Customer
	found, err := c.Store.Get(Feed, string(no), &customer)
	return customer, c.Store.About(), found, err
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
		customer, _, ok, err := c.Customer(No(k))
		if err != nil {
			return nil, false, err
		}
		if ok {
			found = append(found, customer)
		}
	}
	return found, more, nil
}

// Close lets go of the index; the store is its owner's.
func (c *Stored) Close() error { return c.Index.Close() }

// Put stores customers in a set that is being built, and builds their index beside it.
func Put(w *reference.Writer, referencePath string, customers iter.Seq[Customer]) error {
	return put(w, IndexPath(referencePath), func(yield func(reference.Raw, Customer, error) bool) {
		for c := range customers {
			raw, err := ledger.Pack(c)
			if !yield(reference.Raw{Key: string(c.No), Value: raw}, c, err) {
				return
			}
		}
	})
}

// PutRaw does what Put does with customers that are stored already elsewhere, in the
// order of their keys. The index is made at a path of its own.
func PutRaw(w *reference.Writer, indexPath string, customers iter.Seq2[reference.Raw, error]) error {
	return put(w, indexPath, func(yield func(reference.Raw, Customer, error) bool) {
		for raw, err := range customers {
			var c Customer
			if err == nil {
				err = cbor.Unmarshal(raw.Value, &c)
			}
			if err == nil && string(c.No) != raw.Key {
				err = fmt.Errorf("customer %.40q stands under %.40q", string(c.No), raw.Key)
			}
			if !yield(raw, c, err) {
				return
			}
		}
	})
}

// put walks the customers once, for the set and for the index.
func put(w *reference.Writer, indexPath string, customers func(func(reference.Raw, Customer, error) bool)) error {
	var failed error
	err := directory.Build(indexPath, func(yield func(directory.Item) bool) {
		customers(func(raw reference.Raw, c Customer, err error) bool {
			if err == nil {
				err = CheckNo(c.No)
			}
			if err == nil {
				err = c.Check()
			}
			if err == nil {
				err = w.PutRaw(Feed, raw.Key, raw.Value)
			}
			if err != nil {
				failed = fmt.Errorf("customer %.40q: %w", raw.Key, err)
				yield(directory.Item{}) // which is refused: the index that is there stays
				return false
			}
			return yield(directory.Item{Key: string(c.No), Name: c.Name, Texts: c.Words()})
		})
	}, directory.Options{})
	if failed != nil {
		return failed
	}
	return err
}
