package flow

import (
	"strings"
	"unicode"

	"gatehouse/desk/card"
)

const (
	maskRune = '•'
	// lastShown is how many digits of a card number stay readable (PCI DSS 3.4.1
	// allows the last four).
	lastShown = 4
	// leastMasked is how many digits of the shortest card number are masked.
	leastMasked = 13 - lastShown
)

// isMasked reports whether a text holds a masked card number: it is as little an
// answer as the number was.
func isMasked(text string) bool { return strings.Count(text, string(maskRune)) >= leastMasked }

// masked puts dots for the digits of card numbers in a text, but the last four of
// each. All else stays as it was typed.
func masked(text string) string {
	if !card.In(text) {
		return text
	}
	runes := []rune(text)
	for end := 1; end <= len(runes); end++ {
		if end < len(runes) && unicode.IsDigit(runes[end]) {
			continue // within a group of digits
		}
		for start := end - 1; start >= 0; start-- {
			if start > 0 && unicode.IsDigit(runes[start-1]) || !card.In(string(runes[start:end])) {
				continue
			}
			dot(runes[start:end])
			break
		}
	}
	return string(runes)
}

// dot masks all digits but the last ones.
func dot(number []rune) {
	kept := 0
	for i := len(number) - 1; i >= 0; i-- {
		if !unicode.IsDigit(number[i]) {
			continue
		}
		if kept < lastShown {
			kept++
			continue
		}
		number[i] = maskRune
	}
}
