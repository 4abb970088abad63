package printer

import (
	"time"

	"gatehouse/drivers/escpos"
)

const (
	// A pulse for the drawer waits for the piece that is just being written and
	// for what is still on its way. At 9600 baud it must not wait longer than 60
	// ms in text and 300 ms in a picture, for which every cut costs a header.
	textTime    = 30 * time.Millisecond
	pictureTime = 250 * time.Millisecond
	// leastText is what makes no difference any more: the writer writes so much
	// at once.
	leastText = chunkBytes
)

// sizes are the most bytes a piece may have.
type sizes struct {
	text    int // of whole commands and characters
	picture int // of one strip of a picture; 0 means as it is
}

// sizesAt are the sizes on a line of that speed, given room for limit bytes.
func sizesAt(baud, limit int) sizes {
	if baud <= 0 {
		return sizes{text: limit}
	}
	in := func(d time.Duration) int { return int(time.Duration(baud/10) * d / time.Second) }
	return sizes{text: min(limit, max(leastText, in(textTime))), picture: in(pictureTime)}
}

// splitAll cuts segments that are longer than a piece between their commands, so
// that each piece can be covered by credit and nothing urgent waits long. Strips
// of a picture become lower ones. Other single commands stay whole however long
// they are.
func splitAll(segs []escpos.Segment, most sizes) []escpos.Segment {
	var out []escpos.Segment
	for _, s := range segs {
		if len(s.Data) <= most.text {
			out = append(out, s)
			continue
		}
		if most.picture > 0 && len(s.Data) > most.picture {
			s.Data = lower(s.Data, most.picture)
		}
		out = append(out, split(s, most.text)...)
	}
	return out
}

// lower makes strips of pictures (GS v 0) that have more than most bytes into
// several lower ones, which print the same dots.
func lower(data []byte, most int) []byte {
	var out []byte
	at := 0
	var t escpos.Tokenizer
	emit := func(tok escpos.Token) {
		n := len(tok.Data) + tok.Lost
		whole := data[at : at+n]
		at += n
		const header = 8 // 1D 76 30 m xL xH yL yH
		stride := 0
		if tok.Name == "GS v" && n > header {
			stride = int(whole[4]) | int(whole[5])<<8
		}
		if stride == 0 || n <= most {
			out = append(out, whole...)
			return
		}
		step := max(1, (most-header)/stride) * stride
		for dots := whole[header:]; len(dots) > 0; {
			k := min(step, len(dots))
			rows := k / stride
			out = append(append(out, whole[:6]...), byte(rows), byte(rows>>8))
			out = append(out, dots[:k]...)
			dots = dots[k:]
		}
	}
	t.Push(data, emit)
	t.Flush(emit)
	return append(out, data[at:]...) // a command the segment leaves unfinished
}

func split(seg escpos.Segment, limit int) (out []escpos.Segment) {
	from, last, at := 0, 0, 0
	// mark notes that a piece may end at e.
	mark := func(e int) {
		if e-from > limit && last > from {
			out = append(out, escpos.Segment{Data: seg.Data[from:last]})
			from = last
		}
		last = e
	}
	var t escpos.Tokenizer
	emit := func(tok escpos.Token) {
		n := len(tok.Data) + tok.Lost
		if tok.Kind == escpos.TokenText { // every character is a command of its own
			for i := 1; i < n; i++ {
				mark(at + i)
			}
		}
		at += n
		mark(at)
	}
	t.Push(seg.Data, emit)
	t.Flush(emit)
	mark(len(seg.Data)) // a command the segment leaves unfinished
	return append(out, escpos.Segment{Data: seg.Data[from:], Lines: seg.Lines})
}
