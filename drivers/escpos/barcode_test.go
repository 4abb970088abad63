package escpos_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/escpos"
)

// Bar codes as GS k has them: height, module, caption, then kind, length and characters.
func TestBytesOfBarcodes(t *testing.T) {
	const head, three = "\x1ba\x01\x1dh\x50\x1dw", "\x03\x1dH\x00\x1dk"
	for _, c := range []struct {
		code escpos.Barcode
		want string
	}{
		{escpos.Barcode{Symbology: escpos.Code39, Data: "B-42"}, head + three + "E\x04B-42"},
		{escpos.Barcode{Symbology: escpos.ITF, Data: "12345670"}, head + three + "F\x0812345670"},
		{escpos.Barcode{Symbology: escpos.EAN13, Data: "400638133393"}, head + three + "C\x0d4006381333931"},
		{escpos.Barcode{Symbology: escpos.EAN13, Data: "4006381333931"}, head + three + "C\x0d4006381333931"},
		{escpos.Barcode{Symbology: escpos.EAN8, Data: "7351353"}, head + three + "D\x0873513537"},
		{escpos.Barcode{Symbology: escpos.UPCA, Data: "03600029145"}, head + three + "A\x0c036000291452"},
		{escpos.Barcode{Symbology: escpos.UPCA, Data: "036000291452", Height: 60, Module: 2, Caption: true},
			"\x1ba\x01\x1dh\x3c\x1dw\x02\x1dH\x02\x1dkA\x0c036000291452"},
		{escpos.Barcode{Symbology: escpos.Code39, Data: "ACCOUNT-42"}, head + "\x02\x1dH\x00\x1dkE\x0aACCOUNT-42"}, // too wide for three
	} {
		t.Run(c.code.Symbology.String()+" "+c.code.Data, func(t *testing.T) {
			if got := encoded(t, named(t, "TM-T88VI"), c.code); got != c.want {
				t.Errorf("\n got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestBarcodesThatReadersWouldNotReadAreRefused(t *testing.T) {
	for _, c := range []struct {
		why  string
		code escpos.Barcode
		want error
	}{
		{"odd", escpos.Barcode{Symbology: escpos.ITF, Data: "123"}, escpos.ErrOdd},
		{"letter", escpos.Barcode{Symbology: escpos.ITF, Data: "12A4"}, escpos.ErrAlphabet},
		{"small letter", escpos.Barcode{Symbology: escpos.Code39, Data: "b42"}, escpos.ErrAlphabet},
		{"its own start sign", escpos.Barcode{Symbology: escpos.Code39, Data: "*42*"}, escpos.ErrAlphabet},
		{"drawer command", escpos.Barcode{Symbology: escpos.Code39, Data: "\x10\x14\x01\x00\x01"}, escpos.ErrAlphabet},
		{"wrong check digit", escpos.Barcode{Symbology: escpos.EAN13, Data: "4006381333932"}, escpos.ErrCheckDigit},
		{"wrong check digit", escpos.Barcode{Symbology: escpos.EAN8, Data: "73513536"}, escpos.ErrCheckDigit},
		{"wrong check digit", escpos.Barcode{Symbology: escpos.UPCA, Data: "036000291453"}, escpos.ErrCheckDigit},
		{"too few digits", escpos.Barcode{Symbology: escpos.EAN13, Data: "40063813339"}, escpos.ErrDigits},
		{"too many digits", escpos.Barcode{Symbology: escpos.EAN8, Data: "735135371"}, escpos.ErrDigits},
		{"letter", escpos.Barcode{Symbology: escpos.UPCA, Data: "0360002914a2"}, escpos.ErrAlphabet},
		{"nothing", escpos.Barcode{Symbology: escpos.EAN8}, escpos.ErrEmpty},
		{"too long", escpos.Barcode{Symbology: escpos.ITF, Data: strings.Repeat("12", 41)}, escpos.ErrTooLong},
		{"wider than the paper", escpos.Barcode{Symbology: escpos.ITF, Data: strings.Repeat("12", 13)}, escpos.ErrTooWide},
		{"wider than the paper", escpos.Barcode{Symbology: escpos.Code39, Data: strings.Repeat("A", 13)}, escpos.ErrTooWide},
		{"unknown kind", escpos.Barcode{Symbology: escpos.UPCA + 1, Data: "1"}, escpos.ErrRange},
		{"height", escpos.Barcode{Symbology: escpos.ITF, Data: "12", Height: 256}, escpos.ErrRange},
	} {
		t.Run(c.code.Symbology.String()+" "+c.why, func(t *testing.T) {
			if _, err := escpos.Encode(new(escpos.Doc).Add(c.code), named(t, "TM-T88VI")); !errors.Is(err, c.want) {
				t.Errorf("%q: %v, want %v", c.code.Data, err, c.want)
			}
		})
	}
}

// One digit misread, or two neighbours exchanged that do not differ by five, is noticed: it is what check
// digits are for.
func TestCheckDigitsNoticeMistakes(t *testing.T) {
	p := named(t, "TM-T88VI")
	lengths := map[escpos.Symbology]int{escpos.EAN13: 12, escpos.EAN8: 7, escpos.UPCA: 11}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]escpos.Symbology{escpos.EAN13, escpos.EAN8, escpos.UPCA}).Draw(t, "kind")
		digits := []byte(rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), lengths[kind], lengths[kind], -1).Draw(t, "digits"))
		sent := func(data string) (string, error) {
			segs, err := escpos.Encode(new(escpos.Doc).Add(escpos.Barcode{Symbology: kind, Data: data}), p)
			if err != nil {
				return "", err
			}
			all := string(segs[len(segs)-1].Data)
			return all[len(all)-len(digits)-1:], nil
		}
		whole, err := sent(string(digits))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := sent(whole); err != nil || again != whole {
			t.Fatalf("%s with its own check digit: %s, %v", whole, again, err)
		}
		wrong := []byte(whole)
		i := rapid.IntRange(0, len(wrong)-2).Draw(t, "place")
		if a, b := wrong[i], wrong[i+1]; rapid.Bool().Draw(t, "exchange") && a != b && a-b != 5 && b-a != 5 {
			wrong[i], wrong[i+1] = b, a
		} else {
			wrong[i] = '0' + (wrong[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		if _, err := sent(string(wrong)); !errors.Is(err, escpos.ErrCheckDigit) {
			t.Fatalf("%s instead of %s: %v", wrong, whole, err)
		}
	})
}

// A printer that draws no bar codes gets each kind as a picture, with its text below.
func TestBarcodesDrawnForPrintersWithout(t *testing.T) {
	p := named(t, "TM-U220")
	for _, c := range []struct {
		code escpos.Barcode
		text string
	}{
		{escpos.Barcode{Data: "B042"}, "B042"},
		{escpos.Barcode{Symbology: escpos.Code39, Data: "B42"}, "B42"},
		{escpos.Barcode{Symbology: escpos.ITF, Data: "1234"}, "1234"},
		{escpos.Barcode{Symbology: escpos.EAN13, Data: "400638133393"}, "4006381333931"},
		{escpos.Barcode{Symbology: escpos.EAN8, Data: "7351353"}, "73513537"},
		{escpos.Barcode{Symbology: escpos.UPCA, Data: "03600029145"}, "036000291452"},
	} {
		t.Run(c.code.Symbology.String(), func(t *testing.T) {
			c.code.Caption = true
			got := encoded(t, p, c.code)
			if !strings.Contains(got, "\x1b*\x00") || strings.Contains(got, "\x1dk") || !strings.HasSuffix(got, c.text+"\n") {
				t.Errorf("%q", got)
			}
		})
	}
}
