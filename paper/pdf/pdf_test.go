package pdf_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"rsc.io/qr"

	"gatehouse/desk/cash"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/papertest"
	"gatehouse/paper/pdf"
)

// documents are a receipt, a copy of it, and a Z.
func documents(t *testing.T) map[string]*escpos.Doc {
	t.Helper()
	d := papertest.Open(t, papertest.Options{Training: true})
	l, err := paper.Standard()
	if err != nil {
		t.Fatal(err)
	}
	s, err := paper.SheetOf(d.Desk)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]*escpos.Doc)
	put := func(name string, e ledger.Entry, c paper.Copy, training bool) {
		s.Training = training
		if all[name], err = l.Document(s, &e, c); err != nil {
			t.Fatal(err)
		}
	}
	d.Morning()
	e := d.PayCash(papertest.Garcia, 188_20)
	put("receipt", e, paper.Copy{}, false)
	put("copy", e, paper.Copy{N: 1, Doubt: true, By: "maria", At: e.At()}, true)
	put("z", d.CloseCounted(cash.CountDrawer{Count: papertest.Float()}), paper.Copy{}, false)
	return all
}

var pages = map[string]pdf.Page{"roll": pdf.Roll80, "letter": pdf.Letter, "a4": pdf.A4}

func render(t *testing.T, d *escpos.Doc, page pdf.Page) []byte {
	t.Helper()
	out, err := pdf.Render(d, pdf.Options{Page: page, Title: "A1-000001", At: papertest.Began()})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestThePDFHasTheLinesOfThePaper(t *testing.T) {
	for name, d := range documents(t) {
		for page, size := range pages {
			out := render(t, d, size)
			keep(t, name+"-"+page+".pdf", out)
			columns := 64
			if size == pdf.Roll80 {
				columns = 42
			}
			var want []string
			for _, l := range strings.Split(escpos.PlainText(d, columns), "\n") {
				l = strings.TrimSpace(l)
				if l == "" || strings.HasPrefix(l, "[") || strings.Trim(l, "─═- ") == "" {
					continue // pictures, rules and cuts are drawn
				}
				want = append(want, l)
			}
			if got := strings.Join(texts(t, out), "\n"); got != strings.Join(want, "\n") {
				t.Errorf("%s on %s reads\n%s\nwant\n%s", name, page, got, strings.Join(want, "\n"))
			}
		}
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	for name, d := range documents(t) {
		if !bytes.Equal(render(t, d, pdf.Roll80), render(t, d, pdf.Roll80)) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestTheCodeIsDrawnSquareBySquare(t *testing.T) {
	const text = "GH1:TEST-CODE"
	d := new(escpos.Doc).Add(escpos.QR{Text: text, Level: escpos.QRMedium, Module: 4})
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	black := 0
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				black++
			}
		}
	}
	const module = 0.5 * 72 / 25.4 // points
	area := 0.0
	for _, m := range regexp.MustCompile(`([\d.]+) (-?[\d.]+) re f`).FindAllStringSubmatch(content(t, render(t, d, pdf.Roll80)), -1) {
		w, _ := strconv.ParseFloat(m[1], 64)
		h, _ := strconv.ParseFloat(m[2], 64)
		area += math.Abs(w * h)
	}
	if got := area / module / module; math.Abs(got-float64(black)) > 2 {
		t.Errorf("%.1f black squares, want %d", got, black)
	}
}

func TestALongReportTakesSeveralPages(t *testing.T) {
	d := new(escpos.Doc)
	for i := range 200 {
		d.Add(escpos.Pair(fmt.Sprintf("line %d", i), "1.00"))
	}
	if got := bytes.Count(render(t, d, pdf.Letter), []byte("/Type /Page\n")); got < 3 {
		t.Errorf("%d pages", got)
	}
	if got := bytes.Count(render(t, d, pdf.Roll80), []byte("/Type /Page\n")); got != 1 {
		t.Errorf("%d pages on a roll", got)
	}
}

func TestWhatCannotBeDrawn(t *testing.T) {
	long := new(escpos.Doc)
	for range escpos.MaxItems + 1 {
		long.Add(escpos.Rule{})
	}
	for name, c := range map[string]struct {
		doc     *escpos.Doc
		options pdf.Options
	}{
		"too narrow":     {new(escpos.Doc), pdf.Options{Columns: 3}},
		"unknown page":   {new(escpos.Doc), pdf.Options{Page: 99}},
		"too long":       {long, pdf.Options{}},
		"no such code":   {new(escpos.Doc).Add(escpos.Barcode{Data: "12A", Symbology: escpos.ITF}), pdf.Options{}},
		"wrong check":    {new(escpos.Doc).Add(escpos.Barcode{Data: "4006381333932", Symbology: escpos.EAN13}), pdf.Options{}},
		"no photograph":  {new(escpos.Doc).Add(escpos.Picture{}), pdf.Options{}},
		"no picture":     {new(escpos.Doc).Add(escpos.Image{}), pdf.Options{}},
		"too large code": {new(escpos.Doc).Add(escpos.QR{Text: strings.Repeat("x", 900), Module: 16}), pdf.Options{}},
	} {
		if _, err := pdf.Render(c.doc, c.options); err == nil {
			t.Errorf("%s was drawn", name)
		}
	}
}

func TestEveryItemIsDrawn(t *testing.T) {
	logo, err := paper.Logo()
	if err != nil {
		t.Fatal(err)
	}
	d := new(escpos.Doc).Add(
		escpos.Logo{Bitmap: logo}, escpos.Image{Bitmap: logo, Align: escpos.Right},
		escpos.Barcode{Data: "B042", Caption: true}, escpos.Feed{Lines: 2},
		escpos.Text{S: "wide – ő Ω", Style: escpos.Style{Wide: true, Tall: true, Underline: true, Align: escpos.Center}}, escpos.Cut{})
	out := render(t, d, pdf.Roll80)
	keep(t, "items.pdf", out)
	if got := texts(t, out); strings.Join(got, "|") != "B042|wide – ő Ω" {
		t.Errorf("%q", got)
	}
}

// Every kind of bar code is drawn as what it is, with its check digit, and read back by a program that is
// not ours; so is a photograph beside them, as wide as it was asked for.
func TestBarCodesAreReadBackFromThePDF(t *testing.T) {
	photo := image.NewGray(image.Rect(0, 0, 90, 40))
	for i := range photo.Pix {
		photo.Pix[i] = uint8(i % 90 * 2)
	}
	for _, c := range []struct {
		code escpos.Barcode
		want string
	}{
		{escpos.Barcode{Data: "A1-000123", Symbology: escpos.Code128}, "CODE-128:A1-000123"},
		{escpos.Barcode{Data: "METER 42", Symbology: escpos.Code39}, "CODE-39:METER 42"},
		{escpos.Barcode{Data: "00421998", Symbology: escpos.ITF, Module: 2}, "I2/5:00421998"},
		{escpos.Barcode{Data: "400638133393", Symbology: escpos.EAN13, Caption: true}, "EAN-13:4006381333931"},
		{escpos.Barcode{Data: "9638507", Symbology: escpos.EAN8, Caption: true}, "EAN-8:96385074"},
		{escpos.Barcode{Data: "03600029145", Symbology: escpos.UPCA, Caption: true}, "EAN-13:0036000291452"}, // zbar's name for it
	} {
		dir := t.TempDir()
		d := new(escpos.Doc).Add(escpos.Picture{Image: photo, Percent: 30, Shades: escpos.Dither}, c.code, escpos.Feed{Lines: 1})
		out := render(t, d, pdf.Roll80)
		if err := os.WriteFile(filepath.Join(dir, "code.pdf"), out, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := exec.Command("pdftoppm", "-r", "203", "-png", filepath.Join(dir, "code.pdf"), filepath.Join(dir, "code")).Run(); err != nil {
			t.Fatalf("pdftoppm (Debian package poppler-utils) could not draw it: %v", err)
		}
		got, err := exec.Command("zbarimg", "--quiet", filepath.Join(dir, "code-1.png")).Output()
		if text := strings.TrimSpace(string(got)); err != nil || text != c.want {
			t.Errorf("%v: read %q, %v, want %q", c.code.Symbology, text, err, c.want)
		}
		if says := strings.Join(texts(t, out), ""); c.code.Caption && (says == "" || !strings.HasSuffix(c.want, says)) {
			t.Errorf("%v: the caption is %q", c.code.Symbology, says)
		}
	}
}

// A slip in the languages of the lobby: what the PDF's own letters lack is drawn, and another program
// reads from it what was written.
func TestLanguagesBeyondTheLettersOfThePDF(t *testing.T) {
	middle := escpos.Style{Align: escpos.Center}
	lines := []string{
		"Please wait until your number is called.", "Espere hasta que se llame su número.", "请等候叫到您的号码。",
		"Mangyaring maghintay na tawagin ang numero.", "Vui lòng chờ đến khi số của mình được gọi.", "번호가 불릴 때까지 기다려 주십시오.",
	}
	d := new(escpos.Doc).Add(escpos.Text{S: "您的号码 B042", Style: escpos.Style{Wide: true, Tall: true, Align: escpos.Center}})
	for _, l := range lines {
		d.Add(escpos.Text{S: l, Style: middle})
	}
	d.Add(escpos.Rule{}, escpos.Pair("Nguyễn Thị Đặng", "$84.15"),
		escpos.Text{S: "번호 B042", Style: escpos.Style{Reverse: true, Bold: true, Align: escpos.Right}}, escpos.Rule{})
	out, err := pdf.Render(d, pdf.Options{Columns: 44, At: papertest.Began()})
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "languages.pdf", out)
	want := slices.Concat([]string{"您的号码 B042"}, lines, []string{"Nguyễn Thị Đặng                       $84.15", "번호 B042"})
	if got := texts(t, out); !slices.Equal(got, want) {
		t.Errorf("it holds %q, want %q", got, want)
	}
	file := filepath.Join(t.TempDir(), "slip.pdf")
	if err := os.WriteFile(file, out, 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := exec.Command("pdftotext", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian package poppler-utils) could not read it: %v", err)
	}
	for _, l := range want {
		if l := strings.Fields(l)[0]; !strings.Contains(string(read), l) {
			t.Errorf("%q is not found in\n%s", l, read)
		}
	}
}

// keep keeps files where PAPER_PICTURES says, to be looked at.
func keep(t *testing.T, name string, file []byte) {
	if dir := os.Getenv("PAPER_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// content is what the pages draw, unpacked.
func content(t *testing.T, file []byte) string {
	t.Helper()
	var all strings.Builder
	for _, m := range regexp.MustCompile(`(?s)/Filter /FlateDecode /Length \d+>>\nstream\n(.*?)\nendstream`).FindAllSubmatch(file, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(page)
	}
	return all.String()
}

// texts are the lines on the pages, in order.
func texts(t *testing.T, file []byte) (all []string) {
	t.Helper()
	lines := regexp.MustCompile(`(?s)/ActualText <feff(\w+)>.*?EMC|Td \((.*?)\) Tj`)
	for _, m := range lines.FindAllStringSubmatch(content(t, file), -1) {
		if m[1] != "" { // a picture, and the text it stands for
			var units []uint16
			for i := 0; i+4 <= len(m[1]); i += 4 {
				u, err := strconv.ParseUint(m[1][i:i+4], 16, 16)
				if err != nil {
					t.Fatal(err)
				}
				units = append(units, uint16(u))
			}
			all = append(all, string(utf16.Decode(units)))
			continue
		}
		plain := strings.NewReplacer(`\\`, `\`, `\(`, "(", `\)`, ")").Replace(m[2])
		s, err := charmap.Windows1252.NewDecoder().String(plain)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.TrimSpace(s))
	}
	return all
}

func BenchmarkRender(b *testing.B) {
	d := new(escpos.Doc)
	for i := range 30 {
		d.Add(escpos.Pair(fmt.Sprintf("line %d", i), "1.00"))
	}
	for b.Loop() {
		if _, err := pdf.Render(d, pdf.Options{At: time.Unix(0, 0)}); err != nil {
			b.Fatal(err)
		}
	}
}
