package escpos_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/drivers/escpos"
)

// tokens reads a stream given in pieces and writes each token as a line.
func tokens(pieces ...[]byte) []string {
	var t escpos.Tokenizer
	var out []string
	emit := func(tok escpos.Token) {
		out = append(out, fmt.Sprintf("%d %s % x lost %d", tok.Kind, tok.Name, tok.Data, tok.Lost))
	}
	for _, p := range pieces {
		t.Push(p, emit)
	}
	t.Flush(emit)
	return out
}

func names(stream string) string {
	var t escpos.Tokenizer
	var b bytes.Buffer
	emit := func(tok escpos.Token) {
		switch {
		case tok.Kind == escpos.TokenText:
			fmt.Fprintf(&b, "%q ", tok.Data)
		case tok.Kind == escpos.TokenUnknown:
			fmt.Fprintf(&b, "?%s ", tok.Name)
		default:
			fmt.Fprintf(&b, "%s/%d ", tok.Name, len(tok.Data))
		}
	}
	t.Push([]byte(stream), emit)
	t.Flush(emit)
	return b.String()
}

// Every rule of length, with a text behind it that must come out as text.
func TestCommandsEndWhereTheReferenceSays(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"hello\nworld", `"hello" LF/1 "world" `},
		{"\x1b@A", `ESC @/2 "A" `},
		{"\x1b!\x30A", `ESC !/3 "A" `},
		{"\x1b$\x01\x02A", `ESC $/4 "A" `},
		{"\x1bp\x00\x3c\xf0A", `ESC p/5 "A" `},
		{"\x1bW12345678A", `ESC W/10 "A" `},
		{"\x1bc5\x01A", `ESC c/4 "A" `},
		{"\x1bD\x08\x10\x00A", `ESC D/5 "A" `},
		{"\x1bD\x08\x10\x10A", `ESC D/4 DLE/1 "A" `},
		{"\x1bD\x08\x07\x1b@A", `ESC D/3 BEL/1 ESC @/2 "A" `},
		{"\x1b*\x00\x03\x00abcA", `ESC */8 "A" `},
		{"\x1b*\x21\x02\x00abcdefA", `ESC */11 "A" `},
		{"\x1b&\x03AB\x01abc\x02abcdefA", `ESC &/16 "A" `},
		{"\x1b&\x03BAA", `ESC &/5 "A" `},
		{"\x1b(A\x02\x00abA", `ESC ( A/7 "A" `},
		{"\x1dV\x00A", `GS V/3 "A" `},
		{"\x1dV1A", `GS V/3 "A" `},
		{"\x1dVB\x00A", `GS V/4 "A" `},
		{"\x1dVa\x05A", `GS V/4 "A" `},
		{"\x1dk\x04ABC\x00A", `GS k/7 "A" `},
		{"\x1dkI\x05{BABCA", `GS k/9 "A" `},
		{"\x1dv0\x00\x02\x00\x03\x00abcdefA", `GS v/14 "A" `},
		{"\x1dQ0\x00\x02\x00\x03\x00abcdefA", `GS Q/14 "A" `},
		{"\x1d*\x01\x01abcdefghA", `GS */12 "A" `},
		{"\x1d(L\x02\x0002A", `GS ( L/7 "A" `},
		{"\x1d8L\x02\x00\x00\x0002A", `GS 8 L/9 "A" `},
		{"\x1dC0\x01\x02A", `GS C/5 "A" `},
		{"\x1dC1\x01\x02\x03\x04\x05\x06A", `GS C/9 "A" `},
		{"\x1dC;1;9;1;1;2;A", `GS C/13 "A" `},
		{"\x1dD00CAA01BM\x0a\x00\x00\x00abcdA", `GS D/19 "A" `},
		{"\x1dg0\x00\x01\x02A", `GS g/6 "A" `},
		{"\x1d^\x01\x02\x03A", `GS ^/5 "A" `},
		{"\x1cp\x01\x00A", `FS p/4 "A" `},
		{"\x1cq\x01\x01\x00\x01\x00abcdefghA", `FS q/15 "A" `},
		{"\x1cq\x02\x01\x00\x01\x00abcdefgh\x01\x00\x01\x00abcdefghA", `FS q/27 "A" `},
		{"\x1cg1\x00abcd\x02\x00xyA", `FS g/12 "A" `},
		{"\x1cg2\x00abcd\x02\x00A", `FS g/10 "A" `},
		{"\x1ca0\x00A", `FS a/4 "A" `},
		{"\x1ca1A", `FS a/3 "A" `},
		{"\x1c.A", `FS ./2 "A" `},
		{"\x10\x04\x01A", `DLE EOT/3 "A" `},
		{"\x10\x04\x08\x03A", `DLE EOT/4 "A" `},
		{"\x10\x05\x02A", `DLE ENQ/3 "A" `},
		{"\x10\x14\x01\x00\x02A", `DLE DC4/5 "A" `},
		{"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08A", `DLE DC4/10 "A" `},
		{"\x10A", `DLE/1 "A" `},
		{"\x10\x10\x04\x01A", `DLE/1 DLE EOT/3 "A" `},
		{"\x1f$\x01\x02A", `US $/4 "A" `},
		{"\x0c\x18\x0bA", `FF/1 CAN/1 VT/1 "A" `},
		{"\x1f#\x01\x02A", `US #/4 "A" `},
		{"\x1fBA", `US B/2 "A" `},
		{"\x1fUA", `US U/2 "A" `},
		{"\x1b=\x02\x1bW\x01\x01\x01\x01\x14\x02A\x1bW\x01\x00B\x1b=\x01\x1bW12345678C", `ESC =/3 ESC W/8 "A" ESC W/4 "B" ESC =/3 ESC W/10 "C" `},
		{"\x1d&\x01\x02A", `GS &/4 "A" `},
		{"\x1d<A", `GS </2 "A" `},
		{"\x1cLA", `FS L/2 "A" `},
		{"\x1c(A\x02\x0002\x1c2\x21\x21" + strings.Repeat("x", 32) + "A", `FS ( A/7 FS 2/36 "A" `},
		{"\x1c2\x21\x21" + strings.Repeat("x", 72) + "A", `FS 2/76 "A" `},
		{"\x1dka\x05\x02\x03\x00abcA", `GS k/10 "A" `},
		{"\x1bZ\x05\x02\x03\x03\x00abcA", `ESC Z/10 "A" `},
		{"\x1b\x1da\x01A", `ESC GS a/4 "A" `},
		{"\x1b\x1dA\x01\x02A", `ESC GS A/5 "A" `},
		{"\x1b\x1dyS0\x02A", `ESC GS y/6 "A" `},
		{"\x1b\x1dyD1\x00\x03\x00abc\x1b\x1dyPA", `ESC GS y/11 ESC GS y/4 "A" `},
		{"\x1b\x1dxS0\x00\x01\x02\x1b\x1dxS1\x03\x1b\x1dxD\x02\x00abA", `ESC GS x/8 ESC GS x/6 ESC GS x/8 "A" `},
		{"\x1b\x1dS\x01\x01\x00\x02\x00\x00abA", `ESC GS S/11 "A" `},
		{"\x1b\x1eF\x01A", `ESC RS/4 "A" `},
		{"\x1b\x07\x0b\x37A", `ESC BEL/4 "A" `},
		{"\x1b\x1b@A", `?ESC alone ESC @/2 "A" `},
		{"\x1d\nA", `?GS alone LF/1 "A" `},
		{"\x1b\xffA", `?ESC FFh "A" `},
		{"\x1d\x00A", `?GS NUL "A" `},
	} {
		if got := names(c.in); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

// Receipts other software wrote hold no command the grammar does not know, wherever they are split.
func TestForeignReceiptsHoldNoUnknownCommand(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/cases/escpos/*.bin")
	if len(files) == 0 {
		t.Skip("../shared is absent")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var tk escpos.Tokenizer
		kinds := map[string]int{}
		count := func(tok escpos.Token) {
			kinds[tok.Name]++
			if tok.Kind == escpos.TokenUnknown {
				t.Errorf("%s: unknown command %s", filepath.Base(f), tok.Name)
			}
		}
		tk.Push(data, count)
		tk.Flush(count)
		if tk.Pending() {
			t.Errorf("%s ends inside a command", filepath.Base(f))
		}
		t.Logf("%s: %v", filepath.Base(f), kinds)
	}
}
