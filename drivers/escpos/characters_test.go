package escpos_test

import (
	"bytes"
	"testing"

	"gatehouse/drivers/escpos"
)

// Each printer is switched to a page it has, by its own number, and only when the letter needs it. A line
// with a letter that no page has is drawn, whatever plainer letter there might be: it may be a name.
func TestLettersBeyondASCIIUseThePrintersPages(t *testing.T) {
	const drawn = "a picture"
	for _, c := range []struct {
		profile, text, want string
	}{
		{"TM-T88VI", "Peña", "Pe\xA4a\n"},                 // PC437 is in force
		{"TM-T88VI", "5 €", "5 \x1Bt\x13\xD5\n"},          // PC858
		{"TM-T88VI", "Łódź", "\x1Bt\x12\x9D\xA2d\xAB\n"},  // PC852, once for the whole word
		{"TM-m30", "Вода", "\x1Bt\x11\x82\xAE\xA4\xA0\n"}, // PC866
		{"TM-T88VI", "北京", drawn},
		{"TM-T88VI", "Đặng", drawn},
		{"TM-T88VI", "Peña 북", drawn},
		{"TM-U220", "北京", drawn},
		{"generic-80-columns", "북", drawn},
		{"TM-U220", "Peña", "Pe\xA4a\n"},
		{"generic-80", "Peña", "Pe\xA4a\n"},
		{"generic-80", "Łódź", drawn},
		{"generic-58", "Вода", drawn},
		{"TM-T88VI", "5 → 6 ﬁne ①", "5 -> 6 fine 1\n"},   // signs and forms of letters are spelled as readers would
		{"TM-T88VI", "ａ，b\u3000c\u200b", "a,b c\n"},      // and so are wide ones
		{"TM-T88VI", "5 \U0001F4A7", drawn},              // as a box: see Unprintable
		{"TM-T88VI", "a\u0323\u0302", drawn},             // composed to ậ
		{"TM-T88VI", "x\u030c", drawn},                   // a mark that composes to nothing
		{"TM-T88VI", "\uFFFD", drawn},                    // also what is not UTF-8
		{"TM-T88VI", "─ ═", "\xC4 \xCD\n"},               // lines are letters of a page
		{"generic-58", "it’s ′", "it\x1Bt\x10\x92s '\n"}, // typesetters' quotes are on a page, minutes are spelled
	} {
		p, _ := escpos.ProfileNamed(c.profile)
		segs, err := escpos.Encode(new(escpos.Doc).Add(escpos.Text{S: c.text}), p)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		for _, s := range segs[1:] {
			got = append(got, s.Data...)
		}
		start := escpos.Raster
		switch {
		case bytes.HasPrefix(got, []byte("\x1Dv0")):
		case bytes.HasPrefix(got, []byte("\x1B3\x18\x1B*\x21")):
			start = escpos.Columns24
		case bytes.HasPrefix(got, []byte("\x1B3\x10\x1B*\x00")):
			start = escpos.Columns8
		case c.want == drawn || !bytes.Equal(got, []byte(c.want)):
			t.Errorf("%s prints %q as % X, want % X", c.profile, c.text, got, c.want)
			continue
		}
		if c.want == drawn && start != p.Pictures {
			t.Errorf("%s draws %q as % X...", c.profile, c.text, got[:8])
		}
	}
}

// A slip station draws nothing: letters lose their marks there, and the rest is '?'.
func TestWhereNothingIsDrawnLettersAreSpelled(t *testing.T) {
	p, _ := escpos.ProfileNamed("TM-H6000V")
	d := &escpos.Doc{Sheet: escpos.Slip}
	segs, err := escpos.Encode(d.Add(escpos.Text{S: "ặng 北 Peña ß"}), p)
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, s := range segs {
		all = append(all, s.Data...)
	}
	if want := []byte("ang ? Pe\xA4a \xE1\n"); !bytes.Contains(all, want) {
		t.Errorf("% X holds no % X", all, want)
	}
}
