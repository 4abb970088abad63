package wire

import (
	"encoding/binary"
	"fmt"
)

// Entries of one log are alike, so the same field of all of them, put together, takes
// fewer bytes than entry after entry: a table's columns instead of its rows. The form is
//
//	number of columns, and for each how many bytes its heads and its texts have
//	for each the heads of its CBOR items, and then the bytes of their texts
//
// all numbers as uvarints. A column is a place in an entry: a field of an array by its
// number, of a map by its name. They come in the order in which reading the entries
// from first to last meets them, so nothing says which is which.

const (
	maxColumns = 2048 // further places share the first column
	maxPlaces  = 16   // of an array that have a column each; further ones share the last
	maxNested  = 16   // arrays and maps within each other
)

// place is a column, with those of what is inside its items.
type place struct {
	heads, texts []byte
	items        [maxPlaces]*place
	names        *place
	values       map[string]*place
}

// table is the columns of some entries. next gives the column of a place that is met
// for the first time.
type table struct {
	columns []*place
	next    func() (*place, error)
	met     int
}

// place is what stands at a pointer, or is met now.
func (t *table) place(at **place) (*place, error) {
	if *at != nil {
		return *at, nil
	}
	if t.met == maxColumns {
		return t.columns[0], nil
	}
	fresh, err := t.next()
	if err != nil {
		return nil, err
	}
	t.met++
	*at = fresh
	return fresh, nil
}

// value is the column of a field of a map.
func (t *table) value(of *place, name []byte) (*place, error) {
	at := of.values[string(name)]
	if at != nil {
		return at, nil
	}
	at, err := t.place(&at)
	if err == nil && t.columns[0] != at {
		if of.values == nil {
			of.values = make(map[string]*place)
		}
		of.values[string(name)] = at
	}
	return at, err
}

var errTable = fmt.Errorf("not a table of CBOR items of definite length: %w", ErrMalformed)

// intoTable turns a sequence of CBOR items into columns.
func intoTable(rows []byte) ([]byte, error) {
	t := &table{}
	t.next = func() (*place, error) {
		p := &place{}
		t.columns = append(t.columns, p)
		return p, nil
	}
	shared, root := (*place)(nil), (*place)(nil)
	if _, err := t.place(&shared); err != nil {
		return nil, err
	}
	if _, err := t.place(&root); err != nil {
		return nil, err
	}
	for len(rows) > 0 {
		var err error
		if rows, err = t.cut(root, rows, maxNested); err != nil {
			return nil, err
		}
	}
	out := binary.AppendUvarint(nil, uint64(len(t.columns)))
	for _, p := range t.columns {
		out = binary.AppendUvarint(binary.AppendUvarint(out, uint64(len(p.heads))), uint64(len(p.texts)))
	}
	for _, p := range t.columns {
		out = append(append(out, p.heads...), p.texts...)
	}
	return out, nil
}

// cut puts the first item of b into its column, and what is inside it into theirs.
func (t *table) cut(to *place, b []byte, depth int) (rest []byte, err error) {
	major, value, n, ok := itemHead(b)
	if !ok || depth == 0 || major == 6 {
		return nil, errTable
	}
	to.heads, rest = append(to.heads, b[:n]...), b[n:]
	switch major {
	case 2, 3:
		if value > uint64(len(rest)) {
			return nil, errTable
		}
		to.texts, rest = append(to.texts, rest[:value]...), rest[value:]
	case 4:
		for i := uint64(0); i < value; i++ {
			at, err := t.place(&to.items[min(i, maxPlaces-1)])
			if err != nil {
				return nil, err
			}
			if rest, err = t.cut(at, rest, depth-1); err != nil {
				return nil, err
			}
		}
	case 5:
		for i := uint64(0); i < value; i++ {
			names, err := t.place(&to.names)
			if err != nil {
				return nil, err
			}
			n, text, ok := headLen(rest)
			if !ok || text > uint64(len(rest)-n) {
				return nil, errTable
			}
			name := rest[:n+int(text)]
			names.heads, names.texts = append(names.heads, name[:n]...), append(names.texts, name[n:]...)
			at, err := t.value(to, name)
			if err != nil {
				return nil, err
			}
			if rest, err = t.cut(at, rest[len(name):], depth-1); err != nil {
				return nil, err
			}
		}
	}
	return rest, nil
}

// outOfTable puts together again what intoTable took apart.
func outOfTable(b []byte) (rows []byte, err error) {
	t := &table{}
	count, n := binary.Uvarint(b)
	if n <= 0 || count < 2 || count > maxColumns {
		return nil, errTable
	}
	b = b[n:]
	lengths := make([]uint64, 2*count)
	for i := range lengths {
		if lengths[i], n = binary.Uvarint(b); n <= 0 || lengths[i] > MaxRaw {
			return nil, errTable
		}
		b = b[n:]
	}
	for i := range count {
		heads, texts := lengths[2*i], lengths[2*i+1]
		if heads+texts > uint64(len(b)) {
			return nil, errTable
		}
		t.columns = append(t.columns, &place{heads: b[:heads], texts: b[heads : heads+texts]})
		b = b[heads+texts:]
	}
	t.next = func() (*place, error) {
		if t.met >= len(t.columns) {
			return nil, errTable
		}
		return t.columns[t.met], nil
	}
	t.met = 2
	for root := t.columns[1]; len(root.heads) > 0; {
		if rows, err = t.join(rows, root, maxNested); err != nil {
			return nil, err
		}
	}
	for _, p := range t.columns {
		if len(p.heads)+len(p.texts) > 0 {
			return nil, errTable
		}
	}
	if len(b) > 0 || t.met != len(t.columns) {
		return nil, errTable
	}
	return rows, nil
}

// join appends the next item of a column, with what is inside it.
func (t *table) join(to []byte, from *place, depth int) ([]byte, error) {
	major, value, n, ok := itemHead(from.heads)
	if !ok || depth == 0 || major == 6 {
		return nil, errTable
	}
	to, from.heads = append(to, from.heads[:n]...), from.heads[n:]
	switch major {
	case 2, 3:
		if value > uint64(len(from.texts)) {
			return nil, errTable
		}
		to, from.texts = append(to, from.texts[:value]...), from.texts[value:]
	case 4:
		for i := uint64(0); i < value; i++ {
			at, err := t.place(&from.items[min(i, maxPlaces-1)])
			if err != nil {
				return nil, err
			}
			if to, err = t.join(to, at, depth-1); err != nil {
				return nil, err
			}
		}
	case 5:
		for i := uint64(0); i < value; i++ {
			names, err := t.place(&from.names)
			if err != nil {
				return nil, err
			}
			n, text, ok := headLen(names.heads)
			if !ok || text > uint64(len(names.texts)) {
				return nil, errTable
			}
			start := len(to)
			to = append(append(to, names.heads[:n]...), names.texts[:text]...)
			names.heads, names.texts = names.heads[n:], names.texts[text:]
			at, err := t.value(from, to[start:])
			if err != nil {
				return nil, err
			}
			if to, err = t.join(to, at, depth-1); err != nil {
				return nil, err
			}
		}
	}
	return to, nil
}
