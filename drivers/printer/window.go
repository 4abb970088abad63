package printer

import (
	"time"

	"gatehouse/drivers/escpos"
)

// window is the account of the bytes the printer may still hold in its receive
// buffer. A token in the data closes a stretch of them, and its answer frees the
// stretch.
type window struct {
	capacity int
	token    escpos.AckToken
	mark     int // bytes of a token

	stretches []stretch
	open      int // bytes sent since the last token
	held      int // bytes in stretches
	serial    uint32
}

// maxStretches is how many may be unanswered at a time. So it is known how many
// answers a printer can owe; a full buffer of 4 KB has fewer.
const maxStretches = 16

type stretch struct {
	bytes int
	id    [4]byte   // of a process ID
	freed time.Time // when a printer that never answers has printed it, by its speed
}

func newWindow(p escpos.Profile, serial uint32) *window {
	capacity := p.BufferBytes - p.Slack
	if p.Ack == escpos.AckASB {
		// A report that came by itself can pass for an answer once.
		capacity = p.BufferBytes / 3
	}
	mark := 3 // GS a n, GS r n
	switch p.Ack {
	case escpos.AckNone:
		mark = 0
	case escpos.AckProcID:
		mark = 11 // GS ( H
	}
	return &window{capacity: max(capacity, mark+1), token: p.Ack, mark: mark, serial: serial}
}

// limit is the most that can be sent in one piece and be covered by credit.
func (w *window) limit() int { return w.capacity - w.mark }

// fits reports whether n bytes can be sent, leaving room for the token after
// them. A piece larger than the whole buffer goes when the buffer is empty: the
// printer takes it in as it comes.
func (w *window) fits(n int) bool {
	if w.token != escpos.AckNone && len(w.stretches) >= maxStretches {
		return false
	}
	return w.held+w.open == 0 || w.held+w.open+n+w.mark <= w.capacity
}

// due reports whether a token should follow now: half the buffer is spoken for.
func (w *window) due() bool { return w.open > 0 && 2*(w.open+w.mark) >= w.capacity }

func (w *window) sent(n int) { w.open += n }

// keep counts n bytes that lie in the buffer of a printer that has stopped. When
// there is no room for them they are not counted; a question is answered all the
// same, but what follows would be lost.
func (w *window) keep(n int) bool {
	if w.held+w.open+n+w.mark > w.capacity {
		return false
	}
	w.open += n
	return true
}

// lines is how many lines of text a full buffer holds at most, about.
func (w *window) lines() int { return w.capacity/32 + 1 }

// closeStretch accounts for a token of n bytes sent now and returns its number.
func (w *window) closeStretch(n int, id [4]byte, freed time.Time) {
	w.stretches = append(w.stretches, stretch{bytes: w.open + n, id: id, freed: freed})
	w.held += w.open + n
	w.open = 0
}

func (w *window) free(n int) {
	for _, s := range w.stretches[:n] {
		w.held -= s.bytes
	}
	w.stretches = w.stretches[n:]
}

// answered frees the oldest stretch, for tokens without a number.
func (w *window) answered() bool {
	if len(w.stretches) == 0 {
		return false
	}
	w.free(1)
	return true
}

// answeredID frees everything up to the process ID and reports how many before
// it were never answered.
func (w *window) answeredID(id [4]byte) (skipped int, known bool) {
	for i, s := range w.stretches {
		if s.id == id {
			w.free(i + 1)
			return i, true
		}
	}
	return 0, false
}

// passed frees what a printer that never answers must have printed by now.
func (w *window) passed(now time.Time) (freed bool) {
	for len(w.stretches) > 0 && !w.stretches[0].freed.After(now) {
		w.free(1)
		freed = true
	}
	return freed
}

// empty reports whether the printer owes no answer.
func (w *window) empty() bool { return len(w.stretches) == 0 }

// nextID makes the next process ID, four printable characters.
func (w *window) nextID() (id [4]byte) {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	w.serial++
	for i, n := 3, w.serial; i >= 0; i, n = i-1, n/36 {
		id[i] = digits[n%36]
	}
	return id
}
