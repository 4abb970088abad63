package escpos

import (
	"fmt"
	"image"
)

// Limits of a picture in dots.
const (
	MaxBitmapWidth  = 640
	MaxBitmapHeight = 1024
)

// Bitmap is a picture in black dots, made once and sent as often as wanted.
//
// No real-time command can be read out of it: where its bytes would spell one (10h followed by 04h, 05h
// or 14h) one more dot beside a black one has been set, and no other dot is changed.
type Bitmap struct {
	width, height int
	stride        int
	bits          []byte // rows from the top, the leftmost dot in the highest bit
}

// Shades says how grey becomes black and white.
type Shades uint8

// Line art and letters keep their edges by a threshold; a photograph needs dots of black among white for
// its greys, which would fray the edges of letters.
const (
	Threshold Shades = iota // darker than half is black
	Dither                  // ordered dithering, in squares of 8 by 8 dots
)

// NewBitmap makes a bitmap of img, dot for pixel. Transparent pixels are white.
func NewBitmap(img image.Image, shades Shades) (*Bitmap, error) {
	r := img.Bounds()
	w, h := r.Dx(), r.Dy()
	if w < 1 || h < 1 || w > MaxBitmapWidth || h > MaxBitmapHeight {
		return nil, fmt.Errorf("make bitmap of %d×%d dots: %w", w, h, ErrRange)
	}
	return bitmapOf(greyOf(img), shades), nil
}

func bitmapOf(img *image.Gray, shades Shades) *Bitmap {
	if shades == Dither {
		img = dithered(img)
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	b := blank(w, h)
	for y := range h {
		row := img.Pix[y*img.Stride:][:w]
		for x, v := range row {
			if v < 128 {
				b.set(x, y)
			}
		}
	}
	b.screen()
	return b
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
