package billing

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

//go:embed layouts/*.toml
var samples embed.FS

// Layout is how a payment file looks.
type Layout struct {
	Name      string            `toml:"name"`
	Form      string            `toml:"form"`      // "csv" or "fixed"
	Separator string            `toml:"separator"` // of csv: one character; empty is a comma
	Ending    string            `toml:"ending"`    // "lf" (empty too) or "crlf"
	Encoding  string            `toml:"encoding"`  // "utf-8" (empty too) or "ascii": accents are dropped
	Codes     map[string]string `toml:"codes"`     // what a line is → what the file calls it
	Tenders   map[string]string `toml:"tenders"`   // means of payment → what the file calls it
	Header    []Column          `toml:"header"`
	Columns   []Column          `toml:"column"`
	Trailer   []Column          `toml:"trailer"`

	text string
}

// Column is a column of a line, of the header or of the trailer.
type Column struct {
	Value  string `toml:"value"` // name of a value; empty: Text
	Text   string `toml:"text"`
	Title  string `toml:"title"`  // of csv: any title makes a row of them
	Width  int    `toml:"width"`  // of fixed, in characters
	Align  string `toml:"align"`  // "left" (empty too) or "right"
	Fill   string `toml:"fill"`   // one character; empty is a blank
	Format string `toml:"format"` // of a date, as in "01/02/2006"; of an amount, one of amountForms
	// Cut lets what is too long be cut. Without it, a value that does not fit is a
	// refusal: half an account's number is another account.
	Cut bool `toml:"cut"`
}

// kindsOfLines are what a line is, for Codes.
func kindsOfLines() []string { return []string{"payment", "void", "reversal", "returned"} }

// The values of a line, and those of a header or trailer.
func lineValues() []string {
	return []string{"id", "of", "code", "account", "amount", "date", "time", "receipt", "tender", "station", "cashier", "name", "service", "entry", "file", "made"}
}

func fileValues() []string { return []string{"file", "made", "lines", "total"} }

// amountForms are how an amount is written: 1204.11 and -1204.11; 120411 and -120411;
// 120411 and 120411-; the last two without any sign, for a file whose codes say it.
func amountForms() []string {
	return []string{"decimal", "cents", "cents-trailing", "decimal-bare", "cents-bare"}
}

// Bounds of a layout.
const (
	maxLayout  = 32 << 10 // bytes; the act keeps it
	maxColumns = 100
	maxWidth   = 400 // characters
)

// ParseLayout reads and checks a layout. A word that it does not know is an error.
func ParseLayout(text []byte) (*Layout, error) {
	if len(text) > maxLayout {
		return nil, fmt.Errorf("the layout is longer than %d bytes", maxLayout)
	}
	l := &Layout{text: string(text)}
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(l); err != nil {
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) {
			return nil, errors.New(strict.String())
		}
		return nil, err
	}
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("layout %q: %w", l.Name, err)
	}
	return l, nil
}

func (l *Layout) check() error {
	switch {
	case l.Name == "" || len(l.Name) > 80:
		return errors.New("it has no name of 1 to 80 characters")
	case l.Form != "csv" && l.Form != "fixed":
		return fmt.Errorf("form %q: want csv or fixed", l.Form)
	case !oneOf(l.Ending, "", "lf", "crlf"):
		return fmt.Errorf("ending %q: want lf or crlf", l.Ending)
	case !oneOf(l.Encoding, "", "utf-8", "ascii"):
		return fmt.Errorf("encoding %q: want utf-8 or ascii", l.Encoding)
	case l.Separator != "" && (utf8.RuneCountInString(l.Separator) != 1 || oneOf(l.Separator, "\"", "\r", "\n", "\ufffd")):
		return fmt.Errorf("separator %q: want one character", l.Separator)
	case len(l.Columns) == 0:
		return errors.New("it has no columns")
	}
	for what := range l.Codes {
		if !slices.Contains(kindsOfLines(), what) {
			return fmt.Errorf("codes: there is no %q; the lines are %v", what, kindsOfLines())
		}
	}
	for _, part := range []struct {
		name    string
		columns []Column
		values  []string
	}{{"header", l.Header, fileValues()}, {"column", l.Columns, lineValues()}, {"trailer", l.Trailer, fileValues()}} {
		if len(part.columns) > maxColumns {
			return fmt.Errorf("%s: more than %d", part.name, maxColumns)
		}
		for i, c := range part.columns {
			if err := c.check(l.Form, part.values); err != nil {
				return fmt.Errorf("%s %d: %w", part.name, i+1, err)
			}
		}
	}
	return nil
}

func (c Column) check(form string, values []string) error {
	switch {
	case c.Value != "" && !slices.Contains(values, c.Value):
		return fmt.Errorf("there is no value %q; there are %v", c.Value, values)
	case c.Value != "" && c.Text != "":
		return errors.New("it has a value and a text: want one")
	case form == "fixed" && (c.Width < 1 || c.Width > maxWidth):
		return fmt.Errorf("width %d: want 1 to %d", c.Width, maxWidth)
	case form == "csv" && c.Width != 0:
		return errors.New("a column of csv has no width")
	case !oneOf(c.Align, "", "left", "right"):
		return fmt.Errorf("align %q: want left or right", c.Align)
	case utf8.RuneCountInString(c.Fill) > 1:
		return fmt.Errorf("fill %q: want one character", c.Fill)
	}
	switch c.Value {
	case "amount", "total":
		if !slices.Contains(amountForms(), c.Format) {
			return fmt.Errorf("format %q of an amount: want one of %v", c.Format, amountForms())
		}
	case "date", "time", "made":
		if c.Format == "" || time.Unix(0, 0).UTC().Format(c.Format) == c.Format {
			return fmt.Errorf("format %q of a date: want one like 2006-01-02", c.Format)
		}
	default:
		if c.Format != "" {
			return fmt.Errorf("a %s has no format", c.Value)
		}
	}
	return nil
}

func oneOf(s string, all ...string) bool { return slices.Contains(all, s) }

// Layouts are those that central comes with, and those in a folder, *.toml, by name. A
// folder that is not there has none.
func Layouts(folder fs.FS) ([]*Layout, error) {
	var all []*Layout
	for _, from := range []struct {
		fs      fs.FS
		pattern string
	}{{samples, "layouts/*.toml"}, {folder, "*.toml"}} {
		paths, err := fs.Glob(from.fs, from.pattern)
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			text, err := fs.ReadFile(from.fs, path)
			if err != nil {
				return nil, fmt.Errorf("read the layout: %w", err)
			}
			l, err := ParseLayout(text)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", path, err)
			}
			if slices.ContainsFunc(all, func(o *Layout) bool { return o.Name == l.Name }) {
				return nil, fmt.Errorf("read %s: there are two layouts named %q", path, l.Name)
			}
			all = append(all, l)
		}
	}
	return all, nil
}
