package uitest

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// captioned is a piece that can be found by what it shows.
type captioned interface{ Caption() string }

// objects returns what is visible in the window, in the order of Tab.
func (b *Bench) objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		out = append(out, o)
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(b.Window.Content())
	return out
}

// Tap presses, in the middle, the first visible piece with a caption.
func (b *Bench) Tap(caption string) {
	b.t.Helper()
	var seen []string
	for _, o := range b.objects() {
		c, ok := o.(captioned)
		if !ok {
			continue
		}
		tapped, ok := o.(fyne.Tappable)
		if !ok {
			continue
		}
		if c.Caption() != caption {
			seen = append(seen, c.Caption())
			continue
		}
		// The real window takes the focus away from whatever had it.
		b.Window.Canvas().Unfocus()
		tapped.Tapped(&fyne.PointEvent{Position: fyne.NewPos(o.Size().Width/2, o.Size().Height/2)})
		return
	}
	b.t.Fatalf("nothing to tap is called %q; there are %q", caption, seen)
}

// Texts returns all text that the window shows, from top to bottom of the tree.
func (b *Bench) Texts() []string {
	var out []string
	for _, o := range b.objects() {
		if t, ok := o.(interface{ Text() string }); ok && t.Text() != "" {
			out = append(out, t.Text())
		}
	}
	return out
}

// Shows fails the test unless the window shows a text.
func (b *Bench) Shows(text string) {
	b.t.Helper()
	if !slices.ContainsFunc(b.Texts(), func(s string) bool { return strings.Contains(s, text) }) {
		b.t.Errorf("the window does not show %q; it shows %q", text, b.Texts())
	}
}

// FocusOrder returns what Tab visits, once around: captions, or kinds of piece
// where there is none.
func (b *Bench) FocusOrder() []string {
	c := b.Window.Canvas()
	was := c.Focused()
	c.Unfocus()
	var out []string
	var first fyne.Focusable
	for range 200 {
		c.FocusNext()
		f := c.Focused()
		if f == nil || f == first {
			break
		}
		if first == nil {
			first = f
		}
		out = append(out, nameOfFocus(f))
	}
	c.Unfocus()
	if was != nil {
		c.Focus(was)
	}
	return out
}

func nameOfFocus(f fyne.Focusable) string {
	if c, ok := f.(captioned); ok && c.Caption() != "" {
		return c.Caption()
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", f), "*")
}
