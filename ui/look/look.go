package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Sizes of our widgets, in the toolkit's units (one pixel at scale 1).
const (
	SizeText    fyne.ThemeSizeName = theme.SizeNameText           // body, and strong in bold
	SizeCaption fyne.ThemeSizeName = theme.SizeNameCaptionText    // above a field, in the bars
	SizeTitle   fyne.ThemeSizeName = theme.SizeNameSubHeadingText // panels, names
	SizeBig     fyne.ThemeSizeName = theme.SizeNameHeadingText    // a sum in a panel, a tile's word
	SizeMoney   fyne.ThemeSizeName = "gatehouse.money"            // to pay, change, the visitor's number
	SizeUnit    fyne.ThemeSizeName = "gatehouse.unit"             // the grid: 8
	SizeRadius  fyne.ThemeSizeName = "gatehouse.radius"           // rounded corners
	SizeTouch   fyne.ThemeSizeName = "gatehouse.touch"            // least height of what is pressed
	SizeKey     fyne.ThemeSizeName = "gatehouse.key"              // a key of keypad and keyboard
	SizeIcon    fyne.ThemeSizeName = theme.SizeNameInlineIcon     // a sign beside text
	SizePicture fyne.ThemeSizeName = "gatehouse.picture"          // the picture on a tile
)

// Options choose a theme.
type Options struct {
	Night bool // light on dark
	Large bool // text at 150 %
	Kiosk bool // read from farther away and pressed by anybody: larger again
}

// Theme is one look of the program.
type Theme struct {
	colors  palette
	sizes   map[fyne.ThemeSizeName]float32
	variant fyne.ThemeVariant
}

var _ fyne.Theme = (*Theme)(nil)

// New returns the look for the options.
func New(o Options) *Theme {
	t := &Theme{colors: day(), variant: theme.VariantLight, sizes: counter()}
	if o.Night {
		t.colors, t.variant = night(), theme.VariantDark
	}
	if o.Kiosk {
		t.sizes = kiosk()
	}
	if o.Large {
		// What is read grows by half. Figures that are large already grow
		// less and gaps stay, so that a screen still fits on the smallest
		// window.
		for _, name := range []fyne.ThemeSizeName{SizeText, SizeCaption, SizeTitle, SizeIcon} {
			t.sizes[name] *= 1.5
		}
		for _, name := range []fyne.ThemeSizeName{SizeBig, SizeMoney, SizeTouch} {
			t.sizes[name] *= 1.25
		}
	}
	return t
}

func counter() map[fyne.ThemeSizeName]float32 {
	return map[fyne.ThemeSizeName]float32{
		SizeCaption: 14, SizeText: 16, SizeTitle: 20, SizeBig: 26, SizeMoney: 48,
		SizeUnit: 8, SizeRadius: 6, SizeTouch: 44, SizeKey: 60, SizeIcon: 18, SizePicture: 72,
	}
}

func kiosk() map[fyne.ThemeSizeName]float32 {
	return map[fyne.ThemeSizeName]float32{
		SizeCaption: 20, SizeText: 24, SizeTitle: 32, SizeBig: 44, SizeMoney: 120,
		SizeUnit: 8, SizeRadius: 10, SizeTouch: 80, SizeKey: 80, SizeIcon: 28, SizePicture: 128,
	}
}

// Size returns a size by name.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := t.sizes[name]; ok {
		return s
	}
	switch name {
	case theme.SizeNamePadding:
		return 8
	case theme.SizeNameInnerPadding:
		return 8
	case theme.SizeNameInputBorder:
		return 2
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return t.sizes[SizeRadius]
	}
	return theme.DefaultTheme().Size(name)
}

// Font returns the bundled font, so that the same letters are drawn on every
// machine.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(style) }

// Icon returns the toolkit's own icons; ours are got with Sign.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }
