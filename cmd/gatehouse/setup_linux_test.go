package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/desk/staff"
	"gatehouse/drivers/devices"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/paper"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/keys"
	setup "gatehouse/ui/setup/flow"
)

// installing is a station that begins with the set-up.
type installing struct {
	*glass
	t *testing.T
}

// setsUp begins a station with its set-up and waits for the ports.
func setsUp(t *testing.T, o options) installing {
	t.Helper()
	i := installing{newGlass(t, o), t}
	i.on(i.begin)
	i.sees("the ports are listed", func() bool { return len(i.model().Ports) > 0 })
	return i
}

func (i installing) model() *setup.Model { return i.devices.flow.Model() }

func (i installing) press(k keys.Key) { i.on(func() { i.shell.Env().Keys.Key(k) }) }

// at waits until a step has nothing under way any more.
func (i installing) at(step setup.Step) {
	i.t.Helper()
	i.sees("it is at "+string(step), func() bool { return i.model().Step == step && !i.model().Busy })
}

// TestSettingUpAPrinter: from a port that is typed to a station that prints on it,
// with a drawer whose level was learned and a scanner that was heard.
func TestSettingUpAPrinter(t *testing.T) {
	profile, _ := escpos.ProfileNamed("TM-m30")
	em := emulator.New(emulator.Config{Profile: profile, Clock: link.WallClock{}, Baud: 19200, Sensor: emulator.OpenIsLow})
	defer em.Close()
	port := filepath.Join(t.TempDir(), "printer")
	line, err := em.Terminal(port)
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	device, scanner := serialLine(t)

	o := stationAt(utility(t), "A1")
	o.setup = true
	i := setsUp(t, o)
	i.on(func() {
		i.shell.Env().Type(port)
		// The machine of the test has no scanner to list.
		i.devices.screen.Handle(setup.PortsAre{Ports: []setup.Port{{Name: string(scanner)}}})
	})
	i.press(keys.Enter)
	i.at(setup.AtSearch)
	i.on(func() {
		if r := i.model().Result; !r.Found || !r.Certain || r.Model != "TM-m30" || r.Baud != 19200 {
			t.Errorf("found %+v", r)
		}
	})
	i.press(keys.Enter)
	i.at(setup.AtDrawer)
	i.press(keys.Enter)
	i.sees("the drawer was learned", func() bool { return i.model().Learned })
	i.press(keys.Enter)
	i.at(setup.AtPage)
	i.press(keys.Enter)
	i.sees("the page is out", func() bool { return i.model().Fate != nil && i.model().Fate.Name == "confirmed" })
	i.press(keys.Enter)
	i.at(setup.AtScanner)
	i.press(keys.F6)
	i.sees("the scanner is heard", func() bool {
		_, err := device.WriteString("4006381333931\r")
		return err == nil && i.model().Scanned == "4006381333931"
	})
	i.press(keys.Enter)
	i.at(setup.AtDisplay)
	i.press(keys.Enter)
	i.at(setup.AtCentral)
	i.press(keys.Enter)
	i.at(setup.AtEnd)
	i.press(keys.Enter)
	i.sees("it is written", func() bool { return i.model().Saved })
	got, err := devices.Load(filepath.Join(o.folder(), devices.FileName))
	one := 1
	want := devices.Printer{Port: devices.Port(port), Model: "TM-m30", Baud: 19200, Frame: "8N1", DrawerOpen: devices.LevelLow, Drawers: &one}
	if err != nil || got.Printer.Drawers == nil || *got.Printer.Drawers != 1 || len(got.Scanners) != 1 || got.Scanners[0].Port != scanner {
		t.Fatalf("written: %+v, %v", got, err)
	}
	house, err := paper.Logo()
	if err != nil {
		t.Fatal(err)
	}
	want.Logo = devices.Logo{}.Kept(house)
	if got.Printer.Drawers = want.Drawers; got.Printer != want {
		t.Errorf("written: %+v", got.Printer)
	}
	if em.Keeps() != 1 {
		t.Errorf("the printer's memory was written %d times", em.Keeps())
	}
	i.press(keys.Enter)
	i.sees("the station is open", func() bool { return i.shell.Front() == screenPlace })
	i.sees("its printer is the one that was set up", func() bool {
		return i.station.printer.Status().Ready() && i.station.profile.Name == "TM-m30"
	})
	pieces := em.Pieces()
	if len(pieces) != 1 || !strings.HasPrefix(strings.TrimSpace(pieces[0].Text()), "[logo "+want.Logo.Key) {
		t.Errorf("%d pieces came out, or the first begins without the kept logo", len(pieces))
	}
	i.ends()
}

