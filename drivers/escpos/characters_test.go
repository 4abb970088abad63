package escpos_test

import (
	"bytes"
	"testing"

	"gatehouse/drivers/escpos"
)

// Each printer is switched to a page it has, by its own number, and only when the letter needs it.
func TestLettersBeyondASCIIUseThePrintersPages(t *testing.T) {
	for _, c := range []struct {
		profile, text, want string
	}{
		{"TM-T88VI", "Peña", "Pe\xA4a\n"},                 // PC437 is in force
		{"TM-T88VI", "5 €", "5 \x1Bt\x13\xD5\n"},          // PC858
		{"TM-T88VI", "Łódź", "\x1Bt\x12\x9D\xA2d\xAB\n"},  // PC852, once for the whole word
		{"TM-m30", "Вода", "\x1Bt\x11\x82\xAE\xA4\xA0\n"}, // PC866
		{"generic-80", "Łódź", "L\xA2dz\n"},               // no such page: plainer letters
		{"generic-58", "Вода", "????\n"},                  // no such page, and no plainer letters
	} {
		p, _ := escpos.ProfileNamed(c.profile)
		segs, err := escpos.Encode(new(escpos.Doc).Add(escpos.Text{S: c.text}), p)
		if err != nil {
			t.Fatal(err)
		}
		if got := segs[len(segs)-1].Data; !bytes.Equal(got, []byte(c.want)) {
			t.Errorf("%s prints %q as % X, want % X", c.profile, c.text, got, c.want)
		}
	}
}
