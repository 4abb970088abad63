package spool_test

import (
	"testing"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/paper/spool"
)

// BenchmarkFoldPayment is what the view of jobs adds to taking a payment, beside
// the store's own work.
func BenchmarkFoldPayment(b *testing.B) {
	v := spool.View([]ledger.Kind{cash.KindPayment})
	e := ledger.Entry{Kind: cash.KindPayment, Seq: 1, Micros: 1}
	t := nothing{}
	b.ReportAllocs()
	for b.Loop() {
		e.Seq++
		if err := v.Fold(t, &e); err != nil {
			b.Fatal(err)
		}
	}
}

// nothing is a table that keeps nothing.
type nothing struct{}

func (nothing) Get([]byte) []byte { return nil }
func (nothing) Put(_, _ []byte)   {}
func (nothing) Add(_, _ []byte)   {}
func (nothing) Delete([]byte)     {}
