package probe_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gatehouse/drivers/probe"
)

// TestPlaces lists a machine with two adapters, one without a number, a scanner, a
// USB printer, and a board with one serial line.
func TestPlaces(t *testing.T) {
	root := t.TempDir()
	file := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(name, target string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	for _, tty := range []string{"ttyUSB0", "ttyUSB1", "ttyACM0", "ttyS0", "ttyS1", "usb/lp0"} {
		file("dev/"+tty, "")
	}
	link("dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0", "../../ttyUSB0")
	link("dev/serial/by-id/usb-gone-if00", "../../ttyUSB9")
	link("dev/serial/by-path/pci-0-usb-0:1:1.0-port0", "../../ttyUSB0")
	link("dev/serial/by-path/pci-0-usb-0:2:1.0-port0", "../../ttyUSB1")
	file("sys/devices/usb1/1-1/manufacturer", "FTDI\n")
	file("sys/devices/usb1/1-1/product", "FT232R USB UART\n")
	file("sys/devices/usb1/1-1/1-1:1.0/ttyUSB0/x", "")
	link("sys/class/tty/ttyUSB0/device", "../../../devices/usb1/1-1/1-1:1.0/ttyUSB0")
	file("sys/devices/usb1/1-3/product", "Honeywell scanner\n")
	file("sys/devices/usb1/1-3/1-3:1.0/x", "")
	link("sys/class/tty/ttyACM0/device", "../../../devices/usb1/1-3/1-3:1.0")
	file("sys/class/usbmisc/lp0/device/ieee1284_id", "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;\n")
	file("sys/class/tty/ttyS0/type", "4\n")
	file("sys/class/tty/ttyS1/type", "0\n")

	want := []probe.Place{
		{Port: "/dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0", Title: "FTDI FT232R USB UART"},
		{Port: "/dev/serial/by-path/pci-0-usb-0:2:1.0-port0"},
		{Port: "/dev/ttyACM0", Title: "Honeywell scanner"},
		{Port: "usb:/dev/usb/lp0", Title: "EPSON TM-T88V"},
		{Port: "/dev/ttyS0"},
	}
	if got := probe.Places(root); !reflect.DeepEqual(got, want) {
		t.Errorf("listed\n%+v\nwant\n%+v", got, want)
	}
	for _, at := range want {
		if at.Plugged() != (at.Port != "/dev/ttyS0") {
			t.Errorf("%s: plugged in %v", at.Port, at.Plugged())
		}
	}
	if got := probe.Places(t.TempDir()); len(got) != 0 {
		t.Errorf("nothing there: %+v", got)
	}
}
