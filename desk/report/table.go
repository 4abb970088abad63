package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gatehouse/ledger"
)

// Form is how the cells of a column are written.
type Form uint8

// The forms.
const (
	Words   Form = iota
	Number       // of things
	Money        // in cents
	Tenths       // of one: 125 is 12.5
	Minutes      // of time
)

// Column is a column of a table.
type Column struct {
	Title string
	Form  Form
	// Lead says that the cell belongs into the line that names the row, where a
	// narrow paper writes the others below it.
	Lead bool
}

// Cell is one figure or word. The zero Cell is empty.
type Cell struct {
	Set  bool
	Text string // of Words
	N    int64  // of all others
}

// Row is a line of a table.
type Row struct {
	Cells []Cell
	// Sum says that it adds up the rows above it.
	Sum bool
	// Entries are the numbers of the entries it was made of.
	Entries []uint64
}

// Fact is something said above the table.
type Fact struct{ Name, Value string }

// Table is a report.
type Table struct {
	Name    string // "over-short"
	Title   string
	Period  Period
	Now     bool // of this moment, and of no period
	Station ledger.StationID
	Through uint64 // number of the last entry that was read
	Leaf    ledger.Leaf
	Facts   []Fact
	Columns []Column
	Rows    []Row
	Totals  []Cell // one for each column, none where there is nothing to add up
	Notes   []string
	Picture *Picture
}

func say(s string) Cell         { return Cell{Set: true, Text: s} }
func number(n int) Cell         { return Cell{Set: true, N: int64(n)} }
func money(c ledger.Cents) Cell { return Cell{Set: true, N: int64(c)} }

// some is money, and empty where there is none.
func some(c ledger.Cents) Cell {
	if c == 0 {
		return Cell{}
	}
	return money(c)
}

// few is a number, and empty where it is none.
func few(n int) Cell {
	if n == 0 {
		return Cell{}
	}
	return number(n)
}

// Write writes a cell of the column as people read it.
func (c Column) Write(cell Cell) string {
	switch {
	case !cell.Set:
		return ""
	case c.Form == Words:
		return cell.Text
	case c.Form == Money:
		return ledger.Cents(cell.N).String()
	case c.Form == Tenths:
		sign, n := "", cell.N
		if n < 0 {
			sign, n = "-", -n
		}
		return fmt.Sprintf("%s%d.%d", sign, n/10, n%10)
	case c.Form == Minutes:
		return fmt.Sprintf("%d:%02d", cell.N/60, cell.N%60)
	}
	return strconv.FormatInt(cell.N, 10)
}

// When writes the business dates of the table, or that it is of this moment.
func (t *Table) When() string {
	if t.Now {
		return "as of now"
	}
	return t.Period.String()
}

// Names are the words that name a row, of the columns that lead.
func (t *Table) Names(r Row) (names []string) {
	for i, c := range t.Columns {
		if c.Lead {
			names = append(names, c.Write(r.Cells[i]))
		}
	}
	return names
}

// row adds a line.
func (t *Table) row(entries []uint64, cells ...Cell) {
	t.Rows = append(t.Rows, Row{Cells: cells, Entries: entries})
}

// subtotal adds a line that adds up the ones above it.
func (t *Table) subtotal(entries []uint64, cells ...Cell) {
	t.Rows = append(t.Rows, Row{Cells: cells, Sum: true, Entries: entries})
}

// note adds a sentence below the table.
func (t *Table) note(format string, args ...any) {
	t.Notes = append(t.Notes, fmt.Sprintf(format, args...))
}

// Disagrees says that a Z was found not to be what its entries say.
func (t *Table) Disagrees() bool {
	return slices.ContainsFunc(t.Notes, func(n string) bool { return strings.HasPrefix(n, disagrees) })
}

// disagrees begins a note of what is wrong.
const disagrees = "DOES NOT AGREE: "

// Sum adds up a column, but for the lines that are sums themselves.
func (t *Table) Sum(title string) (sum ledger.Cents) {
	for i, c := range t.Columns {
		if c.Title != title {
			continue
		}
		for _, r := range t.Rows {
			if !r.Sum {
				sum = sum.Plus(ledger.Cents(r.Cells[i].N))
			}
		}
	}
	return sum
}

// Total is the total of a column.
func (t *Table) Total(title string) ledger.Cents {
	for i, c := range t.Columns {
		if c.Title == title && i < len(t.Totals) {
			return ledger.Cents(t.Totals[i].N)
		}
	}
	return 0
}
