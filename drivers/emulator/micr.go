package emulator

import (
	"strings"
	"time"

	"gatehouse/drivers/escpos"
)

const (
	// readTime is how long the check runs past the magnetic head. The printer is deaf to
	// questions meanwhile.
	readTime = 1500 * time.Millisecond
	// sampleLine is on a check when nobody said otherwise. The routing number is of a
	// Federal Reserve office, the account is invented.
	sampleLine = "t021001208t 123456789o 0101"
	// MaxCheckLine is the longest line a check may have, in characters.
	MaxCheckLine = 65
)

// reader is the check reader.
type reader struct {
	keeps   bool // a check was read and is kept: the next command decides what becomes of it
	deaf    bool // it reads
	details bool // FS ( f: says why
	marked  bool // FS ( f: answers with a header of two bytes
	unread  int  // FS ( f: so many question marks are too many
	last    []byte
}

// Why a reading failed (Epson TM-H5000II specification, FS ( f).
const (
	readWell      = 0x40
	readCancelled = 0x42
	readTooLate   = 0x43
	readNoInk     = 0x45
	readUnknown   = 0x46
	readCoverOpen = 0x49
)

// SetCheckLine says what stands in magnetic ink at the foot of the checks that are put in
// from now on, as the reader spells it; a question mark is what it cannot read. Empty is a
// check without magnetic ink. What is too long is cut, and what is no printable ASCII left
// out.
func (p *Printer) SetCheckLine(line string) {
	line = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, line)
	p.act(func() { p.slip.line = line[:min(len(line), MaxCheckLine)] })
}

// check executes the commands of the check reader.
func (w *parser) check(name string, d []byte) bool {
	p := w.p
	switch {
	case name == "FS ( f":
		for i := 5; i+1 < len(d); i += 2 {
			w.readerSetting(d[i]&0x0F, d[i+1])
		}
	case !p.cfg.Profile.MICR:
		return false
	case name == "FS a" && (d[2] == 0 || d[2] == '0'):
		w.readCheck()
	case name == "FS a" && (d[2] == 1 || d[2] == '1'):
		w.loadCheck()
	case name == "FS a" && (d[2] == 2 || d[2] == '2'):
		w.giveBack()
	case name == "FS b":
		p.mu.Lock()
		p.reply(p.slip.reader.last...)
		p.mu.Unlock()
	case name == "FS c":
	default:
		return false
	}
	return true
}

func (w *parser) readerSetting(n, m byte) {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	r := &w.p.slip.reader
	switch n {
	case 0:
		r.unread = int(m)
	case 1:
		r.details = m&1 != 0
	case 3:
		r.marked = m&1 != 0
	}
}

// readCheck waits for a check and reads it. One that was read is kept; one that was not
// is given back.
func (w *parser) readCheck() {
	p := w.p
	w.flushLine()
	p.mu.Lock()
	p.slip.selected = escpos.Slip
	p.mu.Unlock()
	w.sheet = escpos.Slip
	open := func() bool { return p.body.cover || !p.body.power }
	if in := w.awaitForm(open); !in {
		p.mu.Lock()
		why := byte(readTooLate)
		switch {
		case p.order == powerLost:
			p.mu.Unlock()
			return // and no answer
		case open():
			why = readCoverOpen
		case w.gone:
			why = readCancelled
		}
		p.answerCheck(why, "")
		p.mu.Unlock()
		w.selectSheet(escpos.Roll)
		return
	}
	p.mu.Lock()
	p.slip.reader.deaf = true
	p.mu.Unlock()
	whole := w.wait(readTime)
	p.mu.Lock()
	p.slip.reader.deaf = false
	why, line := p.lookAtCheck()
	if !whole {
		why, line = readCancelled, ""
	}
	p.answerCheck(why, line)
	kept := line != ""
	p.slip.reader.keeps = kept
	p.changed()
	p.mu.Unlock()
	if !kept {
		w.giveBack()
	}
}

// lookAtCheck is what the magnetic head found.
func (p *Printer) lookAtCheck() (why byte, line string) {
	if p.body.cover || p.slip.in == nil {
		return readCoverOpen, ""
	}
	line = p.slip.in.Line
	switch n := strings.Count(line, "?"); {
	case line == "":
		return readNoInk, ""
	case n > 0 && n >= p.slip.reader.unread:
		return readUnknown, ""
	case n > 0:
		return readUnknown, line
	}
	return readWell, line
}

// answerCheck sends the result of a reading.
func (p *Printer) answerCheck(why byte, line string) {
	r := &p.slip.reader
	status := byte(0x50)
	if why != readWell {
		status |= 0x20
	}
	out := []byte{0x5F}
	if r.marked {
		out = []byte{0x37, 0x2A}
	}
	if r.details {
		out = append(out, status|0x08, why, 0x1F)
	} else {
		out = append(out, status)
	}
	r.last = append(append(out, line...), 0)
	p.reply(r.last...)
}

// loadCheck brings a check that was read to where it is printed on.
func (w *parser) loadCheck() {
	p := w.p
	p.mu.Lock()
	kept := p.slip.reader.keeps
	p.slip.reader.keeps = false
	p.mu.Unlock()
	if kept && w.wait(startTime) {
		w.selectSheet(escpos.Slip)
	}
}

// letsGo reports whether a command makes the reader give back the check it keeps: all do
// that are not meant for it.
func letsGo(t escpos.Token) bool {
	switch t.Name {
	case "FS a", "FS b", "FS ( f", "DLE EOT", "DLE ENQ", "DLE DC4":
		return false
	}
	return true
}
