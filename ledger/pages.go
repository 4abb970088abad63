package ledger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// bbolt keeps a checksum only over the two pages that say where everything is,
// and reads past what it does not need. A ledger wants every byte accounted for.
// So a ledger that was closed in order has zeros wherever nothing is kept, and
// this file can prove it: every page is walked the way bbolt lays it out, and
// what lies between the parts must be zero.
//
// Layout of bbolt's file, little-endian. Page: id 8, flags 2, count 2, overflow
// 4, then the content. Meta: magic 4, version 4, page size 4, flags 4, root 8,
// sequence 8, free list 8, pages 8, transaction 8, FNV-64a over those 8. Leaf
// element: flags 4, place 4, key size 4, value size 4. Branch element: place 4,
// key size 4, page 8. A place counts from its own element. Free list: page ids
// of 8, their number first when count is 0xffff.

const (
	pageHeader  = 16
	metaBytes   = 64
	elementSize = 16
	flagBranch  = 0x01
	flagLeaf    = 0x02
	flagMeta    = 0x04
	flagFree    = 0x10
	boltMagic   = 0xED0CDAED
)

// pages is a bbolt file as bytes.
type pages struct {
	data     io.ReaderAt
	length   int64
	size     int64 // of a page
	root     uint64
	freelist uint64
	high     uint64 // pages in use are below this
	used     map[uint64]bool
}

var le = binary.LittleEndian

// openPages reads the two meta pages, which must both be whole.
func openPages(f io.ReaderAt, length int64) (*pages, error) {
	p := &pages{data: f, length: length, used: make(map[uint64]bool)}
	head := make([]byte, 4096)
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, errors.New("the file is cut short: its first page is missing")
	}
	if p.size = int64(le.Uint32(head[pageHeader+8:])); !metaHolds(head) || p.size < 1024 || p.size > 1<<16 {
		return nil, errors.New("page 0, one of the two that say where everything is, is damaged")
	}
	var newest uint64
	for n := range uint64(2) {
		page := make([]byte, p.size)
		if _, err := f.ReadAt(page, int64(n)*p.size); err != nil {
			return nil, errors.New("the file is cut short: its second page is missing")
		}
		m := page[pageHeader : pageHeader+metaBytes]
		wantHeader := le.AppendUint32(le.AppendUint16(le.AppendUint16(le.AppendUint64(nil, n), flagMeta), 0), 0)
		if !metaHolds(page) || !bytes.Equal(page[:pageHeader], wantHeader) || !zero(page[pageHeader+metaBytes:]) || le.Uint64(m[24:]) != 0 {
			return nil, fmt.Errorf("page %d, one of the two that say where everything is, is damaged", n)
		}
		if tx := le.Uint64(m[48:]); n == 0 || tx > newest {
			newest = tx
			p.root, p.freelist, p.high = le.Uint64(m[16:]), le.Uint64(m[32:]), le.Uint64(m[40:])
		}
	}
	if p.high < 2 || p.high > uint64(length/p.size) {
		return nil, errors.New("the file is cut short")
	}
	p.used[0], p.used[1] = true, true
	return p, nil
}

