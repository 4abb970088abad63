package link

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// memoryQueue is how many bytes lie in a memory line unread before a write
// blocks: what a pseudo-terminal holds.
const memoryQueue = 20480

// Memory is a line with no wire, for a device that lives in this program. It is
// in use by one caller at a time and can be unplugged, as a real one can.
type Memory struct {
	attach func(device io.ReadWriteCloser)

	mu        sync.Mutex
	unplugged bool
	line      *memoryLine // the newest one; closed or not
}

// NewMemory makes a plugged-in line. At every opening attach is handed the
// device's end, whose Read blocks until bytes come and ends with io.EOF when
// the caller hangs up; attach must not block.
func NewMemory(attach func(device io.ReadWriteCloser)) *Memory {
	return &Memory{attach: attach}
}

// Dial opens the line: ErrGone while unplugged, ErrBusy while open.
func (m *Memory) Dial(ctx context.Context) (Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.unplugged:
		return nil, fmt.Errorf("open memory line: %w", ErrGone)
	case m.line != nil && !m.line.over():
		return nil, fmt.Errorf("open memory line: %w", ErrBusy)
	}
	m.line = &memoryLine{
		toDevice: make(chan byte, memoryQueue),
		toHost:   make(chan byte, memoryQueue),
		done:     make(chan struct{}),
	}
	m.attach(&deviceEnd{m.line})
	return &hostEnd{m.line}, nil
}

// Unplug takes the line away from both ends, with all that is on it.
func (m *Memory) Unplug() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unplugged = true
	if m.line != nil {
		m.line.close()
	}
}

// Plug lets the line be opened again.
func (m *Memory) Plug() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unplugged = false
}

type memoryLine struct {
	toDevice, toHost chan byte
	done             chan struct{}
	once             sync.Once
}

func (l *memoryLine) close() { l.once.Do(func() { close(l.done) }) }

func (l *memoryLine) over() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

func (l *memoryLine) send(to chan byte, b []byte) (int, error) {
	for i, c := range b {
		if l.over() {
			return i, ErrGone
		}
		select {
		case to <- c:
		case <-l.done:
			return i, ErrGone
		}
	}
	return len(b), nil
}

// receive fills b with first and whatever else is there.
func receive(from chan byte, first byte, b []byte) int {
	b[0] = first
	for n := 1; n < len(b); n++ {
		select {
		case b[n] = <-from:
		default:
			return n
		}
	}
	return len(b)
}

type hostEnd struct{ *memoryLine }

func (h *hostEnd) Read(b []byte) (int, error) {
	if h.over() {
		return 0, fmt.Errorf("read from memory line: %w", ErrGone)
	}
	if len(b) == 0 {
		return 0, nil
	}
	wait := time.NewTimer(ReadWait)
	defer wait.Stop()
	select {
	case c := <-h.toHost:
		return receive(h.toHost, c, b), nil
	case <-wait.C:
		return 0, ErrTimeout
	case <-h.done:
		return 0, fmt.Errorf("read from memory line: %w", ErrGone)
	}
}

func (h *hostEnd) Write(b []byte) (int, error) {
	n, err := h.send(h.toDevice, b)
	if err != nil {
		err = fmt.Errorf("write to memory line: %w", err)
	}
	return n, err
}

func (h *hostEnd) Close() error { h.close(); return nil }

type deviceEnd struct{ *memoryLine }

func (d *deviceEnd) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	select {
	case c := <-d.toDevice:
		return receive(d.toDevice, c, b), nil
	case <-d.done:
		return 0, io.EOF
	}
}

func (d *deviceEnd) Write(b []byte) (int, error) { return d.send(d.toHost, b) }

func (d *deviceEnd) Close() error { d.close(); return nil }
