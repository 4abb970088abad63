package display

import (
	"bytes"
	"testing"
)

func TestOnlyWhatChangedIsSent(t *testing.T) {
	for _, c := range []struct {
		name     string
		language Language
		was, now Lines
		want     string
	}{
		{"nothing", DMD, Lines{"Due", "188.20"}, Lines{"Due", "188.20"}, ""},
		{"one digit", DMD, Lines{"Due", "188.20"}, Lines{"Due", "188.30"}, "\x1f$\x05\x023"},
		{"a shorter line", DMD, Lines{"Due", "188.20"}, Lines{"D", "188.20"}, "\x1f$\x02\x01  "},
		{"an accent", DMD, Lines{"a\xf1o", ""}, Lines{"año", ""}, "\x1f$\x02\x01\xa4"},
		{"the lower line", CD5220, Lines{"Due", "1"}, Lines{"Due", "2"}, "\x1bQB2                   \r"},
	} {
		p := pen{language: c.language, columns: Columns, brightness: 4}
		p.begin()
		p.write(c.was)
		if got := p.write(c.now); string(got) != c.want {
			t.Errorf("%s: sent %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCells(t *testing.T) {
	for _, c := range []struct{ text, accents, plain string }{
		{"Año", "A\xa4o", "Ano"},
		{"é É ñ Ñ ü", "\x82 \x90 \xa4 \xa5 \x81", "e E n N u"},
		{"Á", "A", "A"},
		{"n\u0303", "\xa4", "n"},
		{"¿Sí?", "\xa8S\xa1?", "Si?"},
		{"水", "?", "?"},
		{"a\x1b@\n\x00b\x9b", "a @  b?", "a @  b?"},
		{"€5 “ok”", `EUR5 "ok"`, `EUR5 "ok"`},
	} {
		if got := bytes.TrimRight(cells(c.text, Columns, true), " "); string(got) != c.accents {
			t.Errorf("%q with accents: %q, want %q", c.text, got, c.accents)
		}
		if got := bytes.TrimRight(cells(c.text, Columns, false), " "); string(got) != c.plain {
			t.Errorf("%q plain: %q, want %q", c.text, got, c.plain)
		}
	}
}

func FuzzCells(f *testing.F) {
	f.Add("año\x1b@")
	f.Fuzz(func(t *testing.T, text string) {
		for _, accents := range []bool{true, false} {
			got := cells(text, Columns, accents)
			if len(got) != Columns {
				t.Fatalf("%q: %d cells", text, len(got))
			}
			for _, b := range got {
				if b < 0x20 || b == 0x7F || !accents && b > 0x7F {
					t.Fatalf("%q: sent %q", text, got)
				}
			}
		}
	})
}
