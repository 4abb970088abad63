package devices_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
)

const whole = `
[printer]
port = "/dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0"
model = "TM-T88VI"
baud = 19200
frame = "8E1"
drawer_open = "low"
drawers = 2

[display]
port = "/dev/ttyUSB1"
kind = "dm-d"
baud = 9600
columns = 20
brightness = 2
idle = "Pay here"

[[scanner]]
port = "/dev/ttyACM0"
prefix = "\u0002"
suffix = "\u0003"

[[scanner]]
port = "COM7"
baud = 115200

[wedge]
prefix = "~"
suffix = "\n"
speed = 20
`

func TestParse(t *testing.T) {
	got, err := devices.Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	two := 2
	want := devices.Devices{
		Printer: devices.Printer{Port: "/dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0", Model: "TM-T88VI", Baud: 19200,
			Frame: "8E1", DrawerOpen: devices.LevelLow, Drawers: &two},
		Display:  devices.Display{Port: "/dev/ttyUSB1", Kind: devices.KindDMD, Baud: 9600, Columns: 20, Brightness: 2, Idle: "Pay here"},
		Scanners: []devices.Scanner{{Port: "/dev/ttyACM0", Prefix: "\x02", Suffix: "\x03"}, {Port: "COM7", Baud: 115200}},
		Wedge:    devices.Wedge{Prefix: "~", Suffix: "\n", Speed: 20},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v\nwant %+v", got, want)
	}
	nothing, err := devices.Parse(nil)
	if err != nil || nothing.Printer.Port != "" || nothing.Printer.DrawerCount() != 1 || nothing.Wedge.Gap() != devices.DefaultGap {
		t.Errorf("an empty file: %+v, %v", nothing, err)
	}
}

// TestErrorsSayWhereAndWhat: who wrote the file by hand is told the line and what
// to write there.
func TestErrorsSayWhereAndWhat(t *testing.T) {
	for _, tc := range []struct{ text, says string }{
		{"[printer]\nport = \"ttyS0\"", `line 2, [printer] port: the port "ttyS0": write it like "/dev/serial`},
		{"[printer]\nport = \"tcp:printer\"", `line 2, [printer] port: the address "printer" needs a host and a port`},
		{"[printer]\nport = \"tcp:printer:99999\"", `needs a host and a port`},
		{"[printer]\nport = \"usb:lp0\"", `line 2, [printer] port`},
		{"[printer]\nport = \"/dev/\\u0007\"", `cannot be printed`},
		{"[printer]\n\nmodel = \"TM-T99\"", `line 3, [printer] model: there is no printer "TM-T99"; write one of: `},
		{"[printer]\nbaud = 12", "line 2, [printer] baud: 12 is not between 300 and 4000000"},
		{"[printer]\nframe = \"9N1\"", `line 2, [printer] frame: the frame "9N1": write it like "8N1"`},
		{"printer.drawer_open = \"up\"", `line 1, [printer] drawer_open: "up": write "high", "low" or "none"`},
		{"[printer]\ndrawers = 3", "line 2, [printer] drawers: 3"},
		{"[printer]\nspeed = 3", "line 2: there is no setting of this name"},
		{"[printer]\nbaud = \"fast\"", "line 2: "},
		{"[printer\n", "line 1: "},
		{"\n[display]\nport = \"/dev/ttyS1\"", `line 2, [display] kind: it is missing: write "dm-d" or "cd5220"`},
		{"[display]\nkind = \"vfd\"", `line 2, [display] kind`},
		{"[display]\ncolumns = 80", "line 2, [display] columns: 80 is not between 16 and 40"},
		{"[display]\nbrightness = 5", "line 2, [display] brightness: 5 is not between 1 and 4"},
		{"[display]\nidle = \"" + strings.Repeat("é", 41) + "\"", "has more than 40 characters"},
		{"[display]\nport = \"emulator\"\nkind = \"dm-d\"", "only the printer has an emulator"},
		{"[[scanner]]\nport = \"/dev/a\"\n[[scanner]]\nbaud = 9600", "line 3, [scanner] port: it is missing"},
		{"[[scanner]]\nport = \"/dev/a\"\n[[scanner]]\nport = \"/dev/a\"", "line 4, [scanner] port: /dev/a is the port of the scanner already"},
		{"[printer]\nport = \"/dev/a\"\n[display]\nkind = \"dm-d\"\nport = \"/dev/a\"", "line 5, [display] port: /dev/a is the port of the printer already"},
		{strings.Repeat("[[scanner]]\nport = \"none\"\n", 9), "line 18, [scanner] port: there are 9 scanners, at most 8"},
		{"[wedge]\nspeed = 1000", "line 2, [wedge] speed: 1000 is not between 5 and 200"},
		{"[wedge]\nprefix = \"123456789\"", `line 2, [wedge] prefix: "123456789" has more than 8 characters`},
		{strings.Repeat("#", 70_000), "longer than 65536 bytes"},
	} {
		_, err := devices.Parse([]byte(tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%.60q says\n%v\nwant\n%s", tc.text, err, tc.says)
		}
	}
}

func anyDevices() *rapid.Generator[devices.Devices] {
	return rapid.Custom(func(t *rapid.T) devices.Devices {
		affix := rapid.StringOfN(rapid.RuneFrom([]rune("~]C\x02\x03\r\n\t\x1dé\\\"")), 0, 8, -1)
		baud := rapid.SampledFrom(append(devices.Bauds(), 0))
		frame := rapid.SampledFrom(append(devices.Frames(), ""))
		port := func(n int) devices.Port {
			return devices.Port(fmt.Sprintf(rapid.SampledFrom([]string{"/dev/ttyS%d", "COM%d", "tcp:printer:910%d", "tcp:[::1]:%d", "usb:/dev/usb/lp%d", "/dev/serial/by-id/é \"%d"}).Draw(t, "port"), n+1))
		}
		var d devices.Devices
		d.Printer = devices.Printer{Port: port(0), Model: rapid.SampledFrom([]string{"", "TM-T88VI", "generic-58"}).Draw(t, "model"),
			Baud: baud.Draw(t, "baud"), Frame: frame.Draw(t, "frame"), DrawerOpen: rapid.SampledFrom([]devices.Level{"", "none", "high", "low"}).Draw(t, "level")}
		if rapid.Bool().Draw(t, "drawers said") {
			n := rapid.IntRange(0, 2).Draw(t, "drawers")
			d.Printer.Drawers = &n
		}
		if rapid.Bool().Draw(t, "display") {
			d.Display = devices.Display{Port: port(1), Kind: devices.KindCD5220, Columns: rapid.SampledFrom([]int{0, 16, 40}).Draw(t, "columns")}
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "scanners") {
			d.Scanners = append(d.Scanners, devices.Scanner{Port: port(2 + i), Baud: baud.Draw(t, "baud"), Prefix: affix.Draw(t, "prefix"), Suffix: affix.Draw(t, "suffix")})
		}
		d.Wedge = devices.Wedge{Prefix: affix.Draw(t, "wedge prefix"), Suffix: affix.Draw(t, "wedge suffix"), Speed: rapid.SampledFrom([]int{0, 5, 200}).Draw(t, "speed")}
		return d
	})
}

// TestWhatIsWrittenIsRead: also over an older file, and with nothing left beside it.
func TestWhatIsWrittenIsRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, devices.FileName)
	rapid.Check(t, func(t *rapid.T) {
		want := anyDevices().Draw(t, "devices")
		if err := devices.Write(path, want); err != nil {
			t.Fatal(err)
		}
		got, err := devices.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("read %+v\nwant %+v", got, want)
		}
		if all, _ := os.ReadDir(dir); len(all) != 1 {
			t.Fatalf("%d files are left", len(all))
		}
	})
}

