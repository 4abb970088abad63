package keys

import (
	"slices"
	"strings"
	"time"
)

const (
	// scanPace is the longest time between characters of one scan, taken over
	// the whole of it. People type 80 ms apart at their fastest; scanners stay
	// under 20 ms.
	scanPace = 35 * time.Millisecond
	// scanPause is the longest single pause in a scan. The window hands over
	// what came while it drew a picture in one go, so characters that were sent
	// evenly arrive in bunches a picture apart.
	scanPause = 100 * time.Millisecond
	// scanShortest is the fewest characters taken for a scan: below it, two
	// hands can type that fast by rolling over the keys.
	scanShortest = 6
	// scanLongest bounds what a jammed key or a broken device may pile up.
	scanLongest = 4096
)

// Wedge says what the scanner that types like a keyboard was set to. The zero
// value is one that was set to nothing.
type Wedge struct {
	// Prefix and Suffix are characters around every code, before the Enter or Tab
	// that ends it. With either set, what comes without them was typed, however
	// fast it came. CR, LF and TAB at the end of a suffix are that key.
	Prefix, Suffix string
	// Pace is the longest time between two characters, taken over the whole of a
	// scan; 0 is 35 ms.
	Pace time.Duration
}

// code takes off what stands around a code, and reports whether all of it was
// there.
func (w Wedge) code(text string) (code string, ok bool) {
	code, before := strings.CutPrefix(text, w.Prefix)
	code, after := strings.CutSuffix(code, strings.TrimRight(w.Suffix, "\r\n\t"))
	return code, before && after && code != ""
}

func (w Wedge) pace() time.Duration {
	if w.Pace == 0 {
		return scanPace
	}
	return w.Pace
}

// scanner recognises a burst of characters ended by Enter or Tab.
type scanner struct {
	now   func() time.Time
	wedge Wedge
	first time.Time
	last  time.Time
	text  []rune
	saved []saved
}

// saved is how a place that characters of the burst went to is put back.
type saved struct {
	where   any
	restore func()
}

func (s *scanner) typed(c rune, where any, save func() (restore func())) {
	at := s.now()
	if len(s.text) == 0 || !s.follows(at) {
		s.forget()
		s.first = at
	}
	// A character may move the focus: the next ones go elsewhere.
	if !slices.ContainsFunc(s.saved, func(was saved) bool { return was.where == where }) {
		s.saved = append(s.saved, saved{where, save()})
	}
	if len(s.text) < scanLongest {
		s.text = append(s.text, c)
	}
	s.last = at
}

// whole tells whether an Enter or a Tab that came now would close a scan.
func (s *scanner) whole() (text string, ok bool) {
	at := s.now()
	text, framed := s.wedge.code(string(s.text))
	n := len(s.text)
	return text, framed && n >= scanShortest && n < scanLongest && s.follows(at) && at.Sub(s.first) < time.Duration(n)*s.wedge.pace()
}

// takeBack puts all places back to what they were before the burst.
func (s *scanner) takeBack() {
	all := s.saved
	s.forget()
	for _, was := range slices.Backward(all) {
		was.restore()
	}
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
	return gap >= 0 && gap < scanPause
}

func (s *scanner) forget() {
	s.text, s.saved = s.text[:0], nil
}
