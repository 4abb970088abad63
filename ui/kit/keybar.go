package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/keys"
	"gatehouse/ui/look"
)

// KeyBar is the line at the bottom: the keys that work now.
type KeyBar struct {
	widget.BaseWidget
	env   *Env
	items []*barItem
	shown int
}

// NewKeyBar returns the bar of the window's keys.
func NewKeyBar(env *Env) *KeyBar {
	b := &KeyBar{env: env}
	b.ExtendBaseWidget(b)
	env.Keys.Watch(b.take)
	b.take()
	return b
}

// take reads the bar from the tables and draws only if it changed.
func (b *KeyBar) take() {
	bar := b.env.Keys.Bar()
	changed := len(bar) != b.shown
	for i, binding := range bar {
		if i == len(b.items) {
			b.items = append(b.items, newBarItem(b.env))
		}
		changed = b.items[i].set(binding) || changed
	}
	b.shown = len(bar)
	if changed {
		b.Refresh()
	}
}

// CreateRenderer is for the toolkit.
func (b *KeyBar) CreateRenderer() fyne.WidgetRenderer {
	v := &barView{b: b, line: &canvas.Rectangle{}}
	v.Refresh()
	return v
}

type barView struct {
	b    *KeyBar
	line *canvas.Rectangle
}

func (v *barView) Destroy() {}

func (v *barView) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{v.line}
	for _, it := range v.b.items[:v.b.shown] {
		out = append(out, it)
	}
	return out
}

func (v *barView) MinSize() fyne.Size {
	h := fyne.MeasureText("M", size(v.b, look.SizeCaption), fyne.TextStyle{}).Height
	return fyne.NewSize(8*h, h+2*unit(v.b))
}

// Layout puts the keys side by side; what does not fit any more is left out,
// so the table's order is the order of importance.
func (v *barView) Layout(s fyne.Size) {
	place(v.line, 0, 0, s.Width, 1)
	x := unit(v.b)
	for _, it := range v.b.items[:v.b.shown] {
		w := it.MinSize().Width
		it.Hidden = x+w > s.Width
		place(it, x, 1, w, s.Height-1)
		x += w + unit(v.b)
	}
}

func (v *barView) Refresh() {
	paint(v.line, colour(v.b, look.ColorLine), nil, 0, 0)
	v.Layout(v.b.Size())
	for _, it := range v.b.items[:v.b.shown] {
		it.Refresh()
	}
}

// barItem draws one key of the bar; it can be tapped as well.
type barItem struct {
	widget.BaseWidget
	env    *Env
	action keys.Action
	key    *badge
	label  *Text
}

func newBarItem(env *Env) *barItem {
	it := &barItem{env: env, key: newBadge(""), label: NewText("", Caption().In(look.ColorText))}
	it.ExtendBaseWidget(it)
	return it
}

func (it *barItem) set(b keys.Binding) (changed bool) {
	changed = it.action != b.Action || it.key.key != string(b.Key) || it.label.Text() != b.Label
	if changed {
		it.action = b.Action
		it.key.set(string(b.Key), look.ColorQuiet)
		it.label.SetText(b.Label)
	}
	return changed
}

// Caption returns the label drawn.
func (it *barItem) Caption() string { return it.label.Text() }

// Tapped does the action.
func (it *barItem) Tapped(*fyne.PointEvent) {
	it.env.Keys.Do(it.action)
	it.env.handBack()
}

// CreateRenderer is for the toolkit.
func (it *barItem) CreateRenderer() fyne.WidgetRenderer {
	d := &drawing{objects: []fyne.CanvasObject{it.key, it.label}}
	d.layout = func(s fyne.Size) {
		m := it.key.MinSize()
		place(it.key, 0, (s.Height-m.Height)/2, m.Width, m.Height)
		place(it.label, m.Width+0.75*unit(it), 0, it.label.MinSize().Width, s.Height)
	}
	d.min = func() fyne.Size {
		k, l := it.key.MinSize(), it.label.MinSize()
		return fyne.NewSize(k.Width+1.75*unit(it)+l.Width, max(k.Height, l.Height))
	}
	d.refresh = func() {
		it.key.Refresh()
		it.label.Refresh()
		d.layout(it.Size())
	}
	return d
}
