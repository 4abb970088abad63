package emulator_test

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// black is a picture of black dots.
func black(t testing.TB, w, h int) *escpos.Bitmap {
	t.Helper()
	b, err := escpos.NewBitmap(image.NewGray(image.Rect(0, 0, w, h)), escpos.Threshold)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// keep makes a printer keep a picture and waits for it.
func keep(t testing.TB, line cable, prof escpos.Profile, key string, b *escpos.Bitmap) {
	t.Helper()
	k, err := escpos.ParseLogoKey(key)
	if err != nil {
		t.Fatal(err)
	}
	command, err := prof.KeepLogo(k, b)
	if err != nil {
		t.Fatal(err)
	}
	for len(command) > 0 { // no more at once than the buffer takes
		n := min(1000, len(command))
		line.say(command[:n])
		idle(t, line.p)
		command = command[n:]
	}
}

// What the memory for pictures answers, and what each write does to it.
func TestMemoryForPictures(t *testing.T) {
	const ask = "\x1d(L\x04\x000@KC"
	prof := profile(t, "TM-T88VI")
	p := start(t, nil)
	line := plug(t, p)
	for _, c := range []struct {
		name, say, answer string
		keeps             int
	}{
		{"how much there can be", "\x1d(L\x02\x0000", "70262144\x00", 0},
		{"empty: all of it", "\x1d(L\x02\x0003", "71262144\x00", 0},
		{"no keys", ask, "7r@\x00", 0},
		{"the list is ended", "\x06", "", 0},
		{"a picture takes its bytes", defined(t, prof, "GH", 16, 10) + "\x1d(L\x02\x0003", "71262108\x00", 1},
		{"a second", defined(t, prof, "AB", 8, 8) + ask, "7r@ABGH\x00", 2},
		{"the list again", "\x15", "7r@ABGH\x00", 2},
		{"no more of it", "\x18\x06", "", 2},
		{"a key again takes no more room", defined(t, prof, "GH", 16, 10) + "\x1d(L\x02\x0003", "71262084\x00", 3},
		{"forget one", "\x1d(L\x04\x000BAB" + ask, "7r@GH\x00", 4},
		{"one that is not there wears nothing", "\x06\x1d(L\x04\x000BZZ", "", 4},
		{"forgetting all wants the word", "\x1d(L\x05\x000AXXX" + ask, "7r@GH\x00", 4},
		{"forget all", "\x06\x1d(L\x05\x000ACLR" + ask, "7r@\x00", 5},
	} {
		line.say([]byte(c.say))
		line.hear([]byte(c.answer)...)
		idle(t, p)
		if p.Keeps() != c.keeps {
			t.Errorf("%s: written %d times, want %d", c.name, p.Keeps(), c.keeps)
		}
	}
}

func defined(t testing.TB, prof escpos.Profile, key string, w, h int) string {
	t.Helper()
	b, err := prof.KeepLogo(escpos.LogoKey{key[0], key[1]}, black(t, w, h))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A long list comes in blocks of forty keys, each when the host has taken the one before.
func TestKeysInBlocks(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	prof := profile(t, "TM-T88VI")
	var first, second strings.Builder
	for i := range 50 {
		key := fmt.Sprintf("%02d", i)
		keep(t, line, prof, key, black(t, 8, 1))
		if i < 40 {
			first.WriteString(key)
		} else {
			second.WriteString(key)
		}
	}
	line.say(escpos.AskLogoKeys())
	line.hear([]byte("7rA" + first.String() + "\x00")...)
	line.say(escpos.AckBlock())
	line.hear([]byte("7r@" + second.String() + "\x00")...)
	line.say(escpos.AckBlock(), escpos.RealtimeStatus(1))
	line.hear(0x16) // and no third block
}

// What does not fit is not kept, and what was kept stays.
func TestMemoryForPicturesIsBounded(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	prof := profile(t, "TM-T88VI")
	for i := range 8 {
		keep(t, line, prof, fmt.Sprintf("A%d", i), black(t, 512, 1000)) // 64 000 bytes
	}
	line.say(escpos.AskLogoKeys())
	line.hear([]byte("7r@A0A1A2A3\x00")...)
	if p.Keeps() != 4 {
		t.Errorf("written %d times", p.Keeps())
	}
}

// A kept picture is there after the power was off, whichever way the model keeps it; and by number the
// printer starts anew after it was written, and forgets that it should report.
func TestKeptPicturesOutliveThePower(t *testing.T) {
	for _, model := range []string{"TM-T88VI", "TM-T88III"} {
		prof := profile(t, model)
		p := start(t, func(c *emulator.Config) { c.Profile = prof })
		line := plug(t, p)
		logo := waterLogo(t)
		line.say(escpos.EnableASB(escpos.ASBAll))
		line.hear(0x14, 0, 0, 0)
		keep(t, line, prof, "GH", logo)
		p.OpenCover()
		if prof.Logos == escpos.LogosByKey {
			line.hear(0x3C, 0, 0, 0)
		}
		p.CloseCover()
		p.PowerOff()
		p.PowerOn()
		_ = line.Close()
		send(t, p, new(escpos.Doc).Add(escpos.Logo{Key: escpos.LogoKey{'G', 'H'}, Align: escpos.Center}, escpos.Cut{}), prof)
		pieces := p.Pieces()
		if len(pieces) != 1 || p.Keeps() != 1 {
			t.Fatalf("%s: %d pieces, written %d times", model, len(pieces), p.Keeps())
		}
		img, x0, y0 := pieces[0].Image(), pieces[0].Margin+(prof.Dots-logo.Width())/2, pieces[0].Elements[0].Y
		for y := range logo.Height() {
			for x := range logo.Width() {
				if got := img.GrayAt(x0+x, y0+y).Y == 0; got != logo.Black(x, y) {
					t.Fatalf("%s: dot %d,%d is black %v", model, x, y, got)
				}
			}
		}
	}
}
