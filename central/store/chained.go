package store

import (
	"context"
	"fmt"
	"iter"

	"gatehouse/ledger"
)

// chainedStep is how many entries Chained reads at once.
const chainedStep = 2000

// Chained walks the entries of a log from one to another, both included, and proves on
// the way that each follows the one before, that the first does so too, and that what
// comes after the last follows it: the entry there, or the head. So nobody can have
// changed, taken or moved one of them in the database without changing every later one,
// which their station would notice. What does not hold ends the walk with an error.
func Chained(ctx context.Context, s Store, log Log, from, to uint64) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		w := chain{log: log}
		first := from
		if first > 1 {
			first-- // for its leaf
		}
		last := to
		if to < log.Head.Seq {
			last++ // it holds the one before in its place
		}
		for at := first; at <= last; {
			entries, err := s.Entries(ctx, log.ID, at, int(min(chainedStep, last-at+1)))
			if err == nil && len(entries) == 0 {
				err = w.wrong(at, "is not in the store")
			}
			if err != nil {
				yield(Stored{}, err)
				return
			}
			for i := range entries {
				e := &entries[i]
				if err := w.next(at, &e.Entry, at > first || first == 1); err != nil {
					yield(Stored{}, err)
					return
				}
				if at >= from && at <= to && !yield(*e, nil) {
					return
				}
				at++
			}
		}
	}
}

// chain is where a walk is.
type chain struct {
	log  Log
	leaf ledger.Leaf // of the entry before; zero before the first
}

// next takes the entry that must stand at a number. follows is false for the one that
// the walk begins after.
func (c *chain) next(seq uint64, e *ledger.Entry, follows bool) error {
	switch {
	case e.Seq != seq || e.Log != c.log.ID:
		return c.wrong(seq, "is not in the store")
	case follows && e.Prev != c.leaf:
		return c.wrong(seq, "does not follow the one before")
	case seq == c.log.Head.Seq && e.Leaf != c.log.Head.Leaf:
		return c.wrong(seq, "is not the one that the station's head says")
	}
	c.leaf = e.Leaf
	return nil
}

func (c *chain) wrong(seq uint64, what string) error {
	return fmt.Errorf("entry %d of station %s %s: somebody changed the database; put it back from a backup, the stations send what it lacks", seq, c.log.Identity.Station, what)
}
