package escpos

// columns sends a bitmap by ESC *, in strips as high as the head. The line is set as high as a strip
// before, and back to its usual height after.
//
// Epson counts the height of a line in 1/144 inch on nine pins, which stand 1/72 inch apart; printers
// with a line of 24 dots feed at least by what they have printed.
func (e *encoder) columns(b *Bitmap) {
	mode, bytes, height := byte(33), 3, byte(24)
	if e.p.Pictures == Columns8 {
		mode, bytes, height = 0, 1, 16
	}
	e.out = append(e.out, esc, '3', height)
	for top := 0; top < b.height; top += 8 * bytes {
		e.out = append(e.out, esc, '*', mode, byte(b.width), byte(b.width>>8))
		from := len(e.out)
		for x := range b.width {
			for y := top; y < top+8*bytes; y += 8 {
				e.out = append(e.out, b.column(x, y))
			}
		}
		screen(e.out[from:])
		e.out = append(e.out, lf)
		e.end(1)
	}
	e.out = append(e.out, esc, '2')
	e.end(0)
}

// column returns the eight dots from x, y down, the topmost in the highest bit.
func (b *Bitmap) column(x, y int) byte {
	var c byte
	for i := range 8 {
		if b.Black(x, y+i) {
			c |= 0x80 >> i
		}
	}
	return c
}

// half returns the bitmap at half its size. A dot is black where two of its four are.
func (b *Bitmap) half() *Bitmap {
	out := blank((b.width+1)/2, (b.height+1)/2)
	for y := range out.height {
		for x := range out.width {
			n := 0
			for i := range 4 {
				if b.Black(2*x+i%2, 2*y+i/2) {
					n++
				}
			}
			if n >= 2 {
				out.set(x, y)
			}
		}
	}
	return out
}
