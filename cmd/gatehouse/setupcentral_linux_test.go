package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gatehouse/ui/keys"
	setup "gatehouse/ui/setup/flow"
)

// TestSettingUpCentral: the address and the code are typed in the window; the real
// central answers over TLS with the key that its log shows; the station opens, enrols,
// and forgets the code. The next start needs nothing of it.
func TestSettingUpCentral(t *testing.T) {
	c := buildCentral(t)
	defer c.stop()
	c.more = []string{"--tls"}
	code := strings.TrimSpace(c.does("code", "the lobby"))
	c.start()
	pin := regexp.MustCompile(`sha256/[^" ]+`).FindString(strings.Join(c.said, "\n"))

	o := stationAt(utility(t), "A1")
	o.setup = true
	i := setsUp(t, o)
	i.on(func() {
		i.devices.screen.Handle(setup.PortsAre{})
		i.devices.screen.Handle(setup.Picked{Row: 1}) // no printer
	})
	i.press(keys.Enter)
	i.press(keys.Enter)
	i.press(keys.Enter)
	i.at(setup.AtCentral)
	i.on(func() { i.shell.Env().Type("https://" + c.address) })
	i.on(func() { i.devices.screen.Handle(setup.Coded{Text: strings.ToLower(code)}) })
	i.press(keys.Enter)
	i.sees("the key is shown", func() bool { return i.model().Met != nil && i.model().Met.Pin == pin && pin != "" })
	i.press(keys.Enter)
	i.at(setup.AtEnd)
	i.press(keys.Enter)
	i.sees("it is written", func() bool { return i.model().Saved })
	path := filepath.Join(o.folder(), "central.toml")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("where central is: %v, %v", info, err)
	}
	if kept, err := loadCentral(path); err != nil || kept.Pin != pin || kept.Code == "" {
		t.Errorf("kept: %+v, %v", kept, err)
	}
	i.press(keys.Enter)
	i.sees("the station is open", func() bool { return i.shell.Front() == screenPlace })
	i.now(t)
	i.sees("the code is forgotten", func() bool {
		kept, err := loadCentral(path)
		return err == nil && kept.Code == "" && kept.Pin == pin && kept.Address == "https://"+c.address
	})
	i.ends()

	o.setup = false
	again := newGlass(t, o)
	again.on(again.open)
	again.sees("the station is open again", func() bool { return again.shell.Front() == screenPlace })
	again.now(t)
	if s := again.station.central.State(); !s.Online || s.Code != "" {
		t.Errorf("%+v", s)
	}
	again.ends()
	proved(t, o)
}

// TestWhereCentralIsCannotBeRead: the station says so; the set-up writes it anew.
func TestWhereCentralIsCannotBeRead(t *testing.T) {
	for name, text := range map[string]string{"not TOML": "address", "a word nobody knows": "adress = \"https://a\"", "endless": "# " + strings.Repeat("x", maxCentralFile)} {
		o := stationAt(t.TempDir(), "A1")
		if err := os.MkdirAll(o.folder(), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, o.centralPath(), text)
		if _, err := o.withCentral(); err == nil || faultKey(err) != "station.fault.central" {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := stationAt(t.TempDir(), "A1")
	if err := os.MkdirAll(o.folder(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := (centralFile{Address: "https://file", Pin: "sha256/f", Code: "f"}).save(o.centralPath()); err != nil {
		t.Fatal(err)
	}
	got, err := o.withCentral()
	if err != nil || got.central != "https://file" || got.trusted.pins != "sha256/f" || got.code != "f" {
		t.Errorf("from the file: %+v, %v", got, err)
	}
	o.told, o.central = map[string]bool{"central": true}, "https://line"
	if got, err := o.withCentral(); err != nil || got.central != "https://line" || got.code != "" || got.trusted.pins != "" {
		t.Errorf("the command line comes first: %+v, %v", got, err)
	}
}
