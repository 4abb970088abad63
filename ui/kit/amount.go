package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// Amount shows a sum as large as its room allows, right aligned,
// under its caption. The text is formatted outside.
type Amount struct {
	widget.BaseWidget
	caption *Text
	text    string
	ink     fyne.ThemeColorName
	largest fyne.ThemeSizeName
}

// NewAmount returns an amount in the size of the amount to pay.
func NewAmount(caption string) *Amount {
	a := &Amount{caption: NewLine(caption, Style{Color: look.ColorQuiet}), ink: look.ColorText, largest: look.SizeMoney}
	a.ExtendBaseWidget(a)
	return a
}

// NewSmallAmount returns an amount in the size of a sub-total, with its caption
// at the left of the same line.
func NewSmallAmount(caption string) *Amount {
	a := NewAmount(caption)
	a.largest = look.SizeBig
	return a
}

// Set shows a text; accent draws it in the water blue.
func (a *Amount) Set(text string, accent bool) {
	ink := look.ColorText
	if accent {
		ink = look.ColorAccent
	}
	if a.text != text || a.ink != ink {
		a.text, a.ink = text, ink
		a.Refresh()
	}
}

// Text returns the text shown.
func (a *Amount) Text() string { return a.text }

// SetCaption changes the words, for another language.
func (a *Amount) SetCaption(caption string) { a.caption.SetText(caption) }

// CreateRenderer is for the toolkit.
func (a *Amount) CreateRenderer() fyne.WidgetRenderer {
	figures := canvas.NewText("", colour(a, look.ColorText))
	figures.TextStyle.Bold = true
	inline := a.largest == look.SizeBig
	d := &drawing{objects: []fyne.CanvasObject{a.caption, figures}}
	measure := func(points float32) fyne.Size {
		return fyne.MeasureText(a.text, points, fyne.TextStyle{Bold: true})
	}
	d.layout = func(s fyne.Size) {
		room, top, cap := s.Width, float32(0), a.caption.MinSize().Height
		if inline {
			caption := a.caption.measure(a.caption.Text()).Width
			place(a.caption, 0, 0, min(s.Width, caption+1), s.Height)
			room -= caption + 2*unit(a)
		} else {
			place(a.caption, 0, 0, s.Width, cap)
			top = cap
		}
		points := size(a, a.largest)
		if m := measure(points); m.Width > room && m.Width > 0 {
			// A sum is never cut: it gets smaller instead.
			points *= max(0.2, room/m.Width)
		}
		figures.Text, figures.TextSize, figures.Color = a.text, points, colour(a, a.ink)
		figures.Alignment = fyne.TextAlignTrailing
		h := measure(points).Height
		place(figures, 0, top+(s.Height-top-h)/2, s.Width, h)
		figures.Refresh()
	}
	d.refresh = func() {
		a.caption.Refresh()
		d.layout(a.Size())
	}
	d.min = func() fyne.Size {
		line := fyne.MeasureText("0.00", size(a, a.largest), fyne.TextStyle{Bold: true})
		if inline {
			return fyne.NewSize(line.Width+a.caption.measure(a.caption.Text()).Width+2*unit(a), line.Height)
		}
		return fyne.NewSize(line.Width, line.Height+a.caption.MinSize().Height)
	}
	return d
}
