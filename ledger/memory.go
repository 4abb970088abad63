package ledger

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// memory is a view folded from nothing, in memory. Bytes lie one after another
// in large blocks, so that a million rows cost the garbage collector little.
// Rows that were added, not put, are only written down; they are put in order
// when somebody looks.
type memory struct {
	rows  map[string][]byte
	block []byte // values of rows

	written [][]byte // added rows: length of key, length of value, key, value
	count   int      // of added rows
	ordered []row    // the added rows in order of their keys, once asked for
}

type row struct{ key, value []byte }

func newMemory() *memory { return &memory{rows: make(map[string][]byte)} }

func (m *memory) len() int { return len(m.rows) + m.count }

func (m *memory) Get(key []byte) []byte { return m.rows[string(key)] }

func (m *memory) Put(key, value []byte) {
	if old, ok := m.rows[string(key)]; ok && len(old) == len(value) {
		copy(old, value)
		return
	}
	if m.block == nil || len(m.block)+len(value) > cap(m.block) {
		m.block = make([]byte, 0, max(memoryBlock, len(value)))
	}
	at := len(m.block)
	m.block = append(m.block, value...)
	m.rows[string(key)] = m.block[at:len(m.block):len(m.block)]
}

func (m *memory) Delete(key []byte) { delete(m.rows, string(key)) }

const memoryBlock = 1 << 20

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

// all returns every row in the order of the keys.
func (m *memory) all() []row {
	all := append(make([]row, 0, m.len()), m.addedRows()...)
	for k, v := range m.rows {
		all = append(all, row{[]byte(k), v})
	}
	slices.SortFunc(all, byKey)
	return all
}
