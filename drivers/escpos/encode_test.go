package escpos_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

// encoded is what one item adds to the stream after the first segment.
func encoded(t testing.TB, prof escpos.Profile, items ...escpos.Item) string {
	t.Helper()
	segs, err := escpos.Encode(new(escpos.Doc).Add(items...), prof)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, s := range segs[1:] {
		b.Write(s.Data)
	}
	return b.String()
}

func TestBytesOfEachItem(t *testing.T) {
	t88 := named(t, "TM-T88VI")
	bold := escpos.Style{Bold: true}
	for _, c := range []struct {
		name  string
		items []escpos.Item
		want  string
	}{
		{"plain text", []escpos.Item{escpos.Text{S: "hi"}}, "hi\n"},
		{"style changes once for two lines", []escpos.Item{
			escpos.Text{S: "a", Style: bold}, escpos.Text{S: "b", Style: bold}, escpos.Text{S: "c"},
		}, "\x1bE\x01a\nb\n\x1bE\x00c\n"},
		{"size and place", []escpos.Item{
			escpos.Text{S: "a", Style: escpos.Style{Wide: true, Tall: true, Align: escpos.Center}},
			escpos.Text{S: "b", Style: escpos.Style{Tall: true, Align: escpos.Right}},
		}, "\x1ba\x01\x1d!\x11a\n\x1ba\x02\x1d!\x01b\n"},
		{"reverse and underline", []escpos.Item{
			escpos.Text{S: "a", Style: escpos.Style{Reverse: true, Underline: true}},
		}, "\x1b-\x01\x1dB\x01a\n"},
		{"letters of the first page", []escpos.Item{escpos.Text{S: "año"}}, "a\xa4o\n"},
		{"page changed only where it must be", []escpos.Item{
			escpos.Text{S: "Ã"}, escpos.Text{S: "õñ"}, escpos.Text{S: "™"}, escpos.Text{S: "ñ"},
		}, "\x1bt\x13\xc7\n\xe4\xa4\n\x1bt\x10\x99\n\xf1\n"},
		{"feed", []escpos.Item{escpos.Feed{Lines: 3}}, "\x1bd\x03"},
		{"cut", []escpos.Item{escpos.Cut{}}, "\x1dVB\x00"},
		{"kept logo", []escpos.Item{escpos.Logo{Key: escpos.LogoKey{'G', 'H'}}}, "\x1d(L\x06\x000EGH\x01\x01"},
		{"end mark", []escpos.Item{escpos.EndMark{Number: "A1-7-K7QX"}}, "\x1ba\x01\x1bE\x01END A1-7-K7QX\n"},
		{"native QR", []escpos.Item{escpos.QR{Text: "hello", Level: escpos.QRMedium, Module: 5}},
			"\x1ba\x01\x1bJ\x14\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x03\x001E1" +
				"\x1d(k\x08\x001P0hello\x1d(k\x03\x001Q0\x1bJ\x14"},
		{"bar code", []escpos.Item{escpos.Barcode{Data: "A{1234", Caption: true}},
			"\x1ba\x01\x1dh\x50\x1dw\x03\x1dH\x02\x1dkI\x09{BA{{{C\x0c\x22"},
		{"digits that would open the drawer stay apart", []escpos.Item{escpos.Barcode{Data: "12162001", Module: 2}},
			"\x1ba\x01\x1dh\x50\x1dw\x02\x1dH\x00\x1dkI\x0b{B1{C\x15\x3e\x00{B1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := encoded(t, t88, c.items...); got != c.want {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestFirstSegmentPutsThePrinterIntoAKnownState(t *testing.T) {
	for name, want := range map[string]string{
		"TM-T88VI":   "\x1b@\x1bR\x00\x1bt\x00\x1da\x0f",
		"generic-58": "\x1b@\x1c.\x1bR\x00\x1bt\x00",
	} {
		segs, err := escpos.Encode(&escpos.Doc{}, named(t, name))
		if err != nil || len(segs) != 1 || string(segs[0].Data) != want {
			t.Errorf("%s: %v, %v; want %q", name, segs, err, want)
		}
	}
}

func TestWhatCannotBePrintedIsRefused(t *testing.T) {
	wide := image.NewGray(image.Rect(0, 0, 600, 1))
	bitmap, err := escpos.NewBitmap(wide, escpos.Threshold)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		item escpos.Item
		want error
	}{
		{"drawer command in a name", escpos.Text{S: "Eve\x10\x14\x01\x00\x01"}, escpos.ErrControl},
		{"line feed", escpos.Text{S: "a\nb"}, escpos.ErrControl},
		{"delete", escpos.Text{S: "a\x7f"}, escpos.ErrControl},
		{"control of the upper half", escpos.Text{S: "a\u0085b"}, escpos.ErrControl},
		{"control in a cell", escpos.Pair("a", "1\t2"), escpos.ErrControl},
		{"control in the end mark", escpos.EndMark{Number: "A1\x1b"}, escpos.ErrControl},
		{"control in a QR code", escpos.QR{Text: "a\x1b@"}, escpos.ErrControl},
		{"control in a bar code", escpos.Barcode{Data: "a\x1b"}, escpos.ErrNotASCII},
		{"letter in a bar code", escpos.Barcode{Data: "ñ"}, escpos.ErrNotASCII},
		{"amount wider than the paper", escpos.Pair("a", strings.Repeat("9", 43)), escpos.ErrTooWide},
		{"bar code wider than the paper", escpos.Barcode{Data: strings.Repeat("A", 40)}, escpos.ErrTooWide},
		{"QR code wider than the paper", escpos.QR{Text: strings.Repeat("a", 900), Module: 16}, escpos.ErrTooWide},
		{"picture wider than the paper", escpos.Image{Bitmap: bitmap}, escpos.ErrTooWide},
		{"no picture", escpos.Image{}, escpos.ErrEmpty},
		{"empty QR code", escpos.QR{}, escpos.ErrEmpty},
		{"QR code too long", escpos.QR{Text: strings.Repeat("a", escpos.MaxQRBytes+1)}, escpos.ErrTooLong},
		{"text too long", escpos.Text{S: strings.Repeat("a", escpos.MaxTextBytes+1)}, escpos.ErrTooLong},
		{"feed of nothing", escpos.Feed{}, escpos.ErrRange},
		{"row without cells", escpos.Row{}, escpos.ErrRange},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := new(escpos.Doc).Add(escpos.Text{S: "fine"}, c.item)
			_, err := escpos.Encode(d, named(t, "TM-T88VI"))
			var item *escpos.ItemError
			if !errors.Is(err, c.want) || !errors.As(err, &item) || item.Index != 1 {
				t.Errorf("got %v, want item 1: %v", err, c.want)
			}
		})
	}
}

