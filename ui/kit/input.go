package kit

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

// input is the part of a field that is typed into. It is our own because the
// toolkit's entry keeps function keys for itself, cannot align figures to the
// right, and speaks the desktop's language in its menu.
type input struct {
	widget.DisableableWidget
	env     *Env
	field   *Field
	line    line
	secret  bool
	right   bool
	points  fyne.ThemeSizeName
	hint    string
	focused bool
	shift   bool
	first   int // first character drawn
}

var (
	_ fyne.Focusable     = (*input)(nil)
	_ fyne.Tappable      = (*input)(nil)
	_ fyne.Shortcutable  = (*input)(nil)
	_ fyne.Tabbable      = (*input)(nil)
	_ desktop.Keyable    = (*input)(nil)
	_ desktop.Cursorable = (*input)(nil)
)

func (in *input) Cursor() desktop.Cursor { return desktop.TextCursor }

func (in *input) FocusGained() {
	in.focused = true
	in.env.last = in.field
	in.env.Keys.Changed()
	in.Refresh()
}

func (in *input) FocusLost() {
	in.focused, in.shift = false, false
	in.Refresh()
}

func (in *input) KeyDown(ev *fyne.KeyEvent) { in.setShift(ev, true) }
func (in *input) KeyUp(ev *fyne.KeyEvent)   { in.setShift(ev, false) }

func (in *input) setShift(ev *fyne.KeyEvent, down bool) {
	if ev.Name == desktop.KeyShiftLeft || ev.Name == desktop.KeyShiftRight {
		in.shift = down
	}
}

// TypedRune takes a character. The router hears of it first, so that a scan is
// recognised and taken out of the field again.
func (in *input) TypedRune(r rune) {
	if !in.env.swallow() {
		in.typed(r)
	}
}

func (in *input) typed(r rune) {
	in.env.Keys.Rune(r, in, in.save)
	if !in.Disabled() {
		in.insert(string(r))
	}
}

// save returns how to put the field back to what it is now.
func (in *input) save() func() {
	was := in.line
	return func() {
		in.line = was
		in.changed()
	}
}

// TypedKey asks the router first: a key of the screen's table works although
// somebody is typing here.
func (in *input) TypedKey(ev *fyne.KeyEvent) {
	if ev.Name == fyne.KeyTab {
		in.env.Keys.EndScan()
		return
	}
	k := keyOf(ev.Name)
	in.env.swallowed = false
	if k != "" && !k.Types() && in.env.Keys.Key(k) {
		return
	}
	if in.Disabled() {
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if in.field.onEnter != nil {
			in.field.onEnter(in.text())
		}
	case fyne.KeyBackspace:
		in.edit(func() { in.line.erase(-1) })
	case fyne.KeyDelete:
		in.edit(func() { in.line.erase(1) })
	case fyne.KeyLeft:
		in.walk(func() { in.line.step(-1, in.shift) })
	case fyne.KeyRight:
		in.walk(func() { in.line.step(1, in.shift) })
	case fyne.KeyHome:
		in.walk(func() { in.line.move(0, in.shift) })
	case fyne.KeyEnd:
		in.walk(func() { in.line.move(len(in.line.text), in.shift) })
	}
}

// AcceptsTab takes the Tab that ends a scan; any other moves the focus on.
func (in *input) AcceptsTab() bool { return in.env.Keys.Scanning() }

// TypedShortcut does cut, copy, paste and select all, and hands Ctrl with any
// other letter to the router.
func (in *input) TypedShortcut(s fyne.Shortcut) {
	if in.env.shortcut(s) || in.Disabled() {
		return
	}
	switch s := s.(type) {
	case *fyne.ShortcutPaste:
		in.insert(s.Clipboard.Content())
	case *fyne.ShortcutSelectAll:
		in.walk(in.line.selectAll)
	case *fyne.ShortcutCopy:
		in.copy(s.Clipboard)
	case *fyne.ShortcutCut:
		if in.copy(s.Clipboard) {
			in.edit(func() { in.line.erase(-1) })
		}
	}
}

// copy puts the selection on the clipboard; a secret never leaves its field.
func (in *input) copy(to fyne.Clipboard) bool {
	if in.secret || in.line.selected() == "" {
		return false
	}
	to.SetContent(in.line.selected())
	return true
}

func (in *input) insert(text string) {
	switch in.line.insert(text) {
	case taken:
		in.changed()
	case tooLong:
		in.field.Refuse(in.field.tooLong)
	case notDigits:
		if in.field.onStray == nil || !in.field.onStray(text) {
			in.field.Refuse(in.field.onlyDigits)
		}
	}
}

// replace sets the whole text as the person would.
func (in *input) replace(text string) { in.edit(func() { in.line.set(text) }) }

func (in *input) edit(f func()) {
	was := string(in.line.text)
	f()
	if string(in.line.text) != was {
		in.changed()
		return
	}
	in.Refresh()
}

func (in *input) walk(f func()) {
	f()
	in.Refresh()
}

