package directory

import (
	"encoding/binary"
	"math/bits"
)

// seats is a set of customers, one bit for each, in name order.
type seats []uint64

func newSeats(count int) seats { return make(seats, (count+63)/64) }

func (s seats) intersect(t seats) {
	t = t[:len(s)]
	for i := range s {
		s[i] &= t[i]
	}
}

func (s seats) unite(t seats) {
	t = t[:len(s)]
	for i := range s {
		s[i] |= t[i]
	}
}

func (s seats) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// first gives the lowest members, at most max.
func (s seats) first(max int) []uint32 {
	var out []uint32
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if len(out) == max {
				return out
			}
			out = append(out, uint32(i*64+bits.TrailingZeros64(w)))
		}
	}
	return out
}

// A list is written in one of three forms, told apart by the low bits of the
// varint it starts with:
//
//	seat<<1 | 1    the one seat, nothing follows; most words belong to one customer
//	bytes<<2       that many bytes follow: varints, each the step from the seat before
//	bitmap (2)     one bit for each customer follows, in 64-bit little-endian words
//
// The bitmap is for a word that more than an eighth of the customers have: a step
// takes at least eight bits.
const bitmap = 2

func bitmapBytes(count int) int { return (count + 63) / 64 * 8 }

// dense says whether a list of n seats is written as a bitmap.
func dense(n, count int) bool { return n > 1 && n > bitmapBytes(count) }

// appendList writes the seats, ascending, each below count.
func appendList(dst []byte, list []uint32, count int) []byte {
	if len(list) == 1 {
		return binary.AppendUvarint(dst, uint64(list[0])<<1|1)
	}
	if dense(len(list), count) {
		dst = append(dst, bitmap)
		s := newSeats(count)
		for _, d := range list {
			s[d>>6] |= 1 << (d & 63)
		}
		for _, w := range s {
			dst = binary.LittleEndian.AppendUint64(dst, w)
		}
		return dst
	}
	size, last := 0, uint32(0)
	for _, d := range list {
		size += (bits.Len32(d-last|1) + 6) / 7
		last = d
	}
	dst = binary.AppendUvarint(dst, uint64(size)<<2)
	last = 0
	for _, d := range list {
		dst = binary.AppendUvarint(dst, uint64(d-last))
		last = d
	}
	return dst
}

// uvarint reads at most 32 bits at b[i]; next is 0 if they are damaged or cut.
func uvarint(b []byte, i int) (v uint32, next int) {
	if i < len(b) && b[i] < 0x80 {
		return uint32(b[i]), i + 1
	}
	for shift := 0; shift < 35 && i < len(b); shift += 7 {
		c := b[i]
		i++
		if shift == 28 && c > 0x0f {
			return 0, 0
		}
		v |= uint32(c&0x7f) << shift
		if c < 0x80 {
			return v, i
		}
	}
	return 0, 0
}

// skipList gives where the list after the one at b[i] starts; ok is false if the
// list is damaged.
func skipList(b []byte, i, count int) (next int, ok bool) {
	head, i := uvarint(b, i)
	switch {
	case i == 0:
		return 0, false
	case head&1 == 1:
		return i, true
	case head == bitmap:
		i += bitmapBytes(count)
	case head&2 == 0:
		i += int(head >> 2)
	default:
		return 0, false
	}
	return i, i <= len(b)
}

// addLists adds the seats of every list in b; false if a list is damaged or has a
// seat past the last customer.
func (s seats) addLists(b []byte, count int) bool {
	for i := 0; i < len(b); {
		// Nearly every list of a long stretch is one seat in three bytes.
		if i+3 <= len(b) && b[i]&1 == 1 && b[i] >= 0x80 && b[i+1] >= 0x80 && b[i+2] < 0x80 {
			d := (uint32(b[i]&0x7f) | uint32(b[i+1]&0x7f)<<7 | uint32(b[i+2])<<14) >> 1
			if int(d) >= count {
				return false
			}
			s[d>>6] |= 1 << (d & 63)
			i += 3
			continue
		}
		next, ok := s.addList(b, i, count)
		if !ok {
			return false
		}
		i = next
	}
	return true
}

func (s seats) addList(b []byte, i, count int) (next int, ok bool) {
	next, ok = skipList(b, i, count)
	if !ok {
		return 0, false
	}
	head, i := uvarint(b, i)
	switch {
	case head&1 == 1:
		d := head >> 1
		if int(d) >= count {
			return 0, false
		}
		s[d>>6] |= 1 << (d & 63)
		return next, true
	case head == bitmap:
		return next, s.addBitmap(b[i:next], count)
	default:
		return next, s.addSteps(b[i:next], count)
	}
}

func (s seats) addBitmap(b []byte, count int) bool {
	b = b[:len(s)*8]
	for i := range s {
		s[i] |= binary.LittleEndian.Uint64(b[i*8:])
	}
	// A bit past the last customer would be a customer who does not exist.
	return count%64 == 0 || s[len(s)-1]>>(count%64) == 0
}

func (s seats) addSteps(b []byte, count int) bool {
	d := uint32(0)
	for i := 0; i < len(b); {
		step := uint32(b[i])
		if step < 0x80 {
			i++
		} else if step, i = uvarint(b, i); i == 0 {
			return false
		}
		if d += step; d >= uint32(count) {
			return false
		}
		s[d>>6] |= 1 << (d & 63)
	}
	return true
}
