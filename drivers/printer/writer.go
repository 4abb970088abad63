package printer

import (
	"context"
	"sync/atomic"
	"time"

	"gatehouse/drivers/link"
)

const (
	// chunkBytes goes to the system in one write, when no more than aheadBytes
	// are still on their way. So a pulse or a question overtakes all but these.
	chunkBytes = 32
	aheadBytes = 16
	// heldPoll is how often a held-up writer looks whether it may go on.
	heldPoll = 10 * time.Millisecond
)

// writer puts pieces on the line at the line's own speed.
type writer struct {
	port  link.Port
	clock link.Clock
	baud  int // 0: the line has no speed of its own
	held  *atomic.Bool

	clear time.Time // when all that was written will have left
}

// piece is what nothing may be put into the middle of.
type piece struct {
	data   []byte
	urgent bool // real-time: goes even when the printer asked for a pause
	// written, if set, is called by the session when the data is on the line.
	written func(at time.Time)
}

// run writes every piece and reports each on wrote, until ctx ends or the line
// fails.
func (w *writer) run(ctx context.Context, pieces <-chan piece, wrote chan<- error) {
	for {
		select {
		case <-ctx.Done():
			return
		case p := <-pieces:
			err := w.write(ctx, p)
			select {
			case wrote <- err:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}
}

func (w *writer) write(ctx context.Context, p piece) error {
	for data := p.data; len(data) > 0; {
		for !p.urgent && w.held.Load() {
			if err := w.wait(ctx, heldPoll); err != nil {
				return err
			}
		}
		n := min(len(data), chunkBytes)
		if err := w.pace(ctx, n); err != nil {
			return err
		}
		if _, err := w.port.Write(data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// pace waits until the line is nearly free and books n more bytes on it, ten
// bits each.
func (w *writer) pace(ctx context.Context, n int) error {
	if w.baud <= 0 {
		return nil
	}
	perByte := 10 * time.Second / time.Duration(w.baud)
	now := w.clock.Now()
	if limit := now.Add(aheadBytes * perByte); w.clear.After(limit) {
		if err := w.wait(ctx, w.clear.Sub(limit)); err != nil {
			return err
		}
	}
	w.clear = later(w.clear, w.clock.Now()).Add(time.Duration(n) * perByte)
	return nil
}

func (w *writer) wait(ctx context.Context, d time.Duration) error {
	select {
	case <-w.clock.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
