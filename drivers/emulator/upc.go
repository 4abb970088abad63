package emulator

import "strings"

// The codes of retail: UPC-A, UPC-E, EAN-13 and EAN-8 (GS1 General Specifications, section 5.2). Printers
// compute the check digit: one that is missing is added, and one that is wrong is replaced.

// digitBars are the modules of the digits in set A; set C is their complement, set B that read backwards.
var digitBars = [10]string{
	"0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011",
}

// leadSets say which sets the left half of EAN-13 uses for each leading digit.
var leadSets = [10]string{
	"AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA",
}

func bars(digit byte, set byte) string {
	a := digitBars[digit-'0']
	if set == 'A' {
		return a
	}
	c := strings.Map(func(r rune) rune { return '0' + '1' - r }, a)
	if set == 'C' {
		return c
	}
	var b strings.Builder
	for i := len(c) - 1; i >= 0; i-- {
		b.WriteByte(c[i])
	}
	return b.String()
}

// checkDigit weighs the digits 3, 1, 3, 1 from the right.
func checkDigit(s string) byte {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// ean encodes EAN-13 (12 digits and the check digit, given or not) or EAN-8 (7), and returns the digits as
// printed with their modules, 1 for black. It is empty where s is no such number.
func ean(s string, size int) (all, modules string) {
	if !digits(s) || len(s) != size-1 && len(s) != size {
		return "", ""
	}
	s = s[:size-1]
	all = s + string(checkDigit(s))
	left, sets := all[:size/2], "AAAA"
	if size == 13 {
		left, sets = all[1:7], leadSets[all[0]-'0']
	}
	var b strings.Builder
	b.WriteString("101")
	for i := range len(left) {
		b.WriteString(bars(left[i], sets[i]))
	}
	b.WriteString("01010")
	for i := size - len(left); i < size; i++ {
		b.WriteString(bars(all[i], 'C'))
	}
	b.WriteString("101")
	return all, b.String()
}

// upcA encodes 11 or 12 digits.
func upcA(s string) (all, modules string) {
	all, modules = ean("0"+s, 13)
	return strings.TrimPrefix(all, "0"), modules
}

// upcE encodes 6 to 8 digits, or 11 or 12 of a UPC-A that can be written short.
func upcE(s string) (all, modules string) {
	short, ok := shorten(s)
	if !ok {
		return "", ""
	}
	check := checkDigit(lengthen(short))
	// The check digit chooses the sets as the leading digit of EAN-13 does, with A and B changed over,
	// except that 0 has its three of each.
	sets := leadSets[check-'0']
	if check == '0' {
		sets = "AAABBB"
	}
	var b strings.Builder
	b.WriteString("101")
	for i := range len(short) {
		b.WriteString(bars(short[i], 'A'+'B'-sets[i]))
	}
	b.WriteString("010101")
	return "0" + short + string(check), b.String()
}

// shorten finds the six digits of a UPC-E in what GS k was given.
func shorten(s string) (string, bool) {
	if !digits(s) {
		return "", false
	}
	switch len(s) {
	case 6:
		return s, true
	case 7, 8:
		return s[1:7], s[0] == '0'
	case 11, 12:
		for last := '0'; last <= '9'; last++ { // the forms of six digits that can mean this number
			for _, short := range []string{s[1:3] + s[8:11], s[1:4] + s[9:11], s[1:5] + s[10:11], s[1:6]} {
				if short += string(last); len(short) == 6 && lengthen(short) == s[:11] {
					return short, true
				}
			}
		}
	}
	return "", false
}

// lengthen writes the six digits of a UPC-E as the eleven of the UPC-A they stand for.
func lengthen(short string) string {
	switch d := short[5]; d {
	case '0', '1', '2':
		return "0" + short[:2] + string(d) + "0000" + short[2:5]
	case '3':
		return "0" + short[:3] + "00000" + short[3:5]
	case '4':
		return "0" + short[:4] + "00000" + short[4:5]
	default:
		return "0" + short[:5] + "0000" + string(d)
	}
}
