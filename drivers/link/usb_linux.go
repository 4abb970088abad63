package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// usbPause is how long to wait before asking again a printer that said neither
// yes nor no: it answers an empty packet as often as it is asked, and counts as
// ready to be written to while it has no paper.
const usbPause = 5 * time.Millisecond

// Dial opens the printer for this program alone. It fails with ErrBusy if
// another program has it, or with the system's error.
func (u USB) Dial(ctx context.Context) (Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := openUSB(u.Path)
	if err != nil {
		return nil, fmt.Errorf("open USB printer %s: %w", u.Path, explain(err, "lp"))
	}
	return newUSBPort(u.Path, f), nil
}

// openUSB opens the device without waiting, so that the runtime's poller does
// the waiting and a Close ends it.
func openUSB(path string) (usbFile, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Open(real, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := claim(fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	f := os.NewFile(uintptr(fd), path)
	// Whatever cannot be waited for, such as a plain file, knows no time-outs.
	if err := f.SetReadDeadline(time.Time{}); err != nil {
		f.Close()
		return nil, fmt.Errorf("it is no device: %w", err)
	}
	return deviceFile{f}, nil
}

// usbFile is what a usbPort needs of the system.
type usbFile interface {
	io.ReadWriteCloser
	SetReadDeadline(t time.Time) error
	hungUp() bool
}

type deviceFile struct{ *os.File }

func (f deviceFile) hungUp() bool {
	gone := true
	raw, err := f.SyscallConn()
	if err != nil {
		return gone
	}
	if err := raw.Control(func(fd uintptr) { gone = hungUp(int(fd)) }); err != nil {
		return true
	}
	return gone
}

type usbPort struct {
	path   string
	f      usbFile
	done   chan struct{} // closed by Close
	oneWay bool          // the printer never sends; touched by Read alone

	closing sync.Once
	err     error
}

func newUSBPort(path string, f usbFile) *usbPort {
	return &usbPort{path: path, f: f, done: make(chan struct{})}
}

func (p *usbPort) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	until := time.Now().Add(ReadWait)
	for {
		if p.oneWay {
			if !p.pause(time.Until(until)) {
				return 0, p.gone("read from", os.ErrClosed)
			}
			// Nothing else would tell that such a printer was pulled.
			if p.f.hungUp() {
				return 0, p.gone("read from", unix.ENODEV)
			}
			return 0, ErrTimeout
		}
		if err := p.f.SetReadDeadline(until); err != nil {
			return 0, p.gone("read from", err)
		}
		n, err := p.f.Read(b)
		switch {
		case n > 0:
			return n, nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return 0, ErrTimeout
		case errors.Is(err, unix.EINVAL): // usblp, of a printer with one direction
			p.oneWay = true
		case errors.Is(err, io.EOF) && !p.f.hungUp():
			// An empty packet is no end.
			if !p.pause(usbPause) {
				return 0, p.gone("read from", os.ErrClosed)
			}
			if !time.Now().Before(until) {
				return 0, ErrTimeout
			}
		default:
			return 0, p.gone("read from", err)
		}
	}
}

// Write waits for as long as the printer holds it up: one without paper is not
// gone.
func (p *usbPort) Write(b []byte) (int, error) {
	sent := 0
	for sent < len(b) {
		n, err := p.f.Write(b[sent:])
		sent += max(n, 0)
		switch {
		case err == nil:
		case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EAGAIN): // no paper
			if !p.pause(usbPause) {
				return sent, p.gone("write to", os.ErrClosed)
			}
		default:
			return sent, p.gone("write to", err)
		}
	}
	return sent, nil
}

// pause waits; false if the port was closed meanwhile.
func (p *usbPort) pause(d time.Duration) bool {
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-wait.C:
		return true
	case <-p.done:
		return false
	}
}

func (p *usbPort) Close() error {
	p.closing.Do(func() {
		close(p.done)
		p.err = p.f.Close()
	})
	return p.err
}

func (p *usbPort) gone(doing string, err error) error {
	return fmt.Errorf("%s USB printer %s: %w (%v)", doing, p.path, ErrGone, err)
}
