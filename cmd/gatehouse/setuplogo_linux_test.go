package main

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/paper"
	"gatehouse/ui/setup/flow"
)

// TestPapersHaveTheLogo: by its key from the printer that was made to keep it, and
// dot by dot from another that stands in its place by the time the station opens.
func TestPapersHaveTheLogo(t *testing.T) {
	house, err := paper.Logo()
	if err != nil {
		t.Fatal(err)
	}
	kept := "[logo " + escpos.KeyOf(house).String() + " "
	for name, exchanged := range map[string]bool{"the printer that was set up": false, "another": true} {
		t.Run(name, func(t *testing.T) {
			port := filepath.Join(t.TempDir(), "printer")
			em, unplug := plugged(t, port)
			o := stationAt(utility(t), "A1")
			r := &installer{o: o, log: slog.New(slog.DiscardHandler)}
			set := flow.Settings{Port: port, Model: "TM-m30", Baud: 115200, Frame: "8N1", Drawer: "low", Drawers: 1}
			if logo, told := r.keepLogo(t.Context(), set); logo.Key != escpos.KeyOf(house) || told.Name != "written" || em.Keeps() != 1 {
				t.Errorf("the test page has %v, the person hears %+v; the memory was written %d times", logo.Key, told, em.Keeps())
			}
			if err := r.save(set); err != nil {
				t.Fatal(err)
			}
			if exchanged {
				unplug()
				em, _ = plugged(t, port)
			}
			station := opened(t, o)
			station.pays(t)
			station.printed(t)
			if err := station.close(); err != nil {
				t.Fatal(err)
			}
			pieces := em.Pieces()
			if len(pieces) != 2 {
				t.Fatalf("%d papers came out", len(pieces))
			}
			for _, p := range pieces {
				text := p.Text()
				if strings.Contains(text, kept) == exchanged || strings.Contains(text, "[image 304×112]") != exchanged {
					t.Errorf("exchanged %v:\n%s", exchanged, text)
				}
			}
		})
	}
}

// plugged is a printer at the end of a pseudo-terminal.
func plugged(t *testing.T, port string) (em *emulator.Printer, unplug func()) {
	t.Helper()
	profile, _ := escpos.ProfileNamed("TM-m30")
	em = emulator.New(emulator.Config{Profile: profile, Clock: link.WallClock{}, Baud: 115200, Sensor: emulator.OpenIsLow})
	line, err := em.Terminal(port)
	if err != nil {
		t.Fatal(err)
	}
	gone := false
	unplug = func() {
		if gone {
			return
		}
		gone = true
		if err := line.Close(); err != nil {
			t.Error(err)
		}
		if err := em.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(unplug)
	return em, unplug
}
