package setup_test

import (
	"strings"
	"testing"

	"gatehouse/ui/keys"
	"gatehouse/ui/look"
	"gatehouse/ui/setup"
	"gatehouse/ui/setup/flow"
	"gatehouse/ui/uitest"
	"gatehouse/ui/words"
)

// desk is the set-up in a window, with devices that answer when they are told.
type desk struct {
	*uitest.Bench
	flow   *flow.Flow
	screen *setup.Screen
	last   flow.Effect
}

func newDesk(t *testing.T, lang words.Lang, o uitest.Options) *desk {
	t.Helper()
	d := &desk{Bench: uitest.New(t, o)}
	book, err := words.For(lang)
	if err != nil {
		t.Fatal(err)
	}
	d.flow = flow.New(flow.Deps{Models: models(), IsPort: func(s string) bool { return s[0] == '/' },
		NoCentral: func(s string) string {
			return map[bool]string{true: "", false: "plain_http"}[strings.HasPrefix(s, "https:")]
		}, IsCode: func(s string) bool { return len(s) > 4 }})
	d.screen = setup.New(setup.Options{Env: d.Env, Flow: d.flow, Words: book, Station: "A1", Run: func(e flow.Effect) { d.last = e }})
	d.Show(d.screen.Content())
	d.screen.Enter()
	d.screen.Start()
	d.screen.Handle(flow.PortsAre{Ports: []flow.Port{
		{Name: "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10JX2K4-if00-port0", What: "FTDI FT232R USB UART"},
		{Name: "/dev/serial/by-id/usb-Honeywell_1950_scanner-if00", What: "Honeywell 1950"},
		{Name: "usb:/dev/usb/lp0", What: "EPSON TM-T88V"}, {Name: "/dev/ttyS0"}}})
	return d
}

func models() []flow.Printer {
	var all []flow.Printer
	for _, name := range []string{"TM-T88VI", "TM-T88V", "TM-T88IV", "TM-T20III", "TM-m30", "TM-L90", "TM-U220", "TM-H6000IV", "SRP-350",
		"mC-Print3", "CT-S310II", "CT-S651", "generic-80", "generic-58", "write-only", "another-1", "another-2", "another-3"} {
		all = append(all, flow.Printer{Name: name, Columns: 42, Dots: 512})
	}
	return all
}

