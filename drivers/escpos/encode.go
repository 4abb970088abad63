package escpos

import (
	"unicode/utf8"
)

// Segment is a stretch of bytes that must reach the printer in one piece: real-time bytes may go before
// or after it, never inside.
type Segment struct {
	Data  []byte
	Lines int  // text lines of paper it moves, for estimating the printer's time
	Waits bool // asks for a sheet: what follows goes only when the printer says that it is in
}

// Encode turns the document into the bytes for the printer.
//
// The first segment puts the printer into a known state (ESC @, United States signs, the first code page
// and, where the profile has it, status reports); after that only changes of state are sent. An item
// that cannot be printed as written is refused with an [ItemError], and nothing is encoded.
func Encode(d *Doc, p Profile) ([]Segment, error) {
	if p.Columns < 16 || p.Dots < p.Columns*charWidth || len(p.CodePages) == 0 {
		return nil, &ItemError{Index: -1, Err: ErrRange}
	}
	if len(d.Items) > MaxItems {
		return nil, &ItemError{Index: -1, Err: ErrTooLong}
	}
	p, err := p.on(d.Sheet)
	if err != nil {
		return nil, &ItemError{Index: -1, Err: err}
	}
	e := &encoder{p: &p, page: p.CodePages[0].Page, sheet: d.Sheet}
	e.layout = layout{columns: p.Columns, chars: characters{pages: p.CodePages, noDots: d.Sheet.ByHand()}, line: e.textLine}
	e.out = make([]byte, 0, estimate(d, &p))
	e.ends = make([]mark, 0, 2*len(d.Items)+4)
	e.begin()
	for i, item := range d.Items {
		err := fits(d.Sheet, item)
		if err == nil {
			err = e.item(item)
		}
		if err != nil {
			return nil, &ItemError{Index: i, Kind: item.kind(), Err: err}
		}
	}
	if d.Sheet.ByHand() {
		if form, _ := p.Form(d.Sheet); e.sheetLines() > form.Lines {
			return nil, &ItemError{Index: -1, Err: ErrFormFull}
		}
		e.endForm()
	}
	segs := e.segments()
	segs[0].Waits = d.Sheet.ByHand()
	return segs, nil
}

// estimate guesses the number of bytes, so that the buffer seldom has to grow.
func estimate(d *Doc, p *Profile) int {
	n := 64
	for _, item := range d.Items {
		switch v := item.(type) {
		case Logo:
			if v.Bitmap != nil && !v.kept(p) {
				n += len(v.Bitmap.bits) + v.Bitmap.height
			}
		case Image:
			if v.Bitmap != nil {
				n += len(v.Bitmap.bits) + v.Bitmap.height
			}
		case QR:
			n += len(v.Text) + 64
		case Text:
			n += len(v.S) + 16
		case Rule:
			n += p.Columns + 8
		default:
			n += p.Columns + 8
		}
	}
	return n
}

// mark is the end of a segment in the encoder's buffer.
type mark struct {
	end, lines int
}

// encoder holds the state the printer will be in when it has read what is encoded so far.
type encoder struct {
	p      *Profile
	layout layout
	out    []byte
	ends   []mark

	sheet Sheet
	style Style
	page  CodePage
}

func (e *encoder) begin() {
	if e.sheet.ByHand() {
		e.beginForm()
		return
	}
	e.out = append(e.out, esc, '@')
	if e.p.KanjiDefault {
		e.out = append(e.out, fs, '.')
	}
	e.out = append(e.out, esc, 'R', 0, esc, 't', e.p.CodePages[0].N)
	if e.p.ASB {
		e.out = append(e.out, EnableASB(ASBAll)...)
	}
	if e.sheet == Label {
		e.toLabel()
	}
	e.end(0)
}

// end closes a segment.
func (e *encoder) end(lines int) { e.ends = append(e.ends, mark{len(e.out), lines}) }

func (e *encoder) segments() []Segment {
	segs := make([]Segment, len(e.ends))
	from := 0
	for i, m := range e.ends {
		segs[i] = Segment{Data: e.out[from:m.end:m.end], Lines: m.lines}
		from = m.end
	}
	return segs
}

