package directory

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// readCost is what reading a list costs, counted in seats: a bitmap is read 64
// customers at a time, and a word of it takes a quarter of the time of a seat.
func readCost(n, count int) int {
	if dense(n, count) {
		return count / 256
	}
	return n
}

// prefixes sees the words go by in order and notes the prefixes whose stretch of
// lists costs more to read than gather.
type prefixes struct {
	gather int
	word   []byte
	open   []openPrefix // the prefixes of word, shortest first
	long   []longPrefix
}

type openPrefix struct {
	length int // bytes of word
	start  int64
	cost   int
	lists  int
}

type longPrefix struct {
	prefix     string
	start, end int64 // in the lists section
}

func (p *prefixes) add(word []byte, list int64, cost int) {
	p.close(shared(p.word, word), list)
	p.word = append(p.word[:0], word...)
	from := 0
	if n := len(p.open); n > 0 {
		from = p.open[n-1].length
	}
	// Only whole letters are ever typed.
	for from < len(word) {
		_, n := utf8.DecodeRune(word[from:])
		from += n
		p.open = append(p.open, openPrefix{length: from, start: list})
	}
	p.open[len(p.open)-1].cost += cost
	p.open[len(p.open)-1].lists++
}

// close ends the prefixes longer than length; the lists have come to end.
func (p *prefixes) close(length int, end int64) {
	for n := len(p.open); n > 0 && p.open[n-1].length > length; n-- {
		done := p.open[n-1]
		p.open = p.open[:n-1]
		// A single list is already as gathered as it can be.
		if done.cost > p.gather && done.lists > 1 {
			p.long = append(p.long, longPrefix{prefix: string(p.word[:done.length]), start: done.start, end: end})
		}
		if n > 1 {
			p.open[n-2].cost += done.cost
			p.open[n-2].lists += done.lists
		}
	}
}

// sorted gives the long prefixes in order.
func (p *prefixes) sorted() []longPrefix {
	slices.SortFunc(p.long, func(a, b longPrefix) int { return strings.Compare(a.prefix, b.prefix) })
	return p.long
}
