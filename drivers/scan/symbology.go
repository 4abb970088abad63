package scan

import "strings"

// Symbology is the kind of a bar code. Empty: the scanner did not say.
type Symbology string

// The symbologies that stand on bills, receipts and badges. An identifier of
// another one is taken off all the same.
const (
	Code39     Symbology = "code39"
	Code128    Symbology = "code128"
	GS1128     Symbology = "gs1-128"
	EAN        Symbology = "ean"
	Interleave Symbology = "itf"
	Codabar    Symbology = "codabar"
	PDF417     Symbology = "pdf417"
	DataMatrix Symbology = "datamatrix"
	GS1Matrix  Symbology = "gs1-datamatrix"
	QR         Symbology = "qr"
	GS1QR      Symbology = "gs1-qr"
	Aztec      Symbology = "aztec"
	DataBar    Symbology = "databar"
	Other      Symbology = "other"
)

// identify takes the AIM identifier off a frame: "]", the letter of the
// symbology and one modifier (ISO/IEC 15424).
func identify(frame string) (Symbology, string) {
	if len(frame) < 3 || frame[0] != ']' || !letter(frame[1]) || !letter(frame[2]) && !digit(frame[2]) {
		return "", frame
	}
	return symbologyOf(frame[1], frame[2]), frame[3:]
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
func digit(b byte) bool  { return b >= '0' && b <= '9' }

func symbologyOf(kind, modifier byte) Symbology {
	switch kind {
	case 'A':
		return Code39
	case 'C':
		if modifier == '1' { // FNC1 in the first place
			return GS1128
		}
		return Code128
	case 'E':
		return EAN
	case 'I':
		return Interleave
	case 'F':
		return Codabar
	case 'L':
		return PDF417
	case 'd':
		if strings.IndexByte("25", modifier) >= 0 { // FNC1 in the first place, without and with ECI
			return GS1Matrix
		}
		return DataMatrix
	case 'Q':
		if strings.IndexByte("34", modifier) >= 0 {
			return GS1QR
		}
		return QR
	case 'z':
		return Aztec
	case 'e':
		return DataBar
	}
	return Other
}
