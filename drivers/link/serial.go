package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"github.com/tarm/serial"
)

const (
	// earlyEnd separates the two meanings of an empty read: a time-out comes
	// after ReadWait, the end of an unplugged line comes at once.
	earlyEnd = ReadWait / 2
	// endsInARow is how many early ends are proof where the system offers no
	// better one.
	endsInARow = 3
	// closeWait bounds Close; closeNudge is how often what blocks it is thrown
	// away in the meantime.
	closeWait  = time.Second
	closeNudge = 20 * time.Millisecond
)

// Serial dials a serial line.
type Serial struct {
	// Name is the device: best a name that stays when the adapter is replugged,
	// under /dev/serial/by-id or /dev/serial/by-path; a COM port on Windows.
	Name string
	// Baud is the speed in bits per second, such as 9600 or 38400.
	Baud int
	// Bits is the number of data bits, 7 or 8; 0 means 8.
	Bits int
	// Parity is 'N', 'E' or 'O'; 0 means 'N'.
	Parity byte
}

// Dial opens the line for this program alone. It fails with ErrBusy if another
// program that asks in the same way has it, or with the system's error.
func (s Serial) Dial(ctx context.Context) (Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	cfg := &serial.Config{
		Name: s.Name, Baud: s.Baud, Size: byte(s.Bits), Parity: serial.Parity(s.Parity),
		StopBits: serial.Stop1, ReadTimeout: ReadWait,
	}
	// The stable name is a symbolic link that follows the adapter, and locks
	// and open lines belong to what it points at just now.
	if real, err := filepath.EvalSymlinks(s.Name); err == nil {
		cfg.Name = real
	}
	side, err := openSide(cfg.Name)
	if err != nil {
		return nil, fmt.Errorf("open serial line %s: %w", s.Name, err)
	}
	tty, err := serial.OpenPort(cfg)
	if err != nil {
		side.close()
		return nil, fmt.Errorf("open serial line %s at %d baud: %w", s.Name, s.Baud, err)
	}
	return &serialPort{name: s.Name, tty: tty, side: side}, nil
}

// serialPort is an open serial line. The side is a second opening of the same
// device: it holds the lock, and can be asked about the line without touching
// what is queued on it.
type serialPort struct {
	name string
	tty  *serial.Port
	side *side
	ends int // early ends in a row; touched by Read alone

	closing sync.Once
	err     error
}

func (p *serialPort) Read(b []byte) (int, error) {
	began := time.Now()
	n, err := p.tty.Read(b)
	if n > 0 {
		p.ends = 0
		return n, nil
	}
	// An empty read is io.EOF on POSIX and no error at all on Windows, and
	// means either that time is up or that there is no device any more.
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, p.gone("read from", err)
	}
	if time.Since(began) >= earlyEnd {
		p.ends = 0
		return 0, ErrTimeout
	}
	p.ends++
	if p.side.hungUp() || p.ends >= endsInARow {
		return 0, p.gone("read from", io.EOF)
	}
	return 0, ErrTimeout
}

func (p *serialPort) Write(b []byte) (int, error) {
	n, err := p.tty.Write(b)
	if err != nil {
		return n, p.gone("write to", err)
	}
	return n, nil
}

// Close runs the real close in a goroutine of its own, because that waits for a
// Read (up to ReadWait) and for a blocked Write (for ever, were its bytes not
// thrown away).
func (p *serialPort) Close() error {
	p.closing.Do(func() { p.err = p.close() })
	return p.err
}

func (p *serialPort) close() error {
	closed := make(chan error, 1)
	p.side.discard()
	go func() { closed <- p.tty.Close() }()
	nudge := time.NewTicker(closeNudge)
	defer nudge.Stop()
	late := time.After(closeWait)
	for {
		select {
		case err := <-closed:
			p.side.close()
			return err
		case <-nudge.C:
			p.side.discard()
		case <-late:
			// Give the lock up with the line and not before: until then the
			// device is not free.
			go func() { <-closed; p.side.close() }()
			return fmt.Errorf("close serial line %s: the system still holds it after %v", p.name, closeWait)
		}
	}
}

func (p *serialPort) gone(doing string, err error) error {
	return fmt.Errorf("%s serial line %s: %w (%v)", doing, p.name, ErrGone, err)
}
