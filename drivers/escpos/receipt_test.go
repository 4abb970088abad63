package escpos_test

import (
	"image"
	"image/color"
	"testing"

	"gatehouse/drivers/escpos"
)

// drop is a logo of 384×96 dots with many shades.
func drop(t testing.TB) *escpos.Bitmap {
	img := image.NewGray(image.Rect(0, 0, 384, 96))
	for y := range 96 {
		for x := range 384 {
			img.SetGray(x, y, color.Gray{Y: uint8(x*255/384 + y)})
		}
	}
	b, err := escpos.NewBitmap(img, escpos.Dither)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const essentials = "GH1:A1-000123:20261123:1419:84215:K7QX:MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIYDCMRTGQ2TMNZYHEYA" +
	"MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIYDCMRTGQ2TMN"

// receipt is the standard receipt that goals of speed are about.
func receipt(logo escpos.Logo) *escpos.Doc {
	middle := escpos.Style{Align: escpos.Center}
	return new(escpos.Doc).Add(
		logo,
		escpos.Text{S: "Millbrook Water", Style: escpos.Style{Bold: true, Wide: true, Tall: true, Align: escpos.Center}},
		escpos.Text{S: "1400 Mill Street, Millbrook", Style: middle},
		escpos.Text{S: "(555) 014-2200", Style: middle},
		escpos.Rule{},
		escpos.Pair("Receipt", "A1-000123"),
		escpos.Pair("Date", "11/23/2026 14:19"),
		escpos.Pair("Cashier", "María Nuñez"),
		escpos.Rule{},
		escpos.Text{S: "Account 10-0042-17  GARCIA, ROSA", Style: escpos.Style{Bold: true}},
		escpos.Pair("  Past due", "$41.20"),
		escpos.Pair("  Penalties", "$5.00"),
		escpos.Pair("  Current charges", "$37.95"),
		escpos.Rule{},
		escpos.Pair("Cash", "$60.00"),
		escpos.Pair("Check 1042", "$30.00"),
		escpos.Pair("Change", "$5.85"),
		escpos.Pair("Balance after (as of 11/22)", "$0.00"),
		escpos.QR{Text: essentials, Level: escpos.QRMedium},
		escpos.Feed{Lines: 1},
		escpos.EndMark{Number: "A1-000123-K7QX"},
		escpos.Cut{},
	)
}

// fataler is a test of either kind.
type fataler interface{ Fatalf(string, ...any) }

func named(t fataler, name string) escpos.Profile {
	p, ok := escpos.ProfileNamed(name)
	if !ok {
		t.Fatalf("no profile %q", name)
	}
	return p
}

// Goals: 20 µs with the logo in the printer, 100 µs with the logo as a picture.
func BenchmarkEncodeReceipt(b *testing.B) {
	prof := named(b, "TM-T88VI")
	kept := escpos.Logo{Key: escpos.LogoKey{'G', 'H'}, Bitmap: drop(b), Align: escpos.Center}
	sent := kept
	sent.Key = escpos.LogoKey{}
	for name, logo := range map[string]escpos.Logo{"LogoKept": kept, "LogoSent": sent} {
		b.Run(name, func(b *testing.B) {
			doc := receipt(logo)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := escpos.Encode(doc, prof); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The receipt is encoded with few allocations, so that the collector never stops a cashier.
func TestEncodingAllocatesLittle(t *testing.T) {
	prof := named(t, "TM-T88VI")
	doc := receipt(escpos.Logo{Key: escpos.LogoKey{'G', 'H'}})
	n := testing.AllocsPerRun(100, func() {
		if _, err := escpos.Encode(doc, prof); err != nil {
			t.Fatal(err)
		}
	})
	if n > 40 {
		t.Errorf("%.0f allocations for a receipt, at most 40 are allowed", n)
	}
}
