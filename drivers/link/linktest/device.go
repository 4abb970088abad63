package linktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"gatehouse/drivers/link"
)

// Patience is how long anything may take before it counts as standing still. It
// is far above what is promised, so that a busy machine breaks no rule; the
// promised times are benchmarks.
const Patience = 10 * time.Second

// Device is something plugged in, with one line to it.
type Device struct {
	// Dialer opens the near end. It may be asked again after a Close, and then
	// leads to the same device.
	Dialer link.Dialer
	// Far is the device's own end of the line that was opened last.
	Far func() io.ReadWriter
	// Unplug pulls the device out.
	Unplug func()
}

// Kind is one kind of line.
type Kind struct {
	// Plug makes a device and plugs it in; what it needs ends with t.
	Plug func(t testing.TB) *Device
	// Shared says that a second opening cannot be refused, as in a network.
	Shared bool
}

// Run holds the kind to every rule.
func Run(t *testing.T, kind Kind) {
	for _, r := range Rules {
		if r.Exclusive && kind.Shared {
			continue
		}
		t.Run(r.Name, func(t *testing.T) {
			if err := r.Keep(kind.Plug(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// open dials, and sees to it that there is a far end.
func (d *Device) open() (link.Port, error) {
	ctx, stop := context.WithTimeout(context.Background(), Patience)
	defer stop()
	port, err := d.Dialer.Dial(ctx)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return port, nil
}

// use opens the line, hands it on, and closes it.
func (d *Device) use(do func(port link.Port) error) error {
	port, err := d.open()
	if err != nil {
		return err
	}
	defer port.Close()
	return within("the whole rule", 3*Patience, func() error { return do(port) })
}

// within does something that must not stand still.
func within(what string, patience time.Duration, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		return fmt.Errorf("%s stands still after %v", what, patience)
	}
}

// read reads exactly as many bytes as want has and compares them. Time-outs are
// waited out, for as long as anything comes within Patience.
func read(port link.Port, want []byte, step int) error {
	b := make([]byte, step)
	last := time.Now()
	for at := 0; at < len(want); {
		n, err := port.Read(b[:min(step, len(want)-at)])
		switch {
		case errors.Is(err, link.ErrTimeout) && n == 0 && time.Since(last) < Patience:
			continue
		case err != nil:
			return fmt.Errorf("read after %d of %d bytes: %d more, %w", at, len(want), n, err)
		case n == 0:
			return fmt.Errorf("read after %d bytes: neither a byte nor an error", at)
		}
		for i, x := range b[:n] {
			if x != want[at+i] {
				return fmt.Errorf("byte %d is %#x, sent was %#x", at+i, x, want[at+i])
			}
		}
		at += n
		last = time.Now()
	}
	return nil
}

// untilGone reads until there is an end other than "nothing yet".
func untilGone(port link.Port) error {
	b := make([]byte, 256)
	for began := time.Now(); time.Since(began) < Patience; {
		_, err := port.Read(b)
		switch {
		case err == nil, errors.Is(err, link.ErrTimeout):
		case errors.Is(err, link.ErrGone):
			return nil
		default:
			return fmt.Errorf("read from a device that is gone: %v, want ErrGone", err)
		}
	}
	return errors.New("the loss of the device was never noticed")
}

// pattern is n bytes in which every place is told apart from its neighbours.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i) ^ byte(i>>8)
	}
	return b
}
