package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The colours of our widgets. Each name with "On" is the text for the surface
// after it.
const (
	ColorBackground fyne.ThemeColorName = theme.ColorNameBackground // behind the panels
	ColorSurface    fyne.ThemeColorName = "gatehouse.surface"       // panels, rows, tiles
	ColorRaised     fyne.ThemeColorName = theme.ColorNameButton     // a button to press
	ColorLine       fyne.ThemeColorName = theme.ColorNameSeparator  // thin lines, never the only sign
	ColorEdge       fyne.ThemeColorName = "gatehouse.edge"          // the edge of a field or a button
	ColorText       fyne.ThemeColorName = theme.ColorNameForeground
	ColorQuiet      fyne.ThemeColorName = theme.ColorNamePlaceHolder // captions, what is normal
	ColorOff        fyne.ThemeColorName = theme.ColorNameDisabled    // what cannot be done now
	ColorAccent     fyne.ThemeColorName = theme.ColorNamePrimary     // the water blue
	ColorOnAccent   fyne.ThemeColorName = theme.ColorNameForegroundOnPrimary
	ColorChosen     fyne.ThemeColorName = theme.ColorNameSelection // the chosen row
	ColorLook       fyne.ThemeColorName = theme.ColorNameWarning   // amber, surface of a "look here"
	ColorOnLook     fyne.ThemeColorName = theme.ColorNameForegroundOnWarning
	ColorRefused    fyne.ThemeColorName = theme.ColorNameError // red text and edge on neutral surfaces
	ColorDanger     fyne.ThemeColorName = "gatehouse.danger"   // red, surface
	ColorOnDanger   fyne.ThemeColorName = theme.ColorNameForegroundOnError
	ColorDone       fyne.ThemeColorName = theme.ColorNameSuccess // a quiet green surface for "it is done"
	ColorOnDone     fyne.ThemeColorName = theme.ColorNameForegroundOnSuccess
	ColorFocus      fyne.ThemeColorName = theme.ColorNameFocus // the ring around what has the focus
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

type palette map[fyne.ThemeColorName]color.NRGBA

func day() palette {
	return palette{
		ColorBackground: rgb(0xeef2f4),
		ColorSurface:    rgb(0xfdfefe),
		ColorRaised:     rgb(0xe3eaee),
		ColorLine:       rgb(0xd3dce2),
		ColorEdge:       rgb(0x7c8e9a),
		ColorText:       rgb(0x14222b),
		ColorQuiet:      rgb(0x4d606d),
		ColorOff:        rgb(0x71818c),
		ColorAccent:     rgb(0x0b6a94),
		ColorOnAccent:   rgb(0xfefefe),
		ColorChosen:     rgb(0xcfe6f1),
		ColorLook:       rgb(0xffe3a3),
		ColorOnLook:     rgb(0x4a2f00),
		ColorRefused:    rgb(0xb0191d),
		ColorDanger:     rgb(0xb3211f),
		ColorOnDanger:   rgb(0xfffdfd),
		ColorDone:       rgb(0xd5ecdd),
		ColorOnDone:     rgb(0x0e3d22),
		ColorFocus:      rgb(0x0a6b95),
	}
}

func night() palette {
	return palette{
		ColorBackground: rgb(0x10171c),
		ColorSurface:    rgb(0x19232a),
		ColorRaised:     rgb(0x26333c),
		ColorLine:       rgb(0x30404a),
		ColorEdge:       rgb(0x738896),
		ColorText:       rgb(0xe8eff3),
		ColorQuiet:      rgb(0xa6b6c0),
		ColorOff:        rgb(0x7d8f9a),
		ColorAccent:     rgb(0x5fbbe0),
		ColorOnAccent:   rgb(0x04202d),
		ColorChosen:     rgb(0x1d4a60),
		ColorLook:       rgb(0x6b4e06),
		ColorOnLook:     rgb(0xffedc2),
		ColorRefused:    rgb(0xff9c92),
		ColorDanger:     rgb(0x8f1f1c),
		ColorOnDanger:   rgb(0xfff3f1),
		ColorDone:       rgb(0x1d4a31),
		ColorOnDone:     rgb(0xd6f3e1),
		ColorFocus:      rgb(0x60bce1),
	}
}

// Color returns a colour by name, whatever the desktop's variant. A name of the
// toolkit that we do not use comes from the toolkit's matching variant.
func (t *Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := t.colors[name]; ok {
		return c
	}
	switch name {
	case theme.ColorNameInputBackground, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground, theme.ColorNameHeaderBackground:
		return t.colors[ColorSurface]
	case theme.ColorNameInputBorder:
		return t.colors[ColorEdge]
	case theme.ColorNameHyperlink:
		return t.colors[ColorAccent]
	case theme.ColorNameHover, theme.ColorNamePressed:
		return t.colors[ColorChosen]
	}
	return theme.DefaultTheme().Color(name, t.variant)
}