func (e *encoder) item(item Item) error {
	switch v := item.(type) {
	case Text:
		return e.layout.text(v.S, v.Style)
	case Row:
		return e.layout.row(v)
	case Rule:
		e.textLine(e.layout.rule(v), Style{})
		return nil
	case Feed:
		return e.feed(v.Lines)
	case QR:
		return e.qr(v)
	case Barcode:
		return e.barcode(v)
	case Image:
		return e.image(v.Bitmap, v.Align)
	case Picture:
		return e.picture(v)
	case Logo:
		return e.logo(v)
	case Cut:
		e.cut()
		return nil
	case EndMark:
		return e.endMark(v)
	}
	return ErrRange
}

// textLine writes one line, already cleaned and short enough. If it holds a character that no page of the
// printer has, what was written of it is taken back and the line is drawn.
func (e *encoder) textLine(s string, st Style) {
	from, style, page := len(e.out), e.style, e.page
	if s == "" {
		st = e.style // nothing to see: no need to change anything, except the height of the line
	}
	e.align(st.Align)
	e.look(st)
	for _, r := range s {
		if r < utf8.RuneSelf {
			e.out = append(e.out, byte(r))
			continue
		}
		if !e.character(r) {
			e.out, e.style, e.page = e.out[:from], style, page
			e.drawnLine(s, st)
			return
		}
	}
	e.out = append(e.out, lf)
	lines := 1
	if st.Tall {
		lines = 2
	}
	e.end(lines)
}

// character writes a character beyond ASCII, on the page in force if that has it, and reports whether any
// page has.
func (e *encoder) character(r rune) bool {
	if b, ok := e.page.encode(r); ok {
		e.out = append(e.out, b)
		return true
	}
	for _, p := range e.p.CodePages {
		if b, ok := p.Page.encode(r); ok {
			e.page = p.Page
			e.out = append(e.out, esc, 't', p.N, b)
			return true
		}
	}
	return false
}

func (e *encoder) align(a Align) {
	if a != e.style.Align {
		e.out = append(e.out, esc, 'a', byte(a))
		e.style.Align = a
	}
}

// look sends the changes of style.
func (e *encoder) look(st Style) {
	if e.p.Impact {
		e.printMode(st)
		return
	}
	if st.Bold != e.style.Bold {
		e.out = append(e.out, esc, 'E', bit(st.Bold, 1))
	}
	if st.Underline != e.style.Underline {
		e.out = append(e.out, esc, '-', bit(st.Underline, 1))
	}
	if st.Reverse != e.style.Reverse {
		e.out = append(e.out, gs, 'B', bit(st.Reverse, 1))
	}
	if st.Wide != e.style.Wide || st.Tall != e.style.Tall {
		e.out = append(e.out, gs, '!', bit(st.Wide, 0x10)|bit(st.Tall, 1))
	}
	a := e.style.Align
	e.style = st
	e.style.Align = a
}

// printMode sends the style in one byte (ESC !), as printers with pins want it.
func (e *encoder) printMode(st Style) {
	st.Reverse = false
	st.Align = e.style.Align
	if st != e.style {
		e.out = append(e.out, esc, '!', bit(st.Bold, 0x08)|bit(st.Tall, 0x10)|bit(st.Wide, 0x20)|bit(st.Underline, 0x80))
		e.style = st
	}
}

func bit(on bool, b byte) byte {
	if on {
		return b
	}
	return 0
}

func (e *encoder) feed(lines int) error {
	if lines < 1 || lines > MaxFeedLines {
		return ErrRange
	}
	e.out = append(e.out, esc, 'd', byte(lines))
	e.end(lines)
	return nil
}

// endMark writes the last line.
func (e *encoder) endMark(m EndMark) error {
	if m.Number == "" {
		return ErrEmpty
	}
	s, err := e.layout.clean("END " + m.Number)
	if err != nil {
		return err
	}
	if columns(s) > e.p.Columns {
		return ErrTooWide
	}
	e.textLine(s, endMarkStyle())
	return nil
}

func endMarkStyle() Style { return Style{Bold: true, Align: Center} }

func (e *encoder) cut() {
	switch {
	case e.sheet.ByHand():
		return // it is given back at the end
	case e.sheet == Label && e.p.Cutter:
		e.cutLabel()
		return
	}
	if !e.p.Cutter {
		n := min(max(e.p.FeedToCut, 1), MaxFeedLines)
		e.out = append(e.out, esc, 'd', byte(n))
		e.end(n)
		return
	}
	e.out = append(e.out, gs, 'V', 66, 0)
	e.end(4)
}
