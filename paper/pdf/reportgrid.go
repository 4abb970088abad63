package pdf

import (
	"strings"

	"gatehouse/desk/report"
)

// column is a column of a table on the page.
type column struct {
	x, width       float64
	natural, least float64 // as wide as its widest cell; as narrow as it can be
	right          bool
}

// measure finds how wide the columns would be, and how narrow they may be: figures are
// never broken, and words not inside a word.
func (s *sheets) measure() {
	s.columns = make([]column, len(s.t.Columns))
	for i, c := range s.t.Columns {
		col := &s.columns[i]
		col.right = c.Form != report.Words
		s.font("B", s.points)
		for _, w := range strings.Fields(c.Title) {
			col.least = max(col.least, s.wide(w))
		}
		col.natural = max(col.least, min(titleMost, s.wide(c.Title)))
		if len(s.t.Totals) > i {
			s.cell(col, c.Write(s.t.Totals[i]))
		}
		for _, r := range s.t.Rows {
			s.font(face(r.Sum), s.points)
			s.cell(col, c.Write(r.Cells[i]))
		}
		if !col.right && col.natural <= wholeMost {
			col.least = col.natural
		}
	}
}

// Widths in millimetres: of a title that stays in one line where there is room, of a
// column of words that is never wrapped, such as one of dates, and of a word that is
// not broken.
const (
	titleMost = 26.0
	wholeMost = 26.0
	wordMost  = 34.0
)

func (s *sheets) cell(col *column, text string) {
	wide := s.wide(text)
	col.natural = max(col.natural, wide)
	if col.right {
		col.least = max(col.least, wide)
		return
	}
	if wide <= col.least {
		return
	}
	for _, w := range strings.Fields(text) {
		col.least = max(col.least, min(wordMost, s.wide(w)))
	}
}

func face(bold bool) string {
	if bold {
		return "B"
	}
	return ""
}

func (s *sheets) natural() float64 { return s.sum(func(c column) float64 { return c.natural }) }
func (s *sheets) least() float64   { return s.sum(func(c column) float64 { return c.least }) }

func (s *sheets) sum(of func(column) float64) (all float64) {
	for i, c := range s.columns {
		if i > 0 {
			all += gutter
		}
		all += of(c)
	}
	return all
}

// fit gives every column its width: all that it needs where that fits; otherwise the
// columns of words share what is left by how much they want. What is left over goes
// between the columns.
func (s *sheets) fit() {
	least, natural, room := s.least(), s.natural(), s.inner()
	x := reportEdge
	spare := 0.0
	if natural < room && len(s.columns) > 1 {
		spare = min((room-natural)/float64(len(s.columns)-1), 14)
	}
	share := 1.0
	if natural > room && natural > least {
		share = max(0, (room-least)/(natural-least))
	}
	for i := range s.columns {
		c := &s.columns[i]
		c.x, c.width = x, c.least+(c.natural-c.least)*share
		x += c.width + gutter + spare
	}
}

func (s *sheets) lineHeight() float64 { return s.points / pointsPer * lineSpace }

// table draws the rows, with the titles again on every page.
func (s *sheets) table() {
	if len(s.t.Rows) == 0 && len(s.t.Totals) == 0 {
		return
	}
	s.room(24)
	s.titles()
	for i, r := range s.t.Rows {
		height := s.high(r.Cells, face(r.Sum))
		keep := height
		if i+1 < len(s.t.Rows) && s.t.Rows[i+1].Sum { // a sum does not stand alone on a page
			keep += s.high(s.t.Rows[i+1].Cells, "B")
		}
		if s.room(keep) {
			s.titles()
		}
		s.row(r.Cells, face(r.Sum), height)
		if r.Sum {
			s.rule(s.y, thin, 0)
			s.y += 1.2
		} else {
			s.rule(s.y, hair, greyHairline)
		}
	}
	if len(s.t.Totals) == 0 {
		return
	}
	height := s.high(s.t.Totals, "B")
	if s.room(height + 2) {
		s.titles()
	}
	s.rule(s.y, heavy, 0)
	s.y += 0.4
	s.row(s.t.Totals, "B", height)
	s.rule(s.y, heavy, 0)
}

// titles are the heads of the columns, standing on a line.
func (s *sheets) titles() {
	s.font("B", s.points)
	lines := make([][]string, len(s.columns))
	most := 1
	for i, c := range s.t.Columns {
		lines[i] = s.wrap(c.Title, s.columns[i].width+0.01)
		most = max(most, len(lines[i]))
	}
	for i := range s.columns {
		for n, line := range lines[i] {
			s.put(&s.columns[i], s.y+float64(most-len(lines[i])+n+1)*s.lineHeight()-1, line)
		}
	}
	s.y += float64(most)*s.lineHeight() + 0.6
	s.rule(s.y, thin, 0)
	s.y += 0.3
}

// high is how high a row is with its words wrapped.
func (s *sheets) high(cells []report.Cell, bold string) float64 {
	s.font(bold, s.points)
	most := 1
	for i, cell := range cells {
		if !s.columns[i].right {
			most = max(most, len(s.wrap(s.t.Columns[i].Write(cell), s.columns[i].width+0.01)))
		}
	}
	return float64(most)*s.lineHeight() + 2*rowAir
}

func (s *sheets) row(cells []report.Cell, bold string, height float64) {
	for i, cell := range cells {
		s.font(bold, s.points)
		text := s.t.Columns[i].Write(cell)
		lines := []string{text}
		if !s.columns[i].right {
			lines = s.wrap(text, s.columns[i].width+0.01)
		}
		for n, line := range lines {
			s.put(&s.columns[i], s.y+rowAir+(float64(n)+0.78)*s.lineHeight(), line)
		}
	}
	s.y += height
}

// put writes a line of a cell at the edge its column keeps.
func (s *sheets) put(c *column, y float64, text string) {
	x := c.x
	if c.right {
		x += c.width - s.wide(text)
	}
	s.words(x, y, text)
}
