package printer

import "gatehouse/drivers/escpos"

// splitAll cuts segments that are longer than limit bytes between their
// commands, so that each piece can be covered by credit. Single commands, such
// as images, stay whole however long they are.
func splitAll(segs []escpos.Segment, limit int) []escpos.Segment {
	var out []escpos.Segment
	for _, s := range segs {
		if len(s.Data) <= limit {
			out = append(out, s)
			continue
		}
		out = append(out, split(s, limit)...)
	}
	return out
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
