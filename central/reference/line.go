package reference

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gatehouse/ledger"
)

// Why a line of a file cannot be parted into its columns.
var (
	errOpenQuote = errors.New("a quote is not closed on this line")
	errBareQuote = errors.New("a quote stands inside a column that does not begin with one")
	errAfter     = errors.New("text stands after a closing quote")
)

// split parts a line into its columns, as RFC 4180 says, but for a line break inside
// quotes: a quote that somebody forgot must not swallow the rest of the file. It
// appends to into.
func split(line string, separator byte, into []string) ([]string, error) {
	for {
		if !strings.HasPrefix(line, `"`) {
			column, rest, more := strings.Cut(line, string(separator))
			if strings.Contains(column, `"`) {
				return into, errBareQuote
			}
			into = append(into, column)
			if !more {
				return into, nil
			}
			line = rest
			continue
		}
		var column strings.Builder
		line = line[1:]
		for {
			part, rest, closed := strings.Cut(line, `"`)
			if !closed {
				return into, errOpenQuote
			}
			column.WriteString(part)
			line = rest
			if !strings.HasPrefix(line, `"`) {
				break
			}
			column.WriteByte('"')
			line = line[1:]
		}
		into = append(into, column.String())
		if line == "" {
			return into, nil
		}
		if line[0] != separator {
			return into, errAfter
		}
		line = line[1:]
	}
}

// amount reads an amount as the mapping says it is written.
func amount(typed, form string) (ledger.Cents, error) {
	typed = strings.TrimSpace(typed)
	bare, negative := unsigned(typed)
	if bare == "" && !negative {
		return 0, nil
	}
	var c ledger.Cents
	var err error
	switch form {
	case "cents":
		var n uint64
		if n, err = strconv.ParseUint(bare, 10, 63); err != nil || ledger.Cents(n) > ledger.MaxAmount {
			err = fmt.Errorf("not an amount in cents of at most %d", int64(ledger.MaxAmount))
		}
		c = ledger.Cents(n)
	case "1234,56":
		c, err = ledger.ParseAmount(strings.NewReplacer(",", ".", ".", ",").Replace(bare))
	default:
		c, err = ledger.ParseAmount(bare)
	}
	if err != nil {
		return 0, fmt.Errorf("not an amount like %s of at most %s", form, ledger.MaxAmount)
	}
	if negative {
		c = -c
	}
	return c, nil
}

// unsigned takes the sign off an amount, in the ways that billing systems write it.
func unsigned(typed string) (bare string, negative bool) {
	if inside, ok := strings.CutPrefix(typed, "("); ok && strings.HasSuffix(inside, ")") {
		return strings.TrimSpace(inside[:len(inside)-1]), true
	}
	for _, end := range []string{"-", "CR"} {
		if before, ok := strings.CutSuffix(typed, end); ok {
			return strings.TrimSpace(before), true
		}
	}
	if after, ok := strings.CutPrefix(typed, "-"); ok {
		return strings.TrimSpace(after), true
	}
	return typed, false
}

// day reads a date as the mapping says it is written; nothing is no date.
func day(typed, form string) (ledger.Date, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" || strings.Trim(typed, "0/-.") == "" { // 00/00/0000 is no date too
		return 0, nil
	}
	at, err := time.Parse(dateForms()[form], typed)
	if err != nil || at.Year() < 1900 || at.Year() > 2199 {
		return 0, fmt.Errorf("not a date like %s", form)
	}
	return ledger.DateOf(at), nil
}
