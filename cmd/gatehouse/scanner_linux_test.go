package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/display"
	"gatehouse/drivers/display/displaytest"
	"gatehouse/drivers/link"
	"gatehouse/ui/keys"
)

// serialLine is a real pseudo-terminal: the device's end, and the port's name.
func serialLine(t *testing.T) (device *os.File, port devices.Port) {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	return master, devices.Port(slave.Name())
}

func TestTheDevicesBesideThePrinter(t *testing.T) {
	o := stationAt(utility(t), "A1")
	scanner, scannerPort := serialLine(t)
	poleEnd, polePort := serialLine(t)
	if err := os.MkdirAll(o.folder(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := devices.Write(filepath.Join(o.folder(), devices.FileName), devices.Devices{
		Display: devices.Display{Port: polePort, Kind: devices.KindCD5220}, Scanners: []devices.Scanner{{Port: scannerPort}}}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	screen := displaytest.New(display.CD5220)
	go func() {
		b := make([]byte, 64)
		for {
			n, err := poleEnd.Read(b)
			if err != nil {
				return
			}
			mu.Lock()
			_, _ = screen.Write(b[:n]) // it takes everything
			mu.Unlock()
		}
	}()
	g := newGlass(t, o)
	g.on(g.open)
	g.sees("the customer reads that the window is closed", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return strings.HasPrefix(screen.Lines()[0], "Window closed ") && len(screen.Unknown) == 0
	})
	var scans []string
	g.on(func() {
		g.shell.Env().Keys.Push(keys.Layer{Do: func(keys.Action) {}, OnScan: func(s string) { scans = append(scans, s) }})
	})
	sent := 0
	g.sees("the scan is heard, without its identifier", func() bool {
		// Another code each time: the same one at once would be one scan.
		sent++
		if _, err := fmt.Fprintf(scanner, "]C0bill-%d\r", sent); err != nil {
			t.Error(err)
		}
		return len(scans) > 0 && strings.HasPrefix(scans[0], "bill-")
	})
	g.ends()
	// The line was given back: it can be had again at once.
	port, err := link.Serial{Name: string(scannerPort), Baud: 9600}.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	port.Close()
}

func TestDevicesThatCannotBeReadAreSaidInTheWindow(t *testing.T) {
	o := stationAt(utility(t), "A1")
	if err := os.MkdirAll(o.folder(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.folder(), devices.FileName), []byte("[display]\nprot = \"COM3\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g := newGlass(t, o)
	g.on(g.open)
	g.sees("the fault is said", func() bool { return g.opening.failed })
	g.ends()
}
