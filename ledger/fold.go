package ledger

import "fmt"

// fold is one view taking entries in.
type fold struct {
	view  View
	table Table
	kinds map[Kind]bool // nil: every kind
}

func newFold(v View, t Table) *fold {
	f := &fold{view: v, table: t}
	if kinds := v.Kinds(); kinds != nil {
		f.kinds = make(map[Kind]bool, len(kinds))
		for _, k := range kinds {
			f.kinds[k] = true
		}
	}
	return f
}

func (f *fold) take(e *Entry) error {
	if f.kinds != nil && !f.kinds[e.Kind] {
		return nil
	}
	if err := f.view.Fold(f.table, e); err != nil {
		return fmt.Errorf("view %s: entry %d: %w", f.view.Name(), e.Seq, err)
	}
	return nil
}

func foldInto(folds []*fold, e *Entry) error {
	for _, f := range folds {
		if err := f.take(e); err != nil {
			return err
		}
	}
	return nil
}

// memory is a view folded from nothing, in memory.
type memory struct{ rows map[string][]byte }

func newMemory() *memory { return &memory{rows: make(map[string][]byte)} }

func (m *memory) Get(key []byte) []byte { return m.rows[string(key)] }

func (m *memory) Put(key, value []byte) {
	if old, ok := m.rows[string(key)]; ok && len(old) == len(value) {
		copy(old, value)
		return
	}
	m.rows[string(key)] = append(make([]byte, 0, len(value)), value...)
}

func (m *memory) Delete(key []byte) { delete(m.rows, string(key)) }
