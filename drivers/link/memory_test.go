package link_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"

	"gatehouse/drivers/link"
)

// echo is a device that sends back what it gets.
func echo(device io.ReadWriteCloser) { go io.Copy(device, device) }

func TestMemoryLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := link.NewMemory(echo)
		port, err := m.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 16)
		if _, err := port.Read(b); !errors.Is(err, link.ErrTimeout) {
			t.Errorf("silence: %v, want ErrTimeout", err)
		}
		port.Write([]byte("hello"))
		synctest.Wait()
		if n, err := port.Read(b); string(b[:n]) != "hello" || err != nil {
			t.Errorf("echo: %q, %v", b[:n], err)
		}
		if _, err := m.Dial(t.Context()); !errors.Is(err, link.ErrBusy) {
			t.Errorf("second user: %v, want ErrBusy", err)
		}
		m.Unplug()
		if _, err := port.Read(b); !errors.Is(err, link.ErrGone) {
			t.Errorf("read after the unplug: %v, want ErrGone", err)
		}
		if _, err := port.Write(b); !errors.Is(err, link.ErrGone) {
			t.Errorf("write after the unplug: %v, want ErrGone", err)
		}
		if _, err := m.Dial(t.Context()); !errors.Is(err, link.ErrGone) {
			t.Errorf("dial while unplugged: %v, want ErrGone", err)
		}
		m.Plug()
		again, err := m.Dial(t.Context())
		if err != nil {
			t.Fatalf("dial after the replug: %v", err)
		}
		again.Close()
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
