package probe_test

import (
	"path/filepath"
	"slices"
	"testing"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
	"gatehouse/drivers/probe"
)

// TestOverARealLine: speed, drawer and page over a pseudo-terminal, opened and
// closed at every speed like any serial port.
func TestOverARealLine(t *testing.T) {
	em := emulator.New(emulator.Config{Profile: *profile("TM-T88VI"), Clock: link.WallClock{}, Baud: 19200, Sensor: emulator.OpenIsLow})
	defer em.Close()
	name := filepath.Join(t.TempDir(), "printer")
	term, err := em.Terminal(name)
	if err != nil {
		t.Fatal(err)
	}
	defer term.Close()
	r := &rig{em: em, options: probe.Options{Port: devices.Port(name)}}
	found, err := r.find(t)
	if err != nil || found.Baud != 19200 || found.Profile.Name != "TM-T88VI" || !found.Proves {
		t.Fatalf("%+v, %v", found, err)
	}
	level, err := probe.Learn(t.Context(), r.options, found, 2, r.tell)
	if err != nil || level != devices.LevelLow {
		t.Errorf("learned %q, %v", level, err)
	}
	if got, err := probe.Print(t.Context(), r.options, found, words()); err != nil || got.Fate != printer.Confirmed {
		t.Errorf("%+v, %v", got, err)
	}

	held, err := link.Serial{Name: name, Baud: 19200}.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	r.found = nil
	if _, err := r.find(t); err == nil || !slices.Contains(r.codes(), probe.Busy) {
		t.Errorf("held by another: %v, %v", r.codes(), err)
	}
}
