package look_test

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"gatehouse/ui/look"
)

// luminance and contrast follow WCAG 2.2, relative luminance and contrast ratio.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func TestContrastIsComputedAsInTheStandard(t *testing.T) {
	if got := contrast(color.White, color.Black); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white: got %.2f, want 21", got)
	}
	if got := contrast(color.Gray{0x77}, color.White); got < 4.4 || got > 4.5 {
		t.Errorf("#777 on white: got %.2f, want 4.48", got)
	}
}

// Text needs 4.5 to 1; large text, edges and signs 3 to 1 (WCAG 2.2, 1.4.3 and
// 1.4.11).
func TestEveryPairCanBeRead(t *testing.T) {
	pairs := []struct {
		ink, on fyne.ThemeColorName
		least   float64
	}{
		{look.ColorText, look.ColorBackground, 4.5}, {look.ColorText, look.ColorSurface, 4.5},
		{look.ColorText, look.ColorRaised, 4.5}, {look.ColorText, look.ColorChosen, 4.5},
		{look.ColorQuiet, look.ColorBackground, 4.5}, {look.ColorQuiet, look.ColorSurface, 4.5},
		{look.ColorQuiet, look.ColorRaised, 4.5},
		{look.ColorRefused, look.ColorSurface, 4.5}, {look.ColorRefused, look.ColorBackground, 4.5},
		{look.ColorRefused, look.ColorChosen, 3},
		{look.ColorAccent, look.ColorSurface, 4.5}, {look.ColorAccent, look.ColorBackground, 4.5},
		{look.ColorOnAccent, look.ColorAccent, 4.5}, {look.ColorOnLook, look.ColorLook, 4.5},
		{look.ColorOnDanger, look.ColorDanger, 4.5}, {look.ColorOnDone, look.ColorDone, 4.5},
		{look.ColorOff, look.ColorBackground, 3}, {look.ColorOff, look.ColorSurface, 3},
		{look.ColorEdge, look.ColorSurface, 3}, {look.ColorEdge, look.ColorBackground, 3},
		{look.ColorFocus, look.ColorSurface, 3}, {look.ColorFocus, look.ColorBackground, 3},
	}
	for _, night := range []bool{false, true} {
		th := look.New(look.Options{Night: night})
		for _, p := range pairs {
			ink, on := th.Color(p.ink, theme.VariantDark), th.Color(p.on, theme.VariantDark)
			if got := contrast(ink, on); got < p.least {
				t.Errorf("night %v: %s on %s has %.2f, needs %.1f", night, p.ink, p.on, got, p.least)
			}
		}
	}
}

func TestTheDesktopsVariantIsIgnored(t *testing.T) {
	for _, night := range []bool{false, true} {
		th := look.New(look.Options{Night: night})
		for _, name := range []fyne.ThemeColorName{look.ColorBackground, look.ColorText, look.ColorDanger,
			theme.ColorNameInputBackground, theme.ColorNameShadow, theme.ColorNameScrollBar} {
			if th.Color(name, theme.VariantDark) != th.Color(name, theme.VariantLight) {
				t.Errorf("night %v: %s follows the desktop", night, name)
			}
		}
	}
}

// The name of a colour in a golden file is found by its value, so no two may be
// the same.
func TestNoTwoColoursOfAThemeAreTheSame(t *testing.T) {
	for _, night := range []bool{false, true} {
		th, seen := look.New(look.Options{Night: night}), map[color.Color]fyne.ThemeColorName{}
		for _, name := range []fyne.ThemeColorName{look.ColorBackground, look.ColorSurface, look.ColorRaised, look.ColorLine,
			look.ColorEdge, look.ColorText, look.ColorQuiet, look.ColorOff, look.ColorAccent, look.ColorOnAccent, look.ColorChosen,
			look.ColorLook, look.ColorOnLook, look.ColorRefused, look.ColorDanger, look.ColorOnDanger, look.ColorDone,
			look.ColorOnDone, look.ColorFocus} {
			c := th.Color(name, theme.VariantLight)
			if other, ok := seen[c]; ok {
				t.Errorf("night %v: %s and %s are the same", night, name, other)
			}
			seen[c] = name
		}
	}
}

func TestSizesGrow(t *testing.T) {
	plain, large, kiosk := look.New(look.Options{}), look.New(look.Options{Large: true}), look.New(look.Options{Kiosk: true})
	if got, want := large.Size(look.SizeText), plain.Size(look.SizeText)*1.5; got != want {
		t.Errorf("large text: got %v, want %v", got, want)
	}
	for _, name := range []fyne.ThemeSizeName{look.SizeCaption, look.SizeText, look.SizeTitle, look.SizeBig, look.SizeMoney, look.SizeTouch} {
		if large.Size(name) <= plain.Size(name) || kiosk.Size(name) <= plain.Size(name) {
			t.Errorf("%s: %v plain, %v large, %v kiosk", name, plain.Size(name), large.Size(name), kiosk.Size(name))
		}
	}
	// 20 mm on a 21 inch kiosk standing upright, 1080 over 262 mm.
	if touch := kiosk.Size(look.SizeKey); touch*262/1080 < 19 {
		t.Errorf("a key of the kiosk is %.1f mm wide", touch*262/1080)
	}
}

func TestEverySignIsDrawnInItsColour(t *testing.T) {
	app := test.NewTempApp(t)
	th := look.New(look.Options{})
	app.Settings().SetTheme(th)
	for _, name := range look.Signs() {
		t.Run(string(name), func(t *testing.T) {
			seen := inks(look.Sign(name, look.ColorRefused))
			if n := seen[fmt.Sprint(color.NRGBAModel.Convert(th.Color(look.ColorRefused, 0)))]; n < 100 {
				t.Errorf("only %d of 4096 dots have the sign's colour", n)
			}
		})
	}
	if len(inks(look.Logo())) < 4 {
		t.Error("the logo has too few colours")
	}
}

func TestAnUnknownSignIsAMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown sign was drawn")
		}
	}()
	look.Sign("no-such-sign", look.ColorText)
}

// inks counts the colours of a drawing of 64 by 64 dots.
func inks(r fyne.Resource) map[string]int {
	img := canvas.NewImageFromResource(r)
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(img)
	c.Resize(fyne.NewSize(64, 64))
	drawn, seen := c.Capture(), map[string]int{}
	for x := range 64 {
		for y := range 64 {
			seen[fmt.Sprint(color.NRGBAModel.Convert(drawn.At(x, y)))]++
		}
	}
	return seen
}
