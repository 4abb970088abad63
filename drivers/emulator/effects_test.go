package emulator_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/drivers/emulator"
)

// stream prints bytes on a new printer, and returns what hangs in it.
func stream(t testing.TB, in string, change func(*emulator.Config)) (emulator.Piece, emulator.State) {
	t.Helper()
	p := start(t, change)
	line := plug(t, p)
	for len(in) > 0 {
		n := min(len(in), 1000)
		line.say([]byte(in[:n]))
		idle(t, p)
		in = in[n:]
	}
	return p.Unfinished(), p.State()
}

// Every kind of bar code, read back by an independent reader. Printers compute the check digit: what is
// missing is added, and what is wrong is replaced.
func TestEveryBarCodeIsReadable(t *testing.T) {
	for _, c := range []struct {
		name, in string
		read     string // by the reader, which gives UPC as EAN-13
		caption  string
	}{
		{"UPC-A without its check digit", "\x1dkA\x0b01234567890", "0012345678905", "012345678905"},
		{"UPC-A with it", "\x1dk\x00012345678905\x00", "0012345678905", "012345678905"},
		{"UPC-A with a wrong one", "\x1dkA\x0c012345678909", "0012345678905", "012345678905"},
		{"UPC-E of a UPC-A", "\x1dkB\x0b04210000526", "0042100005264", "04252614"},
		{"UPC-E of six digits", "\x1dkB\x06425261", "0042100005264", "04252614"},
		{"EAN13 without its check digit", "\x1dkC\x0c978019431531", "9780194315319", "9780194315319"},
		{"EAN13 with a wrong one", "\x1dk\x029780194315310\x00", "9780194315319", "9780194315319"},
		{"EAN8", "\x1dkD\x077351353", "73513537", "73513537"},
		{"CODE39", "\x1dkE\x08ABC-1234", "ABC-1234", "*ABC-1234*"},
		{"CODE39 with its stars", "\x1dk\x04*ABC*\x00", "ABC", "*ABC*"},
		{"ITF", "\x1dkF\x0812345678", "12345678", "12345678"},
		{"CODABAR", "\x1dkG\x0aA40156789B", "A40156789B", "A40156789B"},
		{"CODE93", "\x1dkH\x08TEST 123", "TEST 123", "TEST 123"},
		{"CODE128 in two sets", "\x1dkI\x09{BNo{C\x0c\x22\x38", "No123456", "No123456"},
		{"CODE128, set by the printer", "\x1dkO\x05No 12", "No 12", "No 12"},
		{"GS1-128", "\x1dkJ\x12(01)09501101530003", "0109501101530003", "(01)09501101530003"},
	} {
		t.Run(c.name, func(t *testing.T) {
			piece, st := stream(t, "\x1dw\x02\x1dH\x02"+c.in+"\n\n", nil)
			if st.Unknown+st.Unsupported != 0 {
				t.Fatalf("%d unknown, %d not drawn", st.Unknown, st.Unsupported)
			}
			if got := scan(t, piece); got != c.read {
				t.Errorf("read %q, want %q", got, c.read)
			}
			if text := piece.Text(); !strings.Contains(text, c.caption+"\n") {
				t.Errorf("the caption is not %q:\n%s", c.caption, text)
			}
		})
	}
}

// Data that a code cannot hold print nothing at all, as in life, and are counted.
func TestBarCodesThatAreLeftOut(t *testing.T) {
	for name, in := range map[string]string{
		"letters in EAN13": "\x1dkC\x0c97801943153x", "too few digits": "\x1dkA\x0512345", "a UPC-A that has no short form": "\x1dkB\x0b12345678901",
		"odd ITF": "\x1dkF\x03123", "CODE39 in small letters": "\x1dkE\x03abc", "GS1 DataBar": "\x1dkK\x0d0950110153000",
		"a kind nobody knows": "\x1dk\x50\x03abc",
	} {
		if piece, st := stream(t, in+"\n", nil); piece.Text() != "\n" || st.Unsupported != 1 || st.Unknown != 0 {
			t.Errorf("%s: %d not drawn, %d unknown, and on paper\n%s", name, st.Unsupported, st.Unknown, piece.Text())
		}
	}
}

