package ledger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Link is what chains an entry, read from its bytes without the rest.
type Link struct {
	Log  LogID
	Seq  uint64
	Prev Leaf
	// At is where the bytes of Prev begin in the entry.
	At int
}

// ReadLink reads the beginning of an entry's bytes, in the one form they are
// written in: an array of 15, form 1, the log, the number in its shortest form,
// the leaf of the entry before.
func ReadLink(raw []byte) (l Link, err error) {
	rest, ok := bytes.CutPrefix(raw, []byte{0x8f, form, 0x50})
	if !ok || len(rest) < len(l.Log) {
		return l, noLink(raw)
	}
	rest = rest[copy(l.Log[:], rest):]
	if l.Seq, rest, ok = cutNumber(rest); !ok {
		return l, errLink
	}
	if rest, ok = bytes.CutPrefix(rest, []byte{0x58, 0x20}); !ok || len(rest) < len(l.Prev) {
		return l, errLink
	}
	l.At = len(raw) - len(rest)
	copy(l.Prev[:], rest)
	return l, nil
}

// noLink tells an entry of a later form from what is none.
func noLink(raw []byte) error {
	if len(raw) > 1 && raw[0]>>5 == 4 { // an array, as every form is
		if n, _, ok := cutNumber(raw[1:]); ok && n > form {
			return fmt.Errorf("%w: entry has form %d, this program reads form %d", ErrTooNew, n, form)
		}
	}
	return errLink
}

var errLink = errors.New("it does not begin like an entry")

// cutNumber reads an unsigned number in its shortest form, after RFC 8949,
// section 4.2.1.
func cutNumber(raw []byte) (n uint64, rest []byte, ok bool) {
	if len(raw) == 0 || raw[0] > 0x1b {
		return 0, nil, false
	}
	if raw[0] < 24 {
		return uint64(raw[0]), raw[1:], true
	}
	size := 1 << (raw[0] - 0x18)
	if len(raw) < 1+size {
		return 0, nil, false
	}
	var wide [8]byte
	copy(wide[8-size:], raw[1:])
	n = binary.BigEndian.Uint64(wide[:])
	least := uint64(24)
	if size > 1 {
		least = 1 << (4 * size)
	}
	return n, raw[1+size:], n >= least
}

// AppendShort appends the bytes of an entry without the hash of the one before,
// which whoever has that one knows: an empty byte string stands in its place.
// Hashes do not compress; on the wire this one would be a third of a payment.
func AppendShort(to, raw []byte) ([]byte, error) {
	l, err := ReadLink(raw)
	if err != nil {
		return to, err
	}
	to = append(to, raw[:l.At-2]...)
	to = append(to, 0x40)
	return append(to, raw[l.At+len(l.Prev):]...), nil
}

// Lengthen puts the hash of the entry before back into what AppendShort wrote.
func Lengthen(short []byte, prev Leaf) ([]byte, error) {
	const start = 3 + len(LogID{}) // of the number
	if len(short) <= start || short[1] != form {
		return nil, noLink(short)
	}
	_, rest, ok := cutNumber(short[start:])
	if !ok || len(rest) == 0 || rest[0] != 0x40 {
		return nil, errLink
	}
	at := len(short) - len(rest)
	raw := make([]byte, 0, len(short)+1+len(prev))
	raw = append(raw, short[:at]...)
	raw = append(raw, 0x58, 0x20)
	raw = append(raw, prev[:]...)
	return append(raw, short[at+1:]...), nil
}

// Chain proves that entries follow one another: one log, numbers without gaps,
// each with the hash of the one before. It does not read what they say. The zero
// Chain begins with the first entry of a log.
type Chain struct {
	Log  LogID
	Seq  uint64
	Leaf Leaf // of entry Seq
}

// Next takes the bytes of the next entry; the error says what does not follow.
func (c *Chain) Next(raw []byte) error {
	l, err := ReadLink(raw)
	switch {
	case err != nil:
		return fmt.Errorf("entry %d: %w", c.Seq+1, err)
	case l.Seq != c.Seq+1:
		return fmt.Errorf("entry %d stands where entry %d belongs", l.Seq, c.Seq+1)
	case c.Seq > 0 && l.Log != c.Log:
		return fmt.Errorf("entry %d is of log %s, not of %s", l.Seq, l.Log, c.Log)
	case l.Prev != c.Leaf:
		return fmt.Errorf("entry %d does not carry the hash of entry %d", l.Seq, c.Seq)
	}
	c.Log, c.Seq, c.Leaf = l.Log, l.Seq, LeafOf(raw)
	return nil
}
