package ledger

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"iter"
	"slices"
)

// memory is a view folded from nothing, in memory. Bytes lie one after another
// in large blocks, and rows are found through a table of numbers, so that
// millions of rows cost the garbage collector nothing; a map of strings took
// half the time of a fold. Rows that were added, not put, are only written down;
// they are put in order when somebody looks.
type memory struct {
	seed  maphash.Seed
	rows  []row    // that were put; a deleted one has no key
	table []uint32 // open addressing: number of a row, from 1; 0 is free
	live  int
	block []byte

	written [][]byte // added rows: length of key, length of value, key, value
	count   int      // of added rows
	ordered []row    // the added rows in order of their keys, once asked for
}

type row struct{ key, value []byte }

func newMemory() *memory {
	return &memory{seed: maphash.MakeSeed(), table: make([]uint32, 64)}
}

func (m *memory) len() int { return m.live + m.count }

// place is where in the table a key is, or would be put.
func (m *memory) place(key []byte) int {
	mask := len(m.table) - 1
	at := int(maphash.Bytes(m.seed, key)) & mask
	for m.table[at] != 0 && !bytes.Equal(m.rows[m.table[at]-1].key, key) {
		at = (at + 1) & mask
	}
	return at
}

func (m *memory) Get(key []byte) []byte {
	if n := m.table[m.place(key)]; n != 0 {
		return m.rows[n-1].value
	}
	return nil
}

func (m *memory) Put(key, value []byte) {
	at := m.place(key)
	if n := m.table[at]; n != 0 {
		r := &m.rows[n-1]
		if len(r.value) == len(value) {
			copy(r.value, value)
		} else {
			r.value = m.keep(value)
		}
		return
	}
	m.rows = append(m.rows, row{m.keep(key), m.keep(value)})
	m.table[at] = uint32(len(m.rows))
	m.live++
	if 2*len(m.rows) > len(m.table) {
		m.grow()
	}
}

// Delete takes a row away, and moves those behind it in the table that would
// not be found any more.
func (m *memory) Delete(key []byte) {
	mask := len(m.table) - 1
	at := m.place(key)
	if m.table[at] == 0 {
		return
	}
	m.rows[m.table[at]-1] = row{}
	m.table[at] = 0
	m.live--
	for next := (at + 1) & mask; m.table[next] != 0; next = (next + 1) & mask {
		n := m.table[next]
		m.table[next] = 0
		m.table[m.place(m.rows[n-1].key)] = n
	}
}

// grow makes the table larger, and leaves deleted rows behind.
func (m *memory) grow() {
	m.rows = slices.DeleteFunc(m.rows, func(r row) bool { return r.key == nil })
	size := len(m.table)
	for size < 4*len(m.rows) {
		size *= 2
	}
	m.table = make([]uint32, size)
	for i := range m.rows {
		m.table[m.place(m.rows[i].key)] = uint32(i + 1)
	}
}

const memoryBlock = 1 << 20

// keep copies bytes into a block. It never returns nil.
func (m *memory) keep(b []byte) []byte {
	if m.block == nil || len(m.block)+len(b) > cap(m.block) {
		m.block = make([]byte, 0, max(memoryBlock, len(b)))
	}
	at := len(m.block)
	m.block = append(m.block, b...)
	return m.block[at:len(m.block):len(m.block)]
}

func (m *memory) Add(key, value []byte) {
	need := 6 + len(key) + len(value)
	last := len(m.written) - 1
	if last < 0 || cap(m.written[last])-len(m.written[last]) < need {
		m.written = append(m.written, make([]byte, 0, max(memoryBlock, need)))
		last++
	}
	b := binary.BigEndian.AppendUint16(m.written[last], uint16(len(key)))
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	m.written[last] = append(append(b, key...), value...)
	m.count++
}

// addedRows returns the added rows in order.
func (m *memory) addedRows() []row {
	if len(m.ordered) == m.count {
		return m.ordered
	}
	m.ordered = make([]row, 0, m.count)
	for _, b := range m.written {
		for len(b) > 0 {
			k, v := int(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint32(b[2:]))
			m.ordered = append(m.ordered, row{b[6 : 6+k], b[6+k : 6+k+v]})
			b = b[6+k+v:]
		}
	}
	slices.SortFunc(m.ordered, byKey)
	return m.ordered
}

func byKey(a, b row) int { return bytes.Compare(a.key, b.key) }

// find is Get for added rows too.
func (m *memory) find(key []byte) []byte {
	if value := m.Get(key); value != nil {
		return value
	}
	rows := m.addedRows()
	at, found := slices.BinarySearchFunc(rows, row{key: key}, byKey)
	if !found {
		return nil
	}
	return rows[at].value
}

// put walks the rows that were put, in no order.
func (m *memory) put() iter.Seq[row] {
	return func(yield func(row) bool) {
		for _, r := range m.rows {
			if r.key != nil && !yield(r) {
				return
			}
		}
	}
}

// all returns every row in the order of the keys.
func (m *memory) all() []row {
	all := append(make([]row, 0, m.len()), m.addedRows()...)
	all = slices.AppendSeq(all, m.put())
	slices.SortFunc(all, byKey)
	return all
}
