package ledger_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/ledger"
)

const (
	sector = 512 // what a disk writes whole or not at all
	page   = 4096
)

// changedSectors lists where two images of a file differ, those of the two meta
// pages apart. Beyond its end a file is zeros.
func changedSectors(before, after []byte) (data, meta []int) {
	for at := 0; at < max(len(before), len(after)); at += sector {
		if bytes.Equal(sectorAt(before, at), sectorAt(after, at)) {
			continue
		}
		if at < 2*page {
			meta = append(meta, at)
		} else {
			data = append(data, at)
		}
	}
	return data, meta
}

func sectorAt(image []byte, at int) []byte {
	s := make([]byte, sector)
	if at < len(image) {
		copy(s, image[at:])
	}
	return s
}

// mixed is an image with some sectors of another, and its length.
func mixed(base, other []byte, length int, sectors []int) []byte {
	image := make([]byte, length)
	copy(image, base)
	for _, at := range sectors {
		if at < length {
			copy(image[at:], sectorAt(other, at))
		}
	}
	return image
}

func some(random *rand.Rand, of []int) []int {
	var out []int
	share := random.Float64()
	for _, n := range of {
		if random.Float64() < share {
			out = append(out, n)
		}
	}
	return out
}

// steps takes a station through commits, notes, closing and opening, and keeps
// an image of the file after each.
func steps(t *testing.T, f *fixture) (images [][]byte, closed []bool) {
	image := func(isClosed bool) {
		data, err := os.ReadFile(f.opts.Path)
		must(t, err)
		images, closed = append(images, data), append(closed, isClosed)
	}
	image(false)
	for i := range 24 {
		switch i % 6 {
		default:
			f.commit(t, noteOf(fmt.Sprint("note ", i)), sale("01-0001-1", 100), ledger.Draft{Kind: kindNote, Body: note{string(make([]byte, i*90))}})
		case 2:
			must(t, f.book.Remember("test", fmt.Append(nil, i)))
		case 4:
			f.close(t)
			image(true)
			f.open(t)
		}
		image(false)
	}
	f.close(t)
	return images, closed
}

// TestACommitThatIsTornIsOldOrNew builds files as a power cut leaves them. On a
// disk that is honest about flushes any part of the pages may be there before
// the meta that leads to them: the file is the old one or the new one, whole,
// and nothing in it is wrong. The same holds for opening and closing.
func TestACommitThatIsTornIsOldOrNew(t *testing.T) {
	f := newFixture(t)
	images, closed := steps(t, f)
	random := rand.New(rand.NewPCG(5, 6))
	torn := f.opts
	torn.Path = filepath.Join(t.TempDir(), "torn.db")
	states := 0
	for i := 1; i < len(images); i++ {
		before, after := images[i-1], images[i]
		data, meta := changedSectors(before, after)
		old, latest := journalOf(t, f, before), journalOf(t, f, after)
		for range 12 {
			lengths := []int{len(before), len(after)}
			state := mixed(before, after, lengths[random.IntN(2)], some(random, data))
			want := old
			if random.IntN(3) == 0 {
				state, want = mixed(before, after, len(after), append(data, meta...)), latest
			}
			if closed[i] && len(state) < len(before) && !bytes.Equal(state, after) {
				state = mixed(before, after, len(after), data) // it is cut only when all is wiped
			}
			must(t, os.WriteFile(torn.Path, state, 0o600))
			if r, err := ledger.Verify(torn.Path, ledger.VerifyOptions{Views: torn.Views, Key: f.key.Public()}); err != nil || len(r.Problems) > 0 {
				t.Fatalf("step %d: %v, %v", i, r.Problems, err)
			}
			if got := journal(t, torn.Path); got != want {
				t.Fatalf("step %d: neither the old nor the new ledger", i)
			}
			book, err := ledger.Open(torn)
			if err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
			must(t, book.Close())
			states++
		}
	}
	if states < 200 {
		t.Errorf("only %d states", states)
	}
}

func journalOf(t *testing.T, f *fixture, image []byte) string {
	path := filepath.Join(t.TempDir(), "image.db")
	must(t, os.WriteFile(path, image, 0o600))
	return journal(t, path)
}

// TestALyingDiskIsNoticed builds what a disk leaves that says it flushed and did
// not: the meta is there, pages that it leads to are not. Every such file is
// found wrong, or is a whole ledger that lost its end because an older page was
// still in the place of the new one. That nothing inside the file can tell: the
// mirror does.
func TestALyingDiskIsNoticed(t *testing.T) {
	f := newFixture(t)
	images, _ := steps(t, f)
	random := rand.New(rand.NewPCG(7, 8))
	path := filepath.Join(t.TempDir(), "lying.db")
	noticed := 0
	for i := 1; i < len(images); i++ {
		before, after := images[i-1], images[i]
		data, meta := changedSectors(before, after)
		latest := journalOf(t, f, after)
		for range 12 {
			must(t, os.WriteFile(path, mixed(before, after, len(after), append(some(random, data), meta...)), 0o600))
			r, err := ledger.Verify(path, ledger.VerifyOptions{Views: f.opts.Views, Key: f.key.Public()})
			must(t, err)
			if len(r.Problems) > 0 {
				noticed++
			} else if got := journal(t, path); !strings.HasPrefix(latest, got) {
				t.Fatalf("step %d: verified, and it is neither the ledger nor its beginning", i)
			}
		}
	}
	if noticed < 50 {
		t.Errorf("only %d states were wrong: the test does not test", noticed)
	}
}

// hostile is the bytes of a ledger, for changing where bbolt keeps what.
type hostile []byte

