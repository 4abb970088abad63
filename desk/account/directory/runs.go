package directory

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
)

// runs sorts any number of records in bounded memory: it fills a buffer, sorts it,
// writes it to disk as a run, and merges the runs at the end.
type runs struct {
	dir    string
	memory int // bytes the buffer may take

	text  []byte // the records waiting, one after the other
	index []record

	file  *os.File // already unlinked: a killed build leaves nothing behind
	ends  []int64  // where in the file each run ends
	write *bufio.Writer
}

// A record is a stretch of the text; head, its first eight bytes, settles most
// comparisons without going there.
type record struct {
	head       uint64
	start, len uint32
}

const recordBytes = 16

func newRuns(dir string, memory int) *runs { return &runs{dir: dir, memory: memory} }

func (r *runs) add(rec []byte) error {
	if len(r.text)+len(rec)+recordBytes*(len(r.index)+1) > r.memory && len(r.index) > 0 {
		if err := r.spill(); err != nil {
			return err
		}
	}
	if len(r.text)+len(rec) > cap(r.text) {
		r.text = grown(r.text, len(rec), r.memory)
	}
	var head [8]byte
	copy(head[:], rec)
	r.index = append(r.index, record{
		head: binary.BigEndian.Uint64(head[:]), start: uint32(len(r.text)), len: uint32(len(rec)),
	})
	r.text = append(r.text, rec...)
	return nil
}

// grown makes room by four: fresh memory costs more than the little that is copied, and
// what is not touched costs nothing.
func grown(text []byte, more, most int) []byte {
	room := max(len(text)+more, min(4*cap(text), most), 1<<16)
	return append(make([]byte, 0, room), text...)
}

func (r *runs) bytes(rec record) []byte { return r.text[rec.start : rec.start+rec.len] }

func (r *runs) sort() {
	slices.SortFunc(r.index, func(a, b record) int {
		if c := cmp.Compare(a.head, b.head); c != 0 {
			return c
		}
		return bytes.Compare(r.bytes(a), r.bytes(b))
	})
}

func (r *runs) spill() error {
	if r.file == nil {
		f, err := unlinkedFile(r.dir)
		if err != nil {
			return err
		}
		r.file, r.write = f, bufio.NewWriterSize(f, 1<<18)
	}
	r.sort()
	var end int64
	if n := len(r.ends); n > 0 {
		end = r.ends[n-1]
	}
	var size [binary.MaxVarintLen64]byte
	for _, rec := range r.index {
		n := binary.PutUvarint(size[:], uint64(rec.len))
		_, err := r.write.Write(size[:n])
		if err == nil {
			_, err = r.write.Write(r.bytes(rec))
		}
		if err != nil {
			return fmt.Errorf("writing a sorted run: %w", err)
		}
		end += int64(n) + int64(rec.len)
	}
	if err := r.write.Flush(); err != nil {
		return fmt.Errorf("writing a sorted run: %w", err)
	}
	r.ends = append(r.ends, end)
	r.text, r.index = r.text[:0], r.index[:0]
	return nil
}

func unlinkedFile(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, ".directory-*.tmp")
	if err != nil {
		return nil, fmt.Errorf("making a file to sort in: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("making a file to sort in: %w", err)
	}
	return f, nil
}

// each gives every record in order, then lets go of everything. The bytes are
// valid until the call returns.
func (r *runs) each(take func([]byte) error) error {
	if r.file == nil {
		r.sort()
		for _, rec := range r.index {
			if err := take(r.bytes(rec)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := r.spill(); err != nil {
		return err
	}
	r.text, r.index = nil, nil
	return r.merge(take)
}

func (r *runs) merge(take func([]byte) error) error {
	var heads runHeads
	start := int64(0)
	for _, end := range r.ends {
		h := &runHead{from: bufio.NewReaderSize(io.NewSectionReader(r.file, start, end-start), 1<<18)}
		start = end
		if more, err := h.next(); err != nil {
			return err
		} else if more {
			heads = append(heads, h)
		}
	}
	heap.Init(&heads)
	for len(heads) > 0 {
		if err := take(heads[0].rec); err != nil {
			return err
		}
		more, err := heads[0].next()
		if err != nil {
			return err
		}
		if more {
			heap.Fix(&heads, 0)
		} else {
			heap.Pop(&heads)
		}
	}
	return nil
}

// close lets go of the disk space, also after a failure half-way.
func (r *runs) close() {
	if r.file != nil {
		r.file.Close()
	}
}

// runHead is the next record of one run.
type runHead struct {
	from *bufio.Reader
	rec  []byte
}

func (h *runHead) next() (more bool, err error) {
	n, err := binary.ReadUvarint(h.from)
	if err == io.EOF {
		return false, nil
	}
	if err == nil {
		h.rec = slices.Grow(h.rec[:0], int(n))[:n]
		_, err = io.ReadFull(h.from, h.rec)
	}
	if err != nil {
		return false, fmt.Errorf("reading a sorted run: %w", err)
	}
	return true, nil
}

type runHeads []*runHead

func (h runHeads) Len() int           { return len(h) }
func (h runHeads) Less(i, j int) bool { return bytes.Compare(h[i].rec, h[j].rec) < 0 }
func (h runHeads) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *runHeads) Push(x any)        { *h = append(*h, x.(*runHead)) }
func (h *runHeads) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
