package emulator

import (
	"image"

	"github.com/boombuler/barcode/aztec"
	"github.com/boombuler/barcode/datamatrix"
	"github.com/boombuler/barcode/pdf417"
	"rsc.io/qr"
)

// symbolMode is how one kind of two-dimensional code is drawn, and what it will say. ESC @ resets it.
type symbolMode struct {
	module int  // dots
	tall   int  // modules of a row of PDF417
	level  byte // of error correction
	other  bool // a model of it that is not drawn
	data   []byte
}

// Kinds of two-dimensional codes, by the first parameter of GS ( k.
const (
	kindPDF417 = iota
	kindQR
	kindMaxi
	kindDataBar
	kindComposite
	kindAztec
	kindDataMatrix
	kinds
)

func newSymbols() (s [kinds]symbolMode) {
	for i := range s {
		s[i] = symbolMode{module: 3, tall: 3}
	}
	s[kindQR].level = '0'
	s[kindPDF417].level = 1
	return s
}

// symbol executes GS ( k.
func (w *parser) symbol(d []byte) {
	if len(d) < 2 || d[0] < '0' || d[0] >= '0'+kinds || !w.p.cfg.Profile.QR {
		w.count(&w.p.stats.Unsupported)
		return
	}
	kind := int(d[0] - '0')
	m := &w.mode.symbols[kind]
	n := int(d[len(d)-1])
	switch fn := d[1]; {
	case fn == 'A' && kind == kindQR:
		m.other = len(d) >= 3 && d[2] != '2' && d[2] != '1'
	case fn == 'A' && kind == kindPDF417, fn == 'B', fn == 'F', fn == 'G', fn == 'H': // columns, rows, shapes: as the code fits best
	case fn == 'C':
		m.module = min(max(n, 1), 16)
	case fn == 'D' && kind == kindPDF417:
		m.tall = min(max(n, 2), 8)
	case fn == 'E':
		m.level = byte(n)
	case fn == 'P':
		if len(d) >= 4 && len(d)-3 <= maxQRBytes {
			m.data = append(m.data[:0], d[3:]...)
		}
	case fn == 'Q':
		w.printSymbol(kind)
	default:
		w.count(&w.p.stats.Unsupported)
	}
}

// printSymbol draws the code kept. Like a printer it prints nothing if the code is too wide or holds nothing.
func (w *parser) printSymbol(kind int) {
	m := &w.mode.symbols[kind]
	if len(m.data) == 0 {
		return
	}
	name, d := m.draw(kind)
	if d == nil || d.w > w.area() {
		w.count(&w.p.stats.Unsupported)
		return
	}
	w.flushLine()
	w.put(Element{Kind: name, X: w.mode.left + w.place(d.w), W: d.w, H: d.h, Payload: string(m.data), dots: d})
}

// draw returns the code in dots, nil for what cannot be drawn.
func (m *symbolMode) draw(kind int) (name string, d *dots) {
	switch kind {
	case kindQR:
		level := min(max(int(m.level)-'0', 0), 3)
		code, err := qr.Encode(string(m.data), qr.Level(level))
		if err != nil || m.other {
			return "", nil
		}
		d = newDots(code.Size, code.Size)
		for y := range code.Size {
			for x := range code.Size {
				if code.Black(x, y) {
					d.set(x, y)
				}
			}
		}
		return "qr", d.scale(m.module, m.module)
	case kindPDF417:
		level := m.level
		if level >= '0' {
			level -= '0'
		}
		code, err := pdf417.Encode(string(m.data), min(level, 8))
		if err != nil {
			return "", nil
		}
		const rowPixels = 2 // of a row in the library's picture
		return "pdf417", dotsOf(code, rowPixels).scale(m.module, m.module*m.tall)
	case kindDataMatrix:
		code, err := datamatrix.Encode(string(m.data))
		if err != nil {
			return "", nil
		}
		return "datamatrix", dotsOf(code, 1).scale(m.module, m.module)
	case kindAztec:
		code, err := aztec.Encode(m.data, aztec.DEFAULT_EC_PERCENT, aztec.DEFAULT_LAYERS)
		if err != nil {
			return "", nil
		}
		return "aztec", dotsOf(code, 1).scale(m.module, m.module)
	}
	return "", nil
}

// dotsOf makes a dot of each pixel across, and of every so many down.
func dotsOf(img image.Image, down int) *dots {
	b := img.Bounds()
	d := newDots(b.Dx(), b.Dy()/down)
	for y := range d.h {
		for x := range d.w {
			if r, _, _, _ := img.At(b.Min.X+x, b.Min.Y+y*down).RGBA(); r < 0x8000 {
				d.set(x, y)
			}
		}
	}
	return d
}
