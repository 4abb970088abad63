package receiptcode

import (
	"errors"
	"strings"
)

// alphabet is that of RFC 9285, which is that of a QR code's alphanumeric mode.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var errBase45 = errors.New("it holds characters that no receipt code has")

// encode45 writes two bytes as three characters, a last single byte as two.
func encode45(b []byte) string {
	var s strings.Builder
	s.Grow(len(b)/2*3 + 2)
	for ; len(b) >= 2; b = b[2:] {
		n := int(b[0])<<8 | int(b[1])
		s.WriteByte(alphabet[n%45])
		s.WriteByte(alphabet[n/45%45])
		s.WriteByte(alphabet[n/(45*45)])
	}
	if len(b) == 1 {
		s.WriteByte(alphabet[b[0]%45])
		s.WriteByte(alphabet[b[0]/45])
	}
	return s.String()
}

// decode45 reads what encode45 wrote, and nothing else.
func decode45(s string) ([]byte, error) {
	out := make([]byte, 0, len(s)/3*2+1)
	for len(s) > 0 {
		part := s[:min(3, len(s))]
		s = s[len(part):]
		n, factor := 0, 1
		for i := range len(part) {
			v := strings.IndexByte(alphabet, part[i])
			if v < 0 {
				return nil, errBase45
			}
			n += v * factor
			factor *= 45
		}
		switch {
		case len(part) == 3 && n <= 0xFFFF:
			out = append(out, byte(n>>8), byte(n))
		case len(part) == 2 && n <= 0xFF:
			out = append(out, byte(n))
		default:
			return nil, errBase45
		}
	}
	return out, nil
}
