package link

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// side is a second descriptor on a terminal.
type side struct{ fd int }

// openSide locks the device at path for this program. The lock is advisory:
// it keeps out every program that also asks.
func openSide(path string) (*side, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		unix.Close(fd)
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, ErrBusy
		}
		return nil, fmt.Errorf("lock: %w", err)
	}
	return &side{fd: fd}, nil
}

// hungUp tells whether the device is gone, leaving every queue as it is.
func (s *side) hungUp() bool {
	fds := []unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0
}

// discard throws away what is queued in both directions. Stopping and starting
// the output wakes a Write that waits for room: a pseudo-terminal does not do
// that when it is flushed.
func (s *side) discard() {
	unix.IoctlSetInt(s.fd, unix.TCFLSH, unix.TCIOFLUSH)
	unix.IoctlSetInt(s.fd, unix.TCXONC, unix.TCOOFF)
	unix.IoctlSetInt(s.fd, unix.TCXONC, unix.TCOON)
}

func (s *side) close() { unix.Close(s.fd) }
