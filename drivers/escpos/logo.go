package escpos

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
)

// Makers count the times a printer's flash memory is written: 10 a day is what Epson allows a program
// (ESC/POS Application Programming Guide, FS q and GS ( L). So what writes it is for the set-up, and is sent
// only when the printer does not have the same picture already.

// Hash tells bitmaps apart: 32 hexadecimal digits of the SHA-256 of its size and dots.
func (b *Bitmap) Hash() string {
	sum := b.sum()
	return hex.EncodeToString(sum[:16])
}

func (b *Bitmap) sum() [sha256.Size]byte {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d×%d ", b.width, b.height) // a hash takes everything
	_, _ = h.Write(b.bits)
	return [sha256.Size]byte(h.Sum(nil))
}

// KeyOf is the key to keep a bitmap under: two capital letters or digits made of its dots, so that another
// picture has, but for one time in 1296, another key, and a printer that lists the key most likely has this
// picture.
func KeyOf(b *Bitmap) LogoKey {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	sum := b.sum()
	n := int(sum[16])<<8 | int(sum[17])
	return LogoKey{letters[n/36%36], letters[n%36]}
}

// ParseLogoKey reads a key of two printable ASCII characters.
func ParseLogoKey(s string) (LogoKey, error) {
	if len(s) != 2 || !(LogoKey{s[0], s[1]}).valid() {
		return LogoKey{}, fmt.Errorf("logo key %.20q: it must be two printable ASCII characters", s)
	}
	return LogoKey{s[0], s[1]}, nil
}

func (k LogoKey) String() string { return string(k[:]) }

func (k LogoKey) valid() bool {
	return k[0] >= 0x20 && k[0] <= 0x7E && k[1] >= 0x20 && k[1] <= 0x7E
}

// kept reports whether the printer prints it from its own memory.
func (l Logo) kept(p *Profile) bool { return l.Key != LogoKey{} && p.Logos != NoLogos }

func (e *encoder) logo(l Logo) error {
	if !l.kept(e.p) {
		return e.image(l.Bitmap, l.Align)
	}
	if !l.Key.valid() {
		return ErrNotASCII
	}
	e.align(l.Align)
	if e.p.Logos == LogosByNumber {
		e.out = append(e.out, fs, 'p', 1, 0)
	} else {
		e.out = append(e.out, gs, '(', 'L', 6, 0, '0', 'E', l.Key[0], l.Key[1], 1, 1)
	}
	lines := 3
	if l.Bitmap != nil {
		lines = (l.Bitmap.height + 23) / 24
	}
	e.end(lines)
	return nil
}

// KeepLogo returns the command by which the profile's model keeps the bitmap: under key, or by number as
// its only picture. It wears the printer's flash memory. Nothing more may be sent until the printer answers
// again: it does not listen while it writes, and by number it starts anew after.
func (p Profile) KeepLogo(key LogoKey, b *Bitmap) ([]byte, error) {
	switch {
	case b != nil && b.width > p.Dots:
		return nil, fmt.Errorf("keep logo %q of %d dots: %w", key[:], b.width, ErrTooWide)
	case p.Logos == LogosByKey:
		return DefineLogo(key, b)
	case p.Logos == LogosByNumber:
		return defineNumbered(b)
	}
	return nil, fmt.Errorf("keep logo %q: %s keeps none: send it as a picture", key[:], p.Name)
}

// DefineLogo returns the command that keeps the bitmap in the printer under key (GS ( L or, beyond 64 KB,
// GS 8 L, function 67).
// It wears the printer's flash memory: send it at set-up only, not with every receipt.
func DefineLogo(key LogoKey, b *Bitmap) ([]byte, error) {
	if !key.valid() {
		return nil, fmt.Errorf("define logo %q: the key must be two printable ASCII characters", key[:])
	}
	if b == nil {
		return nil, fmt.Errorf("define logo %q: %w", key[:], ErrEmpty)
	}
	rows := b.height
	size := 11 + b.stride*rows
	for spellsRealtime(size) { // the length itself must not spell a real-time command
		rows++
		size += b.stride
	}
	out := make([]byte, 0, 7+size)
	if size > 0xFFFF {
		out = append(out, gs, '8', 'L', byte(size), byte(size>>8), byte(size>>16), 0)
	} else {
		out = append(out, gs, '(', 'L', byte(size), byte(size>>8))
	}
	end := len(out) + size
	out = append(out, '0', 'C', '0', key[0], key[1], 1)
	out = append(out, byte(b.width), byte(b.width>>8), byte(rows), byte(rows>>8), '1')
	out = append(out, b.bits...)
	return append(out, make([]byte, end-len(out))...), nil
}

