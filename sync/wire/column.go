package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// column is one field of the records of a chunk while it is packed.
type column struct {
	name  []byte // encoded
	rows  []int  // records that have it, in order
	items [][]byte
}

func (c *column) put(row int, item []byte) {
	c.rows, c.items = append(c.rows, row), append(c.items, item)
}

// rawColumn is a column as it is packed: the heads of all items, and apart from them
// the bytes of its texts. If those are of one length, their first bytes stand
// together, then their second, and so on: the digits of a meter's number that all
// meters share then cost nothing.
type rawColumn struct {
	_      struct{} `cbor:",toarray"`
	Heads  []byte   // an item that is no text and no bytes stands here as a whole
	Bodies []byte
}

// whole is the column with one item for each record. The first column says which
// records are gone.
func (c *column) whole(records []Record, first bool) (out rawColumn) {
	next, length, texts, even := 0, 0, 0, true
	for i := range records {
		switch {
		case next < len(c.rows) && c.rows[next] == i:
			head, body := behead(c.items[next])
			out.Heads, out.Bodies = append(out.Heads, head...), append(out.Bodies, body...)
			if len(body) > 0 {
				even = even && (texts == 0 || len(body) == length)
				length, texts = len(body), texts+1
			}
			next++
		case first && records[i].Value == nil:
			out.Heads = append(out.Heads, itemGone)
		default:
			out.Heads = append(out.Heads, itemAbsent)
		}
	}
	if even && texts > 0 {
		out.Bodies = transposed(out.Bodies, texts, length)
	}
	return out
}

// transposed turns a table of rows into one of columns.
func transposed(b []byte, rows, columns int) []byte {
	out := make([]byte, len(b))
	for r := range rows {
		for c := range columns {
			out[c*rows+r] = b[r*columns+c]
		}
	}
	return out
}

// behead parts an item from the bytes of its text.
func behead(item []byte) (head, body []byte) {
	major, _, n, _ := itemHead(item)
	if major != 2 && major != 3 {
		return item, nil
	}
	return item[:n], item[n:]
}

// columnReader gives the items of a column that was checked.
type columnReader struct{ heads, bodies []byte }

// reader checks that a column has so many items, and puts their texts in order.
func (c rawColumn) reader(count int) (*columnReader, error) {
	length, texts, sum, even := uint64(0), 0, uint64(0), true
	rest := c.Heads
	for range count {
		n, body, ok := headLen(rest)
		if !ok || body > uint64(len(c.Bodies)) {
			return nil, fmt.Errorf("not a column of CBOR items of definite length: %w", ErrMalformed)
		}
		rest = rest[n:]
		if sum += body; body > 0 {
			even = even && (texts == 0 || body == length)
			length, texts = body, texts+1
		}
	}
	if len(rest) > 0 || sum != uint64(len(c.Bodies)) {
		return nil, fmt.Errorf("a column of more or fewer than %d items: %w", count, ErrMalformed)
	}
	if even && texts > 0 {
		return &columnReader{c.Heads, transposed(c.Bodies, int(length), texts)}, nil
	}
	return &columnReader{c.Heads, c.Bodies}, nil
}

// headLen is how long the head of the first item is, and how long its text.
func headLen(b []byte) (n int, body uint64, ok bool) {
	major, value, n, ok := itemHead(b)
	if ok && (major == 2 || major == 3) {
		return n, value, true
	}
	n, ok = itemLen(b, maxDepth)
	return n, 0, ok
}

// next gives the next item.
func (r *columnReader) next() (head, body []byte) {
	n, length, _ := headLen(r.heads)
	head, r.heads = r.heads[:n], r.heads[n:]
	body, r.bodies = r.bodies[:length], r.bodies[length:]
	return head, body
}

// orderedColumns are the columns in the order of their encoded names, which is the
// order of the fields in a record.
func orderedColumns(all map[string]*column) []*column {
	return slices.SortedFunc(maps.Values(all), func(a, b *column) int { return bytes.Compare(a.name, b.name) })
}

// maxDepth bounds arrays and maps inside a field.
const maxDepth = 8

// cutItem cuts the first CBOR item off. It knows what has a definite length and no
// tags, which is all that the deterministic form has.
func cutItem(b []byte) (item, rest []byte, err error) {
	n, ok := itemLen(b, maxDepth)
	if !ok {
		return nil, nil, fmt.Errorf("not a CBOR item of definite length: %w", ErrMalformed)
	}
	return b[:n:n], b[n:], nil
}

// itemLen is how many bytes the first item has.
func itemLen(b []byte, depth int) (n int, ok bool) {
	major, value, n, ok := itemHead(b)
	if !ok || depth == 0 {
		return 0, false
	}
	switch major {
	case 0, 1, 7:
		return n, true
	case 2, 3:
		if value > uint64(len(b)-n) {
			return 0, false
		}
		return n + int(value), true
	case 4, 5:
		if value > uint64(len(b)) { // each item has a byte at least
			return 0, false
		}
		if major == 5 {
			value *= 2 // a name and a value
		}
		for range value {
			inner, ok := itemLen(b[n:], depth-1)
			if !ok {
				return 0, false
			}
			n += inner
		}
		return n, true
	}
	return 0, false
}

// itemHead reads the head of an item: its major type, its argument, its length.
func itemHead(b []byte) (major byte, value uint64, n int, ok bool) {
	if len(b) == 0 {
		return 0, 0, 0, false
	}
	major, low := b[0]>>5, b[0]&0x1f
	if low < 24 {
		return major, uint64(low), 1, true
	}
	if low > 27 {
		return 0, 0, 0, false // reserved, or of indefinite length
	}
	n = 1 + 1<<(low-24)
	if len(b) < n {
		return 0, 0, 0, false
	}
	var wide [8]byte
	copy(wide[8-(n-1):], b[1:n])
	return major, binary.BigEndian.Uint64(wide[:]), n, true
}

// textOf is the text of an item that is one.
func textOf(item []byte) []byte {
	_, _, n, _ := itemHead(item)
	return item[n:]
}
