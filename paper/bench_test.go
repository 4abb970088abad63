package paper_test

import (
	"testing"

	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/papertest"
)

// standard is the standard receipt: one account, two buckets, cash with change.
func standard(b *testing.B) (*paper.Layouts, paper.Sheet, ledger.Entry) {
	d := papertest.Open(b, papertest.Options{})
	d.Morning()
	e := d.PayCash(papertest.Garcia, 188_20)
	return layouts(b), sheet(b, d), e
}

func encode(b *testing.B, profile string, key escpos.LogoKey) {
	l, s, e := standard(b)
	s.LogoKey = key
	doc, err := l.Document(s, &e, paper.Copy{})
	if err != nil {
		b.Fatal(err)
	}
	p, ok := escpos.ProfileNamed(profile)
	if !ok {
		b.Fatal("no profile", profile)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := escpos.Encode(doc, p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncodeLogoKept is held to 20 µs, BenchmarkEncodeLogoImage to 100 µs.
func BenchmarkEncodeLogoKept(b *testing.B)  { encode(b, "TM-T88VI", escpos.LogoKey{'G', 'H'}) }
func BenchmarkEncodeLogoImage(b *testing.B) { encode(b, "TM-T88VI", escpos.LogoKey{}) }

// BenchmarkLayout is the entry to the document; most of it is the signature in
// the code.
func BenchmarkLayout(b *testing.B) {
	l, s, e := standard(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := l.Document(s, &e, paper.Copy{}); err != nil {
			b.Fatal(err)
		}
	}
}
