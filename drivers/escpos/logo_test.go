package escpos_test

import (
	"image"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

func TestBytesOfKeptLogos(t *testing.T) {
	b := bitmapOf(t, "#........#", "##.......#")
	key := escpos.LogoKey{'G', 'H'}
	of := func(c []byte, err error) string {
		if err != nil {
			t.Error(err)
		}
		return string(c)
	}
	for _, c := range []struct{ name, got, want string }{
		{"kept by key", of(named(t, "TM-T88VI").KeepLogo(key, b)), "\x1d(L\x0f\x000C0GH\x01\x0a\x00\x02\x001\x80\x40\xc0\x40"},
		{"kept by number", of(named(t, "TM-T88III").KeepLogo(key, b)), "\x1cq\x01\x02\x00\x01\x00\xc0\x40" + strings.Repeat("\x00", 7) + "\xc0" + strings.Repeat("\x00", 6)},
		{"printed by key", encoded(t, named(t, "TM-T88VI"), escpos.Logo{Key: key}), "\x1d(L\x06\x000EGH\x01\x01"},
		{"printed by number", encoded(t, named(t, "TM-T88III"), escpos.Logo{Key: key, Align: escpos.Center}), "\x1ba\x01\x1cp\x01\x00"},
		{"sent where none is kept", encoded(t, named(t, "generic-80"), escpos.Logo{Key: key, Bitmap: b}), "\x1dv0\x00\x02\x00\x02\x00\x80\x40\xc0\x40"},
		{"forgotten", of(escpos.DeleteLogo(key)), "\x1d(L\x04\x000BGH"},
		{"asked for the keys", string(escpos.AskLogoKeys()), "\x1d(L\x04\x000@KC"},
		{"asked for the room", string(escpos.AskLogoRoom()), "\x1d(L\x02\x0003"},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n got % x\nwant % x", c.name, c.got, c.want)
		}
	}
}

func TestLogosThatCannotBeKeptAreRefused(t *testing.T) {
	b := bitmapOf(t, "##", "##")
	wide, err := escpos.NewBitmap(image.NewGray(image.Rect(0, 0, 513, 1)), escpos.Threshold)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, model string
		key         escpos.LogoKey
		b           *escpos.Bitmap
		want        string
	}{
		{"a key with a control character", "TM-T88VI", escpos.LogoKey{'G', 0x1B}, b, "two printable ASCII"},
		{"no key", "TM-T88VI", escpos.LogoKey{}, b, "two printable ASCII"},
		{"no picture", "TM-T88VI", escpos.LogoKey{'G', 'H'}, nil, "empty"},
		{"no picture by number", "TM-T88III", escpos.LogoKey{'G', 'H'}, nil, "empty"},
		{"wider than the paper", "TM-T88III", escpos.LogoKey{'G', 'H'}, wide, "wider than the paper"},
		{"a printer that keeps none", "generic-80", escpos.LogoKey{'G', 'H'}, b, "send it as a picture"},
	} {
		if _, err := named(t, c.model).KeepLogo(c.key, c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := escpos.DeleteLogo(escpos.LogoKey{0x10, 0x04}); err == nil {
		t.Error("a command for a key is accepted")
	}
}

// However large the picture, the command that keeps it ends where its header says and commands nothing
// else. Beyond 64 KB the header is another.
func TestKeptLogosOfAnySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, escpos.MaxBitmapWidth).Draw(t, "width"), rapid.IntRange(1, escpos.MaxBitmapHeight).Draw(t, "height")
		b, err := escpos.NewBitmap(image.NewGray(image.Rect(0, 0, w, h)), escpos.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		p := named(t, rapid.SampledFrom([]string{"TM-T88III", "TM-m30"}).Draw(t, "profile"))
		p.Dots = escpos.MaxBitmapWidth
		command, err := p.KeepLogo(escpos.LogoKey{'A', 'B'}, b)
		if err != nil {
			t.Fatal(err)
		}
		noRealtime(t, command)
		want := "GS ( L"
		switch {
		case p.Logos == escpos.LogosByNumber:
			want = "FS q"
		case len(command) > 0xFFFF+5:
			want = "GS 8 L"
		}
		var tk escpos.Tokenizer
		n := 0
		tk.Push(command, func(tok escpos.Token) {
			if n++; tok.Name != want || len(tok.Data)+tok.Lost != len(command) {
				t.Fatalf("read as %s of %d bytes, want %s of %d", tok.Name, len(tok.Data), want, len(command))
			}
		})
		if n != 1 || tk.Pending() {
			t.Fatalf("%d commands, and the last has not ended: %v", n, tk.Pending())
		}
	})
}

