package main_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/drivers/devices"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/paper"
)

// emulated is a printer at the end of a pseudo-terminal.
func emulated(t *testing.T, model string, baud int) (em *emulator.Printer, port string) {
	t.Helper()
	profile, known := escpos.ProfileNamed(model)
	if !known {
		t.Fatalf("no profile %q", model)
	}
	em = emulator.New(emulator.Config{Profile: profile, Clock: link.WallClock{}, Baud: baud, Sensor: emulator.OpenIsLow})
	port = filepath.Join(t.TempDir(), "printer")
	line, err := em.Terminal(port)
	must(t, err)
	t.Cleanup(func() {
		must(t, line.Close())
		must(t, em.Close())
	})
	return em, port
}

// TestProbe finds a printer, learns its drawer, prints the page, and writes the
// station's file without what else is in it getting lost.
func TestProbe(t *testing.T) {
	em, port := emulated(t, "TM-m30", 9600)
	dir := t.TempDir()
	path := filepath.Join(dir, devices.FileName)
	must(t, devices.Write(path, devices.Devices{Wedge: devices.Wedge{Prefix: "~"}}))
	a := mustCtl(t, "probe", port, "--learn-drawer", "--write", dir)
	for _, says := range []string{"A printer answers at 9600 baud, 8N1.", "the cable is whole", "It calls itself EPSON TM-m30.",
		"Its profile is TM-m30.", "Its switch is low when it is open.", "The printer keeps the logo now.", "confirms that the page is printed", "Written to " + path} {
		if !strings.Contains(a.out, says) {
			t.Errorf("it does not say %q:\n%s", says, a.out)
		}
	}
	if !strings.Contains(a.err, "Trying 38400 baud") || strings.Contains(a.out, "[") {
		t.Errorf("it said %q and %q", a.out, a.err)
	}
	if pieces := em.Pieces(); len(pieces) != 1 || !strings.Contains(pieces[0].Text(), "END TEST") {
		t.Errorf("%d pieces of paper came out", len(pieces))
	}
	got, err := devices.Load(path)
	must(t, err)
	house, err := paper.Logo()
	must(t, err)
	want := devices.Printer{Port: devices.Port(port), Model: "TM-m30", Baud: 9600, Frame: "8N1", DrawerOpen: devices.LevelLow,
		Logo: devices.Logo{}.Kept(house)}
	if got.Printer != want || got.Wedge.Prefix != "~" {
		t.Errorf("written: %+v", got)
	}
	// What was learned once is kept when the printer is probed again.
	if again := mustCtl(t, "probe", port, "--baud", "9600", "--no-print", "--write", dir); !strings.Contains(again.out, "keeps the logo already") || em.Keeps() != 1 {
		t.Errorf("the printer's memory was written %d times; it says\n%s", em.Keeps(), again.out)
	}
	if got, err = devices.Load(path); err != nil || got.Printer != want {
		t.Errorf("written again: %+v, %v", got, err)
	}
	if n := len(em.Pieces()); n != 1 {
		t.Errorf("--no-print printed: %d pieces", n)
	}
}

