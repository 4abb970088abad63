package escpos

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/code39"
	"github.com/boombuler/barcode/ean"
	"github.com/boombuler/barcode/twooffive"
)

// maxBarcode is the most characters of a bar code.
const maxBarcode = 80

// bars is a bar code that has been checked.
type bars struct {
	text    string // with its check digit, as it is drawn and captioned
	data    []byte // as GS k wants it
	modules int    // at most so wide, with the white that readers need on both sides
}

// checkBars checks what a code says and computes how wide it is. The modules are those of the makers'
// manuals (GS k), where a wide bar of CODE39 and ITF is taken as three narrow ones.
func checkBars(c Barcode) (bars, error) {
	switch {
	case c.Symbology > UPCA:
		return bars{}, ErrRange
	case c.Data == "":
		return bars{}, ErrEmpty
	case len(c.Data) > maxBarcode:
		return bars{}, ErrTooLong
	}
	b := bars{text: c.Data}
	var err error
	switch c.Symbology {
	case Code128:
		var symbols int
		b.data, symbols, err = spellCode128(c.Data)
		b.modules = 11*symbols + 13 + 20
		return b, err
	case Code39:
		if strings.Trim(c.Data, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%+-./") != "" {
			return b, ErrAlphabet
		}
		b.modules = 16*(len(c.Data)+2) - 1 + 20
	case ITF:
		if !digits(c.Data) {
			return b, ErrAlphabet
		}
		if len(c.Data)%2 != 0 {
			return b, ErrOdd
		}
		b.modules = 9*len(c.Data) + 9 + 20
	case EAN13:
		b.text, err = checked(c.Data, 13)
		b.modules = 95 + 18
	case EAN8:
		b.text, err = checked(c.Data, 8)
		b.modules = 67 + 14
	case UPCA:
		b.text, err = checked(c.Data, 12)
		b.modules = 95 + 18
	}
	b.data = []byte(b.text)
	return b, err
}

// checked returns a number of n digits: the check digit is computed if it is missing and verified if not.
func checked(data string, n int) (string, error) {
	if !digits(data) {
		return "", ErrAlphabet
	}
	if len(data) != n && len(data) != n-1 {
		return "", ErrDigits
	}
	check := string(checkDigit(data[:n-1]))
	if len(data) == n && data[n-1:] != check {
		return "", ErrCheckDigit
	}
	return data[:n-1] + check, nil
}

// checkDigit is the digit that follows data in EAN and UPC: counted from the right, the odd places weigh
// three (GS1 General Specifications, 7.9).
func checkDigit(data string) byte {
	sum := 0
	for i := range len(data) {
		d := int(data[i] - '0')
		if (len(data)-i)%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return '0' + byte((10-sum%10)%10)
}

func digits(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return true
}

// command is m of GS k m n.
func (s Symbology) command() byte { return [...]byte{73, 69, 70, 67, 68, 65}[s] }

// barcode sends a bar code, after computing that it fits.
func (e *encoder) barcode(c Barcode) error {
	b, err := checkBars(c)
	if err != nil {
		return err
	}
	if c.Height < 0 || c.Height > 255 || c.Module != 0 && (c.Module < 2 || c.Module > 6) {
		return ErrRange
	}
	if c.Height == 0 {
		c.Height = 80
	}
	widest, narrowest, room := 3, 2, e.p.Dots
	if e.p.Pictures == Columns8 {
		c.Module, c.Height = (c.Module+1)/2, max(c.Height/2, 8)
		widest, narrowest, room = 2, 1, e.p.pictureDots()
	}
	module := c.Module
	if module == 0 {
		module = widest
		if b.modules*module > room {
			module = narrowest
		}
	}
	if b.modules*module > room {
		return ErrTooWide
	}
	if !e.p.Barcodes {
		return e.drawBars(c, b.text, module)
	}
	e.align(Center)
	e.out = append(e.out, gs, 'h', byte(c.Height), gs, 'w', byte(module), gs, 'H', bit(c.Caption, 2))
	e.out = append(e.out, gs, 'k', c.Symbology.command(), byte(len(b.data)))
	e.out = append(e.out, b.data...)
	e.end(c.Height/24 + 2)
	return nil
}

// drawBars sends the code as a picture, for a printer that draws none.
func (e *encoder) drawBars(c Barcode, text string, module int) error {
	black, err := c.Symbology.modules(text)
	if err != nil {
		return err
	}
	b := blank(len(black)*module, c.Height)
	for x := range b.width {
		if !black[x/module] {
			continue
		}
		for y := range b.height {
			b.set(x, y)
		}
	}
	b.screen()
	if err := e.dots(b, Center); err != nil {
		return err
	}
	if c.Caption {
		e.textLine(text, Style{Align: Center})
	}
	return nil
}

// Bars returns what a printer draws, for who draws the code elsewhere: module for module from the left, true
// is black, without the white that readers need at both sides (ten modules); and the text with its check
// digit. The errors are those of a document.
func (c Barcode) Bars() (black []bool, text string, err error) {
	b, err := checkBars(c)
	if err != nil {
		return nil, "", err
	}
	black, err = c.Symbology.modules(b.text)
	return black, b.text, err
}

func (s Symbology) modules(text string) ([]bool, error) {
	code, err := s.draw(text)
	if err != nil {
		return nil, fmt.Errorf("draw bar code: %w", err)
	}
	r := code.Bounds()
	black := make([]bool, r.Dx())
	for i := range black {
		black[i] = code.At(r.Min.X+i, r.Min.Y) == color.Black
	}
	return black, nil
}

func (s Symbology) draw(text string) (barcode.Barcode, error) {
	switch s {
	case Code39:
		return code39.Encode(text, false, false)
	case ITF:
		return twooffive.Encode(text, true)
	case EAN13, EAN8:
		return ean.Encode(text)
	case UPCA:
		return ean.Encode("0" + text) // the same bars
	default:
		return code128.Encode(text)
	}
}

// spellCode128 spells data for GS k 73 and counts the symbols, start and check among them. Runs of four or
// more digits go in code C, two to a symbol, unless their bytes would spell a real-time command.
func spellCode128(data string) (out []byte, symbols int, err error) {
	symbols = 1 // check
	set := byte(0)
	use := func(s byte) {
		if set != s {
			out = append(out, '{', s)
			set = s
			symbols++
		}
	}
	for i := 0; i < len(data); {
		if n := pairable(data[i:]); n >= 4 {
			use('C')
			for range n / 2 {
				out = append(out, (data[i]-'0')*10+data[i+1]-'0')
				symbols++
				i += 2
			}
			continue
		}
		c := data[i]
		if c < 0x20 || c > 0x7E {
			return nil, 0, ErrNotASCII
		}
		use('B')
		if c == '{' {
			out = append(out, '{')
		}
		out = append(out, c)
		symbols++
		i++
	}
	return out, symbols, nil
}

// pairable is how many characters at the start of s are digits that can be sent in pairs. It stops at 16
// before 04, 05 or 20: together they are the first bytes of real-time commands.
func pairable(s string) int {
	n := 0
	for n+1 < len(s) && digit(s[n]) && digit(s[n+1]) {
		if s[n:n+2] == "16" && n+3 < len(s) && (s[n+2:n+4] == "04" || s[n+2:n+4] == "05" || s[n+2:n+4] == "20") {
			break
		}
		n += 2
	}
	return n
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
