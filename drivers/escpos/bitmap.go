package escpos

import (
	"fmt"
	"image"
	"image/color"
)

// Limits of a picture in dots.
const (
	MaxBitmapWidth  = 640
	MaxBitmapHeight = 1024
)

// Bitmap is a picture in black dots, made once and sent as often as wanted.
//
// No real-time command can be read out of it: where its bytes would spell one (10h followed by 04h, 05h
// or 14h) one more dot beside a black one has been set.
type Bitmap struct {
	width, height int
	stride        int
	bits          []byte // rows from the top, the leftmost dot in the highest bit
}

// Shades says how grey becomes black and white.
type Shades uint8

// A threshold suits line art, dithering suits photographs.
const (
	Threshold Shades = iota
	Dither
)

// NewBitmap makes a bitmap of img, dot for pixel. Transparent pixels are white.
func NewBitmap(img image.Image, shades Shades) (*Bitmap, error) {
	r := img.Bounds()
	w, h := r.Dx(), r.Dy()
	if w < 1 || h < 1 || w > MaxBitmapWidth || h > MaxBitmapHeight {
		return nil, fmt.Errorf("make bitmap of %d×%d dots: %w", w, h, ErrRange)
	}
	b := blank(w, h)
	if shades == Dither {
		b.dither(img)
	} else {
		for y := range h {
			for x := range w {
				if luma(img.At(r.Min.X+x, r.Min.Y+y)) < 128 {
					b.set(x, y)
				}
			}
		}
	}
	b.screen()
	return b, nil
}

func blank(w, h int) *Bitmap {
	stride := (w + 7) / 8
	return &Bitmap{width: w, height: h, stride: stride, bits: make([]byte, stride*h)}
}

// Width returns the width in dots.
func (b *Bitmap) Width() int { return b.width }

// Height returns the height in dots.
func (b *Bitmap) Height() int { return b.height }

// Black reports whether there is a dot at x, y.
func (b *Bitmap) Black(x, y int) bool {
	if x < 0 || y < 0 || x >= b.width || y >= b.height {
		return false
	}
	return b.bits[y*b.stride+x/8]&(0x80>>(x%8)) != 0
}

func (b *Bitmap) set(x, y int) { b.bits[y*b.stride+x/8] |= 0x80 >> (x % 8) }

// luma is the brightness 0 to 255 of a colour on white paper.
func luma(c color.Color) int {
	r, g, b, a := c.RGBA()
	y := (299*r + 587*g + 114*b) / 1000
	return int((y + 0xFFFF - a) >> 8)
}

// dither spreads the error of each dot over its neighbours (Floyd and Steinberg, 1976).
func (b *Bitmap) dither(img image.Image) {
	r := img.Bounds()
	cur := make([]int, b.width+2)
	next := make([]int, b.width+2)
	for y := range b.height {
		clear(next)
		for x := range b.width {
			v := luma(img.At(r.Min.X+x, r.Min.Y+y)) + cur[x+1]/16
			rest := v
			if v < 128 {
				b.set(x, y)
			} else {
				rest = v - 255
			}
			cur[x+2] += rest * 7
			next[x] += rest * 3
			next[x+1] += rest * 5
			next[x+2] += rest
		}
		cur, next = next, cur
	}
}

func (b *Bitmap) screen() { screen(b.bits) }

// screen breaks up real-time commands in the bytes of a picture. The dot it adds (08h) stands beside a
// black one in each of the three bytes, and the byte that results cannot start another.
func screen(bits []byte) {
	for i := 1; i < len(bits); i++ {
		if bits[i-1] == dle && (bits[i] == eot || bits[i] == enq || bits[i] == dc4) {
			bits[i] |= 0x08
		}
	}
}

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
