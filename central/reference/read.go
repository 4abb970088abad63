package reference

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Bounds of a file.
const (
	MaxFile = 2 << 30 // bytes
	maxLine = 64 << 10
	// MaxRefusals is how many refused lines a report lists; all are counted.
	MaxRefusals = 500
)

// Refusal is a line that was not read.
type Refusal struct {
	Line   uint64 `json:"line"`             // of the file; its titles are line 1
	Column string `json:"column,omitempty"` // its title; empty for the line as a whole
	Value  string `json:"value,omitempty"`  // what stands there, cut to shortValue characters
	Why    string `json:"why"`
}

const shortValue = 40

// Report is what became of a file.
type Report struct {
	File     wire.Hash `json:"file"`     // SHA-256 of all of it
	Lines    uint64    `json:"lines"`    // with something on them, the titles not counted
	Taken    uint64    `json:"taken"`    // of them
	Refused  uint64    `json:"refused"`  // of them
	Refusals []Refusal `json:"refusals"` // the first MaxRefusals, by line
}

func (r *Report) refuse(line uint64, column, value, why string) {
	r.Refused++
	if len(r.Refusals) < MaxRefusals {
		r.Refusals = append(r.Refusals, Refusal{line, column, shortened(value), why})
	}
}

func shortened(value string) string {
	value = strings.ToValidUTF8(value, "\uFFFD")
	if utf8.RuneCountInString(value) <= shortValue {
		return value
	}
	return string([]rune(value)[:shortValue-1]) + "…"
}

// row is a line that was read.
type row struct {
	key   string
	line  uint64
	value []byte
}

// read reads a file line by line and gives take each row. What is wrong with a line is
// in the report; what is wrong with the file as a whole is a *ledger.Refusal.
func (m *Mapping) read(ctx context.Context, from io.Reader, take func(row) error) (Report, error) {
	var report Report
	sum := sha256.New()
	limited := &io.LimitedReader{R: from, N: MaxFile + 1}
	lines := bufio.NewScanner(io.TeeReader(limited, sum))
	lines.Buffer(make([]byte, 0, maxLine), maxLine)
	var cols *columns
	var parts []string
	var number uint64
	for lines.Scan() {
		number++
		if number%1000 == 0 && ctx.Err() != nil {
			return report, ctx.Err()
		}
		line, err := m.decode(lines.Bytes(), number == 1)
		if cols == nil {
			if err == nil {
				parts, err = split(line, m.Separator[0], parts[:0])
			}
			if err != nil {
				return report, ledger.Refuse("central.import_titles", "The first line has no titles that can be read: {why}.", "why", err.Error()).At("file")
			}
			if cols, err = m.titles(parts); err != nil {
				return report, err
			}
			continue
		}
		if strings.TrimSpace(line) == "" && err == nil {
			continue
		}
		report.Lines++
		if err == nil {
			parts, err = split(line, m.Separator[0], parts[:0])
		}
		if err == nil && len(parts) != cols.count {
			err = fmt.Errorf("%d columns, the first line has %d", len(parts), cols.count)
		}
		if err != nil {
			report.refuse(number, "", line, err.Error())
			continue
		}
		r, bad := m.row(cols, parts)
		if bad != nil {
			report.refuse(number, bad.Column, bad.Value, bad.Why)
			continue
		}
		r.line = number
		report.Taken++
		if err := take(r); err != nil {
			return report, err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return report, ledger.Refuse("central.import_line", "Line {n} has more than {most} bytes.", "n", fmt.Sprint(number+1), "most", fmt.Sprint(maxLine)).At("file")
	case err != nil:
		return report, fmt.Errorf("read the file: %w", err)
	case limited.N == 0:
		return report, ledger.Refuse("central.import_size", "The file has more than {most} bytes.", "most", fmt.Sprint(MaxFile)).At("file")
	case cols == nil:
		return report, ledger.Refuse("central.import_empty", "The file is empty.").At("file")
	}
	report.File = wire.Hash(sum.Sum(nil))
	return report, nil
}

// decode makes a text of a line's bytes.
func (m *Mapping) decode(raw []byte, first bool) (string, error) {
	if m.Encoding == "windows-1252" {
		out, err := charmap.Windows1252.NewDecoder().Bytes(raw)
		return string(out), err
	}
	if first {
		raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	}
	if !utf8.Valid(raw) {
		return string(raw), errors.New("not in UTF-8: the mapping may want another encoding")
	}
	return string(raw), nil
}

// columns says where in a line the fields stand.
type columns struct {
	count  int
	titles []string
	fields map[string][]int
	flags  map[string]int
}

// titles finds the columns that the mapping names.
func (m *Mapping) titles(line []string) (*columns, error) {
	if len(line) > maxColumns {
		return nil, ledger.Refuse("central.import_columns", "The file has more than {most} columns.", "most", fmt.Sprint(maxColumns)).At("file")
	}
	c := &columns{count: len(line), fields: map[string][]int{}, flags: map[string]int{}}
	where := map[string]int{}
	for i, title := range line {
		title = strings.TrimSpace(title)
		if _, twice := where[title]; twice {
			i = -1
		}
		where[title] = i
		c.titles = append(c.titles, title)
	}
	find := func(title string) (int, error) {
		i, found := where[title]
		if !found {
			return 0, ledger.Refuse("central.import_column", "The file has no column {title}. It has: {titles}.", "title", title, "titles", shortList(c.titles)).At("mapping")
		}
		if i < 0 {
			return 0, ledger.Refuse("central.import_column_twice", "The file has the column {title} twice.", "title", title).At("file")
		}
		return i, nil
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		for _, title := range m.Columns[name] {
			i, err := find(title)
			if err != nil {
				return nil, err
			}
			c.fields[name] = append(c.fields[name], i)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Flags)) {
		i, err := find(m.Flags[name].Column)
		if err != nil {
			return nil, err
		}
		c.flags[name] = i
	}
	return c, nil
}

func shortList(titles []string) string {
	const most = 20
	if len(titles) > most {
		return strings.Join(titles[:most], ", ") + ", …"
	}
	return strings.Join(titles, ", ")
}
