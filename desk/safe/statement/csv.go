package statement

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gatehouse/desk/safe"
	"gatehouse/ledger"
)

// maxColumns bounds the columns of a CSV file.
const maxColumns = 100

// CSV reads a statement with a first row of column names. columns says which is
// what; names are compared without regard to case.
func CSV(r io.Reader, columns safe.Columns) ([]safe.Line, error) {
	limited := &io.LimitedReader{R: r, N: maxFile + 1}
	in := csv.NewReader(limited)
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("read the statement: its first row: %w", err)
	}
	at, err := find(head, columns)
	if err != nil {
		return nil, fmt.Errorf("read the statement: %w", err)
	}
	var all []safe.Line
	for row := 2; ; row++ {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the statement: %w", err)
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		l, err := at.line(record, columns.Layout)
		if err != nil {
			return nil, fmt.Errorf("read the statement: row %d: %w", row, err)
		}
		if len(all) == maxLines {
			return nil, fmt.Errorf("read the statement: it has more than %d rows", maxLines)
		}
		if l.Amount != 0 {
			all = append(all, l)
		}
	}
	if limited.N == 0 {
		return nil, fmt.Errorf("read the statement: it is longer than %d bytes", maxFile)
	}
	return all, nil
}

// places is where the columns are; -1: there is none.
type places struct{ date, amount, credit, debit, reference, text int }

func find(head []string, c safe.Columns) (p places, err error) {
	if len(head) > maxColumns {
		return p, fmt.Errorf("it has more than %d columns", maxColumns)
	}
	at := func(name string) int {
		if name == "" {
			return -1
		}
		i := slices.IndexFunc(head, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")), name)
		})
		if i < 0 && err == nil {
			err = fmt.Errorf("it has no column %q; it has %q", name, head)
		}
		return i
	}
	p = places{at(c.Date), at(c.Amount), at(c.Credit), at(c.Debit), at(c.Reference), at(c.Text)}
	return p, err
}

func (p places) line(record []string, layout string) (l safe.Line, err error) {
	get := func(i int) string {
		if i < 0 || i >= len(record) {
			return ""
		}
		return strings.TrimSpace(record[i])
	}
	day, err := time.Parse(layout, get(p.date))
	if err != nil {
		return l, fmt.Errorf("%.30q is no date like %s", get(p.date), layout)
	}
	l.Date = ledger.DateOf(day)
	for _, part := range []struct {
		at   int
		sign ledger.Cents
	}{{p.amount, 1}, {p.credit, 1}, {p.debit, -1}} {
		text := get(part.at)
		if text == "" {
			continue
		}
		cents, err := amount(text)
		if err != nil {
			return l, err
		}
		// A debit column has debits, whether the bank writes a minus or not.
		if part.sign < 0 {
			cents = max(cents, -cents)
		}
		l.Amount = l.Amount.Plus(part.sign * cents)
	}
	l.Reference, l.Text = clean(get(p.reference)), clean(get(p.text))
	return l, nil
}

// amount reads an amount as banks write it: 1,204.11, -4.00, (4.00), $80.00.
func amount(text string) (ledger.Cents, error) {
	sign := ledger.Cents(1)
	t := strings.NewReplacer("$", "", ",", "", " ", "").Replace(text)
	if inner, found := strings.CutPrefix(t, "("); found && strings.HasSuffix(inner, ")") {
		t, sign = strings.TrimSuffix(inner, ")"), -1
	}
	if rest, minus := strings.CutPrefix(t, "-"); minus {
		t, sign = rest, -sign
	}
	cents, err := ledger.ParseAmount(strings.TrimPrefix(t, "+"))
	if err != nil {
		return 0, fmt.Errorf("%.30q is no amount", text)
	}
	return sign * cents, nil
}

// printable drops what cannot be printed.
func printable(r rune) rune {
	if r == utf8.RuneError || !unicode.IsPrint(r) {
		return ' '
	}
	return r
}