// symbol is GS ( k.
func symbol(kind, fn byte, data string) string {
	n := len(data) + 2
	return string([]byte{0x1d, '(', 'k', byte(n), byte(n >> 8), kind, fn}) + data
}

func TestTwoDimensionalCodes(t *testing.T) {
	for _, level := range "0123" {
		for _, module := range []byte{3, 8} {
			in := symbol('1', 'A', "2\x00") + symbol('1', 'C', string(rune(module))) + symbol('1', 'E', string(level)) +
				symbol('1', 'P', "0level "+string(level)) + symbol('1', 'Q', "0")
			piece, _ := stream(t, in, nil)
			if got := scan(t, piece); got != "level "+string(level) {
				t.Errorf("QR of level %c, %d dots: read %q", level, module, got)
			}
		}
	}
	for kind, name := range map[byte]string{'0': "pdf417", '5': "aztec", '6': "datamatrix"} {
		piece, st := stream(t, symbol(kind, 'C', "\x03")+symbol(kind, 'P', "0Millbrook Water")+symbol(kind, 'Q', "0"), nil)
		if len(piece.Elements) != 1 || piece.Elements[0].Kind != name || piece.Elements[0].Payload != "Millbrook Water" || st.Unsupported != 0 {
			t.Errorf("%s: %d not drawn, %+v", name, st.Unsupported, piece.Elements)
		}
	}
	if piece, st := stream(t, symbol('2', 'P', "0maxi")+symbol('2', 'Q', "0"), nil); st.Unsupported != 1 || piece.Text() != "" {
		t.Errorf("MaxiCode: %d not drawn", st.Unsupported)
	}
	if _, st := stream(t, symbol('1', 'P', "0x")+symbol('1', 'Q', "0"), func(c *emulator.Config) { c.Profile = profile(t, "TM-T88III") }); st.Unsupported != 2 {
		t.Errorf("a model without QR codes left %d commands out, want 2", st.Unsupported)
	}
}

// What decides which letter a byte prints.
func TestLettersOfTwoBytesAndOfPrograms(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"GB 18030", "\x1c&\xd7\xc0A\xbc\xdb\n", "桌A价\n"},
		{"four bytes of it", "\x1c&\x81\x39\xee\x39\n", "㐀\n"},
		{"left again", "\x1c&\x1c.\x1bt\x00\x80\n", "Ç\n"},
		{"Shift JIS", "\x1c&\x1cC\x01\x93\xfa\x96\x7bA\n", "日本A\n"},
		{"JIS", "\x1c&\x1cC\x00\x46\x7c\x4b\x5c\x1c.A\n", "日本A\n"},
		{"half a letter before another command", "\x1c&\xd7\x1bE\x01A\n", "A\n"},
		{"UTF-8", "\x1c(C\x02\x0002Größe 桌 €\n", "Größe 桌 €\n"},
		{"UTF-8 left again", "\x1c(C\x02\x00021\x1c(C\x02\x0001\x80\n", "1Ç\n"},
		{"a letter of the program", "\x1b&\x03AA\x0c" + strings.Repeat("\xff", 36) + "\x1b%\x01A\x1b?AA\n", "AA\n"},
		{"nothing while a display listens", "a\x1b=\x02SHOW THIS\x1b=\x01b\n", "ab\n"},
	} {
		piece, st := stream(t, c.in, nil)
		if got := piece.Text(); got != c.want || st.Unknown+st.Unsupported != 0 {
			t.Errorf("%s: printed %q, want %q; %d unknown, %d not drawn", c.name, got, c.want, st.Unknown, st.Unsupported)
		}
	}
	piece, _ := stream(t, "\xd7\xc0\n", func(c *emulator.Config) { c.Profile.KanjiDefault = true })
	if piece.Text() != "桌\n" {
		t.Errorf("a printer for China begins with %q", piece.Text())
	}
}

