package escpos

import "fmt"

// DefineLogo returns the command that keeps the bitmap in the printer under key (GS ( L, function 67).
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
	if spellsRealtime(size) { // the length itself must not spell a real-time command
		rows++
		size += b.stride
	}
	if size > 0xFFFF {
		return nil, fmt.Errorf("define logo %q: %d bytes: %w", key[:], size, ErrTooLong)
	}
	out := make([]byte, 0, 5+size)
	out = append(out, gs, '(', 'L', byte(size), byte(size>>8), '0', 'C', '0', key[0], key[1], 1)
	out = append(out, byte(b.width), byte(b.width>>8), byte(rows), byte(rows>>8), '1')
	out = append(out, b.bits...)
	return append(out, make([]byte, 5+size-len(out))...), nil
}

func spellsRealtime(n int) bool {
	hi := n >> 8 & 0xFF
	return n&0xFF == dle && (hi == eot || hi == enq || hi == dc4)
}

func (k LogoKey) valid() bool {
	return k[0] >= 0x20 && k[0] <= 0x7E && k[1] >= 0x20 && k[1] <= 0x7E
}
