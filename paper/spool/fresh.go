package spool

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// Fresh returns the dialer to make the printer's session from. Whatever ran
// before on this printer may have been killed in the middle of a picture, and the
// printer takes what comes next for dots; so the first line this dialer opens
// begins by making it forget. It costs 10 bytes with printers that can be told,
// and half their buffer in NULs with others.
func Fresh(d link.Dialer, p escpos.Profile) link.Dialer { return &fresh{dialer: d, profile: p} }

// fresh makes the printer forget on the first line it opens.
type fresh struct {
	dialer  link.Dialer
	profile escpos.Profile

	mu   sync.Mutex
	done bool
}

// Dial opens the line.
func (f *fresh) Dial(ctx context.Context) (link.Port, error) {
	port, err := f.dialer.Dial(ctx)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.done {
		return port, nil
	}
	if err := f.forget(ctx, port); err != nil {
		return nil, errors.Join(err, port.Close())
	}
	f.done = true
	return port, nil
}

// forgetWait is how long a printer may take to say that its buffers are empty.
const forgetWait = time.Second

// forget empties the printer, or where that cannot be ordered, fills up what it
// may be waiting for: a NUL means nothing anywhere else, and no piece of a paper
// is longer than half the printer's buffer.
func (f *fresh) forget(ctx context.Context, port link.Port) error {
	if f.profile.ClearBuffers {
		if _, err := port.Write(escpos.ClearBuffers()); err != nil {
			return err
		}
		if said, err := cleared(ctx, port); said || err != nil {
			return err
		}
	}
	const part = 64
	for n := f.profile.BufferBytes / 2; n > 0; n -= part {
		if _, err := port.Write(make([]byte, min(n, part))); err != nil {
			return err
		}
	}
	return nil
}

// cleared reads until the printer says that it forgot, or says nothing.
func cleared(ctx context.Context, port link.Port) (bool, error) {
	var heard []byte
	var buf [64]byte
	for range int(forgetWait / link.ReadWait) {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		n, err := port.Read(buf[:])
		if err != nil && !errors.Is(err, link.ErrTimeout) {
			return false, err
		}
		heard = append(heard, buf[:n]...)
		if bytes.Contains(heard, []byte{0x37, 0x25, 0}) {
			return true, nil
		}
	}
	return false, nil
}
