package kiosk

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"gatehouse/desk/visit"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// head is the top of every page: whose house this is, and the languages, each
// in its own words.
type head struct {
	s         *Screen
	content   *fyne.Container
	mark      *canvas.Image
	name      *kit.Text
	corner    *hold
	languages map[visit.Language]*plate
}

func newHead(s *Screen, does func(Event) func()) *head {
	h := &head{s: s, mark: canvas.NewImageFromResource(look.Logo()), languages: map[visit.Language]*plate{},
		name: kit.NewParagraph(s.d.Utility, kit.Strong(), 2)}
	h.mark.FillMode = canvas.ImageFillContain
	h.corner = newHold(h.mark, s.press, s.release)
	objects := []fyne.CanvasObject{h.corner, h.name}
	for _, l := range s.d.Policy.Languages {
		p := newPlate("", bare, look.SizeText, 1, does(Speak{l}))
		p.say(s.books[l].Say("common.language"), "")
		h.languages[l] = p
		objects = append(objects, p)
	}
	h.content = shelve(&shelf{lay: h.lay, min: func() fyne.Size { return fyne.NewSize(8*touchHeight(), touchHeight()) }}, objects...)
	return h
}

func (h *head) lay(s fyne.Size) {
	g, w := edgeGap(), 2.2*touchHeight()
	for _, p := range h.languages {
		w = max(w, p.natural())
	}
	put(h.corner, 0, 0, s.Height, s.Height)
	x := s.Width
	for i := len(h.s.d.Policy.Languages) - 1; i >= 0; i-- {
		x -= w
		put(h.languages[h.s.d.Policy.Languages[i]], x, 0, w, s.Height)
		x -= g
	}
	room, line := x-s.Height-g, h.name.MinSize().Height/2
	high := line
	if fyne.MeasureText(h.s.d.Utility, themed(h.name, look.SizeText), fyne.TextStyle{Bold: true}).Width > room {
		high = 2 * line
	}
	put(h.name, s.Height+g, (s.Height-high)/2, room, high)
}

func (h *head) show(m Model, _ *words.Book) {
	for l, p := range h.languages {
		p.hold(l == m.Language)
	}
}

// warning covers everything: somebody may have gone.
type warning struct {
	content     *fyne.Container
	back        *canvas.Rectangle
	title, hint *kit.Text
	seconds     *figure
	more, over  *plate
}

func newWarning(does func(Event) func()) *warning {
	w := &warning{
		back: canvas.NewRectangle(nil), seconds: newFigure(),
		title: kit.NewParagraph("", kit.Big().Centred(), 1),
		hint:  kit.NewParagraph("", kit.Style{Size: look.SizeTitle}.Centred(), 2),
		more:  newPlate(look.SignCheck, middle, look.SizeTitle, 2, does(Stay{})).primary(),
		over:  newPlate(look.SignClose, middle, look.SizeTitle, 2, does(StartOver{})),
	}
	w.content = shelve(&shelf{lay: w.lay, min: func() fyne.Size { return fyne.NewSize(0, 0) }},
		w.back, w.title, w.hint, w.seconds, w.more, w.over)
	w.content.Hide()
	return w
}

func (w *warning) lay(s fyne.Size) {
	g := 3 * edgeGap()
	put(w.back, 0, 0, s.Width, s.Height)
	room, h := min(s.Width-2*g, 1000), 1.6*touchHeight()
	x := (s.Width - room) / 2
	need := w.title.MinSize().Height + w.hint.MinSize().Height + 2*h + 3*g
	figures := min(s.Height-need-2*g, 0.3*s.Height)
	y := (s.Height - need - figures) / 2
	put(w.title, x, y, room, w.title.MinSize().Height)
	y += w.title.MinSize().Height + g/2
	put(w.seconds, x, y, room, figures)
	y += figures + g/2
	put(w.hint, x, y, room, w.hint.MinSize().Height)
	y += w.hint.MinSize().Height + g
	put(w.more, x, y, room, h)
	put(w.over, x, y+h+g, room, h)
}

func (w *warning) show(m Model, b *words.Book) {
	if m.Warning == 0 {
		return
	}
	w.back.FillColor = fyne.CurrentApp().Settings().Theme().Color(look.ColorBackground, 0)
	w.title.SetText(b.Say("kiosk.warning.title"))
	w.hint.SetText(b.Say("kiosk.warning.hint", words.Args{"n": m.Warning}))
	w.seconds.set(strconv.Itoa(m.Warning))
	w.more.say(b.Say("kiosk.warning.more"), "")
	w.over.say(b.Say("kiosk.start_over"), "")
}
