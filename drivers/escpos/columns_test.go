package escpos_test

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

// bitmapOf makes a bitmap of lines in which # is a black dot.
func bitmapOf(t fataler, lines ...string) *escpos.Bitmap {
	img := image.NewGray(image.Rect(0, 0, len(lines[0]), len(lines)))
	for y, line := range lines {
		for x, c := range line {
			if c != '#' {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	b, err := escpos.NewBitmap(img, escpos.Threshold)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return b
}

func TestPicturesByColumns(t *testing.T) {
	tall := append([]string{"#.", "##"}, strings.Split(strings.Repeat("..\n", 23)+".#", "\n")...) // 26 rows
	for _, c := range []struct {
		name, profile string
		rows          []string
		want          string
	}{
		{"24 dots a strip", "generic-80-columns", tall,
			"\x1b3\x18\x1b*\x21\x02\x00\xc0\x00\x00\x40\x00\x00\n\x1b*\x21\x02\x00\x00\x00\x00\x40\x00\x00\n\x1b2"},
		{"8 dots a strip, at half the size", "TM-U220", []string{"####..", "####..", "......", "....##"},
			"\x1b3\x10\x1b*\x00\x03\x00\x80\x80\x40\n\x1b2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := encoded(t, named(t, c.profile), escpos.Image{Bitmap: bitmapOf(t, c.rows...)})
			if got != c.want {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

// Printers with pins get their style in one byte, and no white on black.
func TestStyleOfPrintersWithPins(t *testing.T) {
	got := encoded(t, named(t, "TM-U220"),
		escpos.Text{S: "a", Style: escpos.Style{Bold: true, Wide: true, Reverse: true}},
		escpos.Text{S: "b", Style: escpos.Style{Bold: true, Wide: true}},
		escpos.Text{S: "c", Style: escpos.Style{Tall: true, Underline: true, Align: escpos.Center}},
		escpos.Text{S: "d"})
	if want := "\x1b!\x28a\nb\n\x1ba\x01\x1b!\x90c\n\x1ba\x00\x1b!\x00d\n"; got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

// However a picture is sent, its bytes command nothing. Turning rows into columns makes new ones, so
// those are looked at too.
func TestColumnsHoldNoRealtimeCommand(t *testing.T) {
	sizes := rapid.IntRange(1, 40)
	rapid.Check(t, func(t *rapid.T) {
		w, h := sizes.Draw(t, "width"), sizes.Draw(t, "height")
		columns := rapid.SliceOfN(rapid.SampledFrom([]byte{0x10, 0x04, 0x05, 0x14, 0x00}), w*((h+7)/8), w*((h+7)/8)).Draw(t, "columns")
		img := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				if columns[y/8*w+x]&(0x80>>(y%8)) == 0 {
					img.SetGray(x, y, color.Gray{Y: 255})
				}
			}
		}
		b, err := escpos.NewBitmap(img, escpos.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		p := named(t, rapid.SampledFrom([]string{"generic-80-columns", "TM-U220", "TM-T88VI"}).Draw(t, "profile"))
		segs, err := escpos.Encode(new(escpos.Doc).Add(escpos.Image{Bitmap: b}), p)
		if err != nil {
			t.Fatal(err)
		}
		var all []byte
		for _, s := range segs {
			all = append(all, s.Data...)
		}
		noRealtime(t, all)
	})
}
