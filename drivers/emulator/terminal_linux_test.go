package emulator_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tarm/serial"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// dial opens the port as the station does.
func dial(t testing.TB, name string, baud int) *serial.Port {
	t.Helper()
	port, err := serial.OpenPort(&serial.Config{Name: name, Baud: baud, ReadTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = port.Close() })
	return port
}

// ask writes a question and reads an answer of n bytes.
func ask(t testing.TB, port io.ReadWriter, question []byte, n int) []byte {
	t.Helper()
	if _, err := port.Write(question); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, n)
	if _, err := io.ReadFull(port, got); err != nil {
		t.Fatal(err)
	}
	return got
}

func terminal(t testing.TB, p *emulator.Printer) string {
	t.Helper()
	link := filepath.Join(t.TempDir(), "printer")
	term, err := p.Terminal(link)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = term.Close() })
	return link
}

func TestSerialPortOpensAndOpensAgain(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Baud = 115200 })
	link := terminal(t, p)
	for i := range 5 {
		port := dial(t, link, 115200)
		if got := ask(t, port, escpos.RealtimeStatus(1), 1); got[0] != 0x16 {
			t.Fatalf("opening %d: heard % x", i, got)
		}
		if got := ask(t, port, append([]byte("line\n"), id(t, "0001")...), 7); string(got) != "\x37\x220001\x00" {
			t.Fatalf("opening %d: heard % x", i, got)
		}
		if err := port.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.Unfinished().Text(); got != "line\nline\nline\nline\nline\n" {
		t.Errorf("printed %q", got)
	}
}

// The kernel must not change, echo or swallow any byte in either direction.
func TestSerialPortIsTransparent(t *testing.T) {
	p := start(t, nil)
	port := dial(t, terminal(t, p), 38400)
	dots := make([]byte, 0, 256)
	for b := range 256 {
		if b != 0x10 { // it could begin a real-time command
			dots = append(dots, byte(b))
		}
	}
	dots = append(dots, 0)
	send := append([]byte("\x1dv0\x00\x20\x00\x08\x00"), dots...)
	if got := ask(t, port, append(send, id(t, "0001")...), 7); string(got) != "\x37\x220001\x00" {
		t.Fatalf("heard % x", got)
	}
	img := p.Unfinished().Image()
	piece := p.Unfinished()
	for i, b := range dots {
		for bit := range 8 {
			x, y := piece.Margin+i%32*8+bit, piece.Elements[0].Y+i/32
			if black := img.GrayAt(x, y).Y == 0; black != (b&(0x80>>bit) != 0) {
				t.Fatalf("byte %02x was changed on its way", b)
			}
		}
	}
}

func TestSerialPortAtTheWrongSpeedHearsGarbage(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Baud = 115200 })
	port := dial(t, terminal(t, p), 9600)
	if _, err := port.Write([]byte("hello\n")); err != nil {
		t.Fatal(err)
	}
	waitFor(t, p, func(s emulator.State) bool { return s.Received == 6 })
	if got := p.Unfinished().Text(); got != "" {
		t.Errorf("printed %q", got)
	}
}

func TestSerialPortVanishesAndComesBack(t *testing.T) {
	p := start(t, nil)
	link := terminal(t, p)
	port := dial(t, link, 38400)
	if got := ask(t, port, escpos.RealtimeStatus(1), 1); got[0] != 0x16 {
		t.Fatalf("heard % x", got)
	}
	p.Unplug()
	if _, err := os.Lstat(link); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the port is still there: %v", err)
	}
	if _, err := port.Write([]byte("x")); err == nil {
		t.Error("an unplugged port takes bytes")
	}
	_ = port.Close()
	p.Replug()
	waitFor(t, p, func(s emulator.State) bool { return s.Connected })
	if got := ask(t, dial(t, link, 38400), escpos.RealtimeStatus(1), 1); got[0] != 0x16 {
		t.Errorf("after plugging in again: heard % x", got)
	}
}

func TestNobodyListeningDoesNotStopThePrinter(t *testing.T) {
	p := start(t, nil)
	port := dial(t, terminal(t, p), 38400)
	if _, err := port.Write(bytes.Repeat(escpos.EnableASB(escpos.ASBAll), 5000)); err != nil {
		t.Fatal(err)
	}
	waitFor(t, p, func(s emulator.State) bool { return s.Received == 15000 })
	idle(t, p) // or its buffer may still be full, and throw the next line away
	if _, err := port.Write([]byte("still here\n")); err != nil {
		t.Fatal(err)
	}
	waitFor(t, p, func(s emulator.State) bool { return s.Lines == 1 })
}

func TestPortNameMustBeFree(t *testing.T) {
	p := start(t, nil)
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Terminal(name); err == nil {
		t.Fatal("a file was replaced by a port")
	}
	if data, _ := os.ReadFile(name); string(data) != "precious" {
		t.Error("the file is damaged")
	}
}