// A picture has one hash and one key, and another dot gives another hash.
func TestHashesTellLogosApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		img := image.NewGray(image.Rect(0, 0, 20, 10))
		copy(img.Pix, rapid.SliceOfN(rapid.SampledFrom([]byte{0, 255}), 200, 200).Draw(t, "dots"))
		make := func() *escpos.Bitmap {
			b, err := escpos.NewBitmap(img, escpos.Threshold)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		a, again := make(), make()
		at := rapid.IntRange(0, 199).Draw(t, "at")
		img.Pix[at] = 255 - img.Pix[at]
		other := make()
		same := true // the screen may have set the very dot
		for i := range 200 {
			same = same && a.Black(i%20, i/20) == other.Black(i%20, i/20)
		}
		if a.Hash() != again.Hash() || escpos.KeyOf(a) != escpos.KeyOf(again) || (a.Hash() == other.Hash()) != same || len(a.Hash()) != 32 {
			t.Fatalf("%s and %s; another %s", a.Hash(), again.Hash(), other.Hash())
		}
		if k, err := escpos.ParseLogoKey(escpos.KeyOf(a).String()); err != nil || k != escpos.KeyOf(a) {
			t.Fatalf("key %v, %v", k, err)
		}
	})
}

func block(what byte, text string) escpos.Reply {
	return escpos.Reply{Kind: escpos.ReplyBlock, Byte: what, Text: text}
}

func TestAnswersAboutKeptLogos(t *testing.T) {
	for _, c := range []struct {
		text string
		keys string
		more bool
		bad  bool
	}{
		{text: "@"}, {text: "@GH", keys: "GH"}, {text: "@ABGH", keys: "ABGH"}, {text: "A" + strings.Repeat("XY", 40), keys: strings.Repeat("XY", 40), more: true},
		{text: "", bad: true}, {text: "B", bad: true}, {text: "@G", bad: true}, {text: "@G\x01", bad: true}, {text: "@" + strings.Repeat("XY", 41), bad: true},
	} {
		keys, more, err := escpos.ParseLogoKeys(block('r', c.text))
		var all string
		for _, k := range keys {
			all += k.String()
		}
		if (err != nil) != c.bad || all != c.keys || more != c.more {
			t.Errorf("%q: %q, more %v, %v", c.text, all, more, err)
		}
	}
	for text, want := range map[string]int{"0": 0, "262144": 262144, "99999999": 99999999, "": -1, "-1": -1, "x": -1, "100000000": -1} {
		if n, err := escpos.ParseLogoRoom(block('1', text)); (err != nil) != (want < 0) || err == nil && n != want {
			t.Errorf("room %q: %d, %v", text, n, err)
		}
	}
	if _, _, err := escpos.ParseLogoKeys(block('1', "@")); err == nil {
		t.Error("the room is taken for a list")
	}
}

// Whatever a printer answers: no panic, and never more than a block has.
func FuzzLogoAnswers(f *testing.F) {
	for _, s := range []string{"7r@\x00", "7rAGH\x00", "7126\x00", "7r@G\x00", "71x\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var d escpos.ReplyDecoder
		for _, b := range in {
			r, whole := d.Push(b)
			if !whole {
				continue
			}
			if keys, _, err := escpos.ParseLogoKeys(r); err == nil && (!escpos.IsLogoKeys(r) || len(keys) > 40) {
				t.Fatalf("%d keys in %q", len(keys), r.Text)
			}
			if n, err := escpos.ParseLogoRoom(r); err == nil && (!escpos.IsLogoRoom(r) || n < 0) {
				t.Fatalf("%d bytes in %q", n, r.Text)
			}
			if k, err := escpos.ParseLogoKey(r.Text); err == nil && k.String() != r.Text {
				t.Fatalf("%q became %q", r.Text, k)
			}
		}
	})
}