// TestProbeKeepsAnotherLogo: a picture from a file takes the place of the one before,
// stands on the test page, and is none when so wished.
func TestProbeKeepsAnotherLogo(t *testing.T) {
	em, port := emulated(t, "TM-T88VI", 38400)
	dir := t.TempDir()
	path, file := filepath.Join(dir, devices.FileName), filepath.Join(t.TempDir(), "ours.png")
	img := image.NewGray(image.Rect(0, 0, 200, 40))
	var data bytes.Buffer
	must(t, png.Encode(&data, img))
	must(t, os.WriteFile(file, data.Bytes(), 0o600))
	kept := func(says string, keeps int, args ...string) devices.Logo {
		t.Helper()
		a := mustCtl(t, append([]string{"probe", port, "--json", "--write", dir}, args...)...)
		var got struct{ Logo string }
		must(t, json.Unmarshal([]byte(a.out), &got))
		d, err := devices.Load(path)
		must(t, err)
		if got.Logo != says || em.Keeps() != keeps {
			t.Errorf("%v: logo %q, written %d times", args, got.Logo, em.Keeps())
		}
		return d.Printer.Logo
	}
	first := kept("written", 1, "--no-print")
	second := kept("written", 3, "--logo", file) // the first is forgotten
	if second.File != file || second.Key == first.Key || second.Hash == first.Hash {
		t.Errorf("first %+v, then %+v", first, second)
	}
	if pieces := em.Pieces(); len(pieces) != 1 || !strings.Contains(pieces[0].Text(), "[logo "+second.Key+" 200×40]") {
		t.Errorf("%d pages; the first does not begin with the kept logo", len(pieces))
	}
	if third := kept("there", 3, "--no-print"); third != second {
		t.Errorf("%+v, then %+v", second, third)
	}
	if none := kept("none", 3, "--no-print", "--logo", "none"); none != (devices.Logo{File: "none"}) {
		t.Errorf("%+v", none)
	}
	if a := ctl(t, "probe", port, "--logo", file); a.code != 2 || !strings.Contains(a.err, "--write") {
		t.Errorf("without a station: %d, %s", a.code, a.err)
	}
	if a := ctl(t, "probe", port, "--no-print", "--write", dir, "--logo", path); a.code != 1 || !strings.Contains(a.err, "PNG") {
		t.Errorf("a file that is no picture: %d, %s", a.code, a.err)
	}
}

func TestProbeInJSON(t *testing.T) {
	_, port := emulated(t, "TM-T88VI", 38400)
	a := mustCtl(t, "probe", port, "--json")
	var got struct {
		Port, Model, Page string
		Baud              int
		Certain           bool
		Findings          []struct{ Code, What string }
	}
	must(t, json.Unmarshal([]byte(a.out), &got))
	if got.Port != port || got.Model != "TM-T88VI" || got.Baud != 38400 || !got.Certain || got.Page != "confirmed" || len(got.Findings) == 0 || got.Findings[0].Code != "answers" {
		t.Errorf("%+v", got)
	}
	if a.err != "" {
		t.Errorf("it also said %q", a.err)
	}
	var list []struct{ Port, What string }
	must(t, json.Unmarshal([]byte(mustCtl(t, "probe", "--json").out), &list))
}

// TestProbeSaysWhatIsWrong: with what a person can do, and it ends with 1.
func TestProbeSaysWhatIsWrong(t *testing.T) {
	em, port := emulated(t, "TM-T88VI", 38400)
	wrong := func(says string, args ...string) {
		t.Helper()
		a := ctl(t, append([]string{"probe"}, args...)...)
		if a.code != 1 || !strings.Contains(a.out, says) {
			t.Errorf("%v ended with %d; it says\n%s%s", args, a.code, a.out, a.err)
		}
	}
	wrong("! Nothing answers", port, "--baud", "9600")
	wrong("Nothing is plugged in", filepath.Join(t.TempDir(), "none"))
	em.OpenCover()
	wrong("! The printer's cover is open.\n     Close it and search again.", port)
	em.CloseCover()
	held, err := link.Serial{Name: port, Baud: 38400}.Dial(t.Context())
	must(t, err)
	wrong("! Another program has this port open.\n     Close that program.", port)
	must(t, held.Close())
	if n := len(em.Pieces()); n != 0 {
		t.Errorf("%d pieces came out", n)
	}
	bad := t.TempDir()
	must(t, os.WriteFile(filepath.Join(bad, devices.FileName), []byte("[printer]\nprot = 1\n"), 0o600))
	if a := ctl(t, "probe", port, "--no-print", "--write", bad); a.code != 1 || !strings.Contains(a.err, "line 2") {
		t.Errorf("over a file it cannot read: %d, %s", a.code, a.err)
	}
}
