package escpos_test

import (
	"bytes"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

// filled is a picture of one colour.
func filled(w, h int, c color.Color) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

// onModel is the picture in another kind of colours.
func onModel(dst draw.Image, src image.Image) draw.Image {
	draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Src)
	return dst
}

// Whatever kind of image a program has, its light colours are white and its dark ones black.
func TestEveryKindOfImageBecomesTheSameDots(t *testing.T) {
	r := image.Rect(0, 0, 4, 2)
	half := filled(4, 2, color.White) // dark red at the left, light yellow at the right
	draw.Draw(half, image.Rect(0, 0, 2, 2), image.NewUniform(color.RGBA{R: 0x90, A: 0xFF}), image.Point{}, draw.Src)
	draw.Draw(half, image.Rect(2, 0, 4, 2), image.NewUniform(color.RGBA{R: 0xFF, G: 0xFF, B: 0x80, A: 0xFF}), image.Point{}, draw.Src)
	wide := filled(10, 10, color.Black)
	draw.Draw(wide, image.Rect(3, 5, 7, 7), half, image.Point{}, draw.Src)
	clear := image.NewNRGBA(r) // black, and transparent at the right
	for y := range 2 {
		clear.SetNRGBA(0, y, color.NRGBA{A: 0xFF})
		clear.SetNRGBA(1, y, color.NRGBA{A: 0xC0})
		clear.SetNRGBA(2, y, color.NRGBA{A: 0x30})
	}
	ycc := image.NewYCbCr(r, image.YCbCrSubsampleRatio444)
	for i := range ycc.Y {
		ycc.Y[i], ycc.Cb[i], ycc.Cr[i] = 0x20, 128, 128
		if i%4 >= 2 {
			ycc.Y[i] = 0xF0
		}
	}
	for name, img := range map[string]image.Image{
		"RGBA": half, "NRGBA": onModel(image.NewNRGBA(r), half), "16 bits a colour": onModel(image.NewRGBA64(r), half),
		"16 bits, not premultiplied": onModel(image.NewNRGBA64(r), half), "grey": onModel(image.NewGray(r), half),
		"grey of 16 bits": onModel(image.NewGray16(r), half), "CMYK": onModel(image.NewCMYK(r), half), "YCbCr": ycc,
		"palette":           onModel(image.NewPaletted(r, color.Palette{half.At(0, 0), half.At(2, 0)}), half),
		"a part of another": wide.SubImage(image.Rect(3, 5, 7, 7)), "a part of a grey one": onModel(image.NewGray(wide.Rect), wide).(*image.Gray).SubImage(image.Rect(3, 5, 7, 7)),
		"transparent": clear,
	} {
		b, err := escpos.NewBitmap(img, escpos.Threshold)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for y := range 2 {
			for x := range 4 {
				if b.Black(x, y) != (x < 2) {
					t.Errorf("%s: dot %d,%d is black %v", name, x, y, b.Black(x, y))
				}
			}
		}
	}
}

// A shade becomes that share of black dots, white and black stay whole, and a darker shade never has a dot
// less.
func TestDitheringKeepsTheShade(t *testing.T) {
	const side = 64
	last := side*side + 1
	for v := range 256 {
		b, err := escpos.NewBitmap(filled(side, side, color.Gray{Y: uint8(v)}), escpos.Dither)
		if err != nil {
			t.Fatal(err)
		}
		n := dots(b)
		want := float64(255-v) / 255
		if got := float64(n) / (side * side); math.Abs(got-want) > 1.0/64 || n > last || v == 0 && got != 1 || v == 255 && got != 0 {
			t.Errorf("shade %d: %.3f of the dots are black, want %.3f; the shade before had %d, this %d", v, got, want, last, n)
		}
		last = n
	}
}

func dots(b *escpos.Bitmap) (n int) {
	for y := range b.Height() {
		for x := range b.Width() {
			if b.Black(x, y) {
				n++
			}
		}
	}
	return n
}

