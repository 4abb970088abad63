package escpos_test

import (
	"image"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"gatehouse/drivers/escpos"
)

// strips is how many random pictures are looked at, from GATEHOUSE_STRIPS (a million in make soak), and seed
// where they begin, from GATEHOUSE_SOAK_SEED.
func strips(t *testing.T) (n int, seed uint64) {
	n, seed = 150_000, 1
	for name, to := range map[string]func(uint64){"GATEHOUSE_STRIPS": func(v uint64) { n = int(v) }, "GATEHOUSE_SOAK_SEED": func(v uint64) { seed = v }} {
		if text := os.Getenv(name); text != "" {
			v, err := strconv.ParseUint(text, 10, 31)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			to(v)
		}
	}
	return n, seed
}

// Random pictures, most of their bytes those that real-time commands are made of: none is in what is sent,
// by rows, by columns or to be kept; and for each that was there just one dot is added.
func TestRandomPicturesAreScreened(t *testing.T) {
	n, seed := strips(t)
	r := rand.New(rand.NewPCG(seed, 0))
	profiles := []escpos.Profile{named(t, "TM-T88VI"), named(t, "generic-80-columns"), named(t, "TM-U220")}
	doc := &escpos.Doc{Items: make([]escpos.Item, 1)}
	screened := 0
	for i := range n {
		stride, rows := 1+r.IntN(4), 1+r.IntN(12)
		bytes := randomDots(r, stride*rows)
		b, err := escpos.NewBitmap(picture(bytes, stride), escpos.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		hits := realtime(bytes)
		if added, taken := changes(b, bytes, stride); added != hits || taken != 0 {
			t.Fatalf("seed %d, picture %d, % X: %d commands, %d dots added, %d taken away", seed, i, bytes, hits, added, taken)
		}
		screened += hits
		doc.Items[0] = escpos.Image{Bitmap: b}
		segs, err := escpos.Encode(doc, profiles[i%len(profiles)])
		if err != nil {
			t.Fatal(err)
		}
		var sent []byte
		for _, s := range segs {
			sent = append(sent, s.Data...)
		}
		kept, err := escpos.DefineLogo(escpos.LogoKey{'A', 'B'}, b)
		if err != nil {
			t.Fatal(err)
		}
		if realtime(sent) != 0 || realtime(kept) != 0 {
			t.Fatalf("seed %d, picture %d, % X: a real-time command in % X or % X", seed, i, bytes, sent, kept)
		}
	}
	if screened < n/2 {
		t.Errorf("only %d commands in %d pictures: they do not show much", screened, n)
	}
	t.Logf("%d pictures from seed %d, %d commands screened", n, seed, screened)
}

// randomDots are bytes of which every second is part of a real-time command.
func randomDots(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		v := r.Uint32()
		b[i] = byte(v)
		if v&0x100 != 0 {
			b[i] = [...]byte{0x10, 0x10, 0x10, 0x04, 0x05, 0x14, 0x10, 0x14}[v>>9&7]
		}
	}
	return b
}

// picture draws the dots of rows of bytes.
func picture(b []byte, stride int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, 8*stride, len(b)/stride))
	for i := range img.Pix {
		if b[i/8]&(0x80>>(i%8)) == 0 {
			img.Pix[i] = 255
		}
	}
	return img
}

// realtime counts what a printer would obey at once wherever it stands.
func realtime(b []byte) (n int) {
	for i := 1; i < len(b); i++ {
		if b[i-1] == 0x10 && (b[i] == 0x04 || b[i] == 0x05 || b[i] == 0x14) {
			n++
		}
	}
	return n
}

// changes counts the dots in which a bitmap differs from the bytes it was made of.
func changes(b *escpos.Bitmap, bytes []byte, stride int) (added, taken int) {
	for i := range 8 * len(bytes) {
		was, is := bytes[i/8]&(0x80>>(i%8)) != 0, b.Black(i%(8*stride), i/(8*stride))
		switch {
		case is && !was:
			added++
		case was && !is:
			taken++
		}
	}
	return added, taken
}
