package directory

import (
	"fmt"
	"slices"
	"strings"
)

// MaxResults is the most results one Find gives.
const MaxResults = 1000

// Find gives the account numbers of the first customers in name order, at most
// limit (1 to MaxResults), whose record has for every typed word some word that
// begins with it. more says that there are others after them. An empty query finds
// nobody.
//
// A typed word with punctuation inside is taken joined ("o'b" as "ob"). Its parts
// count too, as if typed apart: for a name always ("garcia-lopez" also finds
// "Lopez Garcia"), for a number only if no customer has it whole, so that an
// account number brings one customer and not all who share its pieces.
//
// More than MaxWords words, MaxParts parts or MaxRunes letters give ErrQuery.
func (x *Index) Find(query string, limit int) (keys []string, more bool, err error) {
	wanted, err := parseQuery(query)
	if err != nil {
		return nil, false, err
	}
	if limit < 1 || limit > MaxResults {
		return nil, false, fmt.Errorf("searching the customers: %w: %d results asked, 1 to %d can be had", ErrQuery, limit, MaxResults)
	}
	if len(wanted) == 0 {
		return nil, false, nil
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.data == nil {
		return nil, false, fmt.Errorf("searching the customers: %w", ErrClosed)
	}
	err = unfaulted(func() (err error) {
		keys, more, err = x.find(wanted, limit)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("searching the customers in %s: %w", x.path, err)
	}
	return keys, more, nil
}

// search is the room one Find works in, kept for the next.
type search struct {
	result, chunk, parts, prefix seats
}

func (x *Index) find(wanted []chunk, limit int) (keys []string, more bool, err error) {
	s, ok := x.sets.Get().(*search)
	if !ok {
		n := x.Len()
		s = &search{result: newSeats(n), chunk: newSeats(n), parts: newSeats(n), prefix: newSeats(n)}
	}
	defer x.sets.Put(s)
	for i, c := range wanted {
		into := s.chunk
		if i == 0 {
			into = s.result
		}
		if err := x.findChunk(s, c, into); err != nil {
			return nil, false, err
		}
		if i > 0 {
			s.result.intersect(s.chunk)
		}
		if s.result.empty() {
			return nil, false, nil
		}
	}
	return x.firstKeys(s.result, limit)
}

func (x *Index) firstKeys(found seats, limit int) (keys []string, more bool, err error) {
	first := found.first(limit + 1)
	if len(first) > limit {
		first, more = first[:limit], true
	}
	for _, seat := range first {
		key, ok := x.key(seat)
		if !ok {
			return nil, false, fmt.Errorf("%w: an account number cannot be read", ErrDamaged)
		}
		keys = append(keys, key)
	}
	return keys, more, nil
}

// findChunk fills into with the customers who answer one typed word.
func (x *Index) findChunk(s *search, c chunk, into seats) error {
	if err := x.findPrefix(c.joined, into); err != nil {
		return err
	}
	if len(c.parts) == 1 || c.number() && !into.empty() {
		return nil
	}
	for i, p := range c.parts {
		set := s.prefix
		if i == 0 {
			set = s.parts
		}
		if err := x.findPrefix(p, set); err != nil {
			return err
		}
		if i > 0 {
			s.parts.intersect(s.prefix)
		}
	}
	into.unite(s.parts)
	return nil
}

// findPrefix fills into with the customers who have a word that begins so.
func (x *Index) findPrefix(prefix string, into seats) error {
	clear(into)
	lists := x.lists
	i, gathered := slices.BinarySearchFunc(x.unions, prefix, func(u union, p string) int {
		return strings.Compare(u.prefix, p)
	})
	if gathered {
		lists = x.unionLists[x.unions[i].start:x.unions[i].end]
	} else {
		start, end, ok := x.stretch(prefix)
		if !ok {
			return fmt.Errorf("%w: its words cannot be read", ErrDamaged)
		}
		lists = lists[start:end]
	}
	if !into.addLists(lists, x.Len()) {
		return fmt.Errorf("%w: the list of a word cannot be read", ErrDamaged)
	}
	return nil
}
