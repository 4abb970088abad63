package displaytest_test

import (
	"testing"
	"unicode/utf8"

	"gatehouse/drivers/display"
	"gatehouse/drivers/display/displaytest"
)

func FuzzScreen(f *testing.F) {
	f.Add([]byte("\x1b@\x1f$\x14\x02ab\x1fX\x02\x0c"), 3)
	f.Add([]byte("\x1b@\x1bQAabc\r\x1bQBdef\r"), 5)
	f.Fuzz(func(t *testing.T, stream []byte, at int) {
		for _, language := range []display.Language{display.DMD, display.CD5220} {
			whole, cut := displaytest.New(language), displaytest.New(language)
			whole.Write(stream)
			at = min(max(at, 0), len(stream))
			cut.Write(stream[:at])
			cut.Write(stream[at:])
			if whole.Lines() != cut.Lines() || len(whole.Unknown) != len(cut.Unknown) {
				t.Errorf("cut at %d it shows %q, whole %q", at, cut.Lines(), whole.Lines())
			}
			for _, line := range whole.Lines() {
				if utf8.RuneCountInString(line) != display.Columns {
					t.Errorf("a line %q", line)
				}
			}
		}
	})
}
