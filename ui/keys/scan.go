package keys

import "time"

const (
	// scanGap is the longest pause between two characters of one scan. People
	// type 80 ms apart at their fastest; scanners stay under 20 ms.
	scanGap = 35 * time.Millisecond
	// scanShortest is the fewest characters taken for a scan: below it, two
	// hands can type that fast by rolling over the keys.
	scanShortest = 6
	// scanLongest bounds what a jammed key or a broken device may pile up.
	scanLongest = 4096
)

// scanner recognises a burst of characters ended by Enter.
type scanner struct {
	now     func() time.Time
	last    time.Time
	text    []rune
	restore func()
}

func (s *scanner) typed(c rune, save func() (restore func())) {
	at := s.now()
	if len(s.text) == 0 || !s.follows(at) {
		s.text = s.text[:0]
		s.restore = save()
	}
	if len(s.text) < scanLongest {
		s.text = append(s.text, c)
	}
	s.last = at
}

// end tells whether the Enter that just came closes a scan.
func (s *scanner) end() (text string, restore func(), ok bool) {
	at := s.now()
	text, restore = string(s.text), s.restore
	ok = len(s.text) >= scanShortest && len(s.text) < scanLongest && s.follows(at)
	s.forget()
	return text, restore, ok
}

// interrupt drops the burst if a key came that no scanner sends. A character
// key announces itself before its character and is no interruption.
func (s *scanner) interrupt(k Key) {
	if !k.Types() {
		s.forget()
	}
}

func (s *scanner) follows(at time.Time) bool {
	gap := at.Sub(s.last)
	return gap >= 0 && gap < scanGap
}

func (s *scanner) forget() {
	s.text, s.restore = s.text[:0], nil
}
