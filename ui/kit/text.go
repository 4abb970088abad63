package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

const ellipsis = "…"

// Style says how a text is drawn. The zero style is body text, left aligned.
type Style struct {
	Size  fyne.ThemeSizeName  // "" is body
	Color fyne.ThemeColorName // "" is the text colour
	Bold  bool
	Align fyne.TextAlign
}

// The styles in use; a screen should need no others.
func Body() Style    { return Style{} }
func Strong() Style  { return Style{Bold: true} }
func Caption() Style { return Style{Size: look.SizeCaption, Color: look.ColorQuiet} }
func Title() Style   { return Style{Size: look.SizeTitle, Bold: true} }
func Big() Style     { return Style{Size: look.SizeBig, Bold: true} }

// Right returns the style aligned to the right, for figures.
func (s Style) Right() Style { s.Align = fyne.TextAlignTrailing; return s }

// Centred returns the style centred.
func (s Style) Centred() Style { s.Align = fyne.TextAlignCenter; return s }

// In returns the style in a colour.
func (s Style) In(c fyne.ThemeColorName) Style { s.Color = c; return s }

// Text is a text of one or a few lines that never runs into its neighbour: what
// does not fit ends in an ellipsis.
type Text struct {
	widget.BaseWidget
	text   string
	style  Style
	lines  int
	shrink bool
}

// NewText returns a text of one line that asks for the room it needs.
func NewText(text string, style Style) *Text {
	t := &Text{text: text, style: style, lines: 1}
	t.ExtendBaseWidget(t)
	return t
}

// NewLine returns a text of one line that takes what room it is given.
func NewLine(text string, style Style) *Text {
	t := NewText(text, style)
	t.shrink = true
	return t
}

// NewParagraph returns a text broken over at most so many lines. It always
// keeps the room of all of them, so the page does not jump.
func NewParagraph(text string, style Style, lines int) *Text {
	t := NewText(text, style)
	t.lines, t.shrink = max(1, lines), true
	return t
}

// Text returns the whole text, shown or not.
func (t *Text) Text() string { return t.text }

// SetText shows another text.
func (t *Text) SetText(text string) {
	if text != t.text {
		t.text = text
		t.Refresh()
	}
}

// SetStyle shows the text in another style.
func (t *Text) SetStyle(s Style) {
	if s != t.style {
		t.style = s
		t.Refresh()
	}
}

func (t *Text) points() float32 {
	name := t.style.Size
	if name == "" {
		name = look.SizeText
	}
	return size(t, name)
}

func (t *Text) measure(s string) fyne.Size {
	return fyne.MeasureText(s, t.points(), fyne.TextStyle{Bold: t.style.Bold})
}

// CreateRenderer is for the toolkit.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	drawn := make([]*canvas.Text, t.lines)
	d := &drawing{}
	for i := range drawn {
		drawn[i] = canvas.NewText("", colour(t, look.ColorText))
		d.objects = append(d.objects, drawn[i])
	}
	d.layout = func(room fyne.Size) { t.draw(drawn, room) }
	d.refresh = func() { t.draw(drawn, t.Size()) }
	d.min = func() fyne.Size {
		line := t.measure("M")
		if t.shrink {
			return fyne.NewSize(line.Width, line.Height*float32(t.lines))
		}
		return fyne.NewSize(t.measure(t.text).Width, line.Height)
	}
	return d
}

// usedHeight is the height of the lines that the text takes at a width; all of
// them while the width is not known.
func (t *Text) usedHeight(width float32) float32 {
	n := float32(t.lines)
	if width > 0 {
		n = t.used(width)
	}
	return n * t.measure("M").Height
}

// used returns how many lines the text takes at a width.
func (t *Text) used(width float32) float32 {
	n := float32(0)
	for _, line := range wrap(t.text, t.lines, width, func(s string) float32 { return t.measure(s).Width }) {
		if line != "" {
			n++
		}
	}
	return n
}

func (t *Text) draw(drawn []*canvas.Text, room fyne.Size) {
	name := t.style.Color
	if name == "" {
		name = look.ColorText
	}
	height := t.measure("M").Height
	// A single line stands in the middle of its room, lines start at its top.
	top := float32(0)
	if len(drawn) == 1 {
		top = (room.Height - height) / 2
	}
	for i, line := range wrap(t.text, len(drawn), room.Width, func(s string) float32 { return t.measure(s).Width }) {
		d := drawn[i]
		d.Text, d.Color, d.TextSize, d.Alignment = line, colour(t, name), t.points(), t.style.Align
		d.TextStyle = fyne.TextStyle{Bold: t.style.Bold}
		place(d, 0, top+float32(i)*height, room.Width, height)
		d.Refresh()
	}
}

// wrap breaks text into exactly n lines (some empty) no wider than width; what
// does not fit ends in an ellipsis.
func wrap(text string, n int, width float32, measure func(string) float32) []string {
	out := make([]string, n)
	words := strings.Fields(text)
	if n == 1 {
		out[0] = cut(text, width, measure)
		return out
	}
	for i := 0; i < n && len(words) > 0; i++ {
		if i == n-1 {
			out[i] = cut(strings.Join(words, " "), width, measure)
			break
		}
		take := 1
		for take < len(words) && measure(strings.Join(words[:take+1], " ")) <= width {
			take++
		}
		out[i] = cut(strings.Join(words[:take], " "), width, measure)
		words = words[take:]
	}
	return out
}

// cut shortens text to the width, with an ellipsis where something is missing.
func cut(text string, width float32, measure func(string) float32) string {
	// Half a unit of tolerance: a text measured to ask for its room must fit it.
	if text == "" || measure(text) <= width+0.5 {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)-1
	for low < high {
		mid := (low + high + 1) / 2
		if measure(string(runes[:mid])+ellipsis) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return strings.TrimRight(string(runes[:low]), " ") + ellipsis
}
