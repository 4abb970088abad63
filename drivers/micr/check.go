package micr

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Check is what a check of the United States says in magnetic ink. Empty: it does
// not say so.
type Check struct {
	Routing string // 9 digits, with a right check digit
	Account string // digits, and dashes and spaces as they stand
	Serial  string // the number of the check
	Cents   int64  // the amount, 0 to 9,999,999,999
	Amount  bool   // whether there is an amount: only on checks a bank has handled
}

// Field is a part of the line.
type Field string

// The fields, by what a person would have to key.
const (
	FieldRouting Field = "routing"
	FieldAccount Field = "account"
	FieldSerial  Field = "serial"
	FieldAmount  Field = "amount"
)

// FieldError says which field cannot be had from the line: the person keys it.
type FieldError struct {
	Field Field
	Why   error
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("read the check's %s: %v; key it from the check", e.Field, e.Why)
}

func (e *FieldError) Unwrap() error { return e.Why }

// Why a field cannot be had.
var (
	ErrUnreadable = errors.New("a character could not be read")
	ErrMissing    = errors.New("it is not there")
	ErrCheckDigit = errors.New("its check digit is wrong")
	ErrForm       = errors.New("it does not look as it should")
)

// Parse takes a normalised E-13B line apart (ANSI X9.100-160): on a business check
// the serial number is in the auxiliary on-us field, left of the routing number;
// on a personal one right of the last on-us sign, or between the routing number
// and the account. The fields that could be read are returned even with an error,
// which joins one *FieldError for each that could not.
func Parse(line string) (Check, error) {
	var c Check
	var wrong []error
	fail := func(f Field, why error) { wrong = append(wrong, &FieldError{Field: f, Why: why}) }
	if len(line) > MaxLine {
		return c, fmt.Errorf("read a check line: %w", ErrLong)
	}
	left, right, err := c.routing(line)
	if err != nil {
		fail(FieldRouting, err)
	}
	rest, err := c.amount(right)
	if err != nil {
		fail(FieldAmount, err)
	}
	serial := auxiliary(left)
	account, personal := onUs(rest)
	if serial == "" {
		serial = personal
	}
	if serial == "" {
		serial, account = leading(account)
	}
	if c.Account, err = readable(account); err != nil {
		fail(FieldAccount, err)
	}
	if c.Serial, err = readable(serial); err != nil {
		fail(FieldSerial, err)
	}
	return c, errors.Join(wrong...)
}

// routing finds the routing number and gives what is left and right of it.
func (c *Check) routing(line string) (left, right string, err error) {
	first := strings.IndexByte(line, 't')
	if first < 0 {
		return "", line, ErrMissing
	}
	number, after, closed := strings.Cut(line[first+1:], "t")
	left, right = line[:first], after
	switch {
	case !closed:
		return left, "", ErrForm
	case strings.ContainsRune(number, Unreadable):
		return left, right, ErrUnreadable
	case len(number) != 9 || !digits(number):
		return left, right, ErrForm
	case !RoutingValid(number):
		return left, right, ErrCheckDigit
	}
	c.Routing = number
	return left, right, nil
}

// RoutingValid tells whether nine digits are a routing number by its check digit:
// the sum with the weights 3, 7, 1 is a multiple of ten (American Bankers
// Association).
func RoutingValid(number string) bool {
	if len(number) != 9 || !digits(number) || number == "000000000" {
		return false
	}
	sum := 0
	for i := range len(number) {
		sum += int(number[i]-'0') * [3]int{3, 7, 1}[i%3]
	}
	return sum%10 == 0
}

// amount takes the amount off the right end.
func (c *Check) amount(right string) (rest string, err error) {
	rest, number, found := strings.Cut(right, "$")
	if !found {
		return right, nil
	}
	number, _ = strings.CutSuffix(strings.TrimSpace(number), "$")
	switch {
	case strings.ContainsRune(number, Unreadable):
		return rest, ErrUnreadable
	case len(number) != 10 || !digits(number):
		return rest, ErrForm
	}
	c.Cents, err = strconv.ParseInt(number, 10, 64)
	c.Amount = err == nil
	return rest, err
}

// auxiliary is the serial number of a business check, between two on-us signs.
func auxiliary(left string) string {
	left = strings.TrimSpace(left)
	inner, opened := strings.CutPrefix(left, "o")
	inner, closed := strings.CutSuffix(inner, "o")
	if !opened || !closed || strings.ContainsRune(inner, 'o') {
		return ""
	}
	return strings.TrimSpace(inner)
}

// onUs parts what is right of the routing number: up to the last on-us sign, and
// after it, where three digits or more are a serial number.
func onUs(right string) (account, serial string) {
	last := strings.LastIndexByte(right, 'o')
	if last < 0 {
		return "", ""
	}
	account = strings.TrimSpace(strings.ReplaceAll(right[:last], "o", " "))
	if serial = strings.TrimSpace(right[last+1:]); len(serial) < 3 {
		serial = "" // a transaction code
	}
	return strings.Join(strings.Fields(account), " "), serial
}

// leadingSerial is a serial number that stands before the account, parted from it.
var leadingSerial = regexp.MustCompile(`^([0-9?]{3,5})[ -]([0-9? -]{4,})$`)

func leading(account string) (serial, rest string) {
	if m := leadingSerial.FindStringSubmatch(account); m != nil {
		return m[1], m[2]
	}
	return "", account
}

// readable is a field that has digits, dashes and spaces only.
func readable(text string) (string, error) {
	switch {
	case text == "":
		return "", ErrMissing
	case strings.ContainsRune(text, Unreadable):
		return "", ErrUnreadable
	case strings.Trim(text, "0123456789- ") != "" || strings.Trim(text, "- ") == "":
		return "", ErrForm
	}
	return text, nil
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// LastFour is what may be shown and written down of an account: its last four
// digits behind dots, or none of a shorter one.
func LastFour(account string) string {
	only := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, account)
	if len(only) <= 4 {
		return "····"
	}
	return "····" + only[len(only)-4:]
}

// String never says the whole account, so that a log cannot.
func (c Check) String() string {
	return fmt.Sprintf("routing %s, account %s, serial %s", c.Routing, LastFour(c.Account), c.Serial)
}
