package link

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// tcpWriteWait is how long a write may stand still before the printer counts
// as gone. A printer without paper stops reading, but one that is credited for
// what it took (see package printer) never gets more than it has room for.
const tcpWriteWait = 10 * time.Second

// TCP dials a printer on the network, by custom on port 9100.
type TCP struct {
	// Addr is host:port.
	Addr string
	// Wait bounds the opening; 0 means three seconds.
	Wait time.Duration
}

// Dial connects. A printer serves one caller at a time; others may be accepted
// and kept waiting, which shows as silence and not as ErrBusy.
func (t TCP) Dial(ctx context.Context) (Port, error) {
	wait := t.Wait
	if wait == 0 {
		wait = 3 * time.Second
	}
	d := net.Dialer{Timeout: wait, KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 5 * time.Second, Interval: time.Second, Count: 3,
	}}
	conn, err := d.DialContext(ctx, "tcp", t.Addr)
	if err != nil {
		return nil, fmt.Errorf("connect to the device at %s: %w", t.Addr, err)
	}
	return &tcpPort{addr: t.Addr, conn: conn}, nil
}

type tcpPort struct {
	addr string
	conn net.Conn

	closing sync.Once
	err     error
}

func (p *tcpPort) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if err := p.conn.SetReadDeadline(time.Now().Add(ReadWait)); err != nil {
		return 0, p.gone("read from", err)
	}
	n, err := p.conn.Read(b)
	switch {
	case n > 0:
		return n, nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return 0, ErrTimeout
	default:
		return 0, p.gone("read from", err)
	}
}

func (p *tcpPort) Write(b []byte) (int, error) {
	if err := p.conn.SetWriteDeadline(time.Now().Add(tcpWriteWait)); err != nil {
		return 0, p.gone("write to", err)
	}
	n, err := p.conn.Write(b)
	if err != nil {
		return n, p.gone("write to", err)
	}
	return n, nil
}

func (p *tcpPort) Close() error {
	p.closing.Do(func() { p.err = p.conn.Close() })
	return p.err
}

func (p *tcpPort) gone(doing string, err error) error {
	return fmt.Errorf("%s the device at %s: %w (%v)", doing, p.addr, ErrGone, err)
}
