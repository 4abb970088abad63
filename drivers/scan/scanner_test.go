//go:build linux

package scan_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"

	"gatehouse/drivers/link"
	"gatehouse/drivers/scan"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// inMemory is a scanner at the end of a cable in memory, in a bubble's time.
func inMemory(t *testing.T) (device net.Conn, codes <-chan scan.Code) {
	device, station := net.Pipe()
	dial := link.DialFunc(func(context.Context) (link.Port, error) { return link.Stream(station), nil })
	s := scan.Open(scan.Config{Dialer: dial, Clock: link.WallClock{}, Log: quiet()})
	codes, end := s.Subscribe()
	t.Cleanup(func() { end(); s.Close(); device.Close() })
	return device, codes
}

func send(t *testing.T, to io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(to, text); err != nil {
		t.Fatal(err)
	}
}

// told is how many codes are waiting, once everything has come to rest.
func told(codes <-chan scan.Code) int {
	synctest.Wait()
	n := 0
	for {
		select {
		case <-codes:
			n++
		default:
			return n
		}
	}
}

func TestASilenceEndsACodeWithoutSuffix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		device, codes := inMemory(t)
		send(t, device, "0123456")
		time.Sleep(scan.Gap - time.Millisecond) // inside the bubble
		if told(codes) != 0 {
			t.Fatal("the code ended too soon")
		}
		send(t, device, "789")
		time.Sleep(scan.Gap) // inside the bubble
		synctest.Wait()
		if c := <-codes; c.Text != "0123456789" {
			t.Errorf("read %q", c.Text)
		}
	})
}

func TestTheSameCodeAtOnceIsOneScan(t *testing.T) {
	for _, c := range []struct {
		name  string
		first string
		after time.Duration
		then  string
		want  int
	}{
		{"read twice", "12345\r", 200 * time.Millisecond, "12345\r", 1},
		{"scanned again", "12345\r", scan.Lockout, "12345\r", 2},
		{"another code", "12345\r", time.Millisecond, "12346\r", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				device, codes := inMemory(t)
				send(t, device, c.first)
				synctest.Wait()
				time.Sleep(c.after) // inside the bubble
				send(t, device, c.then)
				if got := told(codes); got != c.want {
					t.Errorf("%d scans, want %d", got, c.want)
				}
			})
		})
	}
}

func TestAScannerThatIsPluggedInAgainIsHeard(t *testing.T) {
	name := filepath.Join(t.TempDir(), "usb-scanner")
	plug := func() *os.File {
		master, slave, err := pty.Open()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { master.Close(); slave.Close() })
		_ = os.Remove(name) // the first time there is none
		if err := os.Symlink(slave.Name(), name); err != nil {
			t.Fatal(err)
		}
		return master
	}
	first := plug()
	s := scan.Open(scan.Config{Dialer: link.Serial{Name: name, Baud: 9600}, Clock: link.WallClock{}, Log: quiet()})
	defer s.Close()
	codes, end := s.Subscribe()
	defer end()
	hear := func(device *os.File, text string) {
		t.Helper()
		// What is sent before the line is open may be lost, as with a real one.
		again := time.NewTicker(50 * time.Millisecond)
		defer again.Stop()
		for {
			send(t, device, text+"\r")
			select {
			case c := <-codes:
				if c.Text != text {
					t.Fatalf("read %q, want %q", c.Text, text)
				}
				return
			case <-again.C:
			}
		}
	}
	hear(first, "first bill")
	first.Close()
	hear(plug(), "second bill")
}

// BenchmarkScanToSubscriber measures from the last byte on the line to the code
// in the subscriber's hands, over a real pseudo-terminal.
func BenchmarkScanToSubscriber(b *testing.B) {
	master, slave, err := pty.Open()
	if err != nil {
		b.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	s := scan.Open(scan.Config{Dialer: link.Serial{Name: slave.Name(), Baud: 115200}, Clock: link.WallClock{}, Log: quiet()})
	defer s.Close()
	codes, end := s.Subscribe()
	defer end()
	texts := []string{"0123456000018820261130009\r", "0123456000018820261130017\r"}
	for n := 0; b.Loop(); n++ {
		if _, err := io.WriteString(master, texts[n%2]); err != nil {
			b.Fatal(err)
		}
		<-codes
	}
}
