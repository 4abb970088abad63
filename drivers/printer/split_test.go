package printer

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

// A split segment is the same bytes, in pieces that end between commands and,
// where no single command is longer, fit the limit.
func TestSplitKeepsEveryByteAndEveryCommandWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		commands := rapid.SliceOfN(rapid.SampledFrom([]string{
			"a word", "\x1bE\x01", "\x1d!\x11", "\n", "\x1b*\x00\x05\x00ABCDE", "x", "\x1dVB\x00",
		}), 1, 30).Draw(t, "commands")
		limit := rapid.IntRange(10, 40).Draw(t, "limit")
		var data []byte
		ends := map[int]bool{}
		for _, c := range commands {
			for i := range c {
				if c[0] >= 0x20 { // text may be cut anywhere
					ends[len(data)+i] = true
				}
			}
			data = append(data, c...)
			ends[len(data)] = true
		}
		var got []byte
		lines := 0
		for _, s := range splitAll([]escpos.Segment{{Data: data, Lines: 3}}, limit) {
			got = append(got, s.Data...)
			lines += s.Lines
			if len(s.Data) > limit || len(s.Data) == 0 {
				t.Errorf("piece of %d bytes, limit %d: %q", len(s.Data), limit, s.Data)
			}
			if !ends[len(got)] {
				t.Errorf("a piece ends inside a command: %q", s.Data)
			}
		}
		if !bytes.Equal(got, data) || lines != 3 {
			t.Errorf("%q with 3 lines became %q with %d", data, got, lines)
		}
	})
}
