package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
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
	// bite is the most that one write hands to the kernel, in bytes: less than
	// any queue that is thrown away at once.
	bite = 1024
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
	// StopBits is 1 or 2; 0 means 1.
	StopBits int
	// FlowByWire lets the device hold the line up with the wire CTS, on Linux.
	// It is for a full cable and a device that uses it; the kernel then stops
	// sending without a word, and on a cable without the wire for good.
	FlowByWire bool
}

// The slowest and the fastest line, in bits per second.
const (
	minBaud = 50
	maxBaud = 4_000_000
)

// config is the line as the library wants it described, or what is wrong.
func (s Serial) config() (*serial.Config, error) {
	bits, parity, stop := s.Bits, s.Parity, s.StopBits
	if bits == 0 {
		bits = 8
	}
	if parity == 0 {
		parity = 'N'
	}
	if stop == 0 {
		stop = 1
	}
	switch {
	case s.Baud < minBaud || s.Baud > maxBaud:
		return nil, fmt.Errorf("a line has %d to %d bits per second, not %d", minBaud, maxBaud, s.Baud)
	case bits != 7 && bits != 8:
		return nil, fmt.Errorf("a character has 7 or 8 data bits, not %d", bits)
	case parity != 'N' && parity != 'E' && parity != 'O':
		return nil, fmt.Errorf("the parity is N, E or O, not %q", parity)
	case stop != 1 && stop != 2:
		return nil, fmt.Errorf("a character ends in 1 or 2 stop bits, not %d", stop)
	}
	return &serial.Config{
		Name: s.Name, Baud: s.Baud, Size: byte(bits), Parity: serial.Parity(parity),
		StopBits: serial.StopBits(stop), ReadTimeout: ReadWait,
	}, nil
}

// Dial opens the line for this program alone. It fails with ErrBusy if another
// program that asks in the same way has it, or with the system's error. The Port
// has Lines.
func (s Serial) Dial(ctx context.Context) (Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	cfg, err := s.config()
	if err != nil {
		return nil, fmt.Errorf("open serial line %s: %w", s.Name, err)
	}
	// The stable name is a symbolic link that follows the adapter, and locks
	// and open lines belong to what it points at just now.
	if real, err := filepath.EvalSymlinks(s.Name); err == nil {
		cfg.Name = real
	}
	side, err := openSide(cfg.Name)
	if err != nil {
		return nil, fmt.Errorf("open serial line %s: %w", s.Name, explain(err, "dialout"))
	}
	tty, err := serial.OpenPort(cfg)
	if err != nil {
		side.close()
		return nil, fmt.Errorf("open serial line %s at %d baud: %w", s.Name, s.Baud, explain(err, "dialout"))
	}
	if s.FlowByWire {
		if err := side.flowByWire(); err != nil {
			side.close()
			tty.Close()
			return nil, fmt.Errorf("let the wires hold up serial line %s: %w", s.Name, err)
		}
	}
	side.hurry()
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

	ending  atomic.Bool // Close was called
	closing sync.Once
	err     error
}

func (p *serialPort) Read(b []byte) (int, error) {
	if len(b) == 0 { // looks like an end to the system
		return 0, nil
	}
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

// Write goes on bite by bite. What stands in the kernel cannot be told to stop,
// only have its bytes thrown away, and goes on with the next as long as it has any.
func (p *serialPort) Write(b []byte) (int, error) {
	sent := 0
	for sent < len(b) {
		if p.ending.Load() {
			return sent, p.gone("write to", os.ErrClosed)
		}
		n, err := p.tty.Write(b[sent:min(sent+bite, len(b))])
		sent += n
		if err != nil {
			return sent, p.gone("write to", err)
		}
	}
	if p.ending.Load() {
		return sent, p.gone("write to", os.ErrClosed)
	}
	return sent, nil
}

// Signals is of Lines.
func (p *serialPort) Signals() (Signals, error) {
	signals, err := p.side.signals()
	if err != nil {
		return Signals{}, fmt.Errorf("ask for the wires of serial line %s: %w", p.name, err)
	}
	return signals, nil
}

// Queued is of Lines.
func (p *serialPort) Queued() (int, error) {
	n, err := p.side.queued()
	if err != nil {
		return 0, fmt.Errorf("ask what waits on serial line %s: %w", p.name, err)
	}
	return n, nil
}

// Close runs the real close in a goroutine of its own, because that waits for a
// Read (up to ReadWait) and for a blocked Write (for ever, were its bytes not
// thrown away).
func (p *serialPort) Close() error {
	p.ending.Store(true)
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