// TestLeavingTheSetUpOpensTheStation: with nothing written, also while a search is
// under way.
func TestLeavingTheSetUpOpensTheStation(t *testing.T) {
	o := stationAt(utility(t), "A1")
	o.setup = true
	i := setsUp(t, o)
	i.on(func() { i.shell.Env().Type(filepath.Join(t.TempDir(), "none")) })
	i.press(keys.Enter)
	i.at(setup.AtSearch)
	i.on(func() {
		if m := i.model(); m.Result.Found || len(m.Findings) != 1 || m.Findings[0].Code != "missing" {
			t.Errorf("%+v", m)
		}
	})
	i.press(keys.Esc)
	i.press(keys.Esc)
	i.sees("the station is open", func() bool { return i.shell.Front() == screenPlace })
	if _, err := os.Stat(filepath.Join(o.folder(), devices.FileName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
	i.ends()
}

// TestAListOfDevicesThatCannotBeRead: the station says so, and the set-up writes
// another, and keeps the one that cannot be read.
func TestAListOfDevicesThatCannotBeRead(t *testing.T) {
	o := stationAt(utility(t), "A1")
	made(t, o)
	path := filepath.Join(o.folder(), devices.FileName)
	write(t, path, "[printer]\nprot = 1\n")
	i := installing{newGlass(t, o), t}
	i.on(i.begin)
	i.sees("the fault is said", func() bool { return i.opening.failed })
	i.press(keys.F9)
	i.sees("the ports are listed", func() bool { return i.devices != nil && len(i.model().Ports) > 0 })
	i.on(func() {
		i.devices.screen.Handle(setup.PortsAre{})
		i.devices.screen.Handle(setup.Picked{Row: 1}) // no printer
	})
	for range 5 {
		i.press(keys.Enter)
	}
	i.sees("it is written", func() bool { return i.model().Saved })
	i.press(keys.Enter)
	i.sees("the station is open", func() bool { return i.shell.Front() == screenPlace })
	if text, err := os.ReadFile(path + ".unread"); err != nil || !strings.Contains(string(text), "prot") {
		t.Errorf("the old file is lost: %q, %v", text, err)
	}
	i.ends()
}

// TestSettingUpLeavesTheRest: what the set-up does not ask for stays in the file.
func TestSettingUpLeavesTheRest(t *testing.T) {
	o := stationAt(t.TempDir(), "A1")
	r := &installer{o: o}
	two := 2
	before := devices.Devices{
		Printer: devices.Printer{Port: "/dev/ttyS0", Model: "TM-m30", Drawers: &two,
			Logo: devices.Logo{File: "ours.png", Unkept: devices.UnkeptOmit, Key: "GH", Hash: strings.Repeat("a", 32)}},
		Display:  devices.Display{Port: "/dev/ttyS1", Kind: devices.KindDMD, Columns: 16},
		Scanners: []devices.Scanner{{Port: "/dev/ttyS2", Suffix: "\x03"}, {Port: "/dev/ttyS3"}},
		Wedge:    devices.Wedge{Prefix: "~"},
	}
	if err := os.MkdirAll(o.folder(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := devices.Write(r.path(), before); err != nil {
		t.Fatal(err)
	}
	set := r.before()
	set.Drawer, set.Baud = "high", 9600
	if err := r.save(set); err != nil {
		t.Fatal(err)
	}
	after, err := devices.Load(r.path())
	if err != nil || after.Display != before.Display || len(after.Scanners) != 2 || after.Scanners[0] != before.Scanners[0] || after.Wedge != before.Wedge {
		t.Errorf("%+v, %v", after, err)
	}
	if p := after.Printer; *p.Drawers != 2 || p.DrawerOpen != "high" || p.Baud != 9600 || p.Logo != before.Printer.Logo {
		t.Errorf("%+v", p)
	}
	// Another printer keeps nothing that anybody knows of.
	set.Port = "/dev/ttyS9"
	if err := r.save(set); err != nil {
		t.Fatal(err)
	}
	if after, err = devices.Load(r.path()); err != nil || after.Printer.Logo != before.Printer.Logo.Kept(nil) {
		t.Errorf("%+v, %v", after.Printer, err)
	}
}

func TestWhoMaySetUpTheDevices(t *testing.T) {
	r := opened(t, stationAt(utility(t), "A1"))
	defer r.close()
	c := &counter{station: r}
	for _, tc := range []struct {
		name string
		m    flow.Model
		may  bool
	}{
		{"nobody", flow.Model{}, false},
		{"a clerk", flow.Model{Me: staff.Person{ID: "maria", Role: staff.CSS1}}, false},
		{"a lead", flow.Model{Me: staff.Person{ID: "tom", Role: staff.CSS2}}, true},
		{"a supervisor", flow.Model{Me: staff.Person{ID: "ana", Role: staff.Supervisor}}, true},
		{"a lead, locked", flow.Model{Me: staff.Person{ID: "tom", Role: staff.CSS2}, Place: flow.AtLock}, false},
		{"a lead with an order under way", flow.Model{Me: staff.Person{ID: "tom", Role: staff.CSS2}, Busy: flow.Idle + 1}, false},
	} {
		if got := c.maySetUp(&tc.m); got != tc.may {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

// TestTheFirstTime: the set-up comes by itself only where something is plugged in
// and nobody has said what it is.
func TestTheFirstTime(t *testing.T) {
	plugged, bare := t.TempDir(), t.TempDir()
	if err := os.MkdirAll(filepath.Join(plugged, "dev", "usb"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(plugged, "dev", "usb", "lp0"), "")
	for _, c := range []struct {
		name, root, file, args string
		want                   bool
	}{
		{"a printer is plugged in", plugged, "", "", true},
		{"nothing is", bare, "", "", false},
		{"it was told", plugged, "", "--printer emulator", false},
		{"it was set up", plugged, "[printer]\nport = \"none\"\n", "", false},
		{"a display was", plugged, "[wedge]\nprefix = \"~\"\n", "", true},
		{"a kiosk", plugged, "", "--role kiosk --station K1", false},
		{"training", plugged, "", "--training", false},
		{"a file that cannot be read", plugged, "[printer]\nprot = 1\n", "", false},
	} {
		if got := firstTime(withFile(t, c.file, c.args), c.root); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestTheSetUpsCommandLine(t *testing.T) {
	for args, want := range map[string]string{"": "g --setup", "--data d": "g --setup --data d", "--setup --data d": "g --setup --data d"} {
		got := setUpArgs("g", strings.Fields(args))
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q", args, got)
		}
		if o, err := parse(got[1:], &bytes.Buffer{}); err != nil || !o.setup {
			t.Errorf("%q: %v", got, err)
		}
	}
}
