package billing_test

import (
	"bytes"
	"context"
	"testing"

	"gatehouse/central/billing"
	"gatehouse/central/store"
	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/report"
	"gatehouse/ledger"
)

// altered is a database in which somebody changed what is stored.
type altered struct {
	store.Store
	change func([]store.Stored) []store.Stored
}

func (a altered) Entries(ctx context.Context, id ledger.LogID, from uint64, limit int) ([]store.Stored, error) {
	all, err := a.Store.Entries(ctx, id, from, limit)
	return a.change(all), err
}

// other changes an account in the bytes of the entries that have it, and their hash with it.
func other(t *testing.T, was, is string) func([]store.Stored) []store.Stored {
	return func(all []store.Stored) []store.Stored {
		for i := range all {
			e, err := ledger.DecodeEntry(bytes.ReplaceAll(all[i].Raw, []byte(was), []byte(is)))
			must(t, err)
			all[i].Entry = e
		}
		return all
	}
}

// TestNoFileIsMadeOfADatabaseThatSomebodyChanged: neither the billing system nor the
// general ledger is told what no station wrote, and no number of a file is used up.
func TestNoFileIsMadeOfADatabaseThatSomebodyChanged(t *testing.T) {
	for name, change := range map[string]func(t *testing.T) func([]store.Stored) []store.Stored{
		"nothing": func(*testing.T) func([]store.Stored) []store.Stored {
			return func(s []store.Stored) []store.Stored { return s }
		},
		"the first payment":   func(t *testing.T) func([]store.Stored) []store.Stored { return other(t, "01-0001-1", "66-6666-6") },
		"the last payment":    func(t *testing.T) func([]store.Stored) []store.Stored { return other(t, "03-0003-3", "66-6666-6") },
		"one that was billed": func(t *testing.T) func([]store.Stored) []store.Stored { return other(t, "00-0000-0", "66-6666-6") },
		"one is gone": func(*testing.T) func([]store.Stored) []store.Stored {
			return func(all []store.Stored) []store.Stored {
				var left []store.Stored
				for _, e := range all {
					if e.Seq != 4 {
						left = append(left, e)
					}
				}
				return left
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			l := o.log("A1")
			l.pay(cash.Part{Account: "00-0000-0", Amount: 5_00})
			if no, err := o.Write(t.Context(), "fin", layout(t, "csv")); no != 1 || err != nil {
				t.Fatalf("file %d: %v", no, err)
			}
			for _, no := range []string{"01-0001-1", "02-0002-2", "03-0003-3"} {
				l.pay(cash.Part{Account: account.No(no), Amount: 188_20})
			}
			whole := o.Store
			o.Store = altered{whole, change(t)}
			_, wrote := o.Write(t.Context(), "fin", layout(t, "csv"))
			_, _, journal := o.WriteGL(t.Context(), "fin", nil, billing.GL{Period: report.Day(20261123), Form: string(ledger.CSV), Station: l.id})
			if fine := name == "nothing"; (wrote == nil) != fine || (journal == nil) != fine {
				t.Errorf("the payment file: %v; the journal: %v", wrote, journal)
			}
			o.Store = whole
			if name == "nothing" {
				return
			}
			if no, err := o.Write(t.Context(), "fin", layout(t, "csv")); err != nil || no != 2 {
				t.Errorf("with the database as it was: file %d, %v", no, err)
			}
		})
	}
}