// A picture of any size fits the paper of every printer: as wide as asked, in its own shape to a dot, and
// with no strip higher than the printer takes.
func TestPicturesFitEveryPrinter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 1500).Draw(t, "width"), rapid.IntRange(1, 900).Draw(t, "height")
		p := escpos.Picture{Image: filled(w, h, color.Gray{Y: uint8(rapid.IntRange(0, 255).Draw(t, "shade"))}),
			Percent: rapid.IntRange(0, 100).Draw(t, "percent"), Shades: rapid.SampledFrom([]escpos.Shades{escpos.Threshold, escpos.Dither}).Draw(t, "shades")}
		prof := rapid.SampledFrom(escpos.Profiles()).Draw(t, "profile")
		b, err := p.Fit(prof.Dots)
		if err != nil {
			t.Fatal(err)
		}
		want := min(w, prof.Dots)
		if p.Percent > 0 {
			want = max(1, prof.Dots*p.Percent/100)
		}
		high := float64(h) * float64(b.Width()) / float64(w)
		if b.Width() != want && b.Height() != escpos.MaxBitmapHeight || b.Width() > want || math.Abs(high-float64(b.Height())) > 1+high/float64(b.Width()) {
			t.Fatalf("%d×%d pixels at %d percent of %d dots became %d×%d", w, h, p.Percent, prof.Dots, b.Width(), b.Height())
		}
		segs, err := escpos.Encode(new(escpos.Doc).Add(p, escpos.Cut{}), prof)
		if err != nil {
			t.Fatal(err)
		}
		var tk escpos.Tokenizer
		for _, s := range segs {
			tk.Push(s.Data, func(tok escpos.Token) {
				if tok.Name == "GS v" && int(tok.Data[6])+int(tok.Data[7])<<8 > prof.MaxStripRows {
					t.Fatalf("a strip of %d rows", tok.Data[6])
				}
				if tok.Kind == escpos.TokenUnknown {
					t.Fatalf("unknown: %s", tok.Name)
				}
			})
		}
	})
}

// boundless is a picture of a size that nobody has the time to look at.
type boundless struct{ r image.Rectangle }

func (boundless) ColorModel() color.Model   { return color.GrayModel }
func (b boundless) Bounds() image.Rectangle { return b.r }
func (boundless) At(int, int) color.Color   { panic("it was looked at") }

