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
// The walk also shows that the pages are a tree. bbolt follows whatever a page
// says, in a circle if need be, so a file from elsewhere is walked here first.
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

// Bounds of a file that is walked. Ten years of a busy station are below two
// gigabytes; a page holds a few entries at most.
const (
	maxFile  = 16 << 30 // bytes
	maxPage  = 16 << 20 // bytes of a page with its overflow
	maxDepth = 32       // pages from the root to a leaf
)

// markClosed stands behind the older of the two metas of a file that was closed
// in order, once everything else is in place. The next commit would write over
// it; it is taken away before, when the file is opened.
const (
	markClosed = "closed in order\n"
	markPlace  = pageHeader + metaBytes
)

// pages is a bbolt file as bytes, and what is wrong with it.
type pages struct {
	data     io.ReaderAt
	length   int64
	size     int64  // of a page
	older    uint64 // number of the older meta page
	closed   bool
	root     uint64
	freelist uint64
	high     uint64 // pages in use are below this
	used     map[uint64]bool

	problem error // the first found by the walk
	tangled bool  // the pages are no tree: bbolt must not follow them
}

// errCut says that the file ends before its last page. bbolt makes a file longer
// before it uses what was added, so no crash leaves one like that.
var errCut = errors.New("the file is cut short")

var le = binary.LittleEndian

