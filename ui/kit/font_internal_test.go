package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"golang.org/x/image/font/sfnt"

	"gatehouse/ui/look"
)

// A letter that the bundled fonts lack would be drawn differently on every
// machine, or as a box.
func TestEveryCharacterWeDrawIsInTheFonts(t *testing.T) {
	drawn := ellipsis + "•" + strings.Join(letterRows(), "") + strings.ToUpper(strings.Join(letterRows(), ""))
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		font, err := sfnt.Parse(look.New(look.Options{}).Font(style).Content())
		if err != nil {
			t.Fatal(err)
		}
		var buffer sfnt.Buffer
		for _, r := range drawn {
			if glyph, err := font.GlyphIndex(&buffer, r); err != nil || glyph == 0 {
				t.Errorf("%q is not in the font (bold %v)", r, style.Bold)
			}
		}
	}
}
