package kiosk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// result is what a visitor came for: the number, as large as the screen allows,
// and what to do with it. A touch anywhere ends it.
type result struct {
	s           *Screen
	content     *fyne.Container
	touch       *surface
	title, hint *kit.Text
	number      *figure
	sign        *canvas.Image
	paper       *kit.Text
	done        *plate
}

func newResult(s *Screen, does func(Event) func()) *result {
	r := &result{s: s, number: newFigure(), title: kit.NewParagraph("", kit.Title().Centred(), 1),
		hint:  kit.NewParagraph("", kit.Style{Size: look.SizeTitle, Bold: true}.Centred(), 2),
		paper: kit.NewParagraph("", kit.Body(), 3), sign: &canvas.Image{FillMode: canvas.ImageFillContain},
		done: newPlate(look.SignCheck, middle, look.SizeTitle, 1, does(Next{})).primary()}
	r.touch = newSurface(does(Next{}))
	r.content = shelve(&shelf{lay: r.lay, min: r.min}, r.touch, r.title, r.number, r.hint, r.sign, r.paper, r.done)
	return r
}

func (r *result) object() fyne.CanvasObject { return r.content }
func (r *result) field(Page) *kit.Field     { return nil }

func (r *result) lay(s fyne.Size) {
	g, done := edgeGap(), 1.2*touchHeight()
	title, hint, paper := r.title.MinSize().Height, r.hint.MinSize().Height, r.paper.MinSize().Height
	put(r.touch, 0, 0, s.Width, s.Height)
	inside := s.Width - 4*g
	number := s.Height - title - hint - paper - done - 7*g
	y := g
	put(r.title, 2*g, y, inside, title)
	put(r.number, 2*g, y+title, inside, number)
	y += title + number + g
	put(r.hint, 2*g, y, inside, hint)
	y += hint + g
	icon := themeSize(look.SizeIcon) * 2
	wide := min(inside, 30*icon)
	x := (s.Width - wide) / 2
	put(r.sign, x, y, icon, icon)
	put(r.paper, x+icon+g, y, wide-icon-g, paper)
	w := min(inside, 6*touchHeight())
	put(r.done, (s.Width-w)/2, s.Height-done-2*g, w, done)
}

func (r *result) min() fyne.Size {
	texts := r.title.MinSize().Height + r.hint.MinSize().Height + r.paper.MinSize().Height
	return fyne.NewSize(9*touchHeight(), texts+r.number.MinSize().Height+1.2*touchHeight()+7*edgeGap())
}

func (r *result) show(m Model, b *words.Book) {
	page := "kiosk." + words.Key(m.Page)
	r.title.SetText(b.Say(page + ".title"))
	r.number.set(string(m.Number))
	department := words.Args{"department": r.s.department(m)}
	hint := page + ".hint"
	if m.Escorted {
		hint = page + ".escorted"
	}
	r.hint.SetText(b.Say(hint, department))
	sign, key, style := look.SignPrinter, page+".paper", kit.Body()
	if !m.Paper {
		sign, key, style = look.SignLook, page+".no_paper", kit.Strong()
	}
	r.sign.Resource = look.Sign(sign, look.ColorText)
	r.sign.Refresh()
	r.paper.SetText("")
	if m.Page != Left {
		r.paper.SetText(b.Say(key))
		r.paper.SetStyle(style)
	}
	visible(r.sign, m.Page != Left)
	r.touch.alarm(m.Page != Left && !m.Paper)
	r.done.say(b.Say("kiosk.done"), "")
}

// department is whom a visitor visits, in their language.
func (s *Screen) department(m Model) string {
	for _, d := range s.d.Policy.Departments {
		if d.ID == m.Whom {
			return d.Names[m.Language]
		}
	}
	return m.Whom
}