// openPages reads the two meta pages, which must both be whole.
func openPages(f *os.File) (*pages, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	p := &pages{data: f, length: info.Size(), used: make(map[uint64]bool)}
	if p.length > maxFile {
		return nil, fmt.Errorf("the file has %d bytes, more than any ledger", p.length)
	}
	head := make([]byte, 1024)
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, errCut
	}
	if p.size = int64(le.Uint32(head[pageHeader+8:])); !metaHolds(head) || p.size < 1024 || p.size > 1<<16 {
		return nil, errors.New("page 0, one of the two that say where everything is, is damaged")
	}
	var metas [2][]byte
	for n := range metas {
		page := make([]byte, p.size)
		if _, err := f.ReadAt(page, int64(n)*p.size); err != nil {
			return nil, errCut
		}
		wantHeader := le.AppendUint32(le.AppendUint16(le.AppendUint16(le.AppendUint64(nil, uint64(n)), flagMeta), 0), 0)
		metas[n] = page[pageHeader:]
		if !metaHolds(page) || !bytes.Equal(page[:pageHeader], wantHeader) || le.Uint64(metas[n][24:]) != 0 {
			return nil, fmt.Errorf("page %d, one of the two that say where everything is, is damaged", n)
		}
	}
	if le.Uint64(metas[1][48:]) < le.Uint64(metas[0][48:]) {
		p.older = 1
	}
	newest, behind := metas[1-p.older], metas[p.older][metaBytes:]
	if rest, marked := bytes.CutPrefix(behind, []byte(markClosed)); marked {
		p.closed, behind = true, rest
	}
	if !zero(behind) || !zero(newest[metaBytes:]) {
		return nil, errors.New("something lies behind the two metas that say where everything is")
	}
	p.root, p.freelist, p.high = le.Uint64(newest[16:]), le.Uint64(newest[32:]), le.Uint64(newest[40:])
	if p.high < 2 || p.high > uint64(p.length/p.size) {
		return nil, errCut
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

// wrong notes what is wrong with the content of a page.
func (p *pages) wrong(format string, args ...any) {
	if p.problem == nil {
		p.problem = fmt.Errorf(format, args...)
	}
}

// lost notes that the way from page to page cannot be followed.
func (p *pages) lost(format string, args ...any) {
	p.tangled = true
	p.wrong(format, args...)
}

// read returns a page with its overflow, and notes that it is used. It returns
// nil if that cannot be the page.
func (p *pages) read(id uint64, flags uint16, most uint64) []byte {
	head := make([]byte, pageHeader)
	if id < 2 || id >= p.high {
		p.lost("page %d lies outside the file", id)
		return nil
	}
	if _, err := p.data.ReadAt(head, int64(id)*p.size); err != nil {
		p.lost("page %d: %w", id, err)
		return nil
	}
	overflow := uint64(le.Uint32(head[12:]))
	if le.Uint64(head) != id || le.Uint16(head[8:])&^flags != 0 || overflow > p.high-id-1 || (overflow+1)*uint64(p.size) > most {
		p.lost("page %d is not what belongs there", id)
		return nil
	}
	for i := id; i <= id+overflow; i++ {
		if p.used[i] {
			p.lost("page %d is used twice", i)
			return nil
		}
		p.used[i] = true
	}
	page := make([]byte, p.size*int64(overflow+1))
	if _, err := p.data.ReadAt(page, int64(id)*p.size); err != nil {
		p.lost("page %d: %w", id, err)
		return nil
	}
	return page
}

// free returns the numbers of the free pages.
func (p *pages) free() ([]uint64, error) {
	page := p.read(p.freelist, flagFree, 8*p.high+3*uint64(p.size))
	if page == nil || le.Uint16(page[8:]) != flagFree {
		return nil, errors.New("the list of free pages is damaged")
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

// scrub puts zeros into free pages, takes off what lies behind the last page in
// use, and marks the file as closed. Nothing may be writing to it.
func scrub(f *os.File) error {
	p, err := openPages(f)
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
	if err := errors.Join(f.Truncate(int64(p.high)*p.size), f.Sync()); err != nil {
		return err
	}
	_, err = f.WriteAt([]byte(markClosed), int64(p.older)*p.size+markPlace)
	return errors.Join(err, f.Sync())
}

// unmarkClosed takes the mark away, before the file is written to.
func unmarkClosed(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := openPages(f)
	if err != nil || !p.closed {
		return err
	}
	_, err = f.WriteAt(make([]byte, len(markClosed)), int64(p.older)*p.size+markPlace)
	return errors.Join(err, f.Sync())
}

// checkPages walks every page. When the file was closed in order, what is not
// used must be empty. sound says that bbolt may follow the pages.
func checkPages(path string) (closed, sound bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, false, err
	}
	defer f.Close()
	p, err := openPages(f)
	if err != nil {
		return false, false, err
	}
	p.walk(p.root, true, 0)
	sound = !p.tangled
	free, err := p.free()
	if err == nil {
		err = p.checkFree(free)
	}
	if p.problem != nil {
		err = p.problem
	}
	return p.closed, sound, err
}

// checkFree checks that what is not used is free, and empty if it must be.
func (p *pages) checkFree(free []uint64) error {
	if uint64(len(p.used)+len(free)) != p.high {
		return fmt.Errorf("%d pages are used and %d free, of %d", len(p.used), len(free), p.high)
	}
	blank := make([]byte, p.size)
	for _, id := range free {
		if p.used[id] {
			return fmt.Errorf("page %d is used and free", id)
		}
		if !p.closed {
			continue
		}
		if _, err := p.data.ReadAt(blank, int64(id)*p.size); err != nil || !zero(blank) {
			return fmt.Errorf("page %d is not used and not empty", id)
		}
	}
	if p.closed && p.length != int64(p.high)*p.size {
		return errors.New("something lies behind the last page")
	}
	return nil
}

// walk checks a page and those below it, and returns its first key. Only the
// topmost tree has buckets in it.
func (p *pages) walk(id uint64, top bool, depth int) (first []byte) {
	if depth > maxDepth {
		p.lost("page %d lies deeper than any", id)
		return nil
	}
	page := p.read(id, flagBranch|flagLeaf, maxPage)
	if page == nil {
		return nil
	}
	switch le.Uint16(page[8:]) {
	case flagBranch:
		return p.branch(page, top, depth)
	case flagLeaf:
		return p.leaf(page, top)
	}
	p.lost("page %d is not what belongs there", id)
	return nil
}

func (p *pages) branch(page []byte, top bool, depth int) (first []byte) {
	id, n := le.Uint64(page), int(le.Uint16(page[10:]))
	end := pageHeader + n*elementSize
	if n == 0 || end > len(page) {
		p.lost("page %d cannot hold what it says", id)
		return nil
	}
	for i := range n {
		at := pageHeader + i*elementSize
		place, size, below := at+int(le.Uint32(page[at:])), int(le.Uint32(page[at+4:])), le.Uint64(page[at+8:])
		childFirst := p.walk(below, top, depth+1)
		if place != end || size > len(page)-end {
			p.wrong("page %d: element %d is out of place", id, i)
			continue
		}
		key := page[place : place+size]
		end += size
		if !bytes.Equal(key, childFirst) {
			p.wrong("page %d: element %d does not lead to its page", id, i)
		}
		if i == 0 {
			first = key
		}
	}
	if !zero(page[end:]) {
		p.wrong("page %d has something behind its last element", id)
	}
	return first
}

// leaf checks the elements of a leaf, and the buckets among them.
func (p *pages) leaf(page []byte, top bool) (first []byte) {
	id, n := le.Uint64(page), int(le.Uint16(page[10:]))
	end := pageHeader + n*elementSize
	if end > len(page) {
		p.lost("page %d cannot hold what it says", id)
		return nil
	}
	var last []byte
	for i := range n {
		at := pageHeader + i*elementSize
		flags, place := le.Uint32(page[at:]), at+int(le.Uint32(page[at+4:]))
		keySize, valueSize := int(le.Uint32(page[at+8:])), int(le.Uint32(page[at+12:]))
		if place != end || keySize > len(page)-end || valueSize > len(page)-end-keySize {
			p.lost("page %d: element %d is out of place", id, i)
			return first
		}
		key, value := page[place:place+keySize], page[place+keySize:place+keySize+valueSize]
		end += keySize + valueSize
		if i == 0 {
			first = key
		} else if bytes.Compare(last, key) >= 0 {
			p.wrong("page %d: element %d is out of order", id, i)
		}
		last = key
		switch {
		case top && flags == 1:
			p.bucket(value)
		case top || flags != 0:
			p.wrong("page %d: element %d is of another kind than belongs there", id, i)
		}
	}
	if !zero(page[end:]) {
		p.wrong("page %d has something behind its last element", id)
	}
	return first
}

// bucket checks a bucket: root page 8, sequence 8, which is never used here. A
// small bucket lies in its element as a page of its own; behind it there is
// nothing.
func (p *pages) bucket(value []byte) {
	if len(value) < 16 || le.Uint64(value[8:]) != 0 {
		p.lost("a bucket is not what was written")
		return
	}
	root, inline := le.Uint64(value), value[16:]
	switch {
	case root != 0 && len(inline) == 0:
		p.walk(root, false, 0)
	case root == 0 && len(inline) >= pageHeader && le.Uint64(inline) == 0 && le.Uint16(inline[8:]) == flagLeaf && le.Uint32(inline[12:]) == 0:
		p.leaf(inline, false)
	default:
		p.lost("a bucket is not what was written")
	}
}
