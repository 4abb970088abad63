package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"gatehouse/ui/look"
)

// registerView draws a register: a head line, as many rows as fit, the pager.
type registerView struct {
	r       *Register
	ring    *canvas.Rectangle
	line    *canvas.Rectangle
	empty   *Text
	heads   []*Text
	rows    []*rowView
	objects []fyne.CanvasObject
}

type rowView struct {
	back  *canvas.Rectangle
	rule  *canvas.Rectangle
	mark  *canvas.Rectangle // the chosen row has a bar as well as a colour
	sign  *canvas.Image
	cells []*Text
}

func (v *registerView) Destroy()                     {}
func (v *registerView) Objects() []fyne.CanvasObject { return v.objects }

func (v *registerView) MinSize() fyne.Size {
	r, w := v.r, float32(0)
	for _, c := range r.o.Columns {
		w += v.fit(c) + 2*unit(r)
	}
	return fyne.NewSize(w, r.headHeight()+2*r.rowHeight()+r.pager.MinSize().Height)
}

func (v *registerView) fit(c Column) float32 {
	sample := c.Fit
	if sample == "" {
		sample = "MMMMMM"
	}
	return fyne.MeasureText(sample, size(v.r, look.SizeText), fyne.TextStyle{Bold: c.Bold}).Width
}

func (v *registerView) Layout(s fyne.Size) {
	r := v.r
	room := s.Height - r.headHeight() - r.pager.MinSize().Height
	r.perPage = max(1, int(room/r.rowHeight()))
	v.refreshObjects()
	v.show(s)
}

func (v *registerView) Refresh() {
	v.Layout(v.r.Size())
}

// refreshObjects keeps exactly the texts that a page needs.
func (v *registerView) refreshObjects() {
	r := v.r
	if len(v.rows) == r.perPage && len(v.heads) == len(r.o.Columns) {
		return
	}
	v.objects = []fyne.CanvasObject{v.line}
	v.heads, v.rows = nil, nil
	for range r.o.Columns {
		h := NewLine("", Caption())
		v.heads = append(v.heads, h)
		v.objects = append(v.objects, h)
	}
	for range r.perPage {
		row := &rowView{
			back: &canvas.Rectangle{}, rule: &canvas.Rectangle{}, mark: &canvas.Rectangle{},
			sign: signOn(look.SignLook, look.ColorText),
		}
		v.objects = append(v.objects, row.back, row.rule, row.mark, row.sign)
		for range r.o.Columns {
			cell := NewLine("", Body())
			row.cells = append(row.cells, cell)
			v.objects = append(v.objects, cell)
		}
		v.rows = append(v.rows, row)
	}
	v.objects = append(v.objects, v.empty, v.ring, r.pager)
}

// columns returns where each column begins and how wide it is.
func (v *registerView) columns(width float32) (x, w []float32) {
	r, u := v.r, unit(v.r)
	left, shares := width-r.gutter(), float32(0)
	for _, c := range r.o.Columns {
		left -= 2 * u
		if c.Fit != "" {
			left -= v.fit(c)
		} else {
			shares += share(c)
		}
	}
	at := r.gutter()
	for _, c := range r.o.Columns {
		wide := v.fit(c)
		if c.Fit == "" {
			wide = max(0, left*share(c)/shares)
		}
		x, w = append(x, at+u), append(w, wide)
		at += wide + 2*u
	}
	return x, w
}

func share(c Column) float32 {
	if c.Share <= 0 {
		return 1
	}
	return c.Share
}

func (v *registerView) show(s fyne.Size) {
	r, u := v.r, unit(v.r)
	x, w := v.columns(s.Width)
	head, tall := r.headHeight(), r.rowHeight()
	for i, c := range r.o.Columns {
		style := Caption()
		if c.Right {
			style = style.Right()
		}
		v.heads[i].SetText(c.Title)
		v.heads[i].SetStyle(style)
		place(v.heads[i], x[i], 0, w[i], head)
		v.heads[i].Refresh()
	}
	paint(v.line, colour(r, look.ColorEdge), nil, 0, 0)
	place(v.line, 0, head-1, s.Width, 1)
	for i, row := range v.rows {
		v.showRow(row, r.first()+i, head+float32(i)*tall, s.Width, x, w)
	}
	v.empty.SetText(r.empty)
	v.empty.Hidden = len(r.rows) > 0
	place(v.empty, u, head+u, s.Width-2*u, tall)
	v.empty.Refresh()
	v.ring.Hidden = !r.focused
	paint(v.ring, nil, colour(r, look.ColorFocus), 2, size(r, look.SizeRadius))
	place(v.ring, 0, 0, s.Width, s.Height)
	v.showPager(s)
}

func (v *registerView) showPager(s fyne.Size) {
	r := v.r
	h := r.pager.MinSize().Height
	place(r.pager, 0, s.Height-h, s.Width, h)
	from, to := r.first()+1, min(r.first()+r.perPage, len(r.rows))
	text := ""
	if r.o.Range != nil && len(r.rows) > 0 {
		text = r.o.Range(from, to, len(r.rows))
	}
	r.pager.Set(text, from > 1, to < len(r.rows))
}

func (v *registerView) showRow(row *rowView, index int, y, width float32, x, w []float32) {
	r := v.r
	tall := r.rowHeight()
	here := index < len(r.rows)
	chosen := here && index == r.chosen
	paint(row.back, colour(r, look.ColorChosen), nil, 0, 0)
	paint(row.rule, colour(r, look.ColorLine), nil, 0, 0)
	paint(row.mark, colour(r, look.ColorAccent), nil, 0, 0)
	place(row.back, 0, y, width, tall)
	place(row.mark, 0, y, unit(r)/2, tall)
	place(row.rule, 0, y+tall-1, width, 1)
	row.back.Hidden, row.mark.Hidden, row.rule.Hidden = !chosen, !chosen, !here
	row.sign.Hidden = true
	if here && r.rows[index].Level != Quiet {
		row.sign.Hidden = false
		icon := size(r, look.SizeIcon)
		place(row.sign, unit(r), y+(tall-icon)/2, icon, icon)
		resign(row.sign, r.rows[index].Level.sign(), r.rows[index].Level.ink())
	}
	for i, c := range r.o.Columns {
		text := ""
		if here && i < len(r.rows[index].Cells) {
			text = r.rows[index].Cells[i]
		}
		style := Style{Bold: c.Bold}
		if c.Right {
			style = style.Right()
		}
		cell := row.cells[i]
		cell.SetText(text)
		cell.SetStyle(style)
		place(cell, x[i], y, w[i], tall)
		cell.Refresh()
	}
}
