package card

import (
	"strings"
	"unicode"
)

// The number of digits on payment cards (ISO/IEC 7812).
const (
	fewest = 13
	most   = 19
)

// In says whether a text holds what is very likely a card number: 13 to 19
// digits of any alphabet that begin like an issuer's numbers and whose Luhn check
// digit is right. They may stand alone or in groups, with other numbers before
// and after, as in "2 x 4111 1111 1111 1111 12/28". A longer run of digits, such
// as a scanned bill line, is not one.
func In(text string) bool {
	var groups []string // of digits, with nothing but separators between them
	var group []byte
	gap := 0 // separators since the last digit
	closeGroup := func() {
		if len(group) > 0 {
			groups = append(groups, string(group))
			group = group[:0]
		}
	}
	for _, r := range text {
		if d, ok := digit(r); ok {
			group = append(group, d)
			gap = 0
			continue
		}
		closeGroup()
		if gap++; gap <= widestGap && separates(r) {
			continue
		}
		if inGroups(groups) {
			return true
		}
		groups, gap = groups[:0], 0
	}
	closeGroup()
	return inGroups(groups)
}

// widestGap is how many separators may stand between two groups of one number.
const widestGap = 3

// separates says whether people put r between the groups of a number.
func separates(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '.' || r == '_'
}

// digit is the value of a digit of any alphabet, as an ASCII digit.
func digit(r rune) (byte, bool) {
	if r < 0x80 {
		return byte(r), r >= '0' && r <= '9'
	}
	// Unicode keeps the ten digits of an alphabet together, in order, and every
	// range of its table begins with a zero.
	for _, of := range unicode.Nd.R16 {
		if r >= rune(of.Lo) && r <= rune(of.Hi) {
			return byte('0' + (r-rune(of.Lo))%10), true
		}
	}
	for _, of := range unicode.Nd.R32 {
		if r >= rune(of.Lo) && r <= rune(of.Hi) {
			return byte('0' + (r-rune(of.Lo))%10), true
		}
	}
	return 0, false
}

// smallestGroup is the least number of digits people write together in a card
// number, except at its end: 4-4-4-4, 4-6-5, 4-4-4-4-3.
const smallestGroup = 4

// inGroups looks for a card number in groups of digits: all of them together, or
// some that follow one another and are as large as a card's groups are.
func inGroups(groups []string) bool {
	if isCard(strings.Join(groups, "")) {
		return true
	}
	for i := range groups {
		digits := ""
		for _, g := range groups[i:] {
			digits += g
			if isCard(digits) {
				return true
			}
			if len(g) < smallestGroup || len(digits) >= most {
				break
			}
		}
	}
	return false
}

func isCard(digits string) bool {
	return len(digits) >= fewest && len(digits) <= most && issued(digits) && luhn(digits)
}

// issued checks the first digits: 3 (American Express, Diners Club, JCB),
// 4 (Visa), 5 (Mastercard, Maestro), 6 (Discover, UnionPay, Maestro), and 2221
// to 2720 (Mastercard). It takes the whole of 3 to 6: networks are given new
// ranges there, and what is refused for nothing is typed again without harm.
func issued(d string) bool {
	switch d[0] {
	case '3', '4', '5', '6':
		return true
	}
	return d[:4] >= "2221" && d[:4] <= "2720"
}

// luhn is the check digit of ISO/IEC 7812-1, annex B.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