func TestPicturesThatDoNotFitAreRefused(t *testing.T) {
	small := filled(2, 2, color.Black)
	for _, c := range []struct {
		name string
		p    escpos.Picture
		want error
	}{
		{"no picture", escpos.Picture{}, escpos.ErrEmpty},
		{"no pixels", escpos.Picture{Image: image.NewGray(image.Rect(0, 0, 0, 9))}, escpos.ErrEmpty},
		{"too wide", escpos.Picture{Image: boundless{image.Rect(0, 0, escpos.MaxPictureSide+1, 1)}}, escpos.ErrPicture},
		{"too high", escpos.Picture{Image: boundless{image.Rect(0, 0, 1, escpos.MaxPictureSide+1)}}, escpos.ErrPicture},
		{"too many pixels", escpos.Picture{Image: boundless{image.Rect(0, 0, 4096, 2049)}}, escpos.ErrPicture},
		{"as large as can be", escpos.Picture{Image: boundless{image.Rect(math.MinInt32, 0, math.MaxInt32, math.MaxInt32)}}, escpos.ErrPicture},
		{"percent", escpos.Picture{Image: small, Percent: 101}, escpos.ErrRange},
		{"less than nothing", escpos.Picture{Image: small, Percent: -1}, escpos.ErrRange},
		{"shades", escpos.Picture{Image: small, Shades: escpos.Dither + 1}, escpos.ErrRange},
	} {
		var item *escpos.ItemError
		if _, err := escpos.Encode(new(escpos.Doc).Add(c.p), named(t, "TM-T88VI")); !errors.Is(err, c.want) || !errors.As(err, &item) || item.Kind != "picture" {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	for _, width := range []int{0, -1, escpos.MaxBitmapWidth + 1} {
		if _, err := escpos.FitBitmap(small, width, escpos.Threshold); !errors.Is(err, escpos.ErrRange) {
			t.Errorf("%d dots wide: %v", width, err)
		}
	}
}

// Made smaller, a fine pattern becomes the shade it has from afar, not a chance one.
func TestMakingSmallerKeepsTheShade(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1200, 600))
	for y := range 600 {
		for x := range 1200 {
			if x%4 == 0 {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	b, err := escpos.FitBitmap(img, 300, escpos.Dither)
	if err != nil {
		t.Fatal(err)
	}
	if share := float64(dots(b)) / (300 * 150); b.Width() != 300 || b.Height() != 150 || math.Abs(share-0.75) > 0.03 {
		t.Errorf("%d×%d dots, %.3f of them black, want 0.75", b.Width(), b.Height(), share)
	}
}

// photograph is a picture with soft shades and noise, the same each time.
func photograph(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	noise := uint32(1)
	for y := range h {
		for x := range w {
			noise = noise*1664525 + 1013904223
			v := 128 + 90*math.Sin(float64(x)/37)*math.Cos(float64(y)/23) + float64(noise>>28) - 8
			img.SetRGBA(x, y, color.RGBA{R: uint8(v), G: uint8(v * 0.9), B: uint8(v * 0.8), A: 255})
		}
	}
	return img
}

// BenchmarkEncodePicture is a photograph of 200 rows over the whole width: made to fit, dithered and
// encoded; and the same when the bitmap is kept.
func BenchmarkEncodePicture(b *testing.B) {
	prof := named(b, "TM-T20III")
	photo := photograph(2*prof.Dots, 400)
	kept, err := escpos.FitBitmap(photo, prof.Dots, escpos.Dither)
	if err != nil || kept.Height() != 200 {
		b.Fatalf("%v, %d rows", err, kept.Height())
	}
	for _, c := range []struct {
		name string
		item escpos.Item
	}{
		{"Photo", escpos.Picture{Image: photo, Percent: 100, Shades: escpos.Dither}},
		{"LineArt", escpos.Picture{Image: photo, Percent: 100}},
		{"Bitmap", escpos.Image{Bitmap: kept}},
	} {
		b.Run(c.name, func(b *testing.B) {
			doc := new(escpos.Doc).Add(c.item)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := escpos.Encode(doc, prof); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/picture")
		})
	}
}

var update = flag.Bool("update", false, "write the golden picture anew, to be looked at")

// TestAPhotographLooksAsSomebodySawIt compares a portrait's dots with those that somebody has looked at.
func TestAPhotographLooksAsSomebodySawIt(t *testing.T) {
	const file = "testdata/portrait.png"
	b, err := escpos.FitBitmap(portrait(600, 720), 256, escpos.Dither)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		img := image.NewPaletted(image.Rect(0, 0, b.Width(), b.Height()), color.Palette{color.White, color.Black})
		for i := range img.Pix {
			if b.Black(i%b.Width(), i/b.Width()) {
				img.Pix[i] = 1
			}
		}
		var out bytes.Buffer
		if err := png.Encode(&out, img); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	seen, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(seen))
	if err != nil || want.Bounds() != image.Rect(0, 0, b.Width(), b.Height()) {
		t.Fatalf("%d×%d dots: %v", b.Width(), b.Height(), err)
	}
	differ := 0
	for y := range b.Height() {
		for x := range b.Width() {
			if r, _, _, _ := want.At(x, y).RGBA(); b.Black(x, y) != (r == 0) {
				differ++
			}
		}
	}
	if differ > 0 {
		t.Errorf("%d dots differ: run with -update, and look at %s", differ, file)
	}
}

// portrait is a face with soft light from the left on a light ground, drawn rather than kept as a file.
func portrait(w, h int) image.Image {
	img := image.NewGray(image.Rect(0, 0, w, h))
	within := func(x, y, cx, cy, rx, ry float64) bool { return math.Hypot((x-cx)/rx, (y-cy)/ry) < 1 }
	for py := range h {
		for px := range w {
			x, y := 2*float64(px)/float64(w)-1, 2*float64(py)/float64(h)-1
			v := 240 - 40*(y+1)
			r := (x/0.62)*(x/0.62) + ((y+0.08)/0.7)*((y+0.08)/0.7)
			switch {
			case within(x, y, -0.24, -0.18, 0.045, 0.04), within(x, y, 0.24, -0.18, 0.045, 0.04):
				v = 25
			case within(x, y, -0.24, -0.18, 0.1, 0.06), within(x, y, 0.24, -0.18, 0.1, 0.06):
				v = 245
			case within(x, y, 0, 0.25, 0.2, 0.04):
				v = 80
			case r < 1 && y < -0.46:
				v = 45 + 20*math.Sin(60*x)
			case r < 1:
				v = 90 + 130*math.Sqrt(1-r)*(0.8-0.3*x)
			case y > 0.55+0.5*x*x:
				v = 70 + 25*math.Sin(6*x)
			}
			img.SetGray(px, py, color.Gray{Y: uint8(min(max(v, 0), 255))})
		}
	}
	return img
}
