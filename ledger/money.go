package ledger

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Cents is an amount of money in US cents. Amounts are never floating point.
type Cents int64

// MaxAmount is the largest amount a person may type: 9,999,999.99. It is a
// bound on typing mistakes, far above any water bill, not a rule of the desk.
const MaxAmount Cents = 999_999_999

// Plus returns c+d. It panics when the sum does not fit 64 bits: the ledger
// bounds every amount long before that, so it can only be a fault of ours, and
// money must not wrap around silently.
func (c Cents) Plus(d Cents) Cents {
	sum := c + d
	if (d > 0 && sum < c) || (d < 0 && sum > c) {
		panic("ledger: amount does not fit 64 bits")
	}
	return sum
}

// Sum adds amounts with the check of Plus.
func Sum(amounts ...Cents) Cents {
	var total Cents
	for _, a := range amounts {
		total = total.Plus(a)
	}
	return total
}

// Times returns c multiplied by n, with the same check as Plus.
func (c Cents) Times(n int64) Cents {
	hi, lo := bits.Mul64(uint64(abs(int64(c))), uint64(abs(n)))
	if hi != 0 || lo > math.MaxInt64 {
		panic("ledger: amount does not fit 64 bits")
	}
	if (c < 0) != (n < 0) {
		return -Cents(lo)
	}
	return Cents(lo)
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// String writes dollars and cents with thousands separated: "1,204.11",
// negative as "-0.05".
func (c Cents) String() string {
	plain := c.Plain()
	sign := ""
	if plain[0] == '-' {
		sign, plain = "-", plain[1:]
	}
	whole, cents := plain[:len(plain)-3], plain[len(plain)-3:]
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	b.WriteString(cents)
	return b.String()
}

// Plain writes dollars and cents without separators, for files that other
// programs read: "1204.11".
func (c Cents) Plain() string {
	var buf [24]byte
	digits := strconv.AppendUint(buf[:0], magnitude(c), 10)
	for len(digits) < 3 {
		digits = append([]byte{'0'}, digits...)
	}
	n := len(digits) - 2
	out := string(digits[:n]) + "." + string(digits[n:])
	if c < 0 {
		return "-" + out
	}
	return out
}

func magnitude(c Cents) uint64 {
	if c < 0 {
		return uint64(-(c + 1)) + 1
	}
	return uint64(c)
}

// UnmarshalText reads an amount in dollars and cents, as in a policy file or a
// file of commands: "188.20", and "-5.00" where a rule allows it.
func (c *Cents) UnmarshalText(text []byte) error {
	typed, negative := strings.CutPrefix(string(text), "-")
	amount, err := ParseAmount(typed)
	if err != nil {
		return err
	}
	*c = amount
	if negative {
		*c = -amount
	}
	return nil
}

// MarshalText writes what UnmarshalText reads. Entries hold cents as integers;
// text is for people and their files.
func (c Cents) MarshalText() ([]byte, error) { return []byte(c.Plain()), nil }

// ParseAmount reads an amount as a person types it: digits, commas only between
// groups of three, at most two digits after one point. An empty text, a sign,
// another alphabet's digits, or more than MaxAmount is refused with a sentence
// that names what was wrong.
func ParseAmount(text string) (Cents, error) {
	typed := strings.TrimSpace(text)
	if typed == "" {
		return 0, Refuse("amount.empty", "Type an amount, for example 188.20.")
	}
	if len(typed) > 64 {
		return 0, Refuse("amount.too_long", "That is too long for an amount. Type it like 188.20.")
	}
	if strings.HasPrefix(typed, "-") || strings.HasPrefix(typed, "\u2212") || strings.HasPrefix(typed, "(") {
		return 0, Refuse("amount.negative", "An amount here cannot be negative.")
	}
	for _, r := range typed {
		if (r < '0' || r > '9') && r != '.' && r != ',' {
			return 0, Refuse("amount.not_digits", "{typed} is not an amount. Use only digits 0 to 9, a comma and one point, like 1,234.56.", "typed", typed)
		}
	}
	whole, fraction, hasPoint := strings.Cut(typed, ".")
	if strings.ContainsAny(fraction, ".,") || !groupsOfThree(whole) || (whole == "" && fraction == "") {
		return 0, Refuse("amount.malformed", "{typed} is not an amount. Write it like 1,234.56.", "typed", typed)
	}
	if hasPoint && (len(fraction) == 0 || len(fraction) > 2) {
		return 0, Refuse("amount.cents", "{typed}: cents are one or two digits after the point.", "typed", typed)
	}
	whole = strings.TrimLeft(strings.ReplaceAll(whole, ",", ""), "0")
	for len(fraction) < 2 {
		fraction += "0"
	}
	if len(whole) > 7 {
		return 0, Refuse("amount.too_large", "{typed} is more than {max}, the most this field takes. Check the digits.", "typed", typed, "max", MaxAmount.String())
	}
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return 0, Refuse("amount.malformed", "{typed} is not an amount. Write it like 1,234.56.", "typed", typed)
	}
	return Cents(n), nil
}

// groupsOfThree says whether commas, if there are any, stand only where
// thousands are separated.
func groupsOfThree(whole string) bool {
	groups := strings.Split(whole, ",")
	if len(groups) == 1 {
		return true
	}
	if len(groups[0]) == 0 || len(groups[0]) > 3 {
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}
