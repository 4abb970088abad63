package link

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Stream makes a Port of anything that is read and written: a printer that
// lives in this program, or one end of a net.Pipe. Its Read may block as long as
// it likes, but must end when it is closed, and Close must not wait.
func Stream(s io.ReadWriteCloser) Port {
	p := &streamPort{s: s, in: make(chan []byte), done: make(chan struct{})}
	go p.pump()
	return p
}

type streamPort struct {
	s    io.ReadWriteCloser
	in   chan []byte   // closed when nothing more will come
	done chan struct{} // closed by Close

	closing sync.Once
	err     error

	rest []byte // of what came, for the next Read; touched by Read alone
	end  error  // why in was closed
}

// pump reads ahead, so that Read can give up waiting without losing a byte.
func (p *streamPort) pump() {
	defer close(p.in)
	for {
		b := make([]byte, 256)
		n, err := p.s.Read(b)
		if n > 0 {
			select {
			case p.in <- b[:n]:
			case <-p.done:
				return
			}
		}
		if err != nil {
			p.end = err
			return
		}
	}
}

func (p *streamPort) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	select {
	case <-p.done: // even if something is left that came before
		return 0, fmt.Errorf("read from the device: %w (closed)", ErrGone)
	default:
	}
	if len(p.rest) == 0 {
		wait := time.NewTimer(ReadWait)
		defer wait.Stop()
		select {
		case next, ok := <-p.in:
			if !ok {
				return 0, fmt.Errorf("read from the device: %w (%v)", ErrGone, p.end)
			}
			p.rest = next
		case <-wait.C:
			return 0, ErrTimeout
		case <-p.done:
			return 0, fmt.Errorf("read from the device: %w (closed)", ErrGone)
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *streamPort) Write(b []byte) (int, error) {
	if len(b) == 0 { // some streams hand on even nothing, and wait for a taker
		return 0, nil
	}
	n, err := p.s.Write(b)
	if err != nil {
		return n, fmt.Errorf("write to the device: %w (%v)", ErrGone, err)
	}
	return n, nil
}

func (p *streamPort) Close() error {
	p.closing.Do(func() {
		close(p.done)
		p.err = p.s.Close()
	})
	return p.err
}
