package directory

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// wordsWriter writes the words section, front-coded in blocks.
type wordsWriter struct {
	out   []byte // words not yet taken by the caller
	size  int64  // bytes written in all
	table []byte // where each block starts, in words and in lists
	last  []byte
	n     int
}

// longForm marks a word whose two lengths do not fit in one byte: fourteen shared
// at most, fifteen new at most.
const longForm = 0xff

// add writes a word, greater than the one before, whose list starts at list.
func (w *wordsWriter) add(word []byte, list uint32) {
	before := len(w.out)
	if w.n%blockWords == 0 {
		w.table = binary.LittleEndian.AppendUint32(w.table, uint32(w.size))
		w.table = binary.LittleEndian.AppendUint32(w.table, list)
		w.last = w.last[:0]
	}
	same := shared(w.last, word)
	fresh := word[same:]
	if same < 15 && len(fresh) <= 15 {
		w.out = append(w.out, byte(same<<4|len(fresh)))
	} else {
		w.out = append(w.out, longForm)
		w.out = binary.AppendUvarint(w.out, uint64(same))
		w.out = binary.AppendUvarint(w.out, uint64(len(fresh)))
	}
	w.out = append(w.out, fresh...)
	w.last = append(w.last[:same], fresh...)
	w.size += int64(len(w.out) - before)
	w.n++
}

func shared(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// readWord reads the word at b[i] over the word before it.
func readWord(b []byte, i int, before []byte) (word []byte, next int, ok bool) {
	if i >= len(b) {
		return nil, 0, false
	}
	same, fresh := uint32(b[i]>>4), uint32(b[i]&15)
	next = i + 1
	if b[i] == longForm {
		if same, next = uvarint(b, next); next == 0 {
			return nil, 0, false
		}
		if fresh, next = uvarint(b, next); next == 0 {
			return nil, 0, false
		}
	}
	if int(same) > len(before) || int(fresh) > len(b)-next {
		return nil, 0, false
	}
	return append(before[:same], b[next:next+int(fresh)]...), next + int(fresh), true
}

// stretch gives where the lists of all words with the prefix start and end.
func (x *Index) stretch(prefix string) (start, end int, ok bool) {
	p := []byte(prefix)
	start, ok = x.seek(p, func(c int) bool { return c < 0 })
	if !ok {
		return 0, 0, false
	}
	end, ok = x.seek(p, func(c int) bool { return c <= 0 })
	return start, end, ok && start <= end
}

// seek gives where the list of the first word starts that does not come before
// the place sought. A word comes before it if before says so of the comparison of
// the word, cut to the prefix's length, with the prefix.
func (x *Index) seek(prefix []byte, before func(c int) bool) (list int, ok bool) {
	isBefore := func(word []byte) bool {
		return before(bytes.Compare(word[:min(len(word), len(prefix))], prefix))
	}
	sane := true
	block := sort.Search(x.blocks(), func(i int) bool {
		at, _ := x.block(i)
		word, _, ok := readWord(x.words, at, nil)
		sane = sane && ok
		return !ok || !isBefore(word)
	}) - 1
	if !sane {
		return 0, false
	}
	if block < 0 {
		return 0, true
	}
	return x.seekInBlock(block, isBefore)
}

func (x *Index) seekInBlock(block int, isBefore func([]byte) bool) (list int, ok bool) {
	at, list := x.block(block)
	end, listEnd := x.block(block + 1)
	if at > end || end > len(x.words) || list > listEnd || listEnd > len(x.lists) {
		return 0, false
	}
	var room [4 * MaxRunes]byte
	word := room[:0]
	for at < end {
		if word, at, ok = readWord(x.words[:end], at, word); !ok {
			return 0, false
		}
		if !isBefore(word) {
			return list, true
		}
		if list, ok = skipList(x.lists[:listEnd], list, x.Len()); !ok {
			return 0, false
		}
	}
	return listEnd, true
}

func (x *Index) blocks() int { return len(x.blockTable) / 8 }

// block gives where a block starts in words and in lists; the block past the last
// starts where they end.
func (x *Index) block(i int) (word, list int) {
	if i == x.blocks() {
		return len(x.words), len(x.lists)
	}
	b := x.blockTable[i*8:]
	return int(binary.LittleEndian.Uint32(b)), int(binary.LittleEndian.Uint32(b[4:]))
}
