package devices

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"gatehouse/drivers/link"
)

// Port is the name of the place a device is plugged into. Empty: the device is
// not there, or was never set up.
type Port string

// The ports that are no places.
const (
	PortEmulator Port = "emulator" // the printer that is not there
	PortNone     Port = "none"     // there is none, and that is right
)

const (
	tcpPrefix = "tcp:"
	usbPrefix = "usb:"
	maxPort   = 512 // bytes
	printPort = "9100"
)

// errPort says how a port is written.
var errPort = errors.New(`write it like "/dev/serial/by-id/...", "COM3", "tcp:192.168.1.50:9100", "usb:/dev/usb/lp0", "emulator" or "none"`)

// Check says what is wrong with the name.
func (p Port) Check() error {
	name := string(p)
	address, isTCP := strings.CutPrefix(name, tcpPrefix)
	path, isUSB := strings.CutPrefix(name, usbPrefix)
	switch {
	case len(name) > maxPort || strings.ContainsFunc(name, unprintable):
		return fmt.Errorf("the port %.60q is too long or cannot be printed: %w", name, errPort)
	case p == "" || p == PortEmulator || p == PortNone:
		return nil
	case isTCP:
		host, port, err := net.SplitHostPort(address)
		if n, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || n < 1 || n > 65535 {
			return fmt.Errorf(`the address %.60q needs a host and a port, printers listen on %s: %w`, address, printPort, errPort)
		}
		return nil
	case isUSB:
		if !filepath.IsAbs(path) {
			return fmt.Errorf("the port %.60q: %w", name, errPort)
		}
		return nil
	case filepath.IsAbs(name), comPort(name):
		return nil
	}
	return fmt.Errorf("the port %.60q: %w", name, errPort)
}

func unprintable(r rune) bool { return r < 0x20 || r == 0x7F || r == 0xFFFD }

// comPort tells whether name is a serial line of Windows.
func comPort(name string) bool {
	digits, found := strings.CutPrefix(strings.ToUpper(name), "COM")
	n, err := strconv.Atoi(digits)
	return found && err == nil && n >= 1 && n <= 256
}

// Device tells whether something real is plugged in there.
func (p Port) Device() bool { return p != "" && p != PortEmulator && p != PortNone }

// HasSpeed tells whether the port is a line with a speed of its own: a serial
// one, which the network and USB printers are not.
func (p Port) HasSpeed() bool {
	return p == PortEmulator || p.Device() && !strings.HasPrefix(string(p), tcpPrefix) && !strings.HasPrefix(string(p), usbPrefix)
}

// Dialer opens the line to a device at the port. It fails for a port without a
// device, and for a frame that is none.
func (p Port) Dialer(baud int, frame Frame) (link.Dialer, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if !p.Device() {
		return nil, fmt.Errorf("no device is plugged in at %q", string(p))
	}
	if address, isTCP := strings.CutPrefix(string(p), tcpPrefix); isTCP {
		return link.TCP{Addr: address}, nil
	}
	if path, isUSB := strings.CutPrefix(string(p), usbPrefix); isUSB {
		return link.USB{Path: path}, nil
	}
	bits, parity, err := frame.parse()
	if err != nil {
		return nil, err
	}
	return link.Serial{Name: string(p), Baud: baud, Bits: bits, Parity: parity}, nil
}

// Frame is how a character is framed on a serial line, such as "8N1": data bits
// 7 or 8, parity N, E or O, one stop bit. Empty is "8N1".
type Frame string

// Frames are those that printers can be set to (Epson's memory switches), the
// one they are delivered with first.
func Frames() []Frame { return []Frame{"8N1", "8E1", "8O1", "7E1", "7O1"} }

// parse gives the data bits and the parity.
func (f Frame) parse() (bits int, parity byte, err error) {
	if f == "" {
		return 8, 'N', nil
	}
	if len(f) != 3 || f[0] != '7' && f[0] != '8' || !strings.ContainsRune("NEO", rune(f[1])) || f[2] != '1' {
		return 0, 0, fmt.Errorf(`the frame %.20q: write it like "8N1": 7 or 8 data bits, parity N, E or O, 1 stop bit`, string(f))
	}
	return int(f[0] - '0'), f[1], nil
}

// Bauds are the speeds that a device may be set to, the likeliest first.
func Bauds() []int { return []int{38400, 9600, 19200, 115200, 57600, 4800, 2400, 1200} }
