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
		for _, s := range splitAll([]escpos.Segment{{Data: data, Lines: 3}}, sizes{text: limit}) {
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

// A picture in lower strips is the same picture: the same dots under each other,
// and everything around it as it was.
func TestLowerStripsAreTheSamePicture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stride := rapid.IntRange(1, 72).Draw(t, "stride")
		rows := rapid.IntRange(1, 300).Draw(t, "rows")
		dots := rapid.SliceOfN(rapid.Byte(), stride*rows, stride*rows).Draw(t, "dots")
		most := rapid.IntRange(10, 400).Draw(t, "most")
		data := append([]byte("before\n\x1dv0\x01"), byte(stride), 0, byte(rows), byte(rows>>8))
		data = append(append(data, dots...), "after\n"...)
		var got, around []byte
		var tok escpos.Tokenizer
		take := func(k escpos.Token) {
			if k.Name != "GS v" {
				around = append(around, k.Data...)
				return
			}
			if n := len(k.Data); len(data) > most && n > most && n > 8+stride {
				t.Errorf("strip of %d bytes, limit %d, rows of %d", n, most, stride)
			}
			if k.Data[3] != 1 || int(k.Data[4]) != stride {
				t.Errorf("the header became % x", k.Data[:8])
			}
			got = append(got, k.Data[8:]...)
		}
		for _, s := range splitAll([]escpos.Segment{{Data: data}}, sizes{text: 20, picture: most}) {
			tok.Push(s.Data, take)
		}
		tok.Flush(take)
		if !bytes.Equal(got, dots) || string(around) != "before\nafter\n" {
			t.Errorf("%d dots became %d, and %q stands around", len(dots), len(got), around)
		}
	})
}