func TestMacrosAndCounters(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a macro", "\x1d:ab\n\x1d:\x1d^\x02\x00\x00", "ab\nab\nab\n"},
		{"a macro outlives ESC @", "\x1d:ab\n\x1d:\x1b@\x1d^\x01\x00\x00", "ab\nab\n"},
		{"a macro within itself", "\x1d:a\n\x1d^\x05\x00\x00\x1d:\x1d^\x05\x00\x00", "a\n"},
		{"one that is too long", "\x1d:" + strings.Repeat("x\n", 1100) + "\x1d:\x1d^\x01\x00\x00", strings.Repeat("x\n", 1100)},
		{"a counter", "\x1dC0\x03\x01\x1dC1\x01\x00\x03\x00\x01\x01\x1dC2\x02\x00\x1dc \x1dc \x1dc\n", "002 003 001\n"},
		{"one that counts down", "\x1dC;9;1;4;1;9;\x1dc,\x1dc,\x1dc,\x1dc\n", "9,5,1,9\n"},
	} {
		piece, st := stream(t, c.in, nil)
		if got := piece.Text(); got != c.want || st.Unknown+st.Unsupported != 0 {
			t.Errorf("%s: printed %q, want %q; %d unknown, %d not drawn", c.name, got, c.want, st.Unknown, st.Unsupported)
		}
	}
}

// Page mode prints when the page is whole, and never half of it.
func TestPageMode(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing before its end", "\x1bLone\ntwo\n", ""},
		{"all at its end", "\x1bLone\ntwo\x0c", "one\ntwo\n"},
		{"standard mode after it", "\x1bLone\x0cafter\n", "one\nafter\n"},
		{"printed and kept", "\x1bLone\x1b\x0c\x0c", "one\none\n"},
		{"given up", "\x1bLone\n\x1bSafter\n", "after\n"},
		{"erased", "\x1bLone\n\x18two\x0c", "two\n"},
		{"areas", "\x1bL\x1bW\x00\x00\x00\x00\xc8\x00\x64\x00left\x1bW\xc8\x00\x00\x00\xc8\x00\x64\x00right\x0c", "left\nright\n"},
		{"a long line wraps in its area", "\x1bL\x1bW\x00\x00\x00\x00\x30\x00\x64\x00abcdef\x0c", "abcd\nef\n"},
		{"no cut within it", "\x1bLone\x1dVB\x00\x0c", "one\n"},
	} {
		piece, st := stream(t, c.in, nil)
		if got := piece.Text(); got != c.want || st.Unknown+st.Unsupported != 0 {
			t.Errorf("%s: printed %q, want %q; %d unknown, %d not drawn", c.name, got, c.want, st.Unknown, st.Unsupported)
		}
	}
	p := start(t, nil)
	line := plug(t, p)
	line.say([]byte("\x1bL\x1bW\x00\x00\x00\x00\x00\x02\x2c\x01page\n"))
	idle(t, p)
	p.PaperOut()
	line.say([]byte("\x0c"))
	if got := p.Unfinished().Text(); got != "" {
		t.Errorf("without paper it printed %q of a page", got)
	}
	p.LoadPaper()
	idle(t, p)
	if e := p.Unfinished().Elements; len(e) != 1 || e[0].Kind != "page" || e[0].H != 300 {
		t.Errorf("the page is %+v", e)
	}
}

