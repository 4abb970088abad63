package reference

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
)

// sorted puts the rows of a file in order, on disk where they are many: a file comes in
// the order of its system.
type sorted struct {
	folder  string // for unnamed files
	pending []row
	size    int
	runs    []*os.File
}

// Bounds of it.
const (
	runBytes = 48 << 20 // of rows in memory
	rowCost  = 80       // bytes of a row beside its key and value, about
	maxRuns  = 64
	maxValue = 64 << 10
)

func (s *sorted) add(r row) error {
	s.pending = append(s.pending, r)
	if s.size += len(r.key) + len(r.value) + rowCost; s.size >= runBytes {
		return s.flush()
	}
	return nil
}

func (s *sorted) order() {
	slices.SortFunc(s.pending, func(a, b row) int {
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		return int(int64(a.line) - int64(b.line))
	})
}

// flush writes what is in memory as one more run.
func (s *sorted) flush() error {
	if len(s.runs) == maxRuns {
		return errors.New("put the file in order: it is too large")
	}
	s.order()
	f, err := os.CreateTemp(s.folder, "import-*")
	if err != nil {
		return fmt.Errorf("put the file in order: %w", err)
	}
	s.runs = append(s.runs, f)
	// Without a name, it is gone with the program however that ends.
	if err := os.Remove(f.Name()); err != nil {
		return fmt.Errorf("put the file in order: %w", err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	var b []byte
	for _, r := range s.pending {
		b = binary.AppendUvarint(b[:0], r.line)
		b = binary.AppendUvarint(b, uint64(len(r.key)))
		b = append(b, r.key...)
		b = binary.AppendUvarint(b, uint64(len(r.value)))
		b = append(b, r.value...)
		if _, err := w.Write(b); err != nil {
			return fmt.Errorf("put the file in order: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("put the file in order: %w", err)
	}
	s.pending, s.size = s.pending[:0], 0
	return nil
}

func (s *sorted) Close() error {
	var all []error
	for _, f := range s.runs {
		all = append(all, f.Close())
	}
	return errors.Join(all...)
}

// rows gives all rows by key, and by line where keys are the same. It may be walked
// again.
func (s *sorted) rows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		s.order()
		var runs []*run
		for _, f := range s.runs {
			r := &run{from: bufio.NewReaderSize(io.NewSectionReader(f, 0, 1<<62), 256<<10)}
			runs = append(runs, r)
		}
		runs = append(runs, &run{memory: s.pending})
		for _, r := range runs {
			if err := r.next(); err != nil {
				yield(row{}, err)
				return
			}
		}
		for {
			var first *run
			for _, r := range runs {
				if !r.over && (first == nil || r.now.before(first.now)) {
					first = r
				}
			}
			if first == nil || !yield(first.now, nil) {
				return
			}
			if err := first.next(); err != nil {
				yield(row{}, err)
				return
			}
		}
	}
}

func (r row) before(o row) bool { return r.key < o.key || r.key == o.key && r.line < o.line }

// run is one of the parts that are merged.
type run struct {
	from   *bufio.Reader // nil: memory
	memory []row
	now    row
	over   bool
}

func (r *run) next() error {
	if r.from == nil {
		if r.over = len(r.memory) == 0; !r.over {
			r.now, r.memory = r.memory[0], r.memory[1:]
		}
		return nil
	}
	line, err := binary.ReadUvarint(r.from)
	if errors.Is(err, io.EOF) {
		r.over = true
		return nil
	}
	var key []byte
	if err == nil {
		key, err = r.bytes()
	}
	var value []byte
	if err == nil {
		value, err = r.bytes()
	}
	if err != nil {
		return fmt.Errorf("read back what was put in order: %w", err)
	}
	r.now = row{string(key), line, value}
	return nil
}

func (r *run) bytes() ([]byte, error) {
	n, err := binary.ReadUvarint(r.from)
	if err != nil || n > maxValue {
		return nil, errors.Join(err, io.ErrUnexpectedEOF)
	}
	out := make([]byte, n)
	_, err = io.ReadFull(r.from, out)
	return out, err
}
