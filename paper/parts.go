package paper

import (
	"fmt"
	"strings"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
)

// The pieces that papers are put together from. Duties use the exported ones in
// their own layouts.

// Banner is a line nobody overlooks: white on black, in the middle.
func Banner(s string) escpos.Item {
	return escpos.Text{S: " " + s + " ", Style: escpos.Style{Bold: true, Reverse: true, Align: escpos.Center}}
}

// Head is what every paper begins with: logo, utility, title, number, time.
func (s Sheet) Head(title string, e *ledger.Entry) []escpos.Item {
	out := make([]escpos.Item, 0, 40)
	out = s.logo(out)
	out = append(out, escpos.Text{S: s.Utility.Name, Style: escpos.Style{Bold: true, Tall: true, Align: escpos.Center}})
	for _, line := range s.Utility.Lines {
		out = append(out, center(line))
	}
	out = append(out, escpos.Rule{Heavy: true},
		escpos.Text{S: title, Style: escpos.Style{Bold: true, Align: escpos.Center}},
		escpos.Pair("No.", s.Number(e)),
		line(s.Time(e.At())))
	if e.Date != ledger.DateOf(s.in(e.At())) {
		out = append(out, escpos.Pair("Business date", e.Date.String()))
	}
	return out
}

// logo begins a paper with the logo, if there is one.
func (s Sheet) logo(out []escpos.Item) []escpos.Item {
	bitmap, key := s.Logo, s.LogoKey
	if s.LogoNow != nil {
		bitmap, key = s.LogoNow()
	}
	if bitmap == nil {
		return out
	}
	return append(out, escpos.Logo{Key: key, Bitmap: bitmap, Align: escpos.Center})
}

// Signature is a line to sign on, with who is to sign under it.
func Signature(who string) []escpos.Item {
	return []escpos.Item{escpos.Feed{Lines: 2}, escpos.Rule{}, line(who)}
}

func center(s string) escpos.Item {
	return escpos.Text{S: s, Style: escpos.Style{Align: escpos.Center}}
}

func line(s string) escpos.Item { return escpos.Text{S: s} }

func strong(s string) escpos.Item {
	return escpos.Text{S: s, Style: escpos.Style{Bold: true}}
}

// sum is a line with an amount that matters.
func sum(label, amount string) escpos.Item {
	row := escpos.Pair(label, amount)
	row.Style.Bold = true
	return row
}

// sub is a line under another, set in a little.
func sub(label, value string) escpos.Item {
	return escpos.Row{Cells: []escpos.Cell{{Width: 1}, {S: label}, {S: value, Align: escpos.Right}}}
}

// dollars writes an amount with its sign, as totals show it.
func dollars(c ledger.Cents) string {
	if c < 0 {
		return "-$" + (-c).String()
	}
	return "$" + c.String()
}

// balance writes what is owed; below zero it is the customer's credit.
func balance(c ledger.Cents) string {
	if c < 0 {
		return (-c).String() + " credit"
	}
	return c.String()
}

// difference writes counted less expected with the word for it.
func difference(c ledger.Cents) string {
	switch {
	case c > 0:
		return c.String() + " over"
	case c < 0:
		return (-c).String() + " short"
	}
	return c.String()
}

// age writes a time span in the one or two units a person would use.
func age(d time.Duration) string {
	d = max(d, 0).Truncate(time.Minute)
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	switch {
	case hours >= 48:
		return fmt.Sprintf("%d days", hours/24)
	case hours == 0:
		return fmt.Sprintf("%d min", minutes)
	case minutes == 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d h %d min", hours, minutes)
}

// word writes a code of the record as people read it: "past-due" as "Past due".
func word(code string) string {
	if code == string(cash.CashiersCheck) {
		return "Cashier's check"
	}
	s := strings.ReplaceAll(code, "-", " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