// Every look a text can have, in one picture.
func TestEveryLookOfText(t *testing.T) {
	var b strings.Builder
	b.WriteString("\x1b@font A \x1bM\x01font B \x1bM\x00\x1bE\x01bold \x1bE\x00\x1b-\x01under\x1b-\x00 \x1b-\x02line\x1b-\x00 \x1dB\x01reverse\x1dB\x00\n")
	for n := range 8 {
		fmt.Fprintf(&b, "\x1d!%c%d", n<<4|n, n+1)
	}
	b.WriteString("\n\x1d!\x30wide\x1d!\x03tall\x1d!\x00\n\x1b{\x01upside down\n\x1ba\x01in the middle\n\x1ba\x00\x1b{\x00")
	b.WriteString("\x1bV\x01turned \x1bE\x01bold \x1d!\x11big\x1d!\x00\x1bE\x00\x1bV\x00\n")
	b.WriteString("a\tb\tc\n\x1bD\x04\x0a\x14\x00a\tb\tc\td\n\x1b$\x64\x00at 100\x1b\\\x32\x00and 50 on\n")
	b.WriteString("\x1dL\x40\x00\x1dW\x80\x00margin, and a narrow area\n\x1dL\x00\x00\x1dW\x00\x02\x1b \x06spaced\x1b \x00\n\x1b3\x10tight\nlines\n\x1b2")
	b.WriteString("\x1c&\xd7\xc0\xd7\xd3 \x1c!\x0c\xd7\xc0\x1c!\x80\xd7\xd3\x1c!\x00\x1c. katakana \x1bt\x01\xb1\xb2\xb3\x1bt\x00 \xc9\xcd\xbb\n")
	b.WriteString("\x1b&\x03AA\x0c")
	for x := range 12 {
		b.WriteString([]string{"\x80\x00\x01", "\xff\xff\xff"}[x%2])
	}
	b.WriteString("\x1b%\x01A\x1d!\x11A\x1d!\x00\x1dB\x01A\x1dB\x00\x1b%\x00A\n")
	for _, m := range []byte{0, 1, 32, 33} {
		b.Write([]byte{0x1b, '*', m, 24, 0})
		for x := range 24 {
			column := []byte{0xf0 | byte(x)}
			if m >= 32 {
				column = []byte{0xff, byte(x * 8), 0x0f}
			}
			b.Write(column)
		}
	}
	b.WriteString("\n")
	piece, st := stream(t, b.String(), nil)
	if st.Unknown+st.Unsupported != 0 {
		t.Errorf("%d unknown, %d not drawn", st.Unknown, st.Unsupported)
	}
	picture(t, "looks", piece)
}

// A page with text, a bar code and a QR code in each direction; the codes are read however they lie.
func TestPageInEveryDirection(t *testing.T) {
	var b strings.Builder
	b.WriteString("\x1bL\x1dh\x30\x1dw\x01")
	for turn := range 4 {
		x, y := turn%2*256, turn/2*256
		fmt.Fprintf(&b, "\x1bW%c%c%c%c\x00\x01\x00\x01\x1bT%c", x&0xff, x>>8, y&0xff, y>>8, turn)
		fmt.Fprintf(&b, "way %d\n\x1d$\x60\x00\x1dkI\x06{Bway%d\x1d$\xf0\x00\x1b$\x40\x00%s%s%s", turn, turn,
			symbol('1', 'C', "\x04"), symbol('1', 'P', fmt.Sprintf("0QR %d", turn)), symbol('1', 'Q', "0"))
	}
	b.WriteString("\x0c")
	piece, st := stream(t, b.String(), nil)
	if st.Unknown+st.Unsupported != 0 {
		t.Errorf("%d unknown, %d not drawn", st.Unknown, st.Unsupported)
	}
	read := scan(t, piece)
	for turn := range 4 {
		for _, want := range []string{fmt.Sprintf("way%d", turn), fmt.Sprintf("QR %d", turn)} {
			if !strings.Contains(read, want) {
				t.Errorf("the reader did not find %q", want)
			}
		}
	}
	picture(t, "page", piece)
}

// A program that puts a picture onto pages without end fills neither a page nor the memory.
func TestPagesAreBounded(t *testing.T) {
	picture := "\x1d*\x40\x20" + strings.Repeat("\xff", 0x40*0x20*8) // 512 by 256 dots
	page := "\x1bL" + strings.Repeat("\x1d/\x00", 300) + "\x1bW\x00\x00\x00\x00\x64\x00\x18\x00x\x0c"
	piece, st := stream(t, picture+strings.Repeat(page, 40), nil)
	dots, pages := 0, 0
	for _, e := range piece.Elements {
		pages++
		for _, area := range e.Parts {
			dots += len(area.Parts)
		}
	}
	if pages != 40 || dots == 0 || dots > 8*64+40 || st.Unknown != 0 {
		t.Errorf("%d pages with %d pictures are kept", pages, dots)
	}
}
