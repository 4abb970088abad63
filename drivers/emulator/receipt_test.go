package emulator_test

import (
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// waterLogo is a drop over waves, drawn rather than kept as a file.
func waterLogo(t testing.TB) *escpos.Bitmap {
	img := image.NewGray(image.Rect(0, 0, 320, 96))
	for y := range 96 {
		for x := range 320 {
			img.SetGray(x, y, color.Gray{Y: uint8(min(255, 90+2*y))})
			if dx, dy := x-160, y-40; dx*dx+dy*dy < 30*30 {
				img.SetGray(x, y, color.Gray{Y: 0})
			}
		}
	}
	b, err := escpos.NewBitmap(img, escpos.Dither)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const signedEssentials = "GH1:A1-000123:20261123:1419:84215:K7QX:MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIYDCMRTGQ2TMNZYHEYA" +
	"MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIYDCMRTGQ2TMN"

func receipt(logo escpos.Logo) *escpos.Doc {
	middle := escpos.Style{Align: escpos.Center}
	return new(escpos.Doc).Add(
		logo,
		escpos.Text{S: "Millbrook Water", Style: escpos.Style{Bold: true, Wide: true, Tall: true, Align: escpos.Center}},
		escpos.Text{S: "Customer service", Style: middle},
		escpos.Text{S: "1400 Mill Street, Millbrook", Style: middle},
		escpos.Text{S: "(555) 014-2200", Style: middle},
		escpos.Rule{},
		escpos.Pair("Receipt", "A1-000123"),
		escpos.Pair("Date", "11/23/2026 14:19"),
		escpos.Pair("Cashier", "María Nuñez"),
		escpos.Rule{},
		escpos.Text{S: "Account 10-0042-17  GARCIA, ROSA", Style: escpos.Style{Bold: true}},
		escpos.Text{S: "212 Oak Street, Apt. 4"},
		escpos.Pair("  Past due", "$41.20"),
		escpos.Pair("  Penalties", "$5.00"),
		escpos.Pair("  Current charges", "$37.95"),
		escpos.Rule{},
		escpos.Row{
			Cells: []escpos.Cell{{S: "TOTAL PAID"}, {S: "$84.15", Align: escpos.Right}},
			Style: escpos.Style{Bold: true, Tall: true},
		},
		escpos.Pair("Cash", "$60.00"),
		escpos.Pair("Check 1042", "$30.00"),
		escpos.Pair("Change", "$5.85"),
		escpos.Rule{},
		escpos.Pair("Balance after (as of 11/22)", "$0.00"),
		escpos.QR{Text: signedEssentials, Level: escpos.QRMedium},
		escpos.Feed{Lines: 1},
		escpos.EndMark{Number: "A1-000123-K7QX"},
		escpos.Cut{},
	)
}

// print prints on a new printer of that profile and returns the piece.
func print(t testing.TB, d *escpos.Doc, prof escpos.Profile, prepare ...[]byte) emulator.Piece {
	t.Helper()
	p := start(t, func(c *emulator.Config) { c.Profile = prof })
	line, err := p.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range prepare {
		if _, err := line.Write(b); err != nil {
			t.Fatal(err)
		}
		idle(t, p)
	}
	send(t, p, d, prof)
	st := p.State()
	if st.Dropped+st.Unknown+st.Unsupported != 0 || len(p.Pieces()) != 1 {
		t.Fatalf("%s: %d pieces, dropped %d, unknown %d, not drawn %d",
			prof.Name, len(p.Pieces()), st.Dropped, st.Unknown, st.Unsupported)
	}
	return p.Pieces()[0]
}

// scan reads the codes of a picture with an independent reader.
func scan(t testing.TB, piece emulator.Piece) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "piece.png")
	data, err := piece.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("GATEHOUSE_LOOK"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "_")+".png"), data, 0o600)
	}
	out, err := exec.Command("zbarimg", "--quiet", "--raw", name).Output()
	if err != nil {
		t.Fatalf("zbarimg (Debian package zbar-tools) could not read the picture: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// The standard receipt on every model with a cutter: with QR drawn by the printer or sent as a picture, an
// independent reader finds the text in it.
func TestReceiptQRIsReadable(t *testing.T) {
	logo := escpos.Logo{Key: escpos.LogoKey{'G', 'H'}, Bitmap: waterLogo(t), Align: escpos.Center}
	for _, prof := range escpos.Profiles() {
		if !prof.Cutter {
			continue
		}
		t.Run(prof.Name, func(t *testing.T) {
			define, err := escpos.DefineLogo(logo.Key, logo.Bitmap)
			if err != nil {
				t.Fatal(err)
			}
			if prof.Logos != escpos.LogosByKey {
				define = nil
			}
			if got := scan(t, print(t, receipt(logo), prof, define)); got != signedEssentials {
				t.Errorf("read %q", got)
			}
		})
	}
}

func TestBarcodeIsReadable(t *testing.T) {
	for _, data := range []string{"A1-000123-K7QX", "16041605162001", "{brace}", "1234567"} {
		t.Run(data, func(t *testing.T) {
			d := new(escpos.Doc).Add(escpos.Barcode{Data: data, Caption: true}, escpos.Cut{})
			if got := scan(t, print(t, d, profile(t, "TM-m30"))); got != data {
				t.Errorf("read %q, printed %q", got, data)
			}
		})
	}
}

// The transcript of the standard receipt, as a person would compare it.
func TestReceiptTranscript(t *testing.T) {
	piece := print(t, receipt(escpos.Logo{Bitmap: waterLogo(t), Align: escpos.Center}), profile(t, "TM-T88VI"))
	want, err := os.ReadFile("testdata/receipt.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got := piece.Text(); got != string(want) {
		t.Errorf("the receipt reads\n%s\nwant\n%s", got, want)
	}
	if piece.Width != 567 || piece.Height < 1000 || piece.Height > 1200 {
		t.Errorf("the piece is %d×%d dots", piece.Width, piece.Height)
	}
}

// Pictures are on the paper dot for dot, whichever command brought them.
func TestPicturesAreExact(t *testing.T) {
	logo := waterLogo(t)
	key := escpos.LogoKey{'G', 'H'}
	define, err := escpos.DefineLogo(key, logo)
	if err != nil {
		t.Fatal(err)
	}
	for name, item := range map[string]escpos.Item{
		"strips": escpos.Image{Bitmap: logo, Align: escpos.Right},
		"kept":   escpos.Logo{Key: key, Align: escpos.Right},
	} {
		piece := print(t, new(escpos.Doc).Add(item, escpos.Cut{}), profile(t, "TM-T88VI"), define)
		img := piece.Image()
		x0, y0 := piece.Margin+512-logo.Width(), piece.Elements[0].Y
		for y := range logo.Height() {
			for x := range logo.Width() {
				if black := img.GrayAt(x0+x, y0+y).Y == 0; black != logo.Black(x, y) {
					t.Fatalf("%s: dot %d,%d is black %v", name, x, y, black)
				}
			}
		}
	}
}

// Receipts other software wrote are printed without a command left over.
func TestForeignReceiptsArePrinted(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/cases/escpos/*.bin")
	if len(files) == 0 {
		t.Skip("../shared is absent")
	}
	says := map[string]string{
		"receipt-with-logo.bin":   "ExampleMart Ltd.",
		"barcode.bin":             "CODE128",
		"character-encodings.bin": "Glāžšķūņa rūķīši",
		"text-size.bin":           "Change height only (width=4):",
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p := start(t, nil)
		line := plug(t, p)
		for len(data) > 0 {
			n := min(1000, len(data))
			line.say(data[:n])
			idle(t, p)
			data = data[n:]
		}
		st := p.State()
		if st.Unknown+st.Dropped != 0 {
			t.Errorf("%s: %d unknown, %d lost", filepath.Base(f), st.Unknown, st.Dropped)
		}
		var all strings.Builder
		for _, piece := range append(p.Pieces(), p.Unfinished()) {
			all.WriteString(piece.Text())
			if dir := os.Getenv("GATEHOUSE_LOOK"); dir != "" {
				png, _ := piece.PNG()
				_ = os.WriteFile(filepath.Join(dir, filepath.Base(f)+"."+string('0'+rune(piece.Number))+".png"), png, 0o600)
			}
		}
		if want := says[filepath.Base(f)]; !strings.Contains(all.String(), want) {
			t.Errorf("%s does not say %q:\n%s", filepath.Base(f), want, all.String())
		}
		if dir := os.Getenv("GATEHOUSE_LOOK"); dir != "" {
			t.Logf("%s: unsupported %d\n%s", f, st.Unsupported, all.String())
		}
	}
}

// Any bytes: the printer goes on, and what it keeps stays bounded.
func FuzzPrinter(f *testing.F) {
	f.Add([]byte("hello\n\x1dv0\x00\x01\x00\x02\x00ab\x1dVB\x00\x1dV\x00"))
	f.Add([]byte("\x1d(k\x03\x001C\x05\x1d(k\x05\x001P0ab\x1d(k\x03\x001Q0\x1dk\x49\x04{BAB\x1b*\x21\x01\x00abc\n"))
	f.Add([]byte("\x1cq\x01\x01\x00\x01\x00abcdefgh\x1cp\x01\x00\x1d*\x01\x01abcdefgh\x1d/\x00\x1b$\xff\xff\x1b\\\xff\xff\x09x\n"))
	f.Add([]byte("\x1d(L\x0e\x000C0AB\x01\x08\x00\x03\x001abc\x1d(L\x06\x000EAB\x01\x01\x10\x05\x01\x1dL\xff\xff\x1dW\x00\x00\x1d!\x77x\n"))
	f.Add([]byte("\x1bL\x1bW\x00\x00\x00\x00\x64\x00\x64\x00\x1bT\x01page\x1d$\x20\x00x\x1dkA\x0b01234567890\x18y\x1b\x0c\x0c\x1b{\x01z\n"))
	f.Add([]byte("\x1d:ab\n\x1d:\x1d^\x02\x00\x00\x1dC0\x03\x01\x1dc\x1c&\xd7\xc0\x1c(C\x02\x0002\xe6\xa1\x8c\x1bV\x01t\x1dP\xb4\x01\x1bJ\xff\x1bK\xff"))
	f.Add([]byte("\x1b&\x03AB\x01abc\x00\x1b%\x01AB\n\x1d(E\x03\x00\x01IN\x1d(k\x05\x000P0ab\x1d(k\x03\x000Q0\x1dkJ\x04(01)\x1dkB\x06123456"))
	f.Fuzz(func(t *testing.T, in []byte) {
		p := start(t, nil)
		line := plug(t, p)
		in = in[:min(len(in), 4000)]
		line.say(in)
		idle(t, p)
		if st := p.State(); st.Received != int64(len(in)) || st.Waiting != 0 {
			t.Fatalf("%d bytes received, %d waiting of %d", st.Received, st.Waiting, len(in))
		}
		piece := p.Unfinished()
		if piece.Height < 20_000 {
			piece.Image()
		}
		_ = piece.Text()
		_ = p.Close()
	})
}
