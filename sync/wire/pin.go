package wire

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// Pin is the SHA-256 of a public key in its X.509 form (SubjectPublicKeyInfo, as
// in RFC 7469): what a station is told about central's TLS key. A certificate may
// be made anew with the same key; the pin stays.
type Pin [sha256.Size]byte

const pinPrefix = "sha256/"

// MaxPins is how many pins a station may be given.
const MaxPins = 8

// PinOf is the pin of a certificate's key.
func PinOf(c *x509.Certificate) Pin { return sha256.Sum256(c.RawSubjectPublicKeyInfo) }

// String writes a pin like "sha256/" and 44 characters of base64.
func (p Pin) String() string { return pinPrefix + base64.StdEncoding.EncodeToString(p[:]) }

// ParsePins reads pins as String writes them, with commas between; blanks do not
// count, and nothing is no pins. More than MaxPins are refused.
func ParsePins(text string) ([]Pin, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	parts := strings.SplitN(text, ",", MaxPins+1)
	if len(parts) > MaxPins {
		return nil, fmt.Errorf("more than %d pins", MaxPins)
	}
	var pins []Pin
	for _, part := range parts {
		p, err := parsePin(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		pins = append(pins, p)
	}
	return pins, nil
}

func parsePin(text string) (Pin, error) {
	var p Pin
	code, marked := strings.CutPrefix(text, pinPrefix)
	raw, err := base64.StdEncoding.Strict().DecodeString(code)
	if !marked || err != nil || len(raw) != len(p) {
		return p, fmt.Errorf("a pin of central's key looks like %s and 44 more characters; central shows it when it starts", pinPrefix)
	}
	copy(p[:], raw)
	return p, nil
}

// Pinned says whether the key of a certificate is one of the pins.
func Pinned(pins []Pin, c *x509.Certificate) bool {
	return slices.Contains(pins, PinOf(c))
}
