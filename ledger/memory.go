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
	rows  []row  // that were put; a deleted one has no key
	table []slot // open addressing
	live  int
	block []byte

	written [][]byte // added rows: length of key, length of value, key, value
	count   int      // of added rows
	ordered []row    // the added rows in order of their keys, once asked for
}

type row struct{ key, value []byte }

// slot is a place in the table: the number of a row, from 1, and part of its
// key's hash, so that most other rows need not be looked at; 0 is free.
type slot struct{ hash, row uint32 }

func newMemory() *memory {
	return &memory{seed: maphash.MakeSeed(), table: make([]slot, 64)}
}

func (m *memory) len() int { return m.live + m.count }

// place is where in the table a key with a hash is, or would be put.
func (m *memory) place(hash uint32, key []byte) int {
	mask := len(m.table) - 1
	at := int(hash) & mask
	for m.table[at].row != 0 && (m.table[at].hash != hash || !bytes.Equal(m.rows[m.table[at].row-1].key, key)) {
		at = (at + 1) & mask
	}
	return at
}

func (m *memory) hash(key []byte) uint32 { return uint32(maphash.Bytes(m.seed, key)) }

func (m *memory) Get(key []byte) []byte {
	if n := m.table[m.place(m.hash(key), key)].row; n != 0 {
		return m.rows[n-1].value
	}
	return nil
}

func (m *memory) Put(key, value []byte) {
	hash := m.hash(key)
	at := m.place(hash, key)
	if n := m.table[at].row; n != 0 {
		r := &m.rows[n-1]
		if len(r.value) == len(value) {
			copy(r.value, value)
		} else {
			r.value = m.keep(value)
		}
		return
	}
	m.rows = append(m.rows, row{m.keep(key), m.keep(value)})
	m.table[at] = slot{hash, uint32(len(m.rows))}
	m.live++
	if 2*len(m.rows) > len(m.table) {
		m.grow()
	}
}

// Delete takes a row away, and puts those behind it in the table anew, which
// would not be found any more.
func (m *memory) Delete(key []byte) {
	mask := len(m.table) - 1
	at := m.place(m.hash(key), key)
	if m.table[at].row == 0 {
		return
	}
	m.rows[m.table[at].row-1] = row{}
	m.table[at] = slot{}
	m.live--
	for next := (at + 1) & mask; m.table[next].row != 0; next = (next + 1) & mask {
		moved := m.table[next]
		m.table[next] = slot{}
		m.table[m.free(moved.hash)] = moved
	}
}

// free is the first free place for a hash.
func (m *memory) free(hash uint32) int {
	mask := len(m.table) - 1
	at := int(hash) & mask
	for m.table[at].row != 0 {
		at = (at + 1) & mask
	}
	return at
}

// grow makes the table larger, and leaves deleted rows behind.
func (m *memory) grow() {
	old, rows := m.table, m.rows
	size := len(old)
	for size < 4*m.live {
		size *= 2
	}
	m.table, m.rows = make([]slot, size), make([]row, 0, max(2*m.live, 32))
	for _, s := range old {
		if s.row != 0 {
			m.rows = append(m.rows, rows[s.row-1])
			m.table[m.free(s.hash)] = slot{s.hash, uint32(len(m.rows))}
		}
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
