package escpos

import (
	"errors"
	"fmt"
)

// Reasons why a document cannot be encoded; test for them with errors.Is.
var (
	ErrControl    = errors.New("it holds a control character, which could command the printer: remove it")
	ErrTooWide    = errors.New("it is wider than the paper: shorten it, or use wider paper")
	ErrTooLong    = errors.New("it is longer than allowed: shorten it")
	ErrEmpty      = errors.New("it is empty: leave it out, or fill it")
	ErrRange      = errors.New("a number is outside its range: see the item's documentation")
	ErrAlphabet   = errors.New("it holds a character this bar code does not have: use CODE128, or leave the character out")
	ErrOdd        = errors.New("it has an odd number of digits: put a 0 in front")
	ErrDigits     = errors.New("it has not as many digits as this bar code: see the item's documentation")
	ErrCheckDigit = errors.New("its last digit, which checks the others, is wrong: compare the number")
	ErrPicture    = errors.New("it has more pixels than a picture may have: make it smaller")
	ErrSheet      = errors.New("this printer has no such sheet: print it on the roll, or use a printer that takes one")
	ErrFormText   = errors.New("a slip or a check takes text, rows, rules and feeds only: leave it out")
	ErrFormFull   = errors.New("it has more lines than the sheet: shorten it")
	ErrNotASCII   = errors.New("it must be printable ASCII: use only plain letters, digits and signs")
)

// ItemError says which item of a document was refused, and why.
type ItemError struct {
	Index int    // place in Doc.Items, from 0; -1 for the document as a whole
	Kind  string // "text", "row", …
	Err   error
}

func (e *ItemError) Error() string {
	if e.Index < 0 {
		return fmt.Sprintf("encode document: %v", e.Err)
	}
	return fmt.Sprintf("encode document: item %d (%s): %v", e.Index, e.Kind, e.Err)
}

func (e *ItemError) Unwrap() error { return e.Err }