// steps walks through every page, with the most that each has to say.
func (d *desk) steps(each func(name string)) {
	d.Bench.Press(keys.Down, keys.Up)
	each("port")
	d.Press(keys.Enter)
	d.screen.Handle(flow.Told{Turn: d.last.Turn, Finding: flow.Finding{Code: "trying", Args: map[string]any{"baud": 9600, "frame": "8N1"}}})
	each("searching")
	for _, f := range []flow.Finding{
		{Code: "answers", Args: map[string]any{"baud": 9600, "frame": "8N1"}},
		{Code: "withheld", Weight: flow.Minor}, {Code: "reports"},
		{Code: "unknown", Args: map[string]any{"text": "generic-80"}, Weight: flow.Minor}} {
		d.screen.Handle(flow.Told{Turn: d.last.Turn, Finding: f})
	}
	d.screen.Handle(flow.Searched{Turn: d.last.Turn, Result: flow.Result{Found: true, Model: "generic-80", Baud: 9600, Frame: "8N1"}})
	each("found")
	d.Press(keys.Enter)
	each("model")
	d.Press(keys.Enter)
	each("drawer")
	d.Press(keys.Enter)
	d.screen.Handle(flow.Told{Turn: d.last.Turn, Finding: flow.Finding{Code: "drawer_still", Weight: flow.Minor}})
	d.screen.Handle(flow.LearnedIs{Turn: d.last.Turn, Drawer: "none"})
	each("learned")
	d.Press(keys.Enter, keys.Enter)
	d.screen.Handle(flow.Printed{Turn: d.last.Turn, Fate: flow.Fate{Name: "parsed", Out: true,
		Logo: flow.Logo{Name: "failed", Cause: "keep the logo: the printer has no room: make it smaller, or delete other pictures (4272 bytes, 1024 are free)"}}})
	each("page")
	d.Press(keys.Enter)
	d.Scan("4006381333931")
	each("scanner")
	d.Press(keys.Enter, keys.F6)
	d.screen.Handle(flow.ShownIs{Turn: d.last.Turn})
	each("display")
	d.Press(keys.Enter)
	d.Type("http://central.riverside-water.example")
	d.Tab()
	d.Type("K7QX")
	d.Press(keys.Enter)
	each("slips")
	d.Type("-0123-4567-89AB-C")
	d.Press(keys.Esc, keys.Enter) // back, and here again
	d.screen.Handle(flow.Placed{Text: "https://central.riverside-water.example"})
	d.Press(keys.Esc, keys.Enter)
	d.Press(keys.Enter)
	d.screen.Handle(flow.MetIs{Turn: d.last.Turn, Met: flow.Met{Pin: "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}})
	each("central")
	d.Press(keys.Enter)
	each("end")
	d.Press(keys.Enter)
	d.screen.Handle(flow.SavedIs{Turn: d.last.Turn, Trouble: "write the devices /var/lib/gatehouse/A1/devices.toml: there is no space left on the device"})
	each("refused")
	d.Press(keys.Enter)
	d.screen.Handle(flow.SavedIs{Turn: d.last.Turn})
	each("written")
}

// TestEveryStepFits: on the smallest counter, in every language, and with text at
// 150 percent.
func TestEveryStepFits(t *testing.T) {
	for _, lang := range words.Languages() {
		for _, large := range []bool{false, true} {
			d := newDesk(t, lang, uitest.Options{Look: look.Options{Large: large}})
			n := 0
			d.steps(func(name string) {
				n++
				d.Fits()
				for _, text := range d.Texts() {
					if strings.ContainsAny(text, "[{") {
						t.Errorf("%s, %s: a sentence is missing, or a fact of it: %q", lang, name, text)
					}
				}
			})
			if n != 14 || d.flow.Model().Step != flow.AtEnd || !d.flow.Model().Saved {
				t.Errorf("%d pages were seen, the last is %s", n, d.flow.Model().Step)
			}
		}
	}
}

// TestLooks are the pages somebody has looked at.
func TestLooks(t *testing.T) {
	d := newDesk(t, words.English, uitest.Options{})
	d.steps(func(name string) {
		switch name {
		case "port", "found", "page", "central":
			d.Layout(name)
		}
		if name == "found" || name == "central" {
			d.Picture(name)
		}
	})
}

func TestKeysAndFingers(t *testing.T) {
	d := newDesk(t, words.English, uitest.Options{})
	if err := d.screen.Table().Check(); err != nil {
		t.Error(err)
	}
	// What is typed goes into the field; the arrow keys move in the list.
	d.Type("/dev/ttyS9")
	d.Press(keys.Down)
	if m := d.flow.Model(); m.Typed != "/dev/ttyS9" || m.Chosen != 1 {
		t.Errorf("typed %q, row %d", m.Typed, m.Chosen)
	}
	d.Press(keys.Enter)
	if d.last.Do != flow.DoSearch || d.last.Settings.Port != "/dev/ttyS9" {
		t.Errorf("%+v", d.last)
	}
	d.Tap("Back")
	if d.last.Do != flow.DoStop || d.flow.Model().Step != flow.AtPort {
		t.Errorf("%+v", d.last)
	}
	d.Press(keys.Esc)
	if d.last.Do != flow.DoOpen {
		t.Errorf("%+v", d.last)
	}
}

// TestAWrongPortIsRefusedBesideIt: and what was typed stays.
func TestAWrongPortIsRefusedBesideIt(t *testing.T) {
	d := newDesk(t, words.English, uitest.Options{})
	d.Type("lpt1")
	d.Press(keys.Enter)
	d.Shows("This is no port.")
	if d.last.Do != flow.DoList || d.flow.Model().Typed != "lpt1" {
		t.Errorf("%+v, typed %q", d.last, d.flow.Model().Typed)
	}
	d.Press("1")
	for _, text := range d.Texts() {
		if text == "This is no port." {
			t.Error("it is refused still while another is typed")
		}
	}
}

// TestAScanIsHeard: at its own step, with the focus nowhere.
func TestAScanIsHeard(t *testing.T) {
	d := newDesk(t, words.English, uitest.Options{})
	d.Press(keys.Down, keys.Down, keys.Down, keys.Down, keys.Enter) // the emulated printer
	d.Scan("4006381333931")
	d.Shows("Heard: 4006381333931")
}
