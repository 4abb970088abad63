package ledger

import (
	"encoding/binary"
	"iter"
	"maps"
	"slices"
)

// Balance is what was posted to one account for one sub-account since the log
// began. Both sides only grow.
type Balance struct {
	Account string
	Sub     string
	Debit   Cents
	Credit  Cents
	Lines   uint64 // postings counted
}

// Net is debit less credit.
func (b Balance) Net() Cents { return b.Debit - b.Credit }

// The books are the view that double entry needs: a balance for each account
// and sub-account, and for each sub-account the entries that touched it. Rows
// of one sub-account lie together, so that a payment changes few pages:
//
//	sub 0x00 'b' account   debit, credit, lines: three 64-bit numbers
//	sub 0x00 'h' ^seq      empty
//
// The number of the entry is turned round, so that the newest lies next to the
// balances, most likely on the same page. Like the index of commands, the books
// have rows for the entries up to through, the last multiple of indexStride;
// who reads them adds the few entries after it (see tail.go).
type books struct{ through uint64 }

const booksName = "ledger.books"

func (books) Name() string  { return booksName }
func (books) Kinds() []Kind { return nil }

func (b books) Fold(t Table, e *Entry) error {
	if len(e.Lines) == 0 || e.Seq > b.through {
		return nil
	}
	var buf [2*maxName + 16]byte
	var row [24]byte
	for i := range e.Lines {
		l := &e.Lines[i]
		key := append(append(append(buf[:0], l.Sub...), 0, 'b'), l.Account...)
		if old := t.Get(key); old != nil {
			copy(row[:], old)
		} else {
			row = [24]byte{}
		}
		side, amount := row[0:8], uint64(l.Amount)
		if l.Amount < 0 {
			side, amount = row[8:16], uint64(-l.Amount)
		}
		binary.BigEndian.PutUint64(side, binary.BigEndian.Uint64(side)+amount)
		binary.BigEndian.PutUint64(row[16:], binary.BigEndian.Uint64(row[16:])+1)
		t.Put(key, row[:])
		if l.Sub != "" && !seenBefore(e.Lines[:i], l.Sub) {
			key = append(append(buf[:0], l.Sub...), 0, 'h')
			t.Add(binary.BigEndian.AppendUint64(key, ^e.Seq), nil)
		}
	}
	return nil
}

func seenBefore(lines []Posting, sub string) bool {
	for i := range lines {
		if lines[i].Sub == sub {
			return true
		}
	}
	return false
}

// Balance reads the balance of an account for a sub-account.
func (s *State) Balance(account, sub string) Balance {
	key := append(append([]byte(sub), 0, 'b'), account...)
	b := balanceRow(account, sub, s.Rows(booksName).Get(key))
	for i := range s.tail() {
		for _, l := range s.tail()[i].Lines {
			if l.Account == account && l.Sub == sub {
				b.add(l.Amount)
			}
		}
	}
	return b
}

// add counts one posting.
func (b *Balance) add(amount Cents) {
	if amount > 0 {
		b.Debit = b.Debit.Plus(amount)
	} else {
		b.Credit = b.Credit.Plus(-amount)
	}
	b.Lines++
}

func balanceRow(account, sub string, row []byte) Balance {
	b := Balance{Account: account, Sub: sub}
	if len(row) == 24 {
		b.Debit = Cents(binary.BigEndian.Uint64(row[0:]))
		b.Credit = Cents(binary.BigEndian.Uint64(row[8:]))
		b.Lines = binary.BigEndian.Uint64(row[16:])
	}
	return b
}

// Balances walks the balances of one sub-account in the order of the accounts'
// names.
func (s *State) Balances(sub string) iter.Seq[Balance] {
	prefix := append([]byte(sub), 0, 'b')
	found := make(map[string]Balance)
	for k, v := range Prefixed(s.Rows(booksName), prefix) {
		account := string(k[len(prefix):])
		found[account] = balanceRow(account, sub, v)
	}
	for i := range s.tail() {
		for _, l := range s.tail()[i].Lines {
			if l.Sub == sub {
				b := found[l.Account]
				b.Account, b.Sub = l.Account, sub
				b.add(l.Amount)
				found[l.Account] = b
			}
		}
	}
	return func(yield func(Balance) bool) {
		for _, account := range slices.Sorted(maps.Keys(found)) {
			if !yield(found[account]) {
				return
			}
		}
	}
}

// History walks the entries that touched a sub-account, newest first.
func (s *State) History(sub string) iter.Seq[uint64] {
	prefix := append([]byte(sub), 0, 'h')
	return func(yield func(uint64) bool) {
		for _, e := range slices.Backward(s.tail()) {
			touched := sub != "" && slices.ContainsFunc(e.Lines, func(l Posting) bool { return l.Sub == sub })
			if touched && !yield(e.Seq) {
				return
			}
		}
		for k := range Prefixed(s.Rows(booksName), prefix) {
			if len(k) != len(prefix)+8 || !yield(^KeySeq(k[len(prefix):])) {
				return
			}
		}
	}
}
