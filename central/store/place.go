package store

import (
	"errors"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Place finds the fresh part of entries that hold together among themselves. It
// is the one place that decides what continues a log, so that every store
// decides alike. leafAt reads the leaf of an entry that the store has, number 1
// to head.Seq.
//
// The error is a *Conflict without its Log, or one of leafAt's.
func Place(head ledger.Head, prev ledger.Leaf, entries []ledger.Entry, leafAt func(seq uint64) (ledger.Leaf, error)) (fresh []ledger.Entry, err error) {
	first := entries[0].Seq
	if first > head.Seq+1 {
		return nil, &Conflict{Problem: wire.ProblemGap, At: first}
	}
	if first > 1 {
		// What comes before the batch must be what the station says it is.
		have, err := leafAt(first - 1)
		if err != nil {
			return nil, err
		}
		if have != prev {
			return nil, &Conflict{Problem: wire.ProblemFork, At: first - 1}
		}
	}
	for i := range entries {
		e := &entries[i]
		if e.Seq > head.Seq {
			return entries[i:], nil
		}
		have, err := leafAt(e.Seq)
		if err != nil {
			return nil, err
		}
		if have != e.Leaf {
			return nil, &Conflict{Problem: wire.ProblemFork, At: e.Seq}
		}
	}
	return nil, nil
}

// Unfit says whether the error of opening a batch makes the batch evidence:
// the station signed it, and yet it does not hold. What it did not sign, or
// what is too large, could come from anybody and is not kept.
func Unfit(err error) (wire.Problem, bool) {
	switch {
	case errors.Is(err, wire.ErrBroken):
		return wire.ProblemBroken, true
	case errors.Is(err, wire.ErrMalformed):
		return wire.ProblemMalformed, true
	}
	return "", false
}

// extends says whether entries follow a head, one after the other.
func extends(head ledger.Head, entries []ledger.Entry) error {
	seq, leaf := head.Seq, head.Leaf
	for i := range entries {
		e := &entries[i]
		if e.Seq != seq+1 || e.Prev != leaf {
			return ErrMoved
		}
		seq, leaf = e.Seq, e.Leaf
	}
	return nil
}
