package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

const ellipsis = "…"

// Point stands between the parts of a text that say different things. A text of
// several lines is broken there rather than inside a part.
const Point = "  ·  "

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

// LineHeight is the height of one line.
func (t *Text) LineHeight() float32 { return t.measure("M").Height }

// UsedHeight is the height of the lines that the text takes at a width; all of
// them while the width is not known.
func (t *Text) UsedHeight(width float32) float32 {
	n := float32(t.lines)
	if width > 0 {
		n = t.used(width)
	}
	return n * t.LineHeight()
}

// used returns how many lines the text takes at a width.
func (t *Text) used(width float32) float32 {
	lines, _ := wrap(t.text, t.lines, width, t.wide)
	n := float32(0)
	for _, line := range lines {
		if line != "" {
			n++
		}
	}
	return n
}

// fits reports whether a text could be shown whole in so many lines of a width.
func (t *Text) fits(text string, lines int, width float32) bool {
	_, whole := wrap(text, lines, width, t.wide)
	return whole
}

func (t *Text) wide(s string) float32 { return t.measure(s).Width }

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
	lines, _ := wrap(t.text, len(drawn), room.Width, t.wide)
	for i, line := range lines {
		d := drawn[i]
		d.Text, d.Color, d.TextSize, d.Alignment = line, colour(t, name), t.points(), t.style.Align
		d.TextStyle = fyne.TextStyle{Bold: t.style.Bold}
		place(d, 0, top+float32(i)*height, room.Width, height)
		d.Refresh()
	}
}

// wrap breaks text into exactly n lines (some empty) no wider than width, at its
// points if it is whole then, else between any words; what does not fit ends in an
// ellipsis, and then it is not whole.
func wrap(text string, n int, width float32, measure func(string) float32) (lines []string, whole bool) {
	if n == 1 {
		line := cut(text, width, measure)
		return []string{line}, line == text
	}
	lines, whole = fill(words(text, true), n, width, measure)
	if !whole && strings.Contains(text, Point) {
		if any, fits := fill(words(text, false), n, width, measure); fits {
			return any, true
		}
	}
	return lines, whole
}

// word is a word of a text, with what stands before it unless it begins a line.
type word struct {
	before, text string
	ends         bool // a line is best broken after it
}

func words(text string, atPoints bool) (out []word) {
	for _, part := range strings.Split(text, Point) {
		before := Point
		for _, w := range strings.Fields(part) {
			out = append(out, word{before, w, !atPoints})
			before = " "
		}
		if len(out) > 0 {
			out[len(out)-1].ends = true
		}
	}
	return out
}

// fill puts words into n lines, one line after the other.
func fill(words []word, n int, width float32, measure func(string) float32) (lines []string, whole bool) {
	lines, whole = make([]string, n), true
	for i := 0; i < n && len(words) > 0; i++ {
		take := len(words)
		if i < n-1 {
			take = lineful(words, width, measure)
		}
		line := joined(words[:take])
		lines[i] = cut(line, width, measure)
		whole = whole && lines[i] == line
		words = words[take:]
	}
	return lines, whole
}

// lineful is how many words go into a line: up to the last good break that fits, or
// as many as fit, but at least one.
func lineful(words []word, width float32, measure func(string) float32) int {
	fits, good := 1, 0
	for n := 1; n <= len(words) && (n == 1 || measure(joined(words[:n])) <= width); n++ {
		fits = n
		if words[n-1].ends {
			good = n
		}
	}
	if good > 0 {
		return good
	}
	return fits
}

func joined(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(w.before)
		}
		b.WriteString(w.text)
	}
	return b.String()
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
