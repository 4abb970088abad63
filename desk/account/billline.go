package account

import (
	"errors"
	"fmt"
	"strings"

	"gatehouse/ledger"
)

// Layout says how the digits on a bill's stub are laid out. Places are counted
// from 0.
type Layout struct {
	Name   string `toml:"name"`
	Length int    `toml:"length"` // digits in all
	// Account is where the account's digits are; Groups how they are parted by
	// dashes in its number, like [2, 4, 1].
	Account Span  `toml:"account"`
	Groups  []int `toml:"groups"`
	Cents   Span  `toml:"cents"` // the amount billed
	Due     Span  `toml:"due"`   // due date as yymmdd; length 0: none
	// Check is the rule of the last digit: "mod10" (Luhn over all before it) or
	// "mod10-731" (weights 7, 3, 1).
	Check string `toml:"check"`
}

// Span is a run of digits.
type Span struct {
	At     int `toml:"at"`
	Length int `toml:"length"`
}

// BillLine is what a scanned line says. The amount is as it was billed: the
// balance is looked up, never taken from paper.
type BillLine struct {
	Layout string
	No     No
	Billed ledger.Cents
	Due    ledger.Date
}

// Valid says whether a layout can be worked with.
func (l Layout) Valid() error {
	sum := 0
	if l.Name == "" {
		return errors.New("a bill layout needs a name")
	}
	for _, g := range l.Groups {
		if g < 1 {
			return fmt.Errorf("bill layout %s: a group of %d digits", l.Name, g)
		}
		sum += g
	}
	spans := []Span{l.Account, l.Cents, l.Due}
	for i, s := range spans {
		if s.At < 0 || s.Length < 0 || s.At > l.Length || s.Length > l.Length || s.At+s.Length > l.Length-1 {
			return fmt.Errorf("bill layout %s: a field lies outside the digits before the check digit, of %d in all", l.Name, l.Length)
		}
		for _, other := range spans[:i] {
			if s.At < other.At+other.Length && other.At < s.At+s.Length {
				return fmt.Errorf("bill layout %s: two fields share a digit", l.Name)
			}
		}
	}
	switch {
	case l.Length < 8 || l.Length > 64:
		return fmt.Errorf("bill layout %s: %d digits, want 8 to 64", l.Name, l.Length)
	case l.Account.Length < 1 || l.Account.Length+len(l.Groups)-1 > maxNo:
		return fmt.Errorf("bill layout %s: an account number of %d digits", l.Name, l.Account.Length)
	case sum != l.Account.Length:
		return fmt.Errorf("bill layout %s: the groups have %d digits, the account %d", l.Name, sum, l.Account.Length)
	case l.Cents.Length > 9:
		return fmt.Errorf("bill layout %s: an amount of %d digits, at most 9", l.Name, l.Cents.Length)
	case l.Due.Length != 0 && l.Due.Length != 6:
		return fmt.Errorf("bill layout %s: a due date has 6 digits", l.Name)
	case l.Check != "mod10" && l.Check != "mod10-731":
		return fmt.Errorf("bill layout %s: unknown check rule %q", l.Name, l.Check)
	}
	return nil
}

// maxLayouts bounds how many layouts of bills are in the customers' hands.
const maxLayouts = 16

// CheckLayouts says whether layouts can be worked with side by side: two that
// cannot be told apart would read one bill as the other.
func CheckLayouts(all []Layout) error {
	if len(all) > maxLayouts {
		return fmt.Errorf("%d bill layouts, at most %d", len(all), maxLayouts)
	}
	for i, l := range all {
		if err := l.Valid(); err != nil {
			return err
		}
		for _, other := range all[:i] {
			if l.Name == other.Name || (l.Length == other.Length && l.Check == other.Check) {
				return fmt.Errorf("bill layouts %s and %s cannot be told apart: they have the same name, or the same length and check rule", other.Name, l.Name)
			}
		}
	}
	return nil
}

// ErrNotABill says that a text is not as long as any bill line, or not digits:
// it was something else that was typed or scanned.
var ErrNotABill = errors.New("not a bill line")

// ParseBillLine reads a scanned line by the layouts of its length. When none of
// them has a right check digit, it is refused.
func ParseBillLine(layouts []Layout, text string) (BillLine, error) {
	if len(text) > 128 {
		return BillLine{}, ErrNotABill
	}
	digits := strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return BillLine{}, ErrNotABill
	}
	lengthKnown := false
	for _, l := range layouts {
		if l.Length != len(digits) {
			continue
		}
		lengthKnown = true
		if checkDigit(l.Check, digits[:len(digits)-1]) == digits[len(digits)-1] {
			return l.read(digits), nil
		}
	}
	if !lengthKnown {
		return BillLine{}, ErrNotABill
	}
	return BillLine{}, ledger.Refuse("account.check_digit", "The scanned line has a wrong check digit. Scan it again, or type the account number.").At("find")
}

func (l Layout) read(digits string) BillLine {
	field := func(s Span) string { return digits[s.At : s.At+s.Length] }
	number := func(s Span) (n int64) {
		for _, c := range field(s) {
			n = n*10 + int64(c-'0')
		}
		return n
	}
	var groups []string
	rest := field(l.Account)
	for _, g := range l.Groups {
		groups = append(groups, rest[:g])
		rest = rest[g:]
	}
	line := BillLine{Layout: l.Name, No: No(strings.Join(groups, "-")), Billed: ledger.Cents(number(l.Cents))}
	if l.Due.Length == 6 {
		line.Due = ledger.Date(20_000_000 + number(l.Due))
	}
	return line
}

// checkDigit computes the last digit of a line from those before it.
func checkDigit(rule, digits string) byte {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		switch rule {
		case "mod10":
			if i%2 == 0 {
				if d *= 2; d > 9 {
					d -= 9
				}
			}
			sum += d
		default:
			sum += d * [3]int{7, 3, 1}[i%3]
		}
	}
	return byte('0' + (10-sum%10)%10)
}

// Write makes the line that a bill of this layout would carry, for printing
// sample bills and for tests.
func (l Layout) Write(no No, billed ledger.Cents, due ledger.Date) string {
	digits := []byte(strings.Repeat("0", l.Length-1))
	put := func(s Span, n string) {
		for len(n) < s.Length {
			n = "0" + n
		}
		copy(digits[s.At:s.At+s.Length], n[len(n)-s.Length:])
	}
	put(l.Account, strings.ReplaceAll(string(no), "-", ""))
	put(l.Cents, fmt.Sprint(int64(billed)))
	if l.Due.Length == 6 {
		put(l.Due, fmt.Sprint(uint32(due)%1_000_000))
	}
	return string(digits) + string(checkDigit(l.Check, string(digits)))
}
