package kiosk

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"gatehouse/ui/look"
)

type withTheme interface{ Theme() fyne.Theme }

func themed(w withTheme, name fyne.ThemeSizeName) float32 { return w.Theme().Size(name) }

func colour(w withTheme, name fyne.ThemeColorName) color.Color {
	return w.Theme().Color(name, theme.VariantLight)
}

func themeSize(name fyne.ThemeSizeName) float32 {
	return fyne.CurrentApp().Settings().Theme().Size(name)
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(0, w), max(0, h)))
}

// shelf is a layout made of two functions.
type shelf struct {
	lay func(fyne.Size)
	min func() fyne.Size
}

func (l *shelf) Layout(_ []fyne.CanvasObject, s fyne.Size) { l.lay(s) }
func (l *shelf) MinSize([]fyne.CanvasObject) fyne.Size     { return l.min() }
func shelve(l *shelf, o ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: l, Objects: o}
}
func tall(s fyne.Size) bool                     { return s.Height > s.Width }
func edgeGap() float32                          { return 1.5 * themeSize(look.SizeUnit) }
func touchHeight() float32                      { return themeSize(look.SizeTouch) }
func rowsHigh(n int, each, gap float32) float32 { return float32(n)*each + float32(n-1)*gap }

// lowShare is how much of an upright screen is used when everything is moved
// within reach of somebody sitting (ADA 308: not above 48 inches).
const lowShare = 0.62

// frame puts head, page and the corners on the screen. Upright, the corners
// stand below the page; on a wide screen beside it, so that the page has the
// height. They are always the same two corners: bottom left and bottom right.
type frame struct {
	back              *canvas.Rectangle
	head              fyne.CanvasObject
	page              fyne.CanvasObject
	over, reach, help *plate
	warning           fyne.CanvasObject
	low               bool
}

func (f *frame) content() *fyne.Container {
	return shelve(&shelf{lay: f.lay, min: f.min}, f.back, f.head, f.page, f.over, f.reach, f.help, f.warning)
}

// corner is the size of a corner on a wide screen.
func (f *frame) corner(wide float32) fyne.Size {
	return fyne.NewSize(max(2*touchHeight(), wide*0.125), max(1.6*touchHeight(), f.over.MinSize().Height))
}

func (f *frame) lay(s fyne.Size) {
	g, touch := edgeGap(), touchHeight()
	put(f.back, 0, 0, s.Width, s.Height)
	put(f.warning, 0, 0, s.Width, s.Height)
	top := g
	if f.low && tall(s) {
		top = s.Height * (1 - lowShare)
	}
	put(f.head, g, top, s.Width-2*g, touch)
	top += touch + g
	// On a wide screen everything is low enough already.
	f.reach.Hidden = !tall(s)
	for _, p := range []*plate{f.over, f.reach, f.help} {
		if p.reshape(above); tall(s) {
			p.reshape(middle)
		}
	}
	if tall(s) {
		f.layTall(s, top)
		return
	}
	c := f.corner(s.Width)
	x, w := g, s.Width-2*g
	if f.over.Visible() || f.help.Visible() {
		x, w = 2*g+c.Width, s.Width-4*g-2*c.Width
	}
	put(f.page, x, top, w, s.Height-top-g)
	put(f.over, g, s.Height-g-c.Height, c.Width, c.Height)
	put(f.help, s.Width-g-c.Width, s.Height-g-c.Height, c.Width, c.Height)
}

func (f *frame) layTall(s fyne.Size, top float32) {
	g, h := edgeGap(), 1.2*touchHeight()
	foot := s.Height - g - h
	w := (s.Width - 4*g) / 3
	put(f.over, g, foot, w, h)
	put(f.reach, 2*g+w, foot, w, h)
	put(f.help, 3*g+2*w, foot, w, h)
	put(f.page, g, top, s.Width-2*g, foot-g-top)
}

