package escpos

import (
	"fmt"

	"rsc.io/qr"
	"rsc.io/qr/coding"
)

// image sends a bitmap in strips, so that the buffer never holds all of it and a real-time command
// finds its way in between.
func (e *encoder) image(b *Bitmap, a Align) error {
	if b == nil {
		return ErrEmpty
	}
	if b.width > e.p.Dots {
		return ErrTooWide
	}
	if e.p.Pictures == Columns8 {
		b = b.half()
	}
	return e.dots(b, a)
}

// dots sends a bitmap, each dot a dot of the head.
func (e *encoder) dots(b *Bitmap, a Align) error {
	if b.width > e.p.pictureDots() {
		return ErrTooWide
	}
	e.align(a)
	if e.p.Pictures != Raster {
		e.columns(b)
		return nil
	}
	rows := max(1, min(e.p.MaxStripRows, 255, (e.p.segmentLimit()-8)/b.stride))
	for y := 0; y < b.height; y += rows {
		n := min(rows, b.height-y)
		e.out = append(e.out, gs, 'v', '0', 0, byte(b.stride), byte(b.stride>>8), byte(n), 0)
		e.out = append(e.out, b.bits[y*b.stride:(y+n)*b.stride]...)
		e.end((n + 23) / 24)
	}
	return nil
}

func (e *encoder) qr(q QR) error {
	if err := checkQR(q); err != nil {
		return err
	}
	module := q.Module
	if module == 0 {
		module = 4
	}
	if !e.p.QR {
		if e.p.Pictures == Columns8 {
			module = max(1, module/2)
		}
		b, err := qrBitmap(q, module)
		if err != nil {
			return err
		}
		return e.dots(b, Center)
	}
	side := qrModules(len(q.Text), q.Level) * module
	if side > e.p.Dots {
		return ErrTooWide
	}
	e.align(Center)
	n := len(q.Text) + 3
	quiet := byte(4 * module) // white above and below; at the sides there is enough
	e.out = append(e.out, esc, 'J', quiet)
	e.out = append(e.out, gs, '(', 'k', 4, 0, '1', 'A', '2', 0)
	e.out = append(e.out, gs, '(', 'k', 3, 0, '1', 'C', byte(module))
	e.out = append(e.out, gs, '(', 'k', 3, 0, '1', 'E', '0'+byte(q.Level))
	e.out = append(e.out, gs, '(', 'k', byte(n), byte(n>>8), '1', 'P', '0')
	e.out = append(e.out, q.Text...)
	e.out = append(e.out, gs, '(', 'k', 3, 0, '1', 'Q', '0')
	e.out = append(e.out, esc, 'J', quiet)
	e.end((side + 2*int(quiet)) / 24)
	return nil
}

// qrModules is the most modules a side of a code of n bytes has. A printer that finds a denser spelling
// may draw a smaller one.
func qrModules(n int, level QRLevel) int {
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		count := 8
		if v >= 10 {
			count = 16
		}
		if v.DataBytes(coding.Level(level))*8 >= 4+count+8*n {
			return 17 + 4*int(v)
		}
	}
	return 17 + 4*int(coding.MaxVersion)
}

func checkQR(q QR) error {
	switch {
	case q.Text == "":
		return ErrEmpty
	case len(q.Text) > MaxQRBytes:
		return ErrTooLong
	case q.Module < 0 || q.Module > 16 || q.Level > QRHigh:
		return ErrRange
	}
	for i := range len(q.Text) {
		if c := q.Text[i]; c < 0x20 || c == 0x7F {
			return ErrControl
		}
	}
	return nil
}

// qrBitmap draws the code with the four white modules round it that readers need.
func qrBitmap(q QR, module int) (*Bitmap, error) {
	code, err := qr.Encode(q.Text, qr.Level(q.Level))
	if err != nil {
		return nil, fmt.Errorf("draw QR code: %w", err)
	}
	side := (code.Size + 8) * module
	if side > MaxBitmapWidth {
		return nil, ErrTooWide
	}
	b := blank(side, side)
	for y := range side {
		for x := range side {
			if code.Black(x/module-4, y/module-4) {
				b.set(x, y)
			}
		}
	}
	b.screen()
	return b, nil
}
