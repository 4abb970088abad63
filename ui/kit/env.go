package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"gatehouse/ui/keys"
)

// Env is what the pieces of one window share: the key router, and which field
// was typed into last.
type Env struct {
	Keys *keys.Router

	canvas    fyne.Canvas
	last      *Field
	swallowed bool // the key just pressed was a table's, so its character is none
}

// NewEnv returns the environment of one window.
func NewEnv(router *keys.Router) *Env { return &Env{Keys: router} }

// Attach makes the window's keys reach the router even if nothing has the
// focus. Call it once, when the window is made.
func (e *Env) Attach(c fyne.Canvas) {
	e.canvas = c
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) { e.looseKey(ev) })
	c.SetOnTypedRune(func(r rune) { e.looseRune(r) })
	if d, ok := c.(desktop.Canvas); ok {
		// A Tab that nothing takes is never told as typed: it moves the focus.
		d.SetOnKeyDown(func(ev *fyne.KeyEvent) {
			if ev.Name == fyne.KeyTab {
				e.Keys.EndScan()
			}
		})
	}
	for letter := 'A'; letter <= 'Z'; letter++ {
		s := &desktop.CustomShortcut{KeyName: fyne.KeyName(letter), Modifier: fyne.KeyModifierControl}
		c.AddShortcut(s, func(s fyne.Shortcut) { e.shortcut(s) })
	}
}

// Enter brings a screen to the front: its keys replace all others, and first
// gets the focus; nil leaves nothing focused. The screen must be in the window
// and visible already.
func (e *Env) Enter(screen keys.Layer, first *Field) {
	e.last = nil
	e.Keys.Show(screen)
	if e.canvas == nil {
		return
	}
	if first == nil {
		e.canvas.Unfocus()
		return
	}
	first.Focus()
}

// Type types text into the field used last, as the keypad and the on-screen
// keyboard do, and reports whether there was one.
func (e *Env) Type(text string) bool {
	return e.withField(func(f *Field) {
		for _, r := range text {
			f.input.insert(string(r))
		}
	})
}

// Backspace takes back one character of the field used last.
func (e *Env) Backspace() bool {
	return e.withField(func(f *Field) { f.input.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace}) })
}

// ClearField empties the field used last.
func (e *Env) ClearField() bool { return e.withField(func(f *Field) { f.input.replace("") }) }

// PressEnter does what Enter does now.
func (e *Env) PressEnter() {
	if !e.withField(func(f *Field) { f.input.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }) {
		e.Keys.Key(keys.Enter)
	}
}

func (e *Env) withField(f func(*Field)) bool {
	if e.last == nil || !e.last.Visible() || e.last.input.Disabled() {
		return false
	}
	e.last.Focus()
	f(e.last)
	return true
}

// handBack returns the focus to the field used last after a finger or the
// pointer pressed something, unless the press itself moved the focus.
func (e *Env) handBack() {
	if e.canvas != nil && e.canvas.Focused() == nil && e.last != nil && e.last.Visible() {
		e.last.Focus()
	}
}

// looseKey handles a key that no field took: it belongs to the tables alone.
func (e *Env) looseKey(ev *fyne.KeyEvent) bool {
	if ev.Name == fyne.KeyTab {
		return e.Keys.EndScan()
	}
	k := keyOf(ev.Name)
	e.swallowed = false
	if k == "" {
		return false
	}
	taken := e.Keys.Key(k)
	e.swallowed = taken && k.Types()
	return taken
}

// looseRune handles a character typed while no field has the focus: it goes to
// the field used last, so that nothing typed is lost.
func (e *Env) looseRune(r rune) {
	if e.swallow() {
		return
	}
	if !e.withField(func(f *Field) { f.input.typed(r) }) {
		e.Keys.Rune(r, e, func() func() { return func() {} })
	}
}

// swallow reports whether the character just typed belongs to a key that a
// table took: the toolkit tells of a key first and of its character then, and
// the key may have brought another screen in between.
func (e *Env) swallow() bool {
	was := e.swallowed
	e.swallowed = false
	return was
}

// shortcut handles Ctrl with a letter and reports whether a table wanted it.
func (e *Env) shortcut(s fyne.Shortcut) bool {
	c, ok := s.(*desktop.CustomShortcut)
	if !ok || c.Modifier != fyne.KeyModifierControl {
		return false
	}
	return e.Keys.Key(keys.Ctrl(string(c.KeyName)))
}

// keyOf translates the toolkit's name of a key; "" for keys no table may use,
// such as Shift alone.
func keyOf(name fyne.KeyName) keys.Key {
	switch name {
	case fyne.KeyEscape:
		return keys.Esc
	case fyne.KeyReturn, fyne.KeyEnter:
		return keys.Enter
	case fyne.KeyPageUp:
		return keys.PageUp
	case fyne.KeyPageDown:
		return keys.PageDown
	case fyne.KeyInsert:
		return keys.Insert
	case fyne.KeyDelete:
		return keys.Delete
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd, fyne.KeySpace,
		fyne.KeyF1, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyF6,
		fyne.KeyF7, fyne.KeyF8, fyne.KeyF9, fyne.KeyF10, fyne.KeyF11, fyne.KeyF12:
		return keys.Key(name)
	}
	if len(name) == 1 && (name[0] >= 'A' && name[0] <= 'Z' || name[0] >= '0' && name[0] <= '9') {
		return keys.Key(name)
	}
	return ""
}
