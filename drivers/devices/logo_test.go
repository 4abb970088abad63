package devices_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/escpos"
)

// pngOf is a grey picture as a file.
func pngOf(t testing.TB, w, h int, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(0, 0, color.Gray{Y: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func house(t testing.TB) *escpos.Bitmap {
	t.Helper()
	b, err := escpos.NewBitmap(image.NewGray(image.Rect(0, 0, 8, 8)), escpos.Threshold)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLogosAreReadForThePrinter(t *testing.T) {
	dir := t.TempDir()
	p, _ := escpos.ProfileNamed("TM-T88VI")
	for name, data := range map[string][]byte{"wide.png": pngOf(t, 1024, 100, 90), "small.png": pngOf(t, 100, 50, 90), "text.png": []byte("no picture"),
		"cut.png": pngOf(t, 300, 300, 7)[:60], "huge.png": pngOf(t, 9000, 1, 7)} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	own := house(t)
	for _, c := range []struct {
		name  string
		logo  devices.Logo
		w, h  int
		fault string
	}{
		{"nothing said: the house's own", devices.Logo{}, 8, 8, ""},
		{"none", devices.Logo{File: "none"}, 0, 0, ""},
		{"wider than the paper", devices.Logo{File: "wide.png"}, 512, 50, ""},
		{"a dot a pixel", devices.Logo{File: "small.png"}, 100, 50, ""},
		{"half the paper", devices.Logo{File: "small.png", Percent: 50}, 256, 128, ""},
		{"by its whole path", devices.Logo{File: filepath.Join(dir, "small.png"), Photo: true}, 100, 50, ""},
		{"not there", devices.Logo{File: "absent.png"}, 0, 0, "absent.png"},
		{"no picture", devices.Logo{File: "text.png"}, 0, 0, "must be a PNG"},
		{"half a picture", devices.Logo{File: "cut.png"}, 0, 0, "must be a PNG"},
		{"too large", devices.Logo{File: "huge.png"}, 0, 0, "make it smaller"},
	} {
		b, err := c.logo.Bitmap(dir, p, own)
		w, h := 0, 0
		if b != nil {
			w, h = b.Width(), b.Height()
		}
		if w != c.w || h != c.h || (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %d×%d dots, %v", c.name, w, h, err)
		}
	}
	grey, err := devices.Logo{File: "small.png", Photo: true}.Bitmap(dir, p, own)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i := range 16 * 16 {
		if grey.Black(8+i%16, 8+i/16) {
			n++
		}
	}
	if n < 155 || n > 177 { // shade 90 leaves 65 of 100 dots black
		t.Errorf("a photograph has %d of 256 dots black", n)
	}
}

// What papers have at their top, by what the printer keeps and what is wanted where it does not.
func TestLogosOnPapers(t *testing.T) {
	b := house(t)
	keeps, _ := escpos.ProfileNamed("TM-T88VI")
	none, _ := escpos.ProfileNamed("generic-80")
	kept := devices.Logo{}.Kept(b)
	other := kept
	other.Hash = strings.Repeat("0", 32)
	omit := func(l devices.Logo) devices.Logo { l.Unkept = devices.UnkeptOmit; return l }
	for _, c := range []struct {
		name string
		logo devices.Logo
		p    escpos.Profile
		b    *escpos.Bitmap
		want string
	}{
		{"kept", kept, keeps, b, "key"},
		{"kept, and else omitted", omit(kept), keeps, b, "key"},
		{"another picture is kept", other, keeps, b, "dots"},
		{"another is kept, and else omitted", omit(other), keeps, b, "nothing"},
		{"never set up", devices.Logo{}, keeps, b, "dots"},
		{"the model keeps none", kept, none, b, "dots"},
		{"the model keeps none, and else omitted", omit(kept), none, b, "nothing"},
		{"no logo", kept, keeps, nil, "nothing"},
	} {
		got, key := c.logo.On(c.p, c.b)
		how := "nothing"
		switch {
		case got != nil && key == escpos.KeyOf(b):
			how = "key"
		case got != nil && key == escpos.LogoKey{}:
			how = "dots"
		}
		if how != c.want {
			t.Errorf("%s: %s, want %s", c.name, how, c.want)
		}
	}
	if kept.KeptKey() != escpos.KeyOf(b) || kept.Kept(nil) != (devices.Logo{}) || (devices.Logo{}).KeptKey() != (escpos.LogoKey{}) {
		t.Errorf("%+v", kept)
	}
}

// The settings of a logo come back as they were written, and what cannot be is refused with its line.
func TestLogosInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), devices.FileName)
	want := devices.Devices{Printer: devices.Printer{Port: "/dev/ttyS0",
		Logo: devices.Logo{File: "logo.png", Percent: 60, Photo: true, Unkept: devices.UnkeptOmit}.Kept(house(t))}}
	if err := devices.Write(path, want); err != nil {
		t.Fatal(err)
	}
	if got, err := devices.Load(path); err != nil || got.Printer != want.Printer {
		t.Errorf("%+v, %v", got.Printer, err)
	}
	for text, says := range map[string]string{
		"percent = 101":               "line 4, [printer.logo] percent",
		`unkept = "maybe"`:            `write "send" or "omit"`,
		`key = "G"`:                   "two printable ASCII",
		`key = "GH"`:                  "together",
		"key = \"GH\"\nhash = \"12\"": "line 5, [printer.logo] hash",
		"file = \"a\\u0007b\"":        "cannot be printed",
		"flie = \"a\"":                "no setting of this name",
		`hash = "` + strings.Repeat("0", 32) + `"`: "together",
	} {
		if _, err := devices.Parse([]byte("[printer]\nport = \"none\"\n[printer.logo]\n" + text + "\n")); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
