package card

// The number of digits on payment cards (ISO/IEC 7812).
const (
	fewest = 13
	most   = 19
)

// In says whether a text holds what is very likely a card number: 13 to 19
// digits, alone or in groups parted by single spaces or dashes, that begin like
// an issuer's numbers and whose Luhn check digit is right. A longer run of
// digits, such as a scanned bill line, is not one.
func In(text string) bool {
	var digits []byte
	previousSeparator := false
	flush := func() bool {
		found := isCard(digits)
		digits = digits[:0]
		return found
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
			previousSeparator = false
		case (c == ' ' || c == '-') && len(digits) > 0 && !previousSeparator:
			previousSeparator = true
		default:
			if flush() {
				return true
			}
			previousSeparator = false
		}
	}
	return flush()
}

func isCard(digits []byte) bool {
	if len(digits) < fewest || len(digits) > most {
		return false
	}
	return issued(digits) && luhn(digits)
}

// issued checks the first digits against the ranges of the card networks: 34,
// 37, 30, 36, 38 and 35 (Amex, Diners, JCB), 4 (Visa), 51 to 55 and 2221 to
// 2720 (Mastercard), 6 (Discover, Maestro, UnionPay), 50 and 56 to 58 (Maestro).
func issued(d []byte) bool {
	switch d[0] {
	case '3', '4', '5', '6':
		return true
	case '2':
		first4 := int(d[0]-'0')*1000 + int(d[1]-'0')*100 + int(d[2]-'0')*10 + int(d[3]-'0')
		return first4 >= 2221 && first4 <= 2720
	}
	return false
}

// luhn is the check digit of ISO/IEC 7812-1, annex B.
func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
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
