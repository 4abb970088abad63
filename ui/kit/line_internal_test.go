package kit

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestInsertTakesAllOrNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		line   line
		text   string
		want   string
		reason rejection
	}{
		{"in the middle", line{text: []rune("ac"), caret: 1, anchor: 1, max: 9}, "b", "abc", taken},
		{"over a selection", line{text: []rune("abc"), caret: 3, anchor: 1, max: 3}, "xy", "axy", taken},
		{"too long", line{text: []rune("abc"), max: 3}, "d", "abc", tooLong},
		{"a paste too long is not cut", line{max: 3}, "abcd", "", tooLong},
		{"lines become one", line{max: 9}, "a\r\nb\n", "a  b", taken},
		{"control characters are dropped", line{max: 9}, "a\x00\x1b\x7fb", "ab", taken},
		{"broken text is dropped", line{max: 9}, "a\xffb", "ab", taken},
		{"a space typed", line{max: 9}, " ", " ", taken},
		{"digits", line{max: 9, digits: true}, "0123456789"[:9], "012345678", taken},
		{"letters among digits", line{max: 9, digits: true}, "12a", "", notDigits},
		{"digits of another alphabet", line{max: 9, digits: true}, "١٢", "", notDigits},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.line.insert(c.text); got != c.reason || string(c.line.text) != c.want {
				t.Errorf("got %q and reason %v, want %q and %v", string(c.line.text), got, c.want, c.reason)
			}
		})
	}
}

func TestEraseAndMove(t *testing.T) {
	l := line{max: 20}
	l.insert("hello")
	for _, step := range []struct {
		name string
		do   func()
		text string
		at   int
	}{
		{"left", func() { l.step(-1, false) }, "hello", 4},
		{"backspace", func() { l.erase(-1) }, "helo", 3},
		{"delete", func() { l.erase(1) }, "hel", 3},
		{"delete at the end", func() { l.erase(1) }, "hel", 3},
		{"home", func() { l.move(0, false) }, "hel", 0},
		{"backspace at the start", func() { l.erase(-1) }, "hel", 0},
		{"left at the start", func() { l.step(-1, false) }, "hel", 0},
		{"select two", func() { l.step(1, true); l.step(1, true) }, "hel", 2},
		{"right leaves the selection at its end", func() { l.step(1, false) }, "hel", 2},
		{"all gone", func() { l.selectAll(); l.erase(-1) }, "", 0},
	} {
		step.do()
		if string(l.text) != step.text || l.caret != step.at {
			t.Fatalf("%s: got %q at %d, want %q at %d", step.name, string(l.text), l.caret, step.text, step.at)
		}
	}
}

// Whatever is done, the caret stays in the text, the text within its bounds, and
// a copy kept for a scan does not change.
func TestALineHoldsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := line{max: rapid.IntRange(1, 12).Draw(t, "max"), digits: rapid.Bool().Draw(t, "digits")}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			kept, was := l, string(l.text)
			switch rapid.IntRange(0, 6).Draw(t, "what") {
			case 0:
				l.insert(rapid.StringN(0, 8, -1).Draw(t, "text"))
			case 1:
				l.erase(-1)
			case 2:
				l.erase(1)
			case 3:
				l.step(rapid.SampledFrom([]int{-1, 1}).Draw(t, "by"), rapid.Bool().Draw(t, "keep"))
			case 4:
				l.move(rapid.IntRange(-3, 20).Draw(t, "to"), rapid.Bool().Draw(t, "keep"))
			case 5:
				l.selectAll()
			case 6:
				l.set(rapid.String().Draw(t, "set"))
			}
			if string(kept.text) != was {
				t.Fatalf("the kept text changed from %q to %q", was, string(kept.text))
			}
			if l.caret < 0 || l.caret > len(l.text) || l.anchor < 0 || l.anchor > len(l.text) || len(l.text) > l.max {
				t.Fatalf("out of bounds: %+v", l)
			}
		}
	})
}

func TestWrapAndCut(t *testing.T) {
	letters := func(s string) float32 { return float32(len([]rune(s))) }
	for _, c := range []struct {
		text  string
		lines int
		width float32
		want  string
	}{
		{"", 2, 5, "|"}, {"abc", 1, 3, "abc"}, {"abcd", 1, 3, "ab…"}, {"a bcd", 1, 3, "a…"},
		{"aa bb cc", 2, 5, "aa bb|cc"}, {"aa bb cc dd", 2, 5, "aa bb|cc dd"}, {"aa bb cc dd e", 2, 5, "aa bb|cc d…"},
		{"abcdefgh ij", 2, 5, "abcd…|ij"}, {"abc", 1, 0, "…"},
		{"a b  ·  c", 1, 9, "a b  ·  c"}, {"a b  ·  c", 2, 9, "a b  ·  c|"},
		{"a b  ·  c d", 2, 9, "a b|c d"}, {"a b  ·  c  ·  d", 2, 9, "a b  ·  c|d"},
		{"aa bb cc  ·  d", 2, 5, "aa bb|cc…"}, {"aa bb  ·  cc dd", 2, 12, "aa bb|cc dd"},
		{"aa  ·  bb cc dd  ·  ee ff", 2, 14, "aa  ·  bb cc|dd  ·  ee ff"}, // whole, though a part is broken
		{"  ·  ", 2, 9, "|"},
	} {
		lines, whole := wrap(c.text, c.lines, c.width, letters)
		if got := strings.Join(lines, "|"); got != c.want || whole == strings.Contains(got, ellipsis) {
			t.Errorf("%q in %d lines of %v: got %q, whole %v, want %q", c.text, c.lines, c.width, got, whole, c.want)
		}
	}
}

func FuzzPaste(f *testing.F) {
	for _, s := range []string{"", "1,234.5.6", "\n", "١٢٣", "a\xff\x00", "  x  "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := line{max: 16}
		if got := l.insert(text); got != taken && len(l.text) != 0 {
			t.Errorf("%q was refused and still left %q", text, string(l.text))
		}
		for _, r := range l.text {
			if r < ' ' || r == 0x7f {
				t.Errorf("%q left the control character %q", text, r)
			}
		}
	})
}