// min is what a wide screen needs: the narrower of the two.
func (f *frame) min() fyne.Size {
	g, touch := edgeGap(), touchHeight()
	p := f.page.MinSize()
	return fyne.NewSize(p.Width+2*g, p.Height+touch+3*g)
}

// answers puts a page with a field: what is asked, the field, back and next,
// and the keys below, no larger than a hand reaches.
type answers struct {
	title, hint fyne.CanvasObject
	sign        fyne.CanvasObject // before the hint, while it is a refusal
	field       fyne.CanvasObject
	back, next  *plate
	keys        fyne.CanvasObject
	widest      float32 // of the keys
}

func (a *answers) content(objects ...fyne.CanvasObject) *fyne.Container {
	return shelve(&shelf{lay: a.lay, min: a.min}, objects...)
}

func (a *answers) lay(s fyne.Size) {
	u, touch := themeSize(look.SizeUnit), touchHeight()
	field, row := max(touch, a.field.MinSize().Height), float32(0)
	upright := s.Height > s.Width*0.9 // room enough for back and next in a row of their own
	if upright {
		row = 1.2*touch + 2*u
	}
	need := a.keys.MinSize()
	above := a.title.MinSize().Height + a.hint.MinSize().Height + u + field + row + u
	w := min(s.Width, a.widest*need.Width)
	h := max(need.Height, min(s.Height-above, need.Height*w/need.Width, 1.4*need.Height))
	// What is asked stays beside the keys that answer it, at the height of a hand.
	y := max(0, s.Height-above-h-2*u) * 0.4
	y += a.layQuestion(y, s.Width)
	if upright {
		put(a.field, 0, y, s.Width, field)
		half := (s.Width - 2*u) / 2
		put(a.back, 0, y+field+2*u, half, 1.2*touch)
		put(a.next, half+2*u, y+field+2*u, half, 1.2*touch)
	} else {
		side := max(2.2*touch, a.back.natural(), a.next.natural())
		put(a.back, 0, y, side, field)
		put(a.field, side+u, y, s.Width-2*side-2*u, field)
		put(a.next, s.Width-side, y, side, field)
	}
	y += field + row + u
	put(a.keys, (s.Width-w)/2, y+min(2*u, max(0, s.Height-y-h)), w, h)
}

// layQuestion puts what is asked, and returns how high it is.
func (a *answers) layQuestion(y, width float32) float32 {
	u := themeSize(look.SizeUnit)
	h, hint, icon := a.title.MinSize().Height, a.hint.MinSize().Height, themeSize(look.SizeIcon)*1.2
	put(a.title, 0, y, width, h)
	x := float32(0)
	if a.sign.Visible() {
		put(a.sign, 0, y+h+u/2, icon, icon)
		x = icon + u
	}
	put(a.hint, x, y+h, width-x, hint)
	return h + hint + u
}

func (a *answers) min() fyne.Size {
	u, touch := themeSize(look.SizeUnit), touchHeight()
	k := a.keys.MinSize()
	h := a.title.MinSize().Height + a.hint.MinSize().Height + max(touch, a.field.MinSize().Height) + 2*u + k.Height
	return fyne.NewSize(max(k.Width, 8*touch), h)
}

// hold is a place held down by a finger; it looks like what is under it.
type hold struct {
	widget.BaseWidget
	content  fyne.CanvasObject
	pressed  func()
	released func()
}

func newHold(content fyne.CanvasObject, pressed, released func()) *hold {
	h := &hold{content: content, pressed: pressed, released: released}
	h.ExtendBaseWidget(h)
	return h
}

// MouseDown and MouseUp are a finger put down and taken away.
func (h *hold) MouseDown(*desktop.MouseEvent) { h.pressed() }
func (h *hold) MouseUp(*desktop.MouseEvent)   { h.released() }

// CreateRenderer is for the toolkit.
func (h *hold) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(h.content) }
