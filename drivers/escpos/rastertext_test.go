package escpos_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

// wide counts the columns of a line by the standard, without the code that is tested.
func wide(s string) int {
	n := 0
	for _, r := range s {
		switch k := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// Lines break where readers of the language expect it, and always go on.
func TestWhereLinesBreak(t *testing.T) {
	cell := func(n int) func(string) escpos.Item {
		return func(s string) escpos.Item {
			return escpos.Row{Cells: []escpos.Cell{{S: s, Width: n}, {S: "|"}}}
		}
	}
	text := func(s string) escpos.Item { return escpos.Text{S: s} }
	double := func(s string) escpos.Item { return escpos.Text{S: s, Style: escpos.Style{Wide: true}} }
	for _, c := range []struct {
		name string
		item func(string) escpos.Item
		s    string
		want []string
	}{
		{"Chinese anywhere", text, "水表在院子里请先关好大门", []string{"水表在院子里请先", "关好大门"}},
		{"a wide one does not fit the last column", text, "a水表在院子里请先关好大门", []string{"a水表在院子里请", "先关好大门"}},
		{"no full stop at the start", text, "水表在院子里请先。关好", []string{"水表在院子里请", "先。关好"}},
		{"no bracket at the end", text, "水表在院子里请（关好）", []string{"水表在院子里请", "（关好）"}},
		{"beside a Latin word", text, "请看水表说明 metermanual", []string{"请看水表说明", "metermanual"}},
		{"a Latin word stays whole", text, "水表在院子metermanual", []string{"水表在院子", "metermanual"}},
		{"Korean at spaces", text, "번호가 불릴 때까지 기다려", []string{"번호가 불릴", "때까지 기다려"}},
		{"a Korean word too long", text, "기다려주십시오기다려", []string{"기다려주십시오기", "다려"}},
		{"Vietnamese at spaces", text, "Vui lòng chờ đến khi số", []string{"Vui lòng chờ đến", "khi số"}},
		{"marks stay with their letter", text, "xxxxxxxxxxxxxxxq\u0323\u030cq\u0323", []string{"xxxxxxxxxxxxxxxq\u0323\u030c", "q\u0323"}},
		{"a style of double width", double, "水表在院子", []string{"水表在院", "子"}},
		{"a cell of one column", cell(1), "水表", []string{"水 |", "表"}},
		{"a cell of two columns", cell(2), "水x表", []string{"水 |", "x", "表"}},
		{"a cell of three columns", cell(3), "水x表", []string{"水x |", "表"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := escpos.PlainText(new(escpos.Doc).Add(c.item(c.s)), 16)
			if got != strings.Join(c.want, "\n")+"\n" {
				t.Errorf("%q became\n%swant\n%s", c.s, got, strings.Join(c.want, "\n"))
			}
		})
	}
}

// Columns stay columns: what is right is at the right edge of the paper, in text and in pictures.
func TestWideCharactersInRows(t *testing.T) {
	d := new(escpos.Doc).Add(
		escpos.Pair("账户 Account", "10元"),
		escpos.Row{Cells: []escpos.Cell{{S: "김민준", Width: 8}, {S: "水表在院子里"}, {S: "1", Align: escpos.Right}}},
		escpos.EndMark{Number: "北-1"},
		escpos.Text{S: "北京", Style: escpos.Style{Align: escpos.Right}},
	)
	const want = "账户 Account                10元\n김민준   水表在院子里          1\n            END 北-1\n                            北京\n"
	if got := escpos.PlainText(d, 32); got != want {
		t.Errorf("it reads\n%swant\n%s", got, want)
	}
}

// strip is the header of a raster and its dots.
type strip struct{ stride, rows int }

// strips reads the rasters of a stream, and what else is in it by name.
func rasters(t fataler, stream string) (strips []strip, others []string) {
	var tk escpos.Tokenizer
	tk.Push([]byte(stream), func(tok escpos.Token) {
		if tok.Name == "GS v" {
			d := tok.Data
			strips = append(strips, strip{int(d[4]) | int(d[5])<<8, int(d[6]) | int(d[7])<<8})
			return
		}
		others = append(others, strings.TrimSpace(tok.Name+" "+strings.Trim(string(tok.Data), "\n")))
	})
	if tk.Pending() {
		t.Fatalf("the stream ends within a command")
	}
	return strips, others
}

// A drawn line is as wide as its text and placed by the printer; lines beside it are text as ever.
func TestADrawnLineAmongOthers(t *testing.T) {
	stream := encoded(t, named(t, "TM-T88VI"),
		escpos.Text{S: "Peña", Style: escpos.Style{Bold: true, Align: escpos.Center}},
		escpos.Text{S: "北京 5", Style: escpos.Style{Bold: true, Underline: true, Align: escpos.Center}},
		escpos.Text{S: "Peña", Style: escpos.Style{Bold: true, Align: escpos.Right}},
		escpos.Text{S: "请看水表说明 and this is a line of English that follows it", Style: escpos.Style{Align: escpos.Right}},
	)
	strips, others := rasters(t, stream)
	want := []strip{{9, 24}, {9, 8}, {42 * 12 / 8, 24}, {42 * 12 / 8, 8}}
	for i := range want { // 12 + 1 + 28 characters, of which six are wide, and the space at which it breaks is gone
		if i >= len(strips) || i < 2 && strips[i] != want[i] || i >= 2 && strips[i].rows != want[i].rows {
			t.Errorf("pictures %v, want %v", strips, want)
			break
		}
	}
	lines := strings.Join(others, "|")
	for _, s := range []string{"Pe\xa4a", "that follows it"} {
		if !strings.Contains(lines, s) {
			t.Errorf("%q is not text: %q", s, lines)
		}
	}
	if strings.Contains(lines, "ESC -") {
		t.Errorf("the underline that is drawn was also switched on: %q", lines)
	}
}

// The dots of a drawn line are those its style asks for.
func TestLooksOfADrawnLine(t *testing.T) {
	dots := func(b *escpos.Bitmap) (n int) {
		for y := range b.Height() {
			for x := range b.Width() {
				if b.Black(x, y) {
					n++
				}
			}
		}
		return n
	}
	const s = "北 ậ"
	plain := escpos.DrawLine(s, escpos.Style{})
	if plain.Width() != 4*12 || plain.Height() != 32 || dots(plain) == 0 {
		t.Fatalf("%q is %d×%d with %d dots", s, plain.Width(), plain.Height(), dots(plain))
	}
	if b := escpos.DrawLine("", escpos.Style{Underline: true}); b != nil {
		t.Errorf("nothing is drawn %d dots wide", b.Width())
	}
	reverse := escpos.DrawLine(s, escpos.Style{Reverse: true})
	if got, all := dots(reverse)+dots(plain), plain.Width()*plain.Height(); got < all || got > all+8 {
		t.Errorf("plain and reverse have %d dots of %d", got, all) // screening may add a few
	}
	bold := escpos.DrawLine(s, escpos.Style{Bold: true})
	for y := range plain.Height() {
		for x := range plain.Width() {
			if plain.Black(x, y) && (!bold.Black(x, y) || x+1 < bold.Width() && !bold.Black(x+1, y)) {
				t.Fatalf("bold lacks the dot at %d, %d", x, y)
			}
		}
	}
	under := escpos.DrawLine(s, escpos.Style{Underline: true})
	for x := range under.Width() {
		if !under.Black(x, 31) || plain.Black(x, 31) {
			t.Fatalf("the underline is not at %d", x)
		}
	}
	for _, c := range []struct {
		st           escpos.Style
		across, down int
	}{{escpos.Style{Wide: true}, 2, 1}, {escpos.Style{Tall: true}, 1, 2}, {escpos.Style{Wide: true, Tall: true}, 2, 2}} {
		b := escpos.DrawLine(s, c.st)
		if b.Width() != plain.Width()*c.across || b.Height() != plain.Height()*c.down {
			t.Errorf("%+v is %d×%d", c.st, b.Width(), b.Height())
		}
	}
	if box := escpos.DrawLine("\U00020000", escpos.Style{}); box.Width() != 24 || !box.Black(8, 4) || box.Black(10, 12) {
		t.Error("a character the font lacks is not a box")
	}
	if lone := escpos.DrawLine("\u030c", escpos.Style{}); lone.Width() != 12 || dots(lone) == 0 {
		t.Error("a mark without a letter is not drawn")
	}
	if mark := escpos.DrawLine("x\u030c", escpos.Style{}); mark.Width() != 12 || dots(mark) <= dots(escpos.DrawLine("x", escpos.Style{})) {
		t.Error("a mark does not stand on its letter")
	}
}

// anyText draws texts of every writing, with what nobody should write in between.
func anyText() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.OneOf(
		rapid.RuneFrom(nil, unicode.Latin, unicode.Digit, unicode.Punct, unicode.Zs, unicode.Mn),
		rapid.RuneFrom(nil, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Cyrillic, unicode.Arabic),
		rapid.RuneFrom([]rune(" 。，（）번호é")),
		rapid.Rune(),
	), 0, 80, -1)
}

