package ledger

import (
	"bufio"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The journals of plain-text accounting know no sub-accounts and take fewer
// letters in a name than we do. A sub-account becomes one more part of the
// account's name, and what a program would misread is written as its number.
// Should two accounts come to the same name, their balances are added.

// balancesBy adds up balances by the names that a journal gives the accounts.
func balancesBy(balances []Balance, name func(account, sub string) string) map[string]Cents {
	sums := make(map[string]Cents, len(balances))
	for _, b := range balances {
		n := name(b.Account, b.Sub)
		sums[n] = sums[n].Plus(b.Net())
	}
	return sums
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

type hledgerExport struct {
	w       *bufio.Writer
	station StationID
}

// hledgerName keeps letters, digits and -_. and writes others like %3B.
func hledgerName(account, sub string) string {
	parts := strings.Split(account, ":")
	if sub != "" {
		parts = append(parts, sub)
	}
	for i, p := range parts {
		var b strings.Builder
		for _, c := range []byte(p) {
			if isAlnum(c) || c == '-' || c == '_' || c == '.' {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		parts[i] = b.String()
	}
	return strings.Join(parts, ":")
}

func (x *hledgerExport) entry(e *Entry) error {
	if len(e.Lines) == 0 {
		return nil
	}
	code := ""
	if no := e.ReceiptNo(x.station); no != "" {
		code = "(" + string(no) + ") "
	}
	fmt.Fprintf(x.w, "%s * %s%s  ; entry:%d, actor:%s\n", e.Date, code, e.Kind, e.Seq, e.Actor)
	for _, l := range e.Lines {
		fmt.Fprintf(x.w, "    %s  %s USD\n", hledgerName(l.Account, l.Sub), l.Amount.Plain())
	}
	_, err := fmt.Fprintln(x.w)
	return err
}

func (x *hledgerExport) end(balances []Balance, last Date) error {
	sums := balancesBy(balances, hledgerName)
	if len(sums) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(sums))
	fmt.Fprintf(x.w, "%s * balances of the ledger\n", last)
	for _, name := range names {
		fmt.Fprintf(x.w, "    %s  0.00 USD = %s USD\n", name, sums[name].Plain())
	}
	fmt.Fprint(x.w, "\ncommodity 1000.00 USD\n")
	for _, name := range names {
		fmt.Fprintf(x.w, "account %s\n", name)
	}
	return nil
}

type beancountExport struct {
	w       *bufio.Writer
	station StationID
}

// beancountRoots are the only names beancount takes for the first part. Any
// other account goes under the equity.
var beancountRoots = [...]string{"Assets", "Liabilities", "Equity", "Income", "Expenses"}

// beancountName writes an account the way beancount wants it: two parts or more
// that begin with a capital or a digit, of letters, digits and dashes. The
// first letter of a part of our own is raised; anything else that does not fit,
// and the letter X, is written like X3B.
func beancountName(account, sub string) string {
	parts := strings.Split(account, ":")
	for i, p := range parts {
		parts[i] = beancountPart(p, true)
	}
	if !slices.Contains(beancountRoots[:], parts[0]) {
		parts = slices.Insert(parts, 0, "Equity")
	}
	if sub != "" {
		parts = append(parts, beancountPart(sub, false))
	}
	if len(parts) == 1 {
		parts = append(parts, "X")
	}
	return strings.Join(parts, ":")
}

func beancountPart(part string, raise bool) string {
	var b strings.Builder
	for i, c := range []byte(part) {
		lower, upper := c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z'
		switch {
		case i == 0 && lower && raise && c != 'x':
			b.WriteByte(c - 'a' + 'A')
		case c != 'X' && isAlnum(c) && (i > 0 || !lower && upper != raise), i > 0 && c == '-', i == 0 && !lower && !upper && isAlnum(c):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "X%02X", c)
		}
	}
	return b.String()
}

func (x *beancountExport) entry(e *Entry) error {
	if len(e.Lines) == 0 {
		return nil
	}
	fmt.Fprintf(x.w, "%s * %q %q\n  entry: %d\n", e.Date, string(e.Kind), string(e.ReceiptNo(x.station)), e.Seq)
	for _, l := range e.Lines {
		fmt.Fprintf(x.w, "  %s  %s USD\n", beancountName(l.Account, l.Sub), l.Amount.Plain())
	}
	_, err := fmt.Fprintln(x.w)
	return err
}

func (x *beancountExport) end(balances []Balance, last Date) error {
	sums := balancesBy(balances, beancountName)
	// Beancount compares the balance of an account with those below it.
	trees := make(map[string]Cents, len(sums))
	for name, sum := range sums {
		for above := name; above != ""; above = above[:max(0, strings.LastIndexByte(above, ':'))] {
			trees[above] = trees[above].Plus(sum)
		}
	}
	after := DateOf(last.Time().AddDate(0, 0, 1))
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(x.w, "1970-01-01 open %s USD\n%s balance %s  %s USD\n", name, after, name, trees[name].Plain())
	}
	return nil
}