func metaHolds(page []byte) bool {
	m := page[pageHeader : pageHeader+metaBytes]
	h := fnv.New64a()
	h.Write(m[:metaBytes-8])
	return le.Uint32(m) == boltMagic && h.Sum64() == le.Uint64(m[metaBytes-8:])
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// read returns a page with its overflow, and notes that it is used.
func (p *pages) read(id uint64, flag uint16) ([]byte, error) {
	if id < 2 || id >= p.high {
		return nil, fmt.Errorf("page %d lies outside the file", id)
	}
	head := make([]byte, pageHeader)
	if _, err := p.data.ReadAt(head, int64(id)*p.size); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	overflow := uint64(le.Uint32(head[12:]))
	if le.Uint64(head) != id || le.Uint16(head[8:]) != flag || overflow > p.high-id-1 {
		return nil, fmt.Errorf("page %d is not what belongs there", id)
	}
	for i := id; i <= id+overflow; i++ {
		if p.used[i] {
			return nil, fmt.Errorf("page %d is used twice", i)
		}
		p.used[i] = true
	}
	page := make([]byte, p.size*int64(overflow+1))
	if _, err := p.data.ReadAt(page, int64(id)*p.size); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	return page, nil
}

// free returns the numbers of the free pages.
func (p *pages) free() ([]uint64, error) {
	page, err := p.read(p.freelist, flagFree)
	if err != nil {
		return nil, err
	}
	n, ids := uint64(le.Uint16(page[10:])), page[pageHeader:]
	if n == 0xffff {
		n, ids = le.Uint64(ids), ids[8:]
	}
	if n > uint64(len(ids))/8 || !zero(ids[n*8:]) {
		return nil, errors.New("the list of free pages is damaged")
	}
	out := make([]uint64, n)
	for i := range out {
		out[i] = le.Uint64(ids[i*8:])
		if out[i] < 2 || out[i] >= p.high || (i > 0 && out[i] <= out[i-1]) {
			return nil, errors.New("the list of free pages is damaged")
		}
	}
	return out, nil
}

// scrub puts zeros into free pages and takes off what lies behind the last
// page in use. The file must not be in use.
func scrub(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	p, err := openPages(f, info.Size())
	if err != nil {
		return err
	}
	free, err := p.free()
	if err != nil {
		return err
	}
	blank := make([]byte, p.size)
	for _, id := range free {
		if _, err := f.WriteAt(blank, int64(id)*p.size); err != nil {
			return err
		}
	}
	return errors.Join(f.Truncate(int64(p.high)*p.size), f.Sync())
}

// checkPages walks every page. When the file was closed in order, what is not
// used must be empty.
func checkPages(path string, closed bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	p, err := openPages(f, info.Size())
	if err != nil {
		return err
	}
	free, err := p.free()
	if err != nil {
		return err
	}
	if _, err := p.walk(p.root); err != nil {
		return err
	}
	if uint64(len(p.used)+len(free)) != p.high {
		return fmt.Errorf("%d pages are used and %d free, of %d", len(p.used), len(free), p.high)
	}
	blank := make([]byte, p.size)
	for _, id := range free {
		if p.used[id] {
			return fmt.Errorf("page %d is used and free", id)
		}
		if !closed {
			continue
		}
		if _, err := f.ReadAt(blank, int64(id)*p.size); err != nil || !zero(blank) {
			return fmt.Errorf("page %d is not used and not empty", id)
		}
	}
	if closed && info.Size() != int64(p.high)*p.size {
		return errors.New("something lies behind the last page")
	}
	return nil
}

// walk checks a page and those below it, and returns its first key.
func (p *pages) walk(id uint64) ([]byte, error) {
	head := make([]byte, pageHeader)
	if _, err := p.data.ReadAt(head, int64(id)*p.size); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	if le.Uint16(head[8:]) == flagBranch {
		return p.branch(id)
	}
	page, err := p.read(id, flagLeaf)
	if err != nil {
		return nil, err
	}
	return p.leaf(page)
}

func (p *pages) branch(id uint64) ([]byte, error) {
	page, err := p.read(id, flagBranch)
	if err != nil {
		return nil, err
	}
	n := int(le.Uint16(page[10:]))
	end := pageHeader + n*elementSize
	if n == 0 || end > len(page) {
		return nil, fmt.Errorf("page %d cannot hold what it says", id)
	}
	var first []byte
	for i := range n {
		at := pageHeader + i*elementSize
		place, size, below := at+int(le.Uint32(page[at:])), int(le.Uint32(page[at+4:])), le.Uint64(page[at+8:])
		if place != end || size > len(page)-end {
			return nil, fmt.Errorf("page %d: element %d is out of place", id, i)
		}
		key := page[place : place+size]
		end += size
		childFirst, err := p.walk(below)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(key, childFirst) {
			return nil, fmt.Errorf("page %d: element %d does not lead to its page", id, i)
		}
		if i == 0 {
			first = key
		}
	}
	if !zero(page[end:]) {
		return nil, fmt.Errorf("page %d has something behind its last element", id)
	}
	return first, nil
}

// leaf checks the elements of a leaf, and the buckets among them. A small
// bucket lies in its element as a page of its own; behind it there is nothing.
func (p *pages) leaf(page []byte) ([]byte, error) {
	n := int(le.Uint16(page[10:]))
	end := pageHeader + n*elementSize
	if end > len(page) {
		return nil, errors.New("a leaf cannot hold what it says")
	}
	var first, last []byte
	for i := range n {
		at := pageHeader + i*elementSize
		flags, place := le.Uint32(page[at:]), at+int(le.Uint32(page[at+4:]))
		keySize, valueSize := int(le.Uint32(page[at+8:])), int(le.Uint32(page[at+12:]))
		if flags > 1 || place != end || keySize > len(page)-end || valueSize > len(page)-end-keySize {
			return nil, fmt.Errorf("page %d: element %d is out of place", le.Uint64(page), i)
		}
		key, value := page[place:place+keySize], page[place+keySize:place+keySize+valueSize]
		end += keySize + valueSize
		if i == 0 {
			first = key
		} else if bytes.Compare(last, key) >= 0 {
			return nil, fmt.Errorf("page %d: element %d is out of order", le.Uint64(page), i)
		}
		last = key
		if flags == 1 {
			if err := p.bucket(value); err != nil {
				return nil, err
			}
		}
	}
	if !zero(page[end:]) {
		return nil, fmt.Errorf("page %d has something behind its last element", le.Uint64(page))
	}
	return first, nil
}

// bucket checks a bucket: root page 8, sequence 8, which is never used here.
func (p *pages) bucket(value []byte) error {
	if len(value) < 16 || le.Uint64(value[8:]) != 0 {
		return errors.New("a bucket is not what was written")
	}
	root := le.Uint64(value)
	if root != 0 {
		if len(value) != 16 {
			return errors.New("a bucket is not what was written")
		}
		_, err := p.walk(root)
		return err
	}
	inline := value[16:]
	if len(inline) < pageHeader || le.Uint64(inline) != 0 || le.Uint16(inline[8:]) != flagLeaf || le.Uint32(inline[12:]) != 0 {
		return errors.New("a small bucket is not what was written")
	}
	_, err := p.leaf(inline)
	return err
}
