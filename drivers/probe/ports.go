package probe

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gatehouse/drivers/devices"
)

// Place is a port that something may be plugged into.
type Place struct {
	Port  devices.Port
	Title string // what the system says it is; empty: it does not say
}

// Plugged tells whether something was plugged in there, other than into a serial
// line of the board, which says nothing of what is at its end.
func (p Place) Plugged() bool { return !strings.HasPrefix(string(p.Port), "/dev/ttyS") }

// maxPlaces bounds the list, and maxAbout what is read about each, in bytes.
const (
	maxPlaces = 64
	maxAbout  = 4096
)

// Places lists the ports of this machine, as Linux shows them below root, which is
// "/" but in tests: the serial adapters by the name that stays when they are
// plugged in again, the USB printers, and the serial lines of the board. Elsewhere
// it finds none, and the person says the name.
func Places(root string) []Place {
	l := lister{root: root, taken: map[string]bool{}}
	l.serial("dev/serial/by-id/*")
	l.serial("dev/serial/by-path/*") // adapters without a number of their own
	l.serial("dev/ttyUSB*")
	l.serial("dev/ttyACM*")
	l.printers()
	l.board()
	return l.found[:min(len(l.found), maxPlaces)]
}

type lister struct {
	root  string
	taken map[string]bool // devices listed already, by the name they lead to
	found []Place
}

// glob lists what matches below the root, in order.
func (l *lister) glob(pattern string) []string {
	found, err := filepath.Glob(filepath.Join(l.root, pattern))
	if err != nil { // the pattern is ours
		return nil
	}
	slices.Sort(found)
	return found
}

// name is the port's name without the root.
func (l *lister) name(path string) string {
	rel, err := filepath.Rel(l.root, path)
	if err != nil {
		return path
	}
	return "/" + filepath.ToSlash(rel)
}

func (l *lister) serial(pattern string) {
	for _, path := range l.glob(pattern) {
		real, err := filepath.EvalSymlinks(path)
		if err != nil || l.taken[real] {
			continue
		}
		l.taken[real] = true
		l.found = append(l.found, Place{Port: devices.Port(l.name(path)), Title: l.usb("sys/class/tty/" + filepath.Base(real) + "/device")})
	}
}

// usb is what a USB device says it is. The interface hangs one or two folders
// below the device.
func (l *lister) usb(device string) string {
	real, err := filepath.EvalSymlinks(filepath.Join(l.root, device))
	if err != nil {
		return ""
	}
	for range 3 {
		maker, product := about(filepath.Join(real, "manufacturer")), about(filepath.Join(real, "product"))
		if product != "" {
			return strings.TrimSpace(maker + " " + product)
		}
		real = filepath.Dir(real)
	}
	return ""
}

func (l *lister) printers() {
	for _, path := range l.glob("dev/usb/lp*") {
		id := about(filepath.Join(l.root, "sys/class/usbmisc", filepath.Base(path), "device/ieee1284_id"))
		l.found = append(l.found, Place{Port: devices.Port("usb:" + l.name(path)), Title: printerID(id)})
	}
}

// printerID takes maker and model out of a printer's own description, such as
// "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;" (IEEE 1284).
func printerID(id string) string {
	parts := map[string]string{}
	for _, field := range strings.Split(id, ";") {
		if key, value, found := strings.Cut(field, ":"); found {
			parts[strings.ToUpper(strings.TrimSpace(key))] = strings.TrimSpace(value)
		}
	}
	first := func(keys ...string) string {
		for _, k := range keys {
			if parts[k] != "" {
				return parts[k]
			}
		}
		return ""
	}
	return printable(strings.TrimSpace(first("MFG", "MANUFACTURER") + " " + first("MDL", "MODEL")))
}

// board lists the serial lines of the board that have a chip behind them: the
// system names 32 of them whether they are there or not.
func (l *lister) board() {
	for _, path := range l.glob("dev/ttyS*") {
		kind := about(filepath.Join(l.root, "sys/class/tty", filepath.Base(path), "type"))
		if kind != "" && kind != "0" {
			l.found = append(l.found, Place{Port: devices.Port(l.name(path))})
		}
	}
}

// about reads a line the system says about a device.
func about(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxAbout))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
