package ledger

import (
	"bytes"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// State is the ledger as it stands at one moment: inside a command, everything
// before that command; inside a reading, the last commit. It is valid until the
// function it was given to returns.
type State struct {
	tx       *bolt.Tx
	now      time.Time
	station  StationID
	log      LogID
	training bool
	head     Head
	rest     []Entry // see tail; nil: not read yet
}

// Head is the end of the log.
type Head struct {
	_      struct{} `cbor:",toarray"`
	Seq    uint64
	Leaf   Leaf
	Totals Totals
}

// Now is the time of the command, or of the reading.
func (s *State) Now() time.Time { return s.now }

// Head is the last entry before this command.
func (s *State) Head() Head { return s.head }

// Station is whose ledger this is.
func (s *State) Station() StationID { return s.station }

// Log is the id of this ledger's log.
func (s *State) Log() LogID { return s.log }

// Training says that this ledger is for practice, and every paper says so.
func (s *State) Training() bool { return s.training }

// Rows reads a view. A name that is not kept reads as empty.
func (s *State) Rows(view string) Rows {
	b := s.tx.Bucket(bucketViews)
	tag := tagOf(b, view)
	if tag == 0 {
		return noRows{}
	}
	return boltRows{b, tag}
}

// Entry reads one entry by its number.
func (s *State) Entry(seq uint64) (Entry, error) {
	raw := s.tx.Bucket(bucketLog).Get(SeqKey(seq))
	if raw == nil {
		return Entry{}, fmt.Errorf("entry %d is not in the ledger, which ends at %d", seq, s.head.Seq)
	}
	return DecodeEntry(bytes.Clone(raw))
}

// ByCommand returns the entries a command wrote, none if it wrote none.
func (s *State) ByCommand(id CommandID) ([]Entry, error) {
	first := s.firstOf(id)
	if first == 0 {
		return nil, nil
	}
	var out []Entry
	for seq := first; seq <= s.head.Seq; seq++ {
		e, err := s.Entry(seq)
		if err != nil {
			return nil, err
		}
		if e.Command != id {
			break
		}
		out = append(out, e)
	}
	return out, nil
}

// Receipt finds the entry that has the n-th receipt number. The running count
// in every entry only grows, so the log itself is the index.
func (s *State) Receipt(n uint64) (Entry, error) {
	low, high := uint64(1), s.head.Seq+1
	for low < high {
		middle := low + (high-low)/2
		e, err := s.Entry(middle)
		if err != nil {
			return Entry{}, err
		}
		if e.Totals.Receipts < n {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if n == 0 || low > s.head.Seq {
		return Entry{}, Refuse("ledger.no_such_receipt", "There is no receipt number {n} at this station.", "n", fmt.Sprint(n))
	}
	return s.Entry(low)
}

var (
	bucketMeta   = []byte("meta")
	bucketLog    = []byte("log")
	bucketViews  = []byte("views")
	bucketCursor = []byte("cursor")
)

// AtTime is the same state, looked at as if at another time; a zero time leaves
// it as it is. Only a training ledger has other times than the clock's.
func (s *State) AtTime(t time.Time) *State {
	if t.IsZero() || !s.training {
		return s
	}
	at := *s
	at.now = t
	return &at
}
