package ledger

import (
	"bytes"

	bolt "go.etcd.io/bbolt"
)

// The ledger's own views, the books and the index of commands, get their rows
// for indexStride entries at a time: three pages less in each commit are worth
// more than the look at the few entries that have none yet, the tail. Which
// entries have rows follows from the number of the head alone, so the views are
// verified like any other.

const indexStride = 64

// indexedThrough is the last entry that the ledger's own views cover.
func indexedThrough(head uint64) uint64 { return head - head%indexStride }

// ownViews are the ledger's own views of a log, up to an entry.
func ownViews(through uint64) []View { return []View{commands{through}, books{through}} }

// tail is the entries that have no rows yet, oldest first.
func (s *State) tail() []Entry {
	if s.rest == nil {
		s.rest = readTail(s.tx, s.head.Seq)
	}
	return s.rest
}

// readTail reads the tail of a log that ends at head. An entry that cannot be
// read is damage, and ends in guard.
func readTail(tx *bolt.Tx, head uint64) []Entry {
	rest := make([]Entry, 0, indexStride)
	log := tx.Bucket(bucketLog)
	for seq := indexedThrough(head) + 1; seq <= head; seq++ {
		e, err := DecodeEntry(bytes.Clone(log.Get(SeqKey(seq))))
		if err != nil {
			panic(err)
		}
		rest = append(rest, e)
	}
	return rest
}

// follows says whether a tail is the one of a log with this head.
func follows(rest []Entry, head Head) bool {
	n := uint64(len(rest))
	return n == head.Seq%indexStride && (n == 0 || rest[n-1].Leaf == head.Leaf)
}

// index takes an entry into the tail, and writes the rows of the whole tail
// once there are indexStride of it.
func (w *writer) index(e *Entry) error {
	w.rest = append(w.rest, *e)
	if w.head.Seq%indexStride != 0 {
		return nil
	}
	views := w.tx.Bucket(bucketViews)
	for _, v := range ownViews(w.head.Seq) {
		table := newBoltTable(views, tagOf(views, v.Name()))
		f := newFold(v, table)
		for i := range w.rest {
			if err := f.take(&w.rest[i]); err != nil {
				return err
			}
		}
		if table.err != nil {
			return table.err
		}
	}
	w.rest = make([]Entry, 0, indexStride)
	return nil
}
