package uitest

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Fits fails the test if the screen needs more room than the window has: the
// toolkit would draw over the edge without a word.
func (b *Bench) Fits() {
	b.t.Helper()
	need, room := b.Window.Content().MinSize(), b.Window.Canvas().Size()
	if need.Width > room.Width || need.Height > room.Height {
		b.t.Errorf("the screen needs %v x %v, the window has %v x %v", need.Width, need.Height, room.Width, room.Height)
	}
	b.inside()
}

// inside fails the test for every visible widget that leaves the window.
func (b *Bench) inside() {
	b.t.Helper()
	room := b.Window.Canvas().Size()
	// The test window pretends to have a frame around what it shows.
	frame, _ := b.Window.Canvas().InteractiveArea()
	for _, o := range b.objects() {
		w, ok := o.(fyne.Widget)
		if !ok {
			continue
		}
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(w).Add(frame)
		if at.X < -1 || at.Y < -1 || at.X+w.Size().Width > room.Width+1 || at.Y+w.Size().Height > room.Height+1 {
			b.t.Errorf("%T at %v with %v leaves the window of %v", w, at, w.Size(), room)
		}
		if w.Size().Width < 0 || w.Size().Height < 0 {
			b.t.Errorf("%T at %v has the size %v", w, at, w.Size())
		}
	}
}

// Layout compares positions, sizes, texts and colours with testdata/name.xml.
func (b *Bench) Layout(name string) {
	b.t.Helper()
	test.AssertRendersToMarkup(b.t, name+".xml", b.Window.Canvas())
}

// Picture compares every pixel with testdata/name.png. Keep it for a handful of
// whole screens.
func (b *Bench) Picture(name string) {
	b.t.Helper()
	test.AssertRendersToImage(b.t, name+".png", b.Window.Canvas())
}
