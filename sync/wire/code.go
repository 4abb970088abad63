package wire

import (
	"fmt"
	"io"
	"strings"
)

// Code is what a person types so that a station is let in, or its log read back: 80
// random bits, without the check symbol.
type Code string

// codeAlphabet is Crockford's base 32: nothing in it is taken for another.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeSymbols = 16

// DrawCode draws a code.
func DrawCode(random io.Reader) (Code, error) {
	raw := make([]byte, codeSymbols)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("draw a code: %w", err)
	}
	for i := range raw {
		raw[i] = codeAlphabet[raw[i]%32]
	}
	return Code(raw), nil
}

// String writes a code in groups of four with a check symbol at the end: K7QX-….
func (c Code) String() string {
	var out strings.Builder
	for i, r := range string(c) + string(c.check()) {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// check finds a slip of the finger: a wrong symbol, or two exchanged.
func (c Code) check() byte {
	sum := 0
	for i := range len(c) {
		sum += (2*i + 1) * strings.IndexByte(codeAlphabet, c[i])
	}
	return codeAlphabet[sum%32]
}

// ReadCode reads a code as a person typed it: small letters, spaces and hyphens
// anywhere, O for 0, I and L for 1. A code with a slip in it is false.
func ReadCode(typed string) (Code, bool) {
	if len(typed) > MaxCode {
		return "", false
	}
	text := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	if len(text) != codeSymbols+1 || strings.Trim(text, codeAlphabet) != "" {
		return "", false
	}
	code := Code(text[:codeSymbols])
	return code, code.check() == text[codeSymbols]
}
