package lead

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"gatehouse/desk/report"
	"gatehouse/ui/kit"
	"gatehouse/ui/lead/flow"
	"gatehouse/ui/look"
)

// showReport shows a report's picture or its table, with its facts and notes above.
func (s *Screen) showReport(m *flow.Model) {
	here := m.Place == flow.AtReport && m.Table != nil
	shown(s.bars, here && m.Drawn)
	shown(s.table, here && !m.Drawn)
	shown(s.facts, here && len(m.Table.Facts) > 0)
	if !here {
		s.shows = nil
		return
	}
	if s.shows == m.Table {
		return
	}
	s.shows = m.Table
	s.title.SetText(m.Table.Title + ", " + m.Table.When())
	s.showFacts(short(m.Table.Facts), 3)
	s.text.SetText(strings.Join(m.Table.Notes, " "))
	at, columns := s.columns(m.Table)
	s.table.SetColumns(columns)
	s.table.SetRows(rows(m.Table, at))
	s.bars.set(m.Table.Picture)
}

// showFacts lists facts so many side by side, or fewer where the window is narrow; each
// stack of them is read downwards.
func (s *Screen) showFacts(facts []report.Fact, beside int) {
	wide, room, _ := s.room()
	deep := (len(facts) + beside - 1) / beside
	columns, list := make([]kit.Column, 0, 2*beside), make([]kit.Row, deep)
	for at := 0; at < len(facts); at += deep {
		var name, value string
		for i, f := range facts[at:min(at+deep, len(facts))] {
			if wide(f.Name) > wide(name) {
				name = f.Name
			}
			if wide(f.Value) > wide(value) {
				value = f.Value
			}
			list[i].ID, list[i].Cells = strconv.Itoa(i), append(list[i].Cells, f.Name, f.Value)
		}
		columns = append(columns, kit.Column{Share: wide(name)}, kit.Column{Fit: value, Right: true, Bold: true})
		room -= wide(name) + wide(value)
	}
	if room < 0 && beside > 1 {
		s.showFacts(facts, beside-1)
		return
	}
	for i := range list {
		for len(list[i].Cells) < len(columns) {
			list[i].Cells = append(list[i].Cells, "")
		}
	}
	s.facts.SetColumns(columns)
	s.facts.SetRows(list)
	s.facts.SelectNone()
}

// short are the facts that the window has room for: hashes, by which nobody counts
// anything, are on the PDF and the paper.
func short(facts []report.Fact) []report.Fact {
	const most = 40
	return slices.DeleteFunc(slices.Clone(facts), func(f report.Fact) bool { return len(f.Value) > most })
}

// How many characters of a column's title are shown where there is room, and always.
const (
	titleMost  = 40
	titleLeast = 6
)

// asWide are columns as wide as what stands in them, with so many characters of their
// titles.
func asWide(t *report.Table, wide func(string) float32, title int) (at []int, all []kit.Column, widths []float32, sum float32) {
	for i, c := range t.Columns {
		letters := []rune(c.Title)
		widest := string(letters[:min(title, len(letters))])
		for _, r := range append(slices.Clone(t.Rows), report.Row{Cells: t.Totals}) {
			if i < len(r.Cells) && wide(c.Write(r.Cells[i])) > wide(widest) {
				widest = c.Write(r.Cells[i])
			}
		}
		at = append(at, i)
		all = append(all, kit.Column{Title: c.Title, Fit: widest, Right: c.Form != report.Words, Bold: c.Lead && i == 0})
		widths = append(widths, wide(widest))
		sum += widths[i]
	}
	return at, all, widths, sum
}

// room measures how wide a text is in a register, how much room a row has, and what a
// register keeps for words that share.
func (s *Screen) room() (wide func(string) float32, room, least float32) {
	theme := fyne.CurrentApp().Settings().Theme()
	textSize, gap := theme.Size(look.SizeText), 2*theme.Size(look.SizeUnit)
	wide = func(text string) float32 {
		return fyne.MeasureText(text, textSize, fyne.TextStyle{Bold: true}).Width + gap
	}
	return wide, s.content.Size().Width - 4*gap, wide("MMMMMM")
}

// columns are a report's, and which they are, each as wide as what stands in it. Where
// that is too much for the window, the widest words give way and are cut; where that
// is not enough, whole columns of words that name nothing, and last figures from the right. The PDF has all of it.
func (s *Screen) columns(t *report.Table) (at []int, all []kit.Column) {
	wide, room, least := s.room()
	var widths []float32
	var sum float32
	for title := titleMost; title >= titleLeast; title-- {
		if at, all, widths, sum = asWide(t, wide, title); sum <= room {
			break
		}
	}
	for sum > room {
		n := slices.IndexFunc(all, func(c kit.Column) bool {
			return !c.Right && c.Fit != "" && wide(c.Fit) > least && wide(c.Fit) == widestOf(all, wide)
		})
		if n < 0 {
			break
		}
		all[n].Fit, all[n].Share = "", widths[n]
		sum -= widths[n] - least
	}
	for _, figures := range []bool{false, true} {
		for n := len(all) - 1; n > 0 && sum > room; n-- {
			if c := t.Columns[at[n]]; (figures || c.Form == report.Words) && !c.Lead {
				sum -= wide(cmp.Or(all[n].Fit, "MMMMMM"))
				at, all = slices.Delete(at, n, n+1), slices.Delete(all, n, n+1)
			}
		}
	}
	return at, all
}

// widestOf is how wide the widest column of words is that still has all it wants.
func widestOf(all []kit.Column, wide func(string) float32) (most float32) {
	for _, c := range all {
		if !c.Right && c.Fit != "" {
			most = max(most, wide(c.Fit))
		}
	}
	return most
}

// rows are a report's in these columns, with its total as the last.
func rows(t *report.Table, at []int) []kit.Row {
	all := make([]kit.Row, 0, len(t.Rows)+1)
	add := func(cells []report.Cell) {
		row := kit.Row{ID: strconv.Itoa(len(all))}
		for _, i := range at {
			row.Cells = append(row.Cells, t.Columns[i].Write(cells[i]))
		}
		all = append(all, row)
	}
	for _, r := range t.Rows {
		add(r.Cells)
	}
	if len(t.Totals) > 0 {
		add(t.Totals)
	}
	return all
}
