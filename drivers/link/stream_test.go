package link_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"

	"gatehouse/drivers/link"
)

// cable leads to a device in memory that sends back what it gets.
type cable struct {
	mu  sync.Mutex
	in  bool
	far net.Conn
}

func newCable() *cable { return &cable{in: true} }

func (c *cable) Dial(context.Context) (link.Port, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.in {
		return nil, link.ErrGone
	}
	near, far := net.Pipe()
	c.far = far
	go func() { io.Copy(far, far); far.Close() }()
	return link.Stream(near), nil
}

func (c *cable) unplug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in = false
	c.far.Close()
}

func (c *cable) plug() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in = true
}

// readUntilError reads until there is an error other than "nothing yet", at
// most tries times.
func readUntilError(port link.Port, tries int) error {
	b := make([]byte, 16)
	for range tries {
		if _, err := port.Read(b); err != nil && !errors.Is(err, link.ErrTimeout) {
			return err
		}
	}
	return nil
}

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCable()
		port, err := c.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 3)
		if _, err := port.Read(b); !errors.Is(err, link.ErrTimeout) {
			t.Errorf("silence: %v, want ErrTimeout", err)
		}
		if _, err := port.Write([]byte("hello")); err != nil {
			t.Errorf("write: %v", err)
		}
		for _, want := range []string{"hel", "lo"} {
			if n, err := port.Read(b); string(b[:n]) != want || err != nil {
				t.Errorf("echo: %q, %v; want %q", b[:n], err, want)
			}
		}
		c.unplug()
		if err := readUntilError(port, 2); !errors.Is(err, link.ErrGone) {
			t.Errorf("read after the unplug: %v, want ErrGone", err)
		}
		if _, err := port.Write(b); !errors.Is(err, link.ErrGone) {
			t.Errorf("write after the unplug: %v, want ErrGone", err)
		}
		port.Close()
	})
}

func TestTCPLine(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn, 1)
	go func() {
		if c, err := l.Accept(); err == nil {
			accepted <- c
		}
	}()
	port, err := link.TCP{Addr: l.Addr().String()}.Dial(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	far := <-accepted
	b := make([]byte, 16)
	if _, err := port.Read(b); !errors.Is(err, link.ErrTimeout) {
		t.Errorf("silence: %v, want ErrTimeout", err)
	}
	far.Write([]byte{0x12})
	if n, err := port.Read(b); n != 1 || err != nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
	far.Close()
	if err := readUntilError(port, 10); !errors.Is(err, link.ErrGone) {
		t.Errorf("after the printer closed: %v, want ErrGone", err)
	}
	l.Close()
	if _, err := (link.TCP{Addr: l.Addr().String()}).Dial(context.Background()); err == nil {
		t.Error("connected to nobody")
	}
}
