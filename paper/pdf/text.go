package pdf

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"gatehouse/drivers/escpos"
)

// lines takes the lines the text form has, which breaks where the paper does.
// What stands in the middle or at the right comes with spaces before it.
func (p *plan) lines(item escpos.Item, st escpos.Style) error {
	text := escpos.PlainText(new(escpos.Doc).Add(item), p.columns)
	high := 1.0
	if st.Tall {
		high = 2
	}
	for _, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if _, err := windows(l); err != nil {
			if err := p.drawn(l, st); err != nil {
				return err
			}
			continue
		}
		p.boxes = append(p.boxes, box{p.em * leading * high, func(c *canvas, y float64) { c.line(l, st, y) }})
	}
	return nil
}

// look is a style as sizes: how often as wide and as high as plain letters.
func look(st escpos.Style) (across, down float64) {
	across, down = 1, 1
	if st.Wide {
		across = 2
	}
	if st.Tall {
		down = 2
	}
	return across, down
}

// line writes one line of text, stretched as its style says.
func (c *canvas) line(s string, st escpos.Style, y float64) {
	words := strings.TrimLeft(s, " ")
	if words == "" {
		return
	}
	face := ""
	if st.Bold {
		face += "B"
	}
	if st.Underline {
		face += "U"
	}
	across, down := look(st)
	step := c.em * courier
	x := c.left + step*float64(len(s)-len(words))
	length := step * across * float64(len([]rune(words)))
	if st.Reverse {
		if strings.HasPrefix(s, " ") { // a space of the text itself is black too
			x, length = x-step, length+step
			words = " " + words
		}
		c.SetFillColor(0, 0, 0)
		c.Rect(x, y, length, c.em*leading*down, "F")
		c.SetTextColor(255, 255, 255)
		defer c.SetTextColor(0, 0, 0)
	}
	c.SetFont("Courier", face, c.em*pointsPer)
	base := y + c.em*down*0.95
	letters, err := windows(words)
	if err != nil { // lines draws what the letters of the PDF lack
		c.SetError(err)
		return
	}
	c.TransformBegin()
	c.TransformScale(across*100, down*100, x, base)
	c.Text(x, base, letters)
	c.TransformEnd()
}

// windows writes text in the code page of the PDF's own letters, or says that it
// lacks one.
func windows(s string) (string, error) {
	return charmap.Windows1252.NewEncoder().String(s)
}

// drawn is a line with letters the PDF's own do not have, such as Chinese: the
// picture that the printer is sent. A reader who searches, copies or listens finds
// the text behind it.
func (p *plan) drawn(s string, st escpos.Style) error {
	words := strings.TrimLeft(s, " ")
	b := escpos.DrawLine(words, st)
	file, err := pngOf(b)
	if err != nil {
		return err
	}
	step := p.em * courier
	dot := step / escpos.ColumnDots
	w, h := dot*float64(b.Width()), dot*float64(b.Height())
	p.boxes = append(p.boxes, box{h, func(c *canvas, y float64) {
		x := c.left + step*float64(len(s)-len(words))
		c.place(file, x, y, w, h)
		c.behind(words, x, y+h*3/4, w)
	}})
	return nil
}

// behind writes letters that are not seen, from x to x+w, and says what text they
// stand for.
func (c *canvas) behind(s string, x, y, w float64) {
	const unseen, filled = 3, 0
	// UTF-16 with its mark, as PDF 32000-1, section 7.9.2.2, has it.
	code := []byte{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		code = append(code, byte(u>>8), byte(u))
	}
	n := len([]rune(s))
	c.SetFont("Courier", "", w/float64(n)/courier*pointsPer)
	c.RawWriteStr(fmt.Sprintf("/Span <</ActualText <%s>>> BDC", hex.EncodeToString(code)))
	c.SetTextRenderingMode(unseen)
	c.Text(x, y, strings.Repeat("x", n))
	c.SetTextRenderingMode(filled)
	c.RawWriteStr("EMC")
}