// Any text in UTF-8 is printed, or refused for a reason a person can do something about; what is printed
// is of bounded size, holds no real-time command and no unknown one, and its time is accounted for.
func TestAnyTextIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prof := rapid.SampledFrom(escpos.Profiles()).Draw(t, "profile")
		st := escpos.Style{
			Bold: rapid.Bool().Draw(t, "bold"), Underline: rapid.Bool().Draw(t, "underline"), Reverse: rapid.Bool().Draw(t, "reverse"),
			Wide: rapid.Bool().Draw(t, "wide"), Tall: rapid.Bool().Draw(t, "tall"), Align: escpos.Align(rapid.IntRange(0, 2).Draw(t, "align")),
		}
		s, cell := anyText().Draw(t, "text"), anyText().Draw(t, "cell")
		d := new(escpos.Doc).Add(escpos.Text{S: s, Style: st}, escpos.Row{Cells: []escpos.Cell{
			{S: cell, Width: rapid.IntRange(0, 20).Draw(t, "width")}, {S: s}, {S: cell[:min(len(cell), 4)], Align: escpos.Right},
		}, Style: st})
		segs, err := escpos.Encode(d, prof)
		if err != nil {
			if !errors.Is(err, escpos.ErrControl) && !errors.Is(err, escpos.ErrTooWide) {
				t.Fatal(err)
			}
			if errors.Is(err, escpos.ErrControl) && !strings.ContainsFunc(s+cell, unicode.IsControl) {
				t.Fatalf("refused, and there is no control character: %v", err)
			}
			return
		}
		var tk escpos.Tokenizer
		var all []byte
		rows, lines := 0, 0
		for i, seg := range segs {
			all = append(all, seg.Data...)
			lines += seg.Lines
			if len(seg.Data) > prof.BufferBytes/2 {
				t.Fatalf("segment %d has %d bytes: two do not fit in the buffer", i, len(seg.Data))
			}
			tk.Push(seg.Data, func(tok escpos.Token) {
				if tok.Kind == escpos.TokenUnknown {
					t.Fatalf("segment %d holds an unknown command %s", i, tok.Name)
				}
				if tok.Name == "GS v" {
					rows += int(tok.Data[6])
					if dots := 8 * (int(tok.Data[4]) | int(tok.Data[5])<<8); dots >= prof.Dots+8 {
						t.Fatalf("a line of %d dots on paper of %d", dots, prof.Dots)
					}
				}
			})
			if tk.Pending() {
				t.Fatalf("segment %d ends inside a command", i)
			}
		}
		noRealtime(t, all)
		// Two hundred bytes draw a column at double size, and no character takes more than its line.
		if most := 4096 + 5000*(utf8.RuneCountInString(s)*2+utf8.RuneCountInString(cell)*2+4); len(all) > most {
			t.Fatalf("%d bytes for %d of text", len(all), len(s)+len(cell))
		}
		if 30*lines < rows {
			t.Fatalf("%d rows of dots are taken for %d lines", rows, lines)
		}
	})
}

