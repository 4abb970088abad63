package kit

import (
	"fyne.io/fyne/v2"

	"gatehouse/ui/look"
)

// Level says how loud something is. Every level but Quiet has a sign as well as
// a colour.
type Level int

// The levels. Refused is for refusal and danger only.
const (
	Quiet Level = iota
	Done
	Look
	Refused
)

func (l Level) sign() look.SignName {
	switch l {
	case Done:
		return look.SignCheck
	case Look:
		return look.SignLook
	case Refused:
		return look.SignRefused
	}
	return look.SignInfo
}

// ink is the sign's colour on a neutral surface.
func (l Level) ink() fyne.ThemeColorName {
	if l == Refused {
		return look.ColorRefused
	}
	return look.ColorText
}

// surface is the level's own surface and the text for it.
func (l Level) surface() (fill, ink fyne.ThemeColorName) {
	switch l {
	case Done:
		return look.ColorDone, look.ColorOnDone
	case Look:
		return look.ColorLook, look.ColorOnLook
	case Refused:
		return look.ColorDanger, look.ColorOnDanger
	}
	return look.ColorSurface, look.ColorQuiet
}
