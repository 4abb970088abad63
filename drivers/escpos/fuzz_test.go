package escpos_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gatehouse/drivers/escpos"
)

// Any bytes, split at any point, give the same tokens, and no byte is lost or invented.
func FuzzTokenizer(f *testing.F) {
	for _, s := range []string{
		"hello\x1b@\x1dv0\x00\x01\x00\x02\x00ab\n", "\x1bD\x08\x07A", "\x1b&\x03AB\x01abc\x00", "\x1cq\x01\x01\x00\x01\x00abcdefgh",
		"\x10\x04\x01\x10\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", "\x1d(L\x06\x000EGH\x01\x01", "\x1dkI\x04{BAB", "\x1dk\x04AB\x00",
		"\x1d8L\xff\xff\xff\xff", "\x1dC;1;2;", "\x1dD00CAA01BM\x0a\x00\x00\x00abcd",
	} {
		f.Add([]byte(s))
	}
	files, _ := filepath.Glob("../../../shared/cases/escpos/*.bin") // absent: the seeds above remain
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data[:min(len(data), 300)])
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		in = in[:min(len(in), 400)]
		whole := tokens(in)
		for i := range in {
			if split := tokens(in[:i], in[i:]); !slices.Equal(split, whole) {
				t.Fatalf("split at %d:\n%q\n%q", i, split, whole)
			}
		}
		single := make([][]byte, len(in))
		for i := range in {
			single[i] = in[i : i+1]
		}
		if split := tokens(single...); !slices.Equal(split, whole) {
			t.Fatalf("byte by byte:\n%q\n%q", split, whole)
		}
		var tk escpos.Tokenizer
		var back []byte
		keep := func(tok escpos.Token) { back = append(back, tok.Data...) }
		tk.Push(in, keep)
		tk.Flush(keep)
		if !tk.Pending() && !slices.Equal(back, in) || len(back) > len(in) {
			t.Fatalf("%q became %q", in, back)
		}
	})
}

// A command that promises four gigabytes costs one megabyte, and what follows is read as if it had been kept.
func TestOversizedCommandIsBounded(t *testing.T) {
	var tk escpos.Tokenizer
	var got []escpos.Token
	emit := func(tok escpos.Token) { tok.Data = slices.Clone(tok.Data); got = append(got, tok) }
	const rows = 60_000
	tk.Push([]byte{0x1d, 'v', '0', 0, 80, 0, rows & 0xff, rows >> 8}, emit)
	row := make([]byte, 80)
	for range rows {
		tk.Push(row, emit)
	}
	tk.Push([]byte("after\n"), emit)
	if len(got) != 3 || len(got[0].Data) != escpos.MaxTokenBytes || got[0].Lost != 8+80*rows-escpos.MaxTokenBytes {
		t.Fatalf("%d tokens, the first of %d bytes and %d lost", len(got), len(got[0].Data), got[0].Lost)
	}
	if string(got[1].Data) != "after" {
		t.Errorf("after it came %q", got[1].Data)
	}
}

func BenchmarkTokenizer(b *testing.B) {
	segs, err := escpos.Encode(receipt(escpos.Logo{Bitmap: drop(b)}), named(b, "TM-T88VI"))
	if err != nil {
		b.Fatal(err)
	}
	var all []byte
	for _, s := range segs {
		all = append(all, s.Data...)
	}
	b.SetBytes(int64(len(all)))
	var tk escpos.Tokenizer
	for b.Loop() {
		tk.Push(all, func(escpos.Token) {})
	}
}
