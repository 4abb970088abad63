package link_test

import (
	"io"
	"testing"

	"golang.org/x/sys/unix"

	"gatehouse/drivers/link"
	"gatehouse/drivers/link/linktest"
)

// onTerminal is a line to a real pseudo-terminal, opened by its name.
func onTerminal(dial func(name string) link.Dialer) linktest.Kind {
	return linktest.Kind{Plug: func(t testing.TB) *linktest.Device {
		d := plugIn(t)
		return &linktest.Device{
			Dialer: dial(d.path),
			Far:    func() io.ReadWriter { return d.master },
			Unplug: func() { d.master.Close() },
		}
	}}
}

func TestSerialLine(t *testing.T) {
	linktest.Run(t, onTerminal(func(name string) link.Dialer { return link.Serial{Name: name, Baud: 38400} }))
}

// A USB printer's file is a device that blocks, fills up and hangs up, as a
// terminal is that leaves every byte as it is.
func TestUSBLine(t *testing.T) {
	kind := onTerminal(func(name string) link.Dialer { return link.USB{Path: name} })
	plug := kind.Plug
	kind.Plug = func(t testing.TB) *linktest.Device {
		d := plug(t)
		leaveBytesAlone(t, d.Dialer.(link.USB).Path)
		return d
	}
	linktest.Run(t, kind)
}

func leaveBytesAlone(t testing.TB, name string) {
	t.Helper()
	fd, err := unix.Open(name, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	raw := &unix.Termios{Cflag: unix.CREAD | unix.CLOCAL | unix.CS8}
	raw.Cc[unix.VMIN] = 1
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, raw); err != nil {
		t.Fatal(err)
	}
}
