package billing

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"gatehouse/ledger"
)

// writer writes one file.
type writer struct {
	l   *Layout
	to  io.Writer
	csv *csv.Writer
	of  about
}

// about is what header and trailer say.
type about struct {
	no    int
	made  time.Time // in the utility's zone
	lines int
	total ledger.Cents
}

func newWriter(l *Layout, to io.Writer, of about) *writer {
	w := &writer{l: l, to: to, of: of}
	if l.Form == "csv" {
		w.csv = csv.NewWriter(to)
		w.csv.UseCRLF = l.Ending == "crlf"
		if l.Separator != "" {
			w.csv.Comma, _ = utf8.DecodeRuneInString(l.Separator)
		}
	}
	return w
}

// begin writes the header, and the row of titles.
func (w *writer) begin() error {
	if len(w.l.Header) > 0 {
		if err := w.row(w.l.Header, w.fileValue); err != nil {
			return fmt.Errorf("header: %w", err)
		}
	}
	titles := make([]string, len(w.l.Columns))
	for i, c := range w.l.Columns {
		titles[i] = c.Title
	}
	if w.csv != nil && strings.Join(titles, "") != "" {
		return w.csv.Write(titles)
	}
	return nil
}

func (w *writer) line(l Line) error {
	err := w.row(w.l.Columns, func(c Column) string { return w.lineValue(c, l) })
	if err != nil {
		return ledger.Refuse("central.file_width", "Line {line} does not fit the layout: {why}.", "line", l.ID, "why", err.Error())
	}
	return nil
}

func (w *writer) end() error {
	if len(w.l.Trailer) > 0 {
		if err := w.row(w.l.Trailer, w.fileValue); err != nil {
			return fmt.Errorf("trailer: %w", err)
		}
	}
	if w.csv != nil {
		w.csv.Flush()
		return w.csv.Error()
	}
	return nil
}

func (w *writer) row(columns []Column, value func(Column) string) error {
	cells := make([]string, len(columns))
	for i, c := range columns {
		text := w.clean(c.Text)
		if c.Value != "" {
			text = w.clean(value(c))
		}
		if w.csv == nil {
			var err error
			if text, err = c.fit(text); err != nil {
				return err
			}
		}
		cells[i] = text
	}
	if w.csv != nil {
		return w.csv.Write(cells)
	}
	ending := "\n"
	if w.l.Ending == "crlf" {
		ending = "\r\n"
	}
	_, err := io.WriteString(w.to, strings.Join(cells, "")+ending)
	return err
}

// clean takes out what would break a line, and accents where the file has none.
func (w *writer) clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if w.l.Encoding != "ascii" {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r > unicode.MaxASCII:
			return '?'
		}
		return r
	}, norm.NFD.String(text))
}

// fit makes a text as wide as its column.
func (c Column) fit(text string) (string, error) {
	n := utf8.RuneCountInString(text)
	if n > c.Width {
		if !c.Cut {
			return "", fmt.Errorf("%s %q has %d characters, more than %d", c.Value, text, n, c.Width)
		}
		return string([]rune(text)[:c.Width]), nil
	}
	fill := c.Fill
	if fill == "" {
		fill = " "
	}
	pad := strings.Repeat(fill, c.Width-n)
	if c.Align != "right" {
		return text + pad, nil
	}
	// Zeros go between the sign and the figures.
	if fill == "0" && strings.HasPrefix(text, "-") {
		return "-" + pad + text[1:], nil
	}
	return pad + text, nil
}

func (w *writer) fileValue(c Column) string {
	switch c.Value {
	case "file":
		return strconv.Itoa(w.of.no)
	case "made":
		return w.of.made.Format(c.Format)
	case "lines":
		return strconv.Itoa(w.of.lines)
	}
	return amount(c.Format, w.of.total) // total
}

func (w *writer) lineValue(c Column, l Line) string {
	switch c.Value {
	case "id":
		return l.ID
	case "of":
		return l.Of
	case "code":
		if code, has := w.l.Codes[l.Kind]; has {
			return code
		}
		return l.Kind
	case "account":
		return string(l.Account)
	case "amount":
		return amount(c.Format, l.Amount)
	case "date":
		return l.Date.Time().Format(c.Format)
	case "time":
		return l.At.In(w.of.made.Location()).Format(c.Format)
	case "receipt":
		return string(l.Receipt)
	case "tender":
		return w.tender(l)
	case "station":
		return string(l.Station)
	case "cashier":
		return l.Cashier
	case "name":
		return l.Name
	case "service":
		return l.Service
	case "entry":
		return strconv.FormatUint(l.Seq, 10)
	}
	return w.fileValue(c)
}

// tender is how it was paid: by one means, or by several with a plus between them.
func (w *writer) tender(l Line) string {
	var all []string
	for _, kind := range l.Tenders {
		name := string(kind)
		if code, has := w.l.Tenders[name]; has {
			name = code
		}
		all = append(all, name)
	}
	return strings.Join(all, "+")
}

// amount writes an amount in one of amountForms.
func amount(form string, c ledger.Cents) string {
	size := c
	if c < 0 {
		size = -c
	}
	switch form {
	case "cents":
		return strconv.FormatInt(int64(c), 10)
	case "cents-trailing":
		if c < 0 {
			return strconv.FormatInt(int64(size), 10) + "-"
		}
		return strconv.FormatInt(int64(size), 10)
	case "decimal-bare":
		return size.Plain()
	case "cents-bare":
		return strconv.FormatInt(int64(size), 10)
	}
	return c.Plain()
}
