package scan_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/scan"
)

// read pushes all of it, and then lets the line fall silent.
func read(f *scan.Framer, all string) []scan.Code {
	var out []scan.Code
	for i := range len(all) {
		if c, ok := f.Push(all[i]); ok {
			out = append(out, c)
		}
	}
	if c, ok := f.Idle(); ok {
		out = append(out, c)
	}
	return out
}

func TestFrames(t *testing.T) {
	code := func(kind scan.Symbology, text string) scan.Code { return scan.Code{Text: text, Symbology: kind} }
	for _, c := range []struct {
		name, prefix, suffix, sent string
		want                       []scan.Code
	}{
		{"CR", "", "", "12345\r", []scan.Code{code("", "12345")}},
		{"CR LF is one end", "", "", "12345\r\n67890\r\n", []scan.Code{code("", "12345"), code("", "67890")}},
		{"TAB", "", "", "12345\t", []scan.Code{code("", "12345")}},
		{"STX and ETX", "", "", "\x0212345\x03", []scan.Code{code("", "12345")}},
		{"nothing but silence", "", "", "12345", []scan.Code{code("", "12345")}},
		{"GS1-128 keeps its FNC1", "", "", "]C1101234\x1d21567\r", []scan.Code{code(scan.GS1128, "101234\x1d21567")}},
		{"CODE128", "", "", "]C0101234\r", []scan.Code{code(scan.Code128, "101234")}},
		{"QR of GS1", "", "", "]Q3010123\r", []scan.Code{code(scan.GS1QR, "010123")}},
		{"QR", "", "", "]Q1é, ñ\r", []scan.Code{code(scan.QR, "é, ñ")}},
		{"Data Matrix of GS1", "", "", "]d2010123\r", []scan.Code{code(scan.GS1Matrix, "010123")}},
		{"ITF", "", "", "]I00123\r", []scan.Code{code(scan.Interleave, "0123")}},
		{"an identifier nobody knows", "", "", "]Y0abc\r", []scan.Code{code(scan.Other, "abc")}},
		{"a bracket that is no identifier", "", "", "]--abc\r", []scan.Code{code("", "]--abc")}},
		{"a prefix, then the identifier", "~S", "", "~S]C0abc\r", []scan.Code{code(scan.Code128, "abc")}},
		{"noise before the prefix", "~S", "", "\x00\xff~Sabc\r", []scan.Code{code("", "abc")}},
		{"a prefix that is missing", "~S", "", "abcdef\r", nil},
		{"a suffix of two", "", "#\r", "ab\rc#\r", nil}, // a CR is no part of a code
		{"a suffix of two ends", "", "##", "ab#c##def##", []scan.Code{code("", "ab#c"), code("", "def")}},
		{"too short", "", "", "ab\r\r\n\n", nil},
		{"noise", "", "", "ab\x00cd\r\xff\xfeabc\r12345\r", []scan.Code{code("", "12345")}},
		{"the longest", "", "", strings.Repeat("7", scan.MaxLength) + "\r", []scan.Code{code("", strings.Repeat("7", scan.MaxLength))}},
		{"longer than any, then a good one", "", "", strings.Repeat("7", 3*scan.MaxLength) + "\r12345\r", []scan.Code{code("", "12345")}},
		{"longer than any, with its own suffix", "", "##", strings.Repeat("7", 3*scan.MaxLength) + "##12345##", []scan.Code{code("", "12345")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read(&scan.Framer{Prefix: c.prefix, Suffix: c.suffix}, c.sent)
			if !slices.Equal(got, c.want) {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

func TestEveryCodeComesBackWhateverIsAroundIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.SampledFrom([]string{"", "~", "\x02"}).Draw(t, "prefix")
		suffix := rapid.SampledFrom([]string{"", "\r", "\r\n", "##"}).Draw(t, "suffix")
		sent := suffix
		if sent == "" {
			sent = rapid.SampledFrom([]string{"\r", "\n", "\r\n", "\t", "\x03"}).Draw(t, "sent")
		}
		var all strings.Builder
		var want []scan.Code
		for range rapid.IntRange(1, 5).Draw(t, "codes") {
			text := rapid.StringMatching(`[0-9A-Z \x1d]{3,40}`).Draw(t, "text")
			want = append(want, scan.Code{Text: text, Symbology: scan.Code128})
			all.WriteString(prefix + "]C0" + text + sent)
		}
		if got := read(&scan.Framer{Prefix: prefix, Suffix: suffix}, all.String()); !slices.Equal(got, want) {
			t.Fatalf("read %q, want %q", got, want)
		}
	})
}

func FuzzFramer(f *testing.F) {
	f.Add("", "", "]C1101234\x1d21567\r\n")
	f.Add("\x02", "\x03", "\x00\x02abc\x03")
	f.Add("", "##", "12345##")
	f.Fuzz(func(t *testing.T, prefix, suffix, sent string) {
		if len(prefix) > 8 || len(suffix) > 8 {
			return
		}
		framer := scan.Framer{Prefix: prefix, Suffix: suffix}
		for _, c := range read(&framer, sent) {
			if len(c.Text) < scan.MinLength || len(c.Text) > scan.MaxLength || strings.ContainsAny(c.Text, "\r\n\t\x00\x1b\x03") {
				t.Errorf("%q says %q", sent, c.Text)
			}
		}
		if !framer.Empty() {
			t.Error("something is left after the silence")
		}
		if strings.ContainsAny(prefix, "\r\n\t\x03") || suffix != "" {
			return
		}
		if got := read(&framer, "\r"+prefix+"12345\r"); len(got) != 1 {
			t.Errorf("the next code after %q: %q", sent, got)
		}
	})
}
