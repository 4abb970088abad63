package link_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"gatehouse/drivers/link"
)

// The settings arrive in the terminal. A pseudo-terminal keeps the stop bits and
// the flow by wire; its data bits are always eight.
func TestSerialSettingsReachTheTerminal(t *testing.T) {
	const looked = unix.CSTOPB | unix.CRTSCTS
	for _, c := range []struct {
		name string
		line link.Serial
		want uint32
	}{
		{"as it comes", link.Serial{}, 0},
		{"two stop bits", link.Serial{StopBits: 2}, unix.CSTOPB},
		{"held up by wire", link.Serial{FlowByWire: true}, unix.CRTSCTS},
		{"both, and seven bits even", link.Serial{Bits: 7, Parity: 'E', StopBits: 2, FlowByWire: true}, looked},
	} {
		d := plugIn(t)
		c.line.Name, c.line.Baud = d.path, 19200
		port, err := c.line.Dial(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		set, err := unix.IoctlGetTermios(int(d.master.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if set.Cflag&looked != c.want || set.Iflag&(unix.IXON|unix.IXOFF) != 0 || set.Cflag&unix.CBAUD != unix.B19200 {
			t.Errorf("%s: control flags %#o, input flags %#o", c.name, set.Cflag, set.Iflag)
		}
		port.Close()
	}
}

func TestSerialRefusesWhatNoLineIs(t *testing.T) {
	name := plugIn(t).path
	for _, c := range []struct {
		line link.Serial
		says string
	}{
		{link.Serial{}, "bits per second"},
		{link.Serial{Baud: 5_000_000}, "bits per second"},
		{link.Serial{Baud: -9600}, "bits per second"},
		{link.Serial{Baud: 9600, Bits: 6}, "7 or 8 data bits"},
		{link.Serial{Baud: 9600, Bits: 264}, "7 or 8 data bits"}, // 8 in a byte
		{link.Serial{Baud: 9600, Parity: 'M'}, "parity"},
		{link.Serial{Baud: 9600, StopBits: 3}, "stop bits"},
		{link.Serial{Baud: 9600, StopBits: 15}, "stop bits"}, // the library's one and a half
	} {
		c.line.Name = name
		port, err := c.line.Dial(t.Context())
		if err == nil {
			port.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: %v", c.line, err)
		}
	}
}

// A pseudo-terminal has a queue and no wires; one that is gone has neither.
func TestLinesOfATerminal(t *testing.T) {
	d := plugIn(t)
	port := open(t, d.path)
	lines := port.(link.Lines)
	if n, err := lines.Queued(); n != 0 || err != nil {
		t.Errorf("idle: %d bytes wait, %v", n, err)
	}
	if s, err := lines.Signals(); !errors.Is(err, errors.ErrUnsupported) || s != (link.Signals{}) {
		t.Errorf("the wires of a terminal without wires: %+v, %v", s, err)
	}
	port.Close()
	if _, err := lines.Queued(); !errors.Is(err, link.ErrGone) {
		t.Errorf("what waits on a closed line: %v, want ErrGone", err)
	}
	if _, err := lines.Signals(); !errors.Is(err, link.ErrGone) {
		t.Errorf("the wires of a closed line: %v, want ErrGone", err)
	}
}
