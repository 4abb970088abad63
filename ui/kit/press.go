package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/keys"
)

// press is what makes a button of an action of the screen's table: it takes its
// caption and key from there, and does it by key, finger, or Space and Enter
// while focused.
type press struct {
	widget.DisableableWidget
	env     *Env
	action  keys.Action
	binding keys.Binding
	focused bool
	stop    func()
}

var (
	_ fyne.Focusable    = (*press)(nil)
	_ fyne.Tabbable     = (*press)(nil)
	_ fyne.Tappable     = (*press)(nil)
	_ fyne.Shortcutable = (*press)(nil)
)

func (p *press) init(env *Env, action keys.Action, self fyne.Widget) {
	p.env, p.action = env, action
	p.ExtendBaseWidget(self)
	p.stop = env.Keys.Watch(p.look)
	p.look()
}

// look takes caption, key and condition from the table and draws only if
// something changed.
func (p *press) look() {
	b, ready, found := p.env.Keys.Lookup(p.action)
	if !found {
		return
	}
	same := b.Label == p.binding.Label && b.Key == p.binding.Key
	p.binding = b
	switch {
	case ready && p.Disabled():
		p.Enable()
	case !ready && !p.Disabled():
		p.Disable()
	case !same:
		p.Refresh()
	}
}

// Caption returns the caption drawn.
func (p *press) Caption() string { return p.binding.Label }

// Tapped does the action.
func (p *press) Tapped(*fyne.PointEvent) {
	if !p.Disabled() {
		p.env.Keys.Do(p.action)
	}
	p.env.handBack()
}

func (p *press) FocusGained() {
	p.focused = true
	p.Refresh()
}

func (p *press) FocusLost() {
	p.focused = false
	p.Refresh()
}

// TypedKey lets the tables have the key first; Enter presses the button only
// where it means nothing else, Space presses it always.
func (p *press) TypedKey(ev *fyne.KeyEvent) {
	if ev.Name != fyne.KeySpace && p.env.looseKey(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		p.env.swallowed = ev.Name == fyne.KeySpace
		if !p.Disabled() {
			p.env.Keys.Do(p.action)
		}
	}
}

// AcceptsTab takes the Tab that ends a scan.
func (p *press) AcceptsTab() bool { return p.env.Keys.Scanning() }

func (p *press) TypedRune(r rune)              { p.env.looseRune(r) }
func (p *press) TypedShortcut(s fyne.Shortcut) { p.env.shortcut(s) }