func TestLatinLettersAreNeverSilentlyWrong(t *testing.T) {
	for in, want := range map[string]string{
		"Ángel Peña ¿qué?":        "Ángel Peña ¿qué?",
		"e\u0301":                 "é",                   // composed
		"Őrség, Łódź, Dvořák":     "Őrség, Łódź, Dvořák", // drawn: no letter of a name is changed
		"Nguyễn Thị Đặng":         "Nguyễn Thị Đặng",
		"“quoted” – it’s…":        "“quoted” – it’s…",
		"5\u00a0€":                "5 €",
		"北京":                      "北京",
		"北京 → “5 €”":              "北京 → “5 €”", // drawn with all its signs
		"→ “5 €”":                 "-> “5 €”",
		"a\u202eb\u200dc\u00add":  "abcd", // marks without shape
		"ﬁne ① ½":                 "fine 1 ½",
		"Привет":                  "Привет",
		"Straße İstanbul ığdır Ș": "Straße İstanbul ığdır Ș",
	} {
		got := escpos.PlainText(new(escpos.Doc).Add(escpos.Text{S: in}), 80)
		if got != want+"\n" {
			t.Errorf("%q came out as %q, want %q", in, got, want)
		}
	}
	got := escpos.Unprintable("Ana 北京 ő? 5→6 \U00020000ة\U00020000\u200d", named(t, "TM-T88VI"))
	if string(got) != "\U00020000ة" {
		t.Errorf("unprintable: %q", string(got))
	}
}

// anyItem draws items as a program would make them, with any text.
func anyItem(bitmap *escpos.Bitmap) *rapid.Generator[escpos.Item] {
	return rapid.Custom(func(t *rapid.T) escpos.Item {
		word := rapid.StringOfN(rapid.RuneFrom(nil, unicode.Latin, unicode.Digit, unicode.Punct, unicode.Zs), 1, 60, -1)
		style := escpos.Style{
			Bold: rapid.Bool().Draw(t, "bold"), Wide: rapid.Bool().Draw(t, "wide"), Tall: rapid.Bool().Draw(t, "tall"),
			Reverse: rapid.Bool().Draw(t, "reverse"), Align: escpos.Align(rapid.IntRange(0, 2).Draw(t, "align")),
		}
		switch rapid.IntRange(0, 9).Draw(t, "kind") {
		case 0:
			money := rapid.StringMatching(`\$[0-9]{1,7}\.[0-9]{2}`).Draw(t, "money")
			return escpos.Row{Cells: []escpos.Cell{{S: word.Draw(t, "label")}, {S: money, Align: escpos.Right}}, Style: style}
		case 1:
			return escpos.Rule{Heavy: style.Bold}
		case 2:
			return escpos.Feed{Lines: rapid.IntRange(1, 255).Draw(t, "lines")}
		case 3:
			return escpos.QR{Text: rapid.StringMatching(`[ -~]{1,160}`).Draw(t, "qr"), Module: rapid.IntRange(1, 4).Draw(t, "module")}
		case 4:
			return escpos.Barcode{Data: rapid.StringMatching(`[ -~]{0,3}[0-9]{1,10}`).Draw(t, "bars")}
		case 5:
			return escpos.Image{Bitmap: bitmap, Align: style.Align}
		case 6:
			return escpos.Cut{}
		case 7:
			return escpos.EndMark{Number: rapid.StringMatching(`[A-Z0-9-]{1,20}`).Draw(t, "number")}
		}
		return escpos.Text{S: word.Draw(t, "text"), Style: style}
	})
}

