package cash

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gatehouse/ledger"
)

// CheckText refuses what a person typed when it is longer than most characters,
// with code, or cannot be printed. Bytes that are no text must not reach an entry: nothing
// could read it again, no report and no close.
func CheckText(code, field, typed string, most int) error {
	switch {
	case len(typed) > 4*most || utf8.RuneCountInString(typed) > most:
		return ledger.Refuse(code, "That is too long: at most {most} characters.", "most", fmt.Sprint(most)).At(field)
	case !printable(typed):
		return ledger.Refuse("cash.odd_characters", "Some characters cannot be printed. Use letters, digits and signs.").At(field)
	}
	return nil
}

// printable says whether a text is one line of characters that print as they
// stand.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || !unicode.IsPrint(r)
	})
}
