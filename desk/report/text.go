package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gatehouse/ledger"
)

// CSV writes the rows of a table for a spreadsheet: a line of titles, then every row
// that is no sum. Amounts are plain, like 1204.11. A word that a spreadsheet would
// take for a formula is marked as text.
func (t *Table) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	line := make([]string, 0, len(t.Columns)+1)
	for _, c := range t.Columns {
		line = append(line, c.Title)
	}
	if err := out.Write(append(line, "Entries")); err != nil {
		return err
	}
	for _, r := range t.Rows {
		if r.Sum {
			continue
		}
		line = line[:0]
		for i, cell := range r.Cells {
			line = append(line, t.Columns[i].plain(cell))
		}
		if err := out.Write(append(line, strings.Trim(fmt.Sprint(r.Entries), "[]"))); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// plain writes a cell for other programs.
func (c Column) plain(cell Cell) string {
	if cell.Set && c.Form == Money {
		return ledger.Cents(cell.N).Plain()
	}
	s := c.Write(cell)
	if c.Form == Words && s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Text writes a table for a terminal, as wide as it needs.
func (t *Table) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s\nStation %s, entries 1 to %d\n", t.Title, t.When(), t.Station, t.Through)
	for _, f := range t.Facts {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
	}
	b.WriteByte('\n')
	grid := [][]string{make([]string, len(t.Columns))}
	for i, c := range t.Columns {
		grid[0][i] = c.Title
	}
	for _, r := range t.Rows {
		grid = append(grid, t.words(r.Cells))
	}
	if len(t.Totals) > 0 {
		grid = append(grid, t.words(t.Totals))
	}
	widths := make([]int, len(t.Columns))
	for _, line := range grid {
		for i, s := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(s))
		}
	}
	all := 2 * (len(widths) - 1)
	for _, n := range widths {
		all += n
	}
	rule := strings.Repeat("-", all) + "\n"
	for n, line := range grid {
		if n == 1 || n == len(grid)-1 && len(t.Totals) > 0 && n > 1 {
			b.WriteString(rule)
		}
		b.WriteString(strings.TrimRight(t.line(line, widths), " ") + "\n")
		if n > 0 && n <= len(t.Rows) && t.Rows[n-1].Sum {
			b.WriteByte('\n')
		}
	}
	for _, n := range t.Notes {
		b.WriteString("\n" + n + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Table) words(cells []Cell) []string {
	out := make([]string, len(cells))
	for i, cell := range cells {
		out[i] = t.Columns[i].Write(cell)
	}
	return out
}

func (t *Table) line(cells []string, widths []int) string {
	var b strings.Builder
	for i, s := range cells {
		if i > 0 {
			b.WriteString("  ")
		}
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(s))
		if t.Columns[i].Form == Words {
			b.WriteString(s + pad)
		} else {
			b.WriteString(pad + s)
		}
	}
	return b.String()
}
