package link

import (
	"context"
	"errors"
	"time"
)

// ReadWait is the longest a Port's Read waits for the first byte, on every kind of
// line, so that a reader is never deaf for longer. It is twice the shortest time-out
// a POSIX terminal offers (VTIME counts tenths of a second): with the shortest, an
// idle line cost a third of a percent of a processor in wakings alone.
const ReadWait = 200 * time.Millisecond

var (
	// ErrTimeout means that nothing arrived within ReadWait; the line is well.
	ErrTimeout = errors.New("link: nothing received yet")
	// ErrGone means that the device was unplugged, switched off or closed the
	// line. The Port is of no more use: close it and dial again.
	ErrGone = errors.New("link: the device is gone")
	// ErrBusy means that another program, or another part of this one, holds
	// the device.
	ErrBusy = errors.New("link: the device is in use by another program")
)

// Port is one open line to a device. One goroutine may Read while another
// Writes; Close may be called from a third and makes both return.
//
// What is promised here is tested by linktest, for every kind of line alike.
type Port interface {
	// Read returns as soon as at least one byte is there, with ErrTimeout
	// after ReadWait without one, or with ErrGone; at once if b is empty. Once
	// it has said ErrGone it says nothing else.
	Read(b []byte) (int, error)
	// Write hands b to the system. A nil error means that the system took the
	// bytes, not that they left the machine. It may block while the line is
	// held up; write little at a time.
	Write(b []byte) (int, error)
	// Close ends the line within a second, throwing away what was not sent;
	// over TCP the system may still deliver what it took. A Read or Write that
	// is under way ends with ErrGone, as do all after it. Closing again does
	// nothing and says what the first Close said.
	Close() error
}

// Dialer opens a line. The name of the device is resolved again by every call.
type Dialer interface {
	// Dial opens the line or says why not: ErrBusy, or the system's own error.
	Dial(ctx context.Context) (Port, error)
}

// DialFunc lets a function be a Dialer.
type DialFunc func(ctx context.Context) (Port, error)

// Dial calls the function.
func (f DialFunc) Dial(ctx context.Context) (Port, error) { return f(ctx) }
