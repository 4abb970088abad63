package ledger

import (
	"encoding/binary"
	"iter"
	"time"
)

// View is something derived from the entries. Fold is called once for each
// entry, in order, in the transaction that stores it, and may look at nothing
// but the entry and the view's own table: so a fold from nothing gives the same
// rows.
type View interface {
	// Name is the view's name in the file, like "cash.sessions".
	Name() string
	// Kinds lists what it folds; nil means every entry.
	Kinds() []Kind
	// Fold takes one entry in. An error means the entry's body cannot be read,
	// and stops the commit.
	Fold(t Table, e *Entry) error
}

// Table is the rows of a view while it folds.
type Table interface {
	// Get returns a row, nil if there is none. It is valid until the next call.
	Get(key []byte) []byte
	Put(key, value []byte)
	// Add puts a row whose key cannot be there yet, because the entry's number or
	// id is part of it. It costs less than Put; a fold never gets, changes or
	// deletes it.
	Add(key, value []byte)
	Delete(key []byte)
}

// Rows is a view as a rule or a screen reads it.
type Rows interface {
	// Get returns a row, nil if there is none. It is valid inside the reading.
	Get(key []byte) []byte
	// From walks rows in the order of their keys, beginning at a key.
	From(key []byte) iter.Seq2[[]byte, []byte]
	// Back walks rows against the order of their keys, beginning before a key.
	Back(key []byte) iter.Seq2[[]byte, []byte]
}

// Prefixed walks the rows whose key begins with prefix, in order.
func Prefixed(r Rows, prefix []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		for k, v := range r.From(prefix) {
			if len(k) < len(prefix) || string(k[:len(prefix)]) != string(prefix) || !yield(k, v) {
				return
			}
		}
	}
}

// Clock tells the time. The station's is time.Now; a test's or a simulation's
// is its own.
type Clock func() time.Time

// Consequence lets a duty react to another duty's entry in the same
// transaction.
type Consequence struct {
	On   Kind
	Then func(s *State, e *Entry) ([]Draft, error)
}

// Key parts. Numbers are big-endian so that the order of keys is the order of
// numbers.

// SeqKey is the eight bytes of an entry's number.
func SeqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

// KeySeq reads what SeqKey wrote; 0 for anything else.
func KeySeq(key []byte) uint64 {
	if len(key) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(key)
}
