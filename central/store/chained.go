package store

import (
	"context"
	"errors"
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
		chain, err := before(ctx, s, log, from)
		last := to
		if to < log.Head.Seq {
			last++ // it holds the one before in its place
		}
		for err == nil && chain.Seq < last {
			var entries []Stored
			entries, err = s.Entries(ctx, log.ID, chain.Seq+1, int(min(chainedStep, last-chain.Seq)))
			if err == nil && len(entries) == 0 {
				err = noEntry(log, chain.Seq+1)
			}
			for i := range entries {
				if err = next(&chain, log, entries[i].Raw); err != nil {
					break
				}
				if chain.Seq <= to && !yield(entries[i], nil) {
					return
				}
			}
		}
		if err != nil {
			yield(Stored{}, err)
		}
	}
}

// before is the chain up to an entry of a log, of which only the last is read.
func before(ctx context.Context, s Store, log Log, seq uint64) (ledger.Chain, error) {
	if seq == 1 {
		return ledger.Chain{Log: log.ID}, nil
	}
	entries, err := s.Entries(ctx, log.ID, seq-1, 1)
	if err == nil && (len(entries) == 0 || entries[0].Seq != seq-1) {
		err = noEntry(log, seq-1)
	}
	if err != nil {
		return ledger.Chain{}, err
	}
	return ledger.Chain{Log: log.ID, Seq: seq - 1, Leaf: entries[0].Leaf}, nil
}

// next takes the bytes of the next entry, which must be of this log and, where its head
// is, the head.
func next(chain *ledger.Chain, log Log, raw []byte) error {
	err := chain.Next(raw)
	switch {
	case err != nil:
	case chain.Log != log.ID:
		err = fmt.Errorf("entry %d is of log %s, not of %s", chain.Seq, chain.Log, log.ID)
	case chain.Seq == log.Head.Seq && chain.Leaf != log.Head.Leaf:
		err = errors.New("the last entry is not the head that central signed for")
	default:
		return nil
	}
	return &Broken{log.Identity.Station, err}
}

// Broken says that entries in the store do not hold together.
type Broken struct {
	Station ledger.StationID
	What    error
}

func noEntry(log Log, seq uint64) error {
	return &Broken{log.Identity.Station, fmt.Errorf("entry %d is missing", seq)}
}

func (b *Broken) Error() string {
	return fmt.Sprintf("the log of station %s does not hold: %v: somebody changed the database; put it back from a backup, the stations send what it lacks", b.Station, b.What)
}

func (b *Broken) Unwrap() error { return b.What }
