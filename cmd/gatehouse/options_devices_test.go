package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/printer"
)

// TestTheCommandLineStandsBeforeTheFile: one setting each, and another port means
// another printer.
func TestTheCommandLineStandsBeforeTheFile(t *testing.T) {
	type settings struct {
		port, model string
		baud        int
		level       printer.OpenLevel
	}
	const file = "[printer]\nport = \"/dev/ttyS9\"\nmodel = \"TM-m30\"\nbaud = 9600\ndrawer_open = \"low\"\n"
	for _, c := range []struct {
		name, file, args string
		want             settings
	}{
		{"no file", "", "", settings{"emulator", "TM-T88VI", 38400, printer.OpenHigh}},
		{"the file", file, "", settings{"/dev/ttyS9", "TM-m30", 9600, printer.OpenLow}},
		{"a speed told", file, "--baud 19200", settings{"/dev/ttyS9", "TM-m30", 19200, printer.OpenLow}},
		{"a model told", file, "--printer-model generic-80", settings{"/dev/ttyS9", "generic-80", 9600, printer.OpenLow}},
		{"a level told", file, "--drawer-open none", settings{"/dev/ttyS9", "TM-m30", 9600, printer.OpenNone}},
		{"another port", file, "--printer tcp:printer:9100", settings{"tcp:printer:9100", "TM-T88VI", 38400, printer.OpenHigh}},
		{"no printer at all", file, "--printer none", settings{"none", "TM-T88VI", 38400, printer.OpenHigh}},
		{"a file without a level", "[printer]\nport = \"usb:/dev/usb/lp0\"\n", "", settings{"usb:/dev/usb/lp0", "TM-T88VI", 38400, printer.OpenNone}},
		{"a file about a display", "[display]\nport = \"/dev/ttyS8\"\nkind = \"dm-d\"\n", "", settings{"emulator", "TM-T88VI", 38400, printer.OpenHigh}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := withFile(t, c.file, c.args)
			o, _, err := o.withDevices()
			if got := (settings{o.printer, o.model, o.baud, o.drawer.level}); err != nil || got != c.want {
				t.Errorf("%+v, %v\nwant %+v", got, err, c.want)
			}
		})
	}
	if _, _, err := withFile(t, "[printer]\nprot = 1\n", "").withDevices(); !errors.Is(err, errDevices) || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

// withFile are the options of a station with that devices.toml.
func withFile(t *testing.T, text, args string) options {
	t.Helper()
	o, err := parse(append([]string{"--data", t.TempDir()}, strings.Fields(args)...), &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	if text == "" {
		return o
	}
	if err := os.MkdirAll(o.folder(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.folder(), devices.FileName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAPortThatIsNone(t *testing.T) {
	for _, port := range []string{"lpt1", "tcp:printer", "usb:lp0"} {
		if _, err := parse([]string{"--printer", port}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "--printer") {
			t.Errorf("%s: %v", port, err)
		}
	}
	o, err := parse([]string{"--printer", filepath.Join("build", "printer")}, &bytes.Buffer{})
	if err != nil || !filepath.IsAbs(o.printer) {
		t.Errorf("a path from here: %q, %v", o.printer, err)
	}
}
