package emulator

// Limits of what the printer keeps.
const (
	maxQRBytes = 7089
	maxPicture = 4096 // dots of one side
)

// graphics executes pictures and codes.
func (w *parser) graphics(name string, d []byte) bool {
	switch name {
	case "GS v":
		if dots := bitsOf(d[8:], le(d[4:])*8, le(d[6:])); dots != nil {
			w.picture(dots.scale(1+int(d[3]&1), 1+int(d[3]>>1&1)), "")
		}
	case "GS ( L":
		w.store(d[5:])
	case "GS 8 L":
		w.store(d[7:])
	case "GS ( k":
		w.symbol(d[5:])
	case "GS k":
		w.barcode(d)
	case "ESC *":
		w.columns(d)
	case "FS q":
		w.keep(d)
	case "FS p":
		if n := int(d[2]); n >= 1 && n <= len(w.pics) && w.text.empty() {
			w.picture(w.pics[n-1].scale(1+int(d[3]&1), 1+int(d[3]>>1&1)), itoa(n))
		}
	case "GS *":
		w.loaded = columnsOf(d[4:], int(d[2])*8, int(d[3]))
	case "GS /":
		if w.loaded != nil {
			w.picture(w.loaded.scale(1+int(d[2]&1), 1+int(d[2]>>1&1)), "")
		}
	default:
		return false
	}
	return true
}

func le(b []byte) int { return int(b[0]) | int(b[1])<<8 }

// bitsOf reads rows of dots; nil if they are not all there.
func bitsOf(b []byte, w, h int) *dots {
	if w < 1 || h < 1 || w > maxPicture || h > maxPicture || len(b) < (w+7)/8*h {
		return nil
	}
	d := newDots(w, h)
	copy(d.bits, b)
	return d
}

// columnsOf reads a picture given column by column, rows bytes to a column.
func columnsOf(b []byte, width, rows int) *dots {
	if width < 1 || rows < 1 || len(b) < width*rows {
		return nil
	}
	d := newDots(width, rows*8)
	for x := range width {
		for y := range rows * 8 {
			if b[x*rows+y/8]&(0x80>>(y%8)) != 0 {
				d.set(x, y)
			}
		}
	}
	return d
}

// picture prints dots where the justification says. What goes beyond the print area is cut off.
func (w *parser) picture(d *dots, name string) {
	w.flushLine()
	d = d.crop(w.area())
	w.put(Element{
		Kind: "image", X: w.mode.left + w.place(d.w), W: d.w, H: d.h, Payload: name, dots: d,
	})
}

// crop takes away what is right of width.
func (d *dots) crop(width int) *dots {
	if d.w <= width {
		return d
	}
	out := newDots(width, d.h)
	for y := range out.h {
		for x := range out.w {
			if d.black(x, y) {
				out.set(x, y)
			}
		}
	}
	return out
}

// columns executes ESC *: a picture within the line, 8 or 24 dots high.
func (w *parser) columns(d []byte) {
	var pic *dots
	n := le(d[3:])
	switch d[2] {
	case 0:
		pic = columnsOf(d[5:], n, 1)
	case 1:
		pic = columnsOf(d[5:], n, 1)
	default:
		pic = columnsOf(d[5:], n, 3)
	}
	if pic == nil {
		return
	}
	kx, ky := 1, 1
	if d[2] < 32 {
		ky = 3
	}
	if d[2]&1 == 0 {
		kx = 2
	}
	pic = pic.scale(kx, ky).crop(max(w.area()-w.text.x, 8))
	w.text.runs = append(w.text.runs, Span{X: w.text.x, W: pic.w, dots: pic, WideBy: 1, TallBy: 1})
	w.text.x += pic.w
}

// store executes GS ( L and GS 8 L: pictures kept under a key, and one that waits to be printed.
func (w *parser) store(d []byte) {
	if len(d) < 2 || d[0] != '0' {
		return
	}
	switch fn := d[1]; fn {
	case 67: // define, by rows
		w.define(d)
	case 69, 85: // print
		if len(d) >= 6 {
			w.printKept(d)
		}
	case 0, 48, 3, 51, 64, 65, 66:
		w.memory(fn, d[2:])
	case 112:
		if len(d) >= 10 {
			w.gfx = bitsOf(d[10:], le(d[6:]), le(d[8:]))
			if w.gfx != nil {
				w.gfx = w.gfx.scale(clamp(d[3]), clamp(d[4]))
			}
		}
	case 2, 50:
		if w.gfx != nil {
			w.picture(w.gfx, "")
			w.gfx = nil
		}
	case 49, 1: // reference density: these heads have one
	default:
		w.count(&w.p.stats.Unsupported)
	}
}

func clamp(n byte) int { return min(max(int(n), 1), 2) }
