package emulator

import (
	"time"
)

// line is the receiving side: a finite buffer and the scanner for real-time commands, which looks at
// every byte as it arrives, also inside pictures, as real printers do.
type line struct {
	limit int
	queue []byte
	held  bool // XOFF was sent
	stuck bool // and no XON follows, whatever room there is

	seen  []byte // the beginning of what may be a real-time command
	spill int    // bytes of it that did not fit into the buffer

	pulseOff bool // GS ( D: no DLE DC4 1

	free time.Time // when the bytes sent so far have travelled

	trouble   trouble // strikes the next byte that arrives
	replyLost bool    // the next answer does not arrive
}

func (l *line) pop() byte {
	b := l.queue[0]
	l.queue = l.queue[1:]
	if len(l.queue) == 0 {
		l.queue = nil
	}
	return b
}

func (l *line) empty() { l.queue, l.seen, l.spill = nil, nil, 0 }

// trouble is what a bad cable does to a byte.
type trouble uint8

const (
	none trouble = iota
	dropByte
	flipBit
)

// strikeByte does to b what the line has in store, and reports whether anything arrives.
func (l *line) strikeByte(b byte) (byte, bool) {
	what := l.trouble
	l.trouble = none
	switch what {
	case dropByte:
		return 0, false
	case flipBit:
		return b ^ 0x20, true
	}
	return b, true
}

// receive takes bytes off the wire.
func (p *Printer) receive(data []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range data {
		if !p.body.power || p.closed {
			return
		}
		b, ok := p.line.strikeByte(b)
		if !ok {
			continue
		}
		p.stats.Received++
		p.scan(b, p.store(b))
		p.strike(byBytes)
	}
	p.flow()
	p.wake.Broadcast()
}

// store puts a byte into the buffer and reports 1 if there was no room for it.
func (p *Printer) store(b byte) (lost int) {
	if len(p.line.queue) >= p.line.limit {
		p.stats.Dropped++
		return 1
	}
	p.line.queue = append(p.line.queue, b)
	return 0
}

// scan looks for real-time commands. One that did not fit into the full buffer is obeyed all the same
// and nothing is lost by it.
func (p *Printer) scan(b byte, lost int) {
	l := &p.line
	l.seen = append(l.seen, b)
	l.spill += lost
	n := 1
	if len(l.seen) > 1 {
		n = realtimeLength(l.seen)
	}
	switch {
	case b == 0x10 && (n == 0 || len(l.seen) == 1):
		l.seen, l.spill = append(l.seen[:0], b), lost
	case n < 2:
		l.seen, l.spill = l.seen[:0], 0
	case len(l.seen) == n:
		cmd := l.seen
		p.stats.Dropped -= l.spill
		l.seen, l.spill = nil, 0
		p.obey(cmd)
	}
}

// realtimeLength is the length of the real-time command that begins with b, 0 if none does.
func realtimeLength(b []byte) int {
	switch b[1] {
	case 0x04:
		if len(b) > 2 && (b[2] == 7 || b[2] == 8 || b[2] == 18) {
			return 4
		}
		return 3
	case 0x05:
		return 3
	case 0x14:
		if len(b) == 2 {
			return 10
		}
		switch b[2] {
		case 1, 2:
			return 5
		case 3:
			return 8
		case 7:
			return 4
		case 8:
			return 10
		}
	}
	return 0
}

// obey executes a real-time command.
func (p *Printer) obey(cmd []byte) {
	switch {
	case cmd[1] == 0x04:
		p.answerRealtime(cmd[2])
	case cmd[1] == 0x05:
		p.recover(cmd[2])
	case cmd[2] == 1 && cmd[3] <= 1 && cmd[4] >= 1 && cmd[4] <= 8:
		if p.cfg.Profile.RealtimePulse && !p.line.pulseOff && !p.body.jammed {
			p.pulse(pinOf(cmd[3]), time.Duration(cmd[4])*100*time.Millisecond, true)
		}
	case cmd[2] == 7 && cmd[3] == 1:
		if now := p.status().ASB(); p.cfg.Profile.ASB && !p.slip.reader.deaf {
			p.reply(now[:]...)
		}
	case cmd[2] == 8 && string(cmd[3:]) == "\x01\x03\x14\x01\x06\x02\x08":
		if p.cfg.Profile.ClearBuffers {
			p.body.jammed = false
			p.upset(clearAll)
			p.changed()
		}
	}
}

// answerRealtime answers DLE EOT n, unless a check is being read.
func (p *Printer) answerRealtime(n byte) {
	switch {
	case p.slip.reader.deaf:
	case n >= 1 && n <= 4:
		p.reply(p.status().Realtime(n))
	case n == 5 && p.cfg.Profile.Slip.Columns > 0:
		p.reply(p.sheetStatus().Realtime())
	}
}

// recover is DLE ENQ: it ends a cutter jam, with 2 at the price of what was not printed,
// and with 3 the wait for a form, at the same price.
func (p *Printer) recover(n byte) {
	if n == 3 && p.slip.waits {
		p.upset(clearQuiet)
		return
	}
	if !p.body.jammed || n != 1 && n != 2 {
		return
	}
	if n == 2 {
		p.body.jams = 0
		p.upset(clearQuiet)
	}
	p.body.jammed = false
	p.changed()
}

// stick sends XOFF and keeps it up, or lets go with XON.
func (p *Printer) stick(on bool) {
	p.line.stuck, p.line.held = on, on
	if on {
		p.reply(0x13)
		return
	}
	p.reply(0x11)
	p.flow()
}

// flow sends XOFF and XON at the marks of the buffer.
func (p *Printer) flow() {
	if !p.cfg.XonXoff || p.line.stuck {
		return
	}
	full, free := 128, 256
	if p.line.limit < 512 {
		full, free = 16, 26
	}
	room := p.line.limit - len(p.line.queue)
	switch {
	case !p.line.held && room <= full:
		p.line.held = true
		p.reply(0x13)
	case p.line.held && room >= free:
		p.line.held = false
		p.reply(0x11)
	}
}

func pinOf(m byte) int {
	if m&1 == 1 {
		return 5
	}
	return 2
}
