package link

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// side is a second descriptor on a terminal. It is asked by whoever reads while
// another closes it, and a number of a closed descriptor soon means another file.
type side struct {
	mu sync.Mutex
	fd int // -1 when closed
}

// ask calls with the descriptor, or fails with ErrGone when there is none.
func (s *side) ask(question func(fd int) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd < 0 {
		return fmt.Errorf("%w (%v)", ErrGone, os.ErrClosed)
	}
	return question(s.fd)
}

// openSide locks the device at path for this program. The lock is advisory:
// it keeps out every program that also asks.
func openSide(path string) (*side, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := claim(fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &side{fd: fd}, nil
}

// claim locks an open device.
func claim(fd int) error {
	err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrBusy
	}
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// explain adds to the system's words what the person can do; group is the one
// that may use such devices.
func explain(err error, group string) error {
	switch {
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("%w (%v)", ErrBusy, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w: add this user to the group %s and log in again", err, group)
	}
	return err
}

// hungUp tells whether the device is gone, leaving every queue as it is.
func (s *side) hungUp() bool {
	gone := true
	s.ask(func(fd int) error { gone = hungUp(fd); return nil })
	return gone
}

func hungUp(fd int) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0
}

// discard throws away what is queued in both directions. Stopping and starting
// the output wakes a Write that waits for room: a pseudo-terminal does not do
// that when it is flushed.
func (s *side) discard() {
	s.ask(func(fd int) error {
		return errors.Join(
			unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIOFLUSH),
			unix.IoctlSetInt(fd, unix.TCXONC, unix.TCOOFF),
			unix.IoctlSetInt(fd, unix.TCXONC, unix.TCOON))
	})
}

// flowByWire lets the wires CTS and RTS hold the line up. The driver that
// opened the line rewrites its settings, so this comes after every opening.
func (s *side) flowByWire() error {
	return s.ask(func(fd int) error {
		t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err != nil {
			return err
		}
		t.Cflag |= unix.CRTSCTS
		return unix.IoctlSetTermios(fd, unix.TCSETS, t)
	})
}

// The kernel's serial_struct begins with five 32-bit numbers, of which the last
// is the flags; the whole is at most 72 bytes (linux/serial.h).
const (
	serialStruct  = 128
	serialFlagsAt = 16
	asyncQuick    = 1 << 13 // ASYNC_LOW_LATENCY
)

// hurry asks the adapter not to collect what came before it passes it on: an
// FTDI one waits 16 ms otherwise. Where there is no such thing it is left.
func (s *side) hurry() {
	s.ask(func(fd int) error {
		var raw [serialStruct]byte
		if err := talk(fd, unix.TIOCGSERIAL, &raw); err != nil {
			return err
		}
		flags := binary.NativeEndian.Uint32(raw[serialFlagsAt:])
		binary.NativeEndian.PutUint32(raw[serialFlagsAt:], flags|asyncQuick)
		return talk(fd, unix.TIOCSSERIAL, &raw)
	})
}

func talk(fd int, request uintptr, raw *[serialStruct]byte) error {
	if _, _, no := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, uintptr(unsafe.Pointer(raw))); no != 0 {
		return no
	}
	return nil
}

func (s *side) signals() (Signals, error) {
	var bits int
	err := s.ask(func(fd int) (err error) {
		bits, err = unix.IoctlGetInt(fd, unix.TIOCMGET)
		return unsupported(err)
	})
	return Signals{CTS: bits&unix.TIOCM_CTS != 0, DSR: bits&unix.TIOCM_DSR != 0, DCD: bits&unix.TIOCM_CD != 0}, err
}

func (s *side) queued() (int, error) {
	var n int
	err := s.ask(func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.TIOCOUTQ)
		return unsupported(err)
	})
	return n, err
}

// unsupported tells a line that has no such thing from one that is gone.
func unsupported(err error) error {
	switch {
	case errors.Is(err, unix.ENOTTY), errors.Is(err, unix.EINVAL):
		return errors.ErrUnsupported
	case errors.Is(err, unix.EIO), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return fmt.Errorf("%w (%v)", ErrGone, err)
	}
	return err
}

func (s *side) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd >= 0 {
		unix.Close(s.fd)
		s.fd = -1
	}
}
