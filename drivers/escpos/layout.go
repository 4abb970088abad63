package escpos

import "strings"

// layout breaks texts and rows into lines. The encoder and the plain-text form share it, so a preview
// breaks where the paper does.
type layout struct {
	columns int
	chars   characters
	line    func(s string, st Style) // called for each line, from the top
}

// text lays out a paragraph.
func (l *layout) text(s string, st Style) error {
	s, err := l.clean(s)
	if err != nil {
		return err
	}
	for {
		var head string
		head, s = breakLine(s, l.width(st))
		l.line(head, st)
		if s == "" {
			return nil
		}
	}
}

// width is the number of columns a line of that style has.
func (l *layout) width(st Style) int {
	if st.Wide {
		return max(l.columns/2, 1)
	}
	return l.columns
}

func (l *layout) clean(s string) (string, error) {
	if len(s) > MaxTextBytes {
		return "", ErrTooLong
	}
	return l.chars.fold(s)
}

// rule returns a line across the paper.
func (l *layout) rule(r Rule) string {
	sign := '─'
	if r.Heavy {
		sign = '═'
	}
	if !l.chars.has(sign) {
		plain, _ := l.chars.plainer(sign)
		sign = rune(plain[0])
	}
	return strings.Repeat(string(sign), l.columns)
}

// cell is a cell with its text cleaned and its width decided.
type cell struct {
	rest  string
	right bool
	width int
}

// row lays out the columns of a row.
func (l *layout) row(r Row) error {
	if len(r.Cells) == 0 || len(r.Cells) > 8 {
		return ErrRange
	}
	st := r.Style
	st.Align = Left
	var store [8]cell
	cells := store[:0]
	for _, c := range r.Cells {
		s, err := l.clean(c.S)
		if err != nil {
			return err
		}
		if c.Width < 0 {
			return ErrRange
		}
		cells = append(cells, cell{rest: s, right: c.Align == Right, width: c.Width})
	}
	width := l.width(st)
	if fit(cells, width) {
		l.cells(cells, width, st)
		return nil
	}
	return l.stacked(cells, width, st)
}

// fit decides the widths and reports whether the left cells get enough room.
func fit(cells []cell, width int) bool {
	room := width - (len(cells) - 1)
	open := 0
	least := room
	for i := range cells {
		c := &cells[i]
		if c.right {
			c.width = max(c.width, columns(c.rest))
			least -= c.width
		}
		if !c.right && c.width == 0 {
			open++
			continue
		}
		room -= c.width
	}
	if open == 0 {
		return room >= 0
	}
	if room/open < width/6 || least < width/3 {
		return false
	}
	for i := range cells {
		if !cells[i].right && cells[i].width == 0 {
			cells[i].width = room / open
			room -= cells[i].width
			open--
		}
	}
	return true
}

// cells writes the cells side by side, on as many lines as the longest left cell needs. Right cells
// stand on the first line.
func (l *layout) cells(cells []cell, width int, st Style) {
	for {
		var b strings.Builder
		b.Grow(width + 8)
		more := false
		for i := range cells {
			c := &cells[i]
			if i > 0 {
				b.WriteByte(' ')
			}
			var part string
			if c.right {
				part, c.rest = c.rest, ""
			} else {
				part, c.rest = breakLine(c.rest, c.width)
			}
			more = more || c.rest != ""
			gap := c.width - columns(part)
			if c.right {
				pad(&b, gap)
			}
			b.WriteString(part)
			if !c.right && i < len(cells)-1 {
				pad(&b, gap)
			}
		}
		l.line(strings.TrimRight(b.String(), " "), st)
		if !more {
			return
		}
	}
}

// stacked writes the left cells on lines of their own and the right cells below, at the right edge.
func (l *layout) stacked(cells []cell, width int, st Style) error {
	var right []string
	total := 0
	for _, c := range cells {
		if !c.right {
			continue
		}
		n := columns(c.rest)
		if n > width {
			return ErrTooWide
		}
		right = append(right, c.rest)
		total += n + 1
	}
	for _, c := range cells {
		for !c.right && c.rest != "" {
			var part string
			part, c.rest = breakLine(c.rest, width)
			l.line(part, st)
		}
	}
	if total-1 <= width {
		right = []string{strings.Join(right, " ")}
	}
	for _, s := range right {
		var b strings.Builder
		pad(&b, width-columns(s))
		b.WriteString(s)
		l.line(b.String(), st)
	}
	return nil
}

func pad(b *strings.Builder, n int) {
	for ; n > 0; n-- {
		b.WriteByte(' ')
	}
}

// breakLine cuts off the first line of at most width columns: at a space or beside a wide character where
// there is one, and anywhere otherwise. It takes at least one character, also where a wide one does not fit.
func breakLine(s string, width int) (line, rest string) {
	if len(s) <= width {
		return s, ""
	}
	end, cut, n := len(s), -1, 0
	last := ' '
	for i, r := range s {
		w := runeColumns(r)
		if n > 0 && (r == ' ' || breaksBetween(last, r)) {
			cut = i
		}
		if n > 0 && n+w > width {
			end = i
			break
		}
		n += w
		last = r
	}
	if end == len(s) {
		return s, ""
	}
	if cut > 0 {
		if line = strings.TrimRight(s[:cut], " "); line != "" {
			return line, strings.TrimLeft(s[cut:], " ")
		}
		// Only the indent stands before the word that is too long: it gives way first.
		return breakLine(strings.TrimLeft(s, " "), width)
	}
	return s[:end], s[end:]
}