func TestWriteKeepsTheOldFileWhenItCannot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, devices.FileName)
	if err := devices.Write(path, devices.Devices{Printer: devices.Emulated()}); err != nil {
		t.Fatal(err)
	}
	if err := devices.Write(path, devices.Devices{Printer: devices.Printer{Port: "nowhere"}}); err == nil {
		t.Error("a port that is none was written")
	}
	if err := devices.Write(filepath.Join(dir, "no", devices.FileName), devices.Devices{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("written into no folder: %v", err)
	}
	if got, err := devices.Load(path); err != nil || got.Printer != devices.Emulated() {
		t.Errorf("the old file reads %+v, %v", got, err)
	}
	if _, err := devices.Load(filepath.Join(dir, "none.toml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestDialer(t *testing.T) {
	serial, err := devices.Port("/dev/ttyS0").Dialer(19200, "7E1")
	if want := (link.Serial{Name: "/dev/ttyS0", Baud: 19200, Bits: 7, Parity: 'E'}); err != nil || serial != want {
		t.Errorf("%+v, %v", serial, err)
	}
	tcp, err := devices.Port("tcp:printer:9100").Dialer(0, "")
	if want := (link.TCP{Addr: "printer:9100"}); err != nil || tcp != want {
		t.Errorf("%+v, %v", tcp, err)
	}
	usb, err := devices.Port("usb:/dev/usb/lp0").Dialer(0, "")
	if want := (link.USB{Path: "/dev/usb/lp0"}); err != nil || usb != want {
		t.Errorf("%+v, %v", usb, err)
	}
	for _, nothing := range []devices.Port{"", devices.PortNone, devices.PortEmulator, "lpt1"} {
		if _, err := nothing.Dialer(9600, ""); err == nil {
			t.Errorf("%q can be opened", nothing)
		}
	}
	if _, err := devices.Port("/dev/ttyS0").Dialer(9600, "5N2"); err == nil {
		t.Error("a frame that is none can be opened")
	}
}

func TestLevels(t *testing.T) {
	for level, want := range map[devices.Level]printer.OpenLevel{
		"": printer.OpenNone, devices.LevelNone: printer.OpenNone, devices.LevelHigh: printer.OpenHigh, devices.LevelLow: printer.OpenLow,
	} {
		if got := level.OpenLevel(); got != want {
			t.Errorf("%q is %v", level, got)
		}
		if level != "" && devices.LevelOf(want) != level {
			t.Errorf("%v is %q", want, devices.LevelOf(want))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("printer.port = 'none'"))
	f.Add([]byte("printer = {port = 'x', baud = 1}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := devices.Parse(text)
		if err != nil {
			return
		}
		path := filepath.Join(t.TempDir(), devices.FileName)
		if err := devices.Write(path, d); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
	})
}
