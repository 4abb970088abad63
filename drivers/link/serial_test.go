//go:build linux

package link_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/creack/pty"

	"gatehouse/drivers/link"
)

// device is the far end of a real pseudo-terminal that tarm/serial opens like
// any serial line.
type device struct {
	master *os.File
	path   string
}

func plugIn(t testing.TB) *device {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	return &device{master: master, path: slave.Name()}
}

func open(t *testing.T, name string) link.Port {
	t.Helper()
	port, err := link.Serial{Name: name, Baud: 9600}.Dial(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { port.Close() })
	return port
}

func TestSerialCarriesEveryByteBothWays(t *testing.T) {
	d := plugIn(t)
	port := open(t, d.path)
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for name, way := range map[string]struct {
		to   io.Writer
		from io.Reader
	}{"to the device": {port, d.master}, "from the device": {d.master, port}} {
		if _, err := way.to.Write(all); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := make([]byte, len(all))
		if _, err := io.ReadFull(way.from, got); err != nil || !bytes.Equal(got, all) {
			t.Errorf("%s: got % x, %v", name, got, err)
		}
	}
}

func TestSerialSilenceIsATimeout(t *testing.T) {
	port := open(t, plugIn(t).path)
	for range 5 {
		if n, err := port.Read(make([]byte, 8)); n != 0 || !errors.Is(err, link.ErrTimeout) {
			t.Fatalf("read %d bytes, error %v; want ErrTimeout", n, err)
		}
	}
}

func TestSerialUnplugIsNotATimeout(t *testing.T) {
	d := plugIn(t)
	port := open(t, d.path)
	reading := make(chan error, 1)
	// Two empty reads at most: the one that was in flight, and the next.
	go func() { reading <- readUntilError(port, 3) }()
	d.master.Close()
	if err := <-reading; !errors.Is(err, link.ErrGone) {
		t.Errorf("read after the unplug: %v, want ErrGone", err)
	}
	if _, err := port.Write([]byte("receipt")); !errors.Is(err, link.ErrGone) {
		t.Errorf("write after the unplug: %v, want ErrGone", err)
	}
}

func TestSerialFollowsTheStableName(t *testing.T) {
	name := filepath.Join(t.TempDir(), "usb-printer-port0")
	first, second := plugIn(t), plugIn(t)
	if err := os.Symlink(first.path, name); err != nil {
		t.Fatal(err)
	}
	port := open(t, name)
	first.master.Close()
	if err := readUntilError(port, 3); !errors.Is(err, link.ErrGone) {
		t.Fatalf("after the unplug: %v", err)
	}
	port.Close()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if _, err := (link.Serial{Name: name, Baud: 9600}).Dial(context.Background()); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("dial while nothing is plugged in: %v", err)
	}
	if err := os.Symlink(second.path, name); err != nil {
		t.Fatal(err)
	}
	again := open(t, name)
	if _, err := second.master.Write([]byte{0x12}); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 8)
	if n, err := again.Read(b); n != 1 || b[0] != 0x12 {
		t.Errorf("the replugged device answers % x, %v", b[:n], err)
	}
}

func TestSerialSecondUserIsRefused(t *testing.T) {
	d := plugIn(t)
	port := open(t, d.path)
	_, err := link.Serial{Name: d.path, Baud: 9600}.Dial(context.Background())
	if !errors.Is(err, link.ErrBusy) {
		t.Fatalf("second open: %v, want ErrBusy", err)
	}
	port.Close()
	open(t, d.path)
}

func TestSerialCloseWhileReading(t *testing.T) {
	port := open(t, plugIn(t).path)
	reading := make(chan error, 1)
	go func() { reading <- readUntilError(port, 100) }()
	if err := port.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := <-reading; !errors.Is(err, link.ErrGone) {
		t.Errorf("the read that was in flight: %v", err)
	}
}

// A printer that holds the line up lets a Write stand in the kernel; nothing
// but throwing the bytes away lets it go.
func TestSerialCloseWhileAWriteIsHeldUp(t *testing.T) {
	d := plugIn(t)
	port := open(t, d.path)
	written := make(chan error, 1)
	go func() { _, err := port.Write(make([]byte, 1<<16)); written <- err }()
	// The device takes one byte, so the write has begun; the rest stands.
	if _, err := io.ReadFull(d.master, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := port.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	<-written
}

func TestSerialRefusesWhatIsNoTerminal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if port, err := (link.Serial{Name: name, Baud: 9600}).Dial(context.Background()); err == nil {
		port.Close()
		t.Error("a plain file was opened as a serial line")
	}
	if port, err := (link.Serial{Name: plugIn(t).path, Baud: 12345}).Dial(context.Background()); err == nil {
		port.Close()
		t.Error("a speed that no line has was accepted")
	}
}