// changed shows the new text, takes back a refusal that was about the old one,
// and tells the screen.
func (in *input) changed() {
	in.field.Refuse("")
	in.Refresh()
	if in.field.onChange != nil {
		in.field.onChange(in.text())
	}
	in.env.Keys.Changed()
}

func (in *input) text() string { return string(in.line.text) }

// Tapped puts the focus here and the caret under the finger.
func (in *input) Tapped(ev *fyne.PointEvent) {
	if in.Disabled() {
		return
	}
	in.field.Focus()
	shown := in.shown()
	x := ev.Position.X - in.origin(shown)
	if x < 0 {
		// The empty room beside figures means their end, where typing goes on.
		in.walk(func() { in.line.move(len(in.line.text), false) })
		return
	}
	at := in.first
	for at < len(in.line.text) && in.width(in.display()[in.first:at+1]) < x+in.width(in.display()[at:at+1])/2 {
		at++
	}
	in.walk(func() { in.line.move(at, false) })
}

// display is what is drawn for the text: dots for a secret.
func (in *input) display() []rune {
	if in.secret {
		return []rune(strings.Repeat("•", len(in.line.text)))
	}
	return in.line.text
}

func (in *input) width(r []rune) float32 {
	if len(r) == 0 {
		return 0
	}
	return fyne.MeasureText(string(r), size(in, in.points), fyne.TextStyle{}).Width
}

func (in *input) inset() float32 { return 1.25 * unit(in) }

// shown returns the part of the text that fits, moved so that the caret is in it.
func (in *input) shown() []rune {
	room := in.Size().Width - 2*in.inset() - 2
	all := in.display()
	in.first = min(in.first, in.line.caret)
	for in.first < in.line.caret && in.width(all[in.first:in.line.caret]) > room {
		in.first++
	}
	for in.first > 0 && in.width(all[in.first-1:]) <= room {
		in.first--
	}
	end := len(all)
	for end > in.line.caret && in.width(all[in.first:end]) > room {
		end--
	}
	return all[in.first:end]
}

// origin is where the shown text begins.
func (in *input) origin(shown []rune) float32 {
	if in.right {
		return in.Size().Width - in.inset() - 2 - in.width(shown)
	}
	return in.inset()
}

// CreateRenderer is for the toolkit.
func (in *input) CreateRenderer() fyne.WidgetRenderer {
	p := &inputParts{
		box: &canvas.Rectangle{}, chosen: &canvas.Rectangle{}, caret: &canvas.Rectangle{},
		text: canvas.NewText("", colour(in, look.ColorText)),
	}
	draw := func() { p.draw(in) }
	return &drawing{
		objects: []fyne.CanvasObject{p.box, p.chosen, p.text, p.caret},
		layout:  func(fyne.Size) { draw() },
		refresh: draw,
		min: func() fyne.Size {
			line := fyne.MeasureText("M", size(in, in.points), fyne.TextStyle{})
			return fyne.NewSize(line.Width*4+2*in.inset(), max(size(in, look.SizeTouch), line.Height+unit(in)))
		},
	}
}

type inputParts struct {
	box, chosen, caret *canvas.Rectangle
	text               *canvas.Text
}

func (p *inputParts) draw(in *input) {
	s := in.Size()
	edge, stroke, ink := look.ColorEdge, float32(1), look.ColorText
	switch {
	case in.field.refusal != "":
		edge, stroke = look.ColorRefused, 2
	case in.focused:
		edge, stroke = look.ColorFocus, 2
	}
	fill := look.ColorSurface
	if in.Disabled() {
		fill, ink = look.ColorBackground, look.ColorOff
	}
	paint(p.box, colour(in, fill), colour(in, edge), stroke, size(in, look.SizeRadius))
	place(p.box, 0, 0, s.Width, s.Height)

	shown := in.shown()
	x := in.origin(shown)
	p.text.Text, p.text.TextSize = string(shown), size(in, in.points)
	if len(in.line.text) == 0 {
		p.text.Text, ink = in.hint, look.ColorQuiet
		if in.right {
			x = s.Width - in.inset() - 2 - in.width([]rune(in.hint))
		}
	}
	p.text.Color = colour(in, ink)
	h := fyne.MeasureText("M", p.text.TextSize, fyne.TextStyle{}).Height
	top := (s.Height - h) / 2
	place(p.text, x, top, in.width([]rune(p.text.Text)), h)
	p.text.Refresh()

	p.drawCaret(in, in.origin(shown), top, h, shown)
}

func (p *inputParts) drawCaret(in *input, x, top, h float32, shown []rune) {
	at := func(i int) float32 {
		return x + in.width(shown[:max(0, min(i-in.first, len(shown)))])
	}
	from, to := in.line.selection()
	paint(p.chosen, colour(in, look.ColorChosen), nil, 0, 0)
	place(p.chosen, at(from), top, at(to)-at(from), h)
	paint(p.caret, colour(in, look.ColorFocus), nil, 0, 0)
	place(p.caret, at(in.line.caret), top, 2, h)
	p.chosen.Hidden = !in.focused || from == to
	p.caret.Hidden = !in.focused
}

// Caption returns the caption of the field.
func (in *input) Caption() string { return in.field.caption.Text() }