// No line of the preview is wider than the paper, and no letter is lost.
func TestNoLineIsWiderThanThePaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Filter(func(s string) bool { return !strings.ContainsFunc(s, unicode.IsControl) }).Draw(t, "text")
		n := rapid.IntRange(16, 64).Draw(t, "columns")
		got := escpos.PlainText(new(escpos.Doc).Add(escpos.Text{S: s}), n)
		for line := range strings.Lines(got) {
			if w := wide(strings.TrimSuffix(line, "\n")); w > n {
				t.Fatalf("a line of %d columns on %d: %q", w, n, line)
			}
		}
		composed := norm.NFC.String(s)
		for _, r := range composed {
			if unicode.In(r, unicode.Han, unicode.Hangul, unicode.Cyrillic) && strings.Count(composed, string(r)) > strings.Count(got, string(r)) {
				t.Fatalf("%q is missing in %q", r, got)
			}
		}
	})
}

// The six-language slip: what a ticket costs to encode when most of it is drawn.
func BenchmarkEncodeDrawnLines(b *testing.B) {
	prof := named(b, "TM-T88VI")
	d := new(escpos.Doc).Add(
		escpos.Text{S: "请等候叫到您的号码。", Style: escpos.Style{Align: escpos.Center}},
		escpos.Text{S: "Vui lòng chờ đến khi số của quý vị được.", Style: escpos.Style{Align: escpos.Center}},
		escpos.Text{S: "번호가 불릴 때까지 기다려 주십시오.", Style: escpos.Style{Align: escpos.Center}},
	)
	size := 0
	for b.Loop() {
		segs, err := escpos.Encode(d, prof)
		if err != nil {
			b.Fatal(err)
		}
		size = 0
		for _, s := range segs {
			size += len(s.Data)
		}
	}
	b.ReportMetric(float64(size)/3, "bytes/line")
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N)/3, "us/line")
}
