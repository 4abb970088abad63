package emulator

import (
	"fmt"
	"io"
	"time"
)

// chunk is how many bytes travel between two looks at the clock.
const chunk = 32

// Pipe connects a host in memory. Write takes as long as the line does at the printer's speed and never
// waits for the printer, so what is too much is lost, as on a cable. Read waits for the next bytes of the
// printer and ends with io.EOF after Close, with [ErrUnplugged] when the cable is pulled. A printer has
// one line: a new pipe, or a pseudo-terminal, takes the place of the one before.
func (p *Printer) Pipe() (io.ReadWriteCloser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || !p.cable {
		return nil, fmt.Errorf("connect to printer: %w", ErrUnplugged)
	}
	p.hangUp()
	h := &pipe{p: p}
	p.host = h
	return h, nil
}

type pipe struct {
	p      *Printer
	closed bool // by the host
	broken bool // by the printer
}

func (h *pipe) hangUp() { h.broken = true }

func (h *pipe) Read(b []byte) (int, error) {
	p := h.p
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch {
		case h.closed:
			return 0, io.EOF
		case h.broken:
			return 0, ErrUnplugged
		case len(b) == 0:
			return 0, nil
		case len(p.out) > 0:
			n := copy(b, p.out)
			p.out = p.out[n:]
			return n, nil
		}
		p.wake.Wait()
	}
}

func (h *pipe) Write(b []byte) (int, error) {
	p := h.p
	for n := 0; n < len(b); {
		part := b[n:min(n+chunk, len(b))]
		if err := h.usable(); err != nil {
			return n, err
		}
		if !p.travel(len(part)) {
			return n, ErrUnplugged
		}
		if err := h.usable(); err != nil {
			return n, err
		}
		p.receive(part)
		n += len(part)
	}
	return len(b), nil
}

func (h *pipe) usable() error {
	h.p.mu.Lock()
	defer h.p.mu.Unlock()
	switch {
	case h.closed:
		return io.ErrClosedPipe
	case h.broken:
		return ErrUnplugged
	}
	return nil
}

// Close hangs up. The printer stays as it is.
func (h *pipe) Close() error {
	p := h.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.host == h {
		p.host = nil
		p.out = nil
	}
	h.closed = true
	p.wake.Broadcast()
	return nil
}

// catchUp is how late a wake-up may be and still be made up for by the next bytes.
const catchUp = 20 * time.Millisecond

// travel takes the time n bytes take on the line; false if the printer was closed meanwhile.
func (p *Printer) travel(n int) bool {
	if p.cfg.Baud <= 0 {
		return true
	}
	p.mu.Lock()
	now := p.clock.Now()
	if p.line.free.Before(now.Add(-catchUp)) {
		p.line.free = now
	}
	p.line.free = p.line.free.Add(time.Duration(n) * 10 * time.Second / time.Duration(p.cfg.Baud))
	wait := p.line.free.Sub(now)
	p.mu.Unlock()
	if wait <= 0 {
		return true
	}
	select {
	case <-p.clock.After(wait):
		return true
	case <-p.stop:
		return false
	}
}