// Whatever a program puts into a document: no real-time command is in the bytes, every command is known,
// and every segment ends where a command ends.
func TestEveryDocumentIsSafeToSend(t *testing.T) {
	bitmap := drop(t)
	rapid.Check(t, func(t *rapid.T) {
		prof := rapid.SampledFrom(escpos.Profiles()).Draw(t, "profile")
		d := &escpos.Doc{Items: rapid.SliceOfN(anyItem(bitmap), 0, 12).Draw(t, "items")}
		segs, err := escpos.Encode(d, prof)
		if err != nil {
			t.Fatal(err)
		}
		var tk escpos.Tokenizer
		var all []byte
		for i, s := range segs {
			all = append(all, s.Data...)
			tk.Push(s.Data, func(tok escpos.Token) {
				if tok.Kind == escpos.TokenUnknown {
					t.Fatalf("segment %d holds an unknown command %s", i, tok.Name)
				}
			})
			if tk.Pending() {
				t.Fatalf("segment %d ends inside a command", i)
			}
			if len(s.Data) > prof.BufferBytes/2 {
				t.Fatalf("segment %d has %d bytes: two do not fit in the buffer", i, len(s.Data))
			}
		}
		noRealtime(t, all)
	})
}

func noRealtime(t fataler, b []byte) {
	for i := 1; i < len(b); i++ {
		if b[i-1] == 0x10 && (b[i] == 0x04 || b[i] == 0x05 || b[i] == 0x14) {
			t.Fatalf("a real-time command at byte %d", i-1)
		}
	}
}

// A picture made to hold the bytes that open the drawer does not hold them when sent or kept.
func TestPicturesHoldNoRealtimeCommand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytesOf := rapid.SliceOfN(rapid.SampledFrom([]byte{0x10, 0x04, 0x05, 0x14, 0x01, 0x00}), 40, 400).Draw(t, "dots")
		w := rapid.IntRange(1, 8).Draw(t, "stride")
		h := len(bytesOf) / w
		img := image.NewGray(image.Rect(0, 0, w*8, h))
		for i, b := range bytesOf[:w*h] {
			for bit := range 8 {
				if b&(0x80>>bit) == 0 {
					img.SetGray(i%w*8+bit, i/w, color.Gray{Y: 255})
				}
			}
		}
		bitmap, err := escpos.NewBitmap(img, escpos.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		define, err := escpos.DefineLogo(escpos.LogoKey{'A', 'B'}, bitmap)
		if err != nil {
			t.Fatal(err)
		}
		noRealtime(t, define)
		segs, err := escpos.Encode(new(escpos.Doc).Add(escpos.Image{Bitmap: bitmap}), named(t, "TM-T88VI"))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range segs {
			noRealtime(t, s.Data)
		}
	})
}

// A length that would spell a command in the header of a kept logo is avoided: 11 + 1029 bytes is 0410h.
func TestLengthOfKeptLogoSpellsNoCommand(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 56, 147))
	bitmap, err := escpos.NewBitmap(img, escpos.Threshold)
	if err != nil {
		t.Fatal(err)
	}
	define, err := escpos.DefineLogo(escpos.LogoKey{'A', 'B'}, bitmap)
	if err != nil {
		t.Fatal(err)
	}
	noRealtime(t, define)
	if got := names(string(define)); got != fmt.Sprintf("GS ( L/%d ", len(define)) {
		t.Errorf("it is read as %s", got)
	}
}

// Amounts stand whole on the paper and no line is wider than it, however long the labels are.
func TestMoneyIsNeverCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(16, 64).Draw(t, "columns")
		label := rapid.StringOfN(rapid.RuneFrom([]rune("abc déñ ")), 0, 200, -1).Draw(t, "label")
		money := rapid.StringMatching(`\$[0-9]{1,10}\.[0-9]{2}`).Draw(t, "money")
		qty := rapid.StringMatching(`[0-9]{0,3}`).Draw(t, "quantity")
		wide := rapid.Bool().Draw(t, "wide") && columns >= 32
		d := new(escpos.Doc).Add(escpos.Row{
			Cells: []escpos.Cell{{S: qty, Align: escpos.Right, Width: 3}, {S: label}, {S: money, Align: escpos.Right}},
			Style: escpos.Style{Wide: wide},
		})
		text := escpos.PlainText(d, columns)
		if wide {
			columns /= 2
		}
		if !strings.Contains(text, money) {
			t.Fatalf("%s is not whole in\n%s", money, text)
		}
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > columns {
				t.Fatalf("a line of %d characters on %d columns:\n%s", n, columns, text)
			}
		}
		letters := func(s string) string { return strings.Join(strings.Fields(s), "") }
		for _, w := range strings.Fields(label) {
			if len(w) < 4 && !strings.Contains(text, w) {
				t.Fatalf("%q is missing in\n%s", w, text)
			}
		}
		if len(letters(text)) != len(letters(label+money+qty)) {
			t.Fatalf("something is lost or doubled in\n%s", text)
		}
	})
}
