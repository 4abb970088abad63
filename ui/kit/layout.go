package kit

import (
	"fyne.io/fyne/v2"

	"gatehouse/ui/look"
)

// Split puts objects side by side (or one above the other) in given shares.
// A share of 0 is what the object needs. The order is the order of Tab.
func Split(shares []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return inShares(&shared{shares: shares, across: true}, objects)
}

// Stack puts objects one above the other in given shares; see Split.
func Stack(shares []float32, objects ...fyne.CanvasObject) *fyne.Container {
	return inShares(&shared{shares: shares}, objects)
}

// roomy is a piece that takes room only at times.
type roomy interface{ onRoom(func()) }

func inShares(l *shared, objects []fyne.CanvasObject) *fyne.Container {
	c := &fyne.Container{Layout: l, Objects: objects}
	for _, o := range objects {
		if r, ok := o.(roomy); ok {
			// The toolkit does not lay out again when a child appears.
			r.onRoom(func() { l.Layout(c.Objects, c.Size()) })
		}
	}
	return c
}

// Page is a whole screen: the status line, the body with air around it, the key
// bar; in this order for Tab.
func Page(status *StatusLine, body fyne.CanvasObject, bar *KeyBar) *fyne.Container {
	padded := &fyne.Container{Layout: &margin{}, Objects: []fyne.CanvasObject{body}}
	return &fyne.Container{
		Layout:  &shared{shares: []float32{0, 1, 0}, tight: true},
		Objects: []fyne.CanvasObject{status, padded, bar},
	}
}

// shared is a layout in shares. Hidden objects take no room.
type shared struct {
	shares []float32
	across bool
	tight  bool // no gaps
}

func (l *shared) gap() float32 {
	if l.tight {
		return 0
	}
	return gridUnit() * 1.5
}

func gridUnit() float32 { return fyne.CurrentApp().Settings().Theme().Size(look.SizeUnit) }

func (l *shared) share(i int) float32 {
	if i < len(l.shares) {
		return l.shares[i]
	}
	return 0
}

// along returns the size along and across the direction of the layout.
func (l *shared) along(s fyne.Size) (along, across float32) {
	if l.across {
		return s.Width, s.Height
	}
	return s.Height, s.Width
}

func (l *shared) Layout(objects []fyne.CanvasObject, room fyne.Size) {
	if !l.across {
		widen(objects, room.Width)
	}
	left, _ := l.along(room)
	shares := float32(0)
	left += l.gap()
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		left -= l.gap()
		if l.share(i) == 0 {
			need, _ := l.along(o.MinSize())
			left -= need
		}
		shares += l.share(i)
	}
	at := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		long, _ := l.along(o.MinSize())
		if l.share(i) > 0 {
			long = max(0, left*l.share(i)/shares)
		}
		if l.across {
			place(o, at, 0, long, room.Height)
		} else {
			place(o, 0, at, room.Width, long)
		}
		at += long + l.gap()
	}
}

// widen gives each object its width before anything asks how high it has to be:
// the height of a text follows from its width.
func widen(objects []fyne.CanvasObject, width float32) {
	for _, o := range objects {
		if s := o.Size(); o.Visible() && s.Width != width {
			o.Resize(fyne.NewSize(width, s.Height))
		}
	}
}

// MinSize asks for enough that every shared object gets what it needs.
func (l *shared) MinSize(objects []fyne.CanvasObject) fyne.Size {
	fixed, wide, perShare, shares := float32(0), float32(0), float32(0), float32(0)
	gaps := -l.gap()
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		long, across := l.along(o.MinSize())
		wide = max(wide, across)
		gaps += l.gap()
		if s := l.share(i); s > 0 {
			shares += s
			perShare = max(perShare, long/s)
		} else {
			fixed += long
		}
	}
	long := fixed + perShare*shares + max(0, gaps)
	if l.across {
		return fyne.NewSize(long, wide)
	}
	return fyne.NewSize(wide, long)
}

// margin leaves air around one object.
type margin struct{}

func (margin) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	u := 1.5 * gridUnit()
	for _, o := range objects {
		place(o, u, u, s.Width-2*u, s.Height-2*u)
	}
}

func (margin) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m, u := fyne.Size{}, 3*gridUnit()
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return m.AddWidthHeight(u, u)
}