func spellsRealtime(n int) bool {
	hi := n >> 8 & 0xFF
	return n&0xFF == dle && (hi == eot || hi == enq || hi == dc4)
}

// defineNumbered is FS q with one picture: whole bytes both ways, column by column.
func defineNumbered(b *Bitmap) ([]byte, error) {
	if b == nil {
		return nil, fmt.Errorf("define logo: %w", ErrEmpty)
	}
	wide, high := b.stride, (b.height+7)/8
	out := make([]byte, 0, 7+8*wide*high)
	out = append(out, fs, 'q', 1, byte(wide), byte(wide>>8), byte(high), byte(high>>8))
	for x := range 8 * wide {
		for y := range high {
			out = append(out, b.column(x, 8*y))
		}
	}
	screen(out[7:])
	return out, nil
}

// DeleteLogo returns GS ( L function 66: the printer keeps the picture of that key no longer. It wears the
// flash memory too.
func DeleteLogo(key LogoKey) ([]byte, error) {
	if !key.valid() {
		return nil, fmt.Errorf("delete logo %q: the key must be two printable ASCII characters", key[:])
	}
	return []byte{gs, '(', 'L', 4, 0, '0', 'B', key[0], key[1]}, nil
}

// AskLogoKeys returns GS ( L function 64: the printer lists the keys of what it keeps, in blocks of 40
// (ReplyBlock with Byte 'r'), and waits for [AckBlock] or [CancelBlock] after each. See [ParseLogoKeys].
func AskLogoKeys() []byte { return []byte{gs, '(', 'L', 4, 0, '0', '@', 'K', 'C'} }

// AskLogoRoom returns GS ( L function 51: the printer says how many bytes of its memory for pictures are
// free (ReplyBlock with Byte '1'). See [ParseLogoRoom].
func AskLogoRoom() []byte { return []byte{gs, '(', 'L', 2, 0, '0', '3'} }

// AckBlock asks for the next block of a list, or ends the list after its last.
func AckBlock() []byte { return []byte{0x06} }

// CancelBlock ends a list of which no more is wanted.
func CancelBlock() []byte { return []byte{0x18} }

// ErrNoAnswer: a block of text is not what was asked for.
var ErrNoAnswer = errors.New("it is not the answer of a printer to this question: ask again")

// IsLogoKeys knows a block of the list that [AskLogoKeys] asks for.
func IsLogoKeys(r Reply) bool { return r.Kind == ReplyBlock && r.Byte == 'r' }

// IsLogoRoom knows the answer to [AskLogoRoom].
func IsLogoRoom(r Reply) bool { return r.Kind == ReplyBlock && r.Byte == '1' }

// ParseLogoKeys reads a block of the list: the keys in it, at most 40, and whether another block follows. The
// error is ErrNoAnswer.
func ParseLogoKeys(r Reply) (keys []LogoKey, more bool, err error) {
	const end, goesOn = "\x40", "\x41"
	text := r.Text
	if !IsLogoKeys(r) || len(text)%2 != 1 || len(text) > 1+2*40 || text[:1] != end && text[:1] != goesOn {
		return nil, false, fmt.Errorf("read the list of logos: %w", ErrNoAnswer)
	}
	for i := 1; i < len(text); i += 2 {
		key, err := ParseLogoKey(text[i : i+2])
		if err != nil {
			return nil, false, fmt.Errorf("read the list of logos: %w", ErrNoAnswer)
		}
		keys = append(keys, key)
	}
	return keys, text[:1] == goesOn, nil
}

// ParseLogoRoom reads how many bytes are free, at most 99,999,999. The error is ErrNoAnswer.
func ParseLogoRoom(r Reply) (int, error) {
	n, err := strconv.ParseUint(r.Text, 10, 31)
	if !IsLogoRoom(r) || err != nil || len(r.Text) > 8 {
		return 0, fmt.Errorf("read the room for logos: %w", ErrNoAnswer)
	}
	return int(n), nil
}