func (h hostile) put(at int, value any) {
	n, err := binary.Encode(h[at:], binary.LittleEndian, value)
	if err != nil || n == 0 {
		panic(err)
	}
}

// pageOf finds a page by its flags: 1 branch, 2 leaf, 16 free list.
func (h hostile) pageOf(flags uint16) int {
	for at := 2 * page; at < len(h); at += page {
		if binary.LittleEndian.Uint64(h[at:]) == uint64(at/page) && binary.LittleEndian.Uint16(h[at+8:]) == flags {
			return at
		}
	}
	panic("no such page")
}

// meta changes both metas and makes their checksums hold.
func (h hostile) meta(at int, value any) {
	for n := range 2 {
		m := n*page + 16
		h.put(m+at, value)
		sum := fnv.New64a()
		sum.Write(h[m : m+56])
		h.put(m+56, sum.Sum64())
	}
}

// TestAFileWithoutEndIsRefused has a file of a terabyte that takes no room.
func TestAFileWithoutEndIsRefused(t *testing.T) {
	f := filled(t, 3)
	must(t, os.Truncate(f.opts.Path, 1<<40))
	if r := verify(t, f); len(r.Problems) == 0 {
		t.Error("nothing was found wrong")
	}
	if _, err := ledger.Open(f.opts); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("opened: %v", err)
	}
}

// TestAHostileFileIsRefusedAtOnce has files that would lead a reader in circles,
// or have it ask for more memory than there is.
func TestAHostileFileIsRefusedAtOnce(t *testing.T) {
	f := filled(t, 300)
	whole, err := os.ReadFile(f.opts.Path)
	must(t, err)
	for name, harm := range map[string]func(hostile) hostile{
		"a branch that leads to itself": func(h hostile) hostile { b := h.pageOf(1); h.put(b+16+8, uint64(b/page)); return h },
		"two branches to one page": func(h hostile) hostile {
			b := h.pageOf(1)
			copy(h[b+32+8:b+32+16], h[b+16+8:b+16+16])
			return h
		},
		"a page far outside":           func(h hostile) hostile { h.put(h.pageOf(1)+16+8, uint64(1)<<62); return h },
		"a page with endless overflow": func(h hostile) hostile { h.put(h.pageOf(2)+12, ^uint32(0)); return h },
		"a branch of nothing":          func(h hostile) hostile { h.put(h.pageOf(1)+10, uint16(0)); return h },
		"a leaf of too many":           func(h hostile) hostile { h.put(h.pageOf(2)+10, uint16(0xffff)); return h },
		"an element of four gigabytes": func(h hostile) hostile { h.put(h.pageOf(2)+16+12, ^uint32(0)); return h },
		"endless free pages": func(h hostile) hostile {
			p := h.pageOf(16)
			h.put(p+10, uint16(0xffff))
			h.put(p+16, ^uint64(0))
			return h
		},
		"a free page twice": func(h hostile) hostile {
			p := h.pageOf(16)
			h.put(p+10, uint16(2))
			h.put(p+16, [2]uint64{5, 5})
			return h
		},
		"a root outside":               func(h hostile) hostile { h.meta(16, uint64(1)<<40); return h },
		"more pages than the file has": func(h hostile) hostile { h.meta(40, uint64(1)<<40); return h },
		"pages of two gigabytes":       func(h hostile) hostile { h.meta(8, uint32(1)<<31); return h },
		"pages of no bytes":            func(h hostile) hostile { h.meta(8, uint32(0)); return h },
		"branches without an end": func(h hostile) hostile {
			const deep = 3000
			first := len(h) / page
			for i := range deep {
				p := make(hostile, page)
				p.put(0, uint64(first+i))
				p.put(8, uint16(1))
				p.put(10, uint16(1))
				p.put(16, uint32(16))
				p.put(24, uint64(first+i+1))
				h = append(h, p...)
			}
			h.meta(40, uint64(first+deep))
			h.put(h.pageOf(1)+16+8, uint64(first))
			return h
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hostile.db")
			must(t, os.WriteFile(path, harm(bytes.Clone(whole)), 0o600))
			r, err := ledger.Verify(path, ledger.VerifyOptions{Views: f.opts.Views})
			if err == nil && len(r.Problems) == 0 {
				t.Error("nothing was found wrong")
			}
			for _, format := range ledger.Formats() {
				ledger.Export(io.Discard, path, format) // it may read what is still there, but must end
			}
		})
	}
}

// TestADamagedMeta damages one of the two metas. The older one is written anew
// at the next start. Without the newer one a file that was closed in order says
// nothing any more: it is refused, not read as it was before its last commit.
func TestADamagedMeta(t *testing.T) {
	f := filled(t, 5)
	want := journal(t, f.opts.Path)
	whole, err := os.ReadFile(f.opts.Path)
	must(t, err)
	transaction := func(n int) uint64 { return binary.LittleEndian.Uint64(whole[n*page+16+48:]) }
	newer := 0
	if transaction(1) > transaction(0) {
		newer = 1
	}
	for n := range 2 {
		damaged := bytes.Clone(whole)
		damaged[n*page+16+20] ^= 1
		must(t, os.WriteFile(f.opts.Path, damaged, 0o600))
		if r := verify(t, f); len(r.Problems) == 0 {
			t.Errorf("meta %d: nothing was found wrong", n)
		}
		book, err := ledger.Open(f.opts)
		if n == newer {
			if !errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("the newer meta: opened, %v", err)
			}
			continue
		}
		must(t, err)
		must(t, book.Close())
		if r := verify(t, f); len(r.Problems) > 0 || !r.Closed {
			t.Errorf("the older meta was not written anew: %v", r.Problems)
		}
		if journal(t, f.opts.Path) != want {
			t.Error("the journal is not what it was")
		}
	}
}
