package emulator_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
)

// cable is a host's end of the line.
type cable struct {
	t testing.TB
	p *emulator.Printer
	io.ReadWriteCloser
}

func plug(t testing.TB, p *emulator.Printer) cable {
	t.Helper()
	line, err := p.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = line.Close() })
	return cable{t, p, line}
}

// say writes bytes and leaves the printer to them.
func (c cable) say(parts ...[]byte) {
	c.t.Helper()
	for _, b := range parts {
		if _, err := c.Write(b); err != nil {
			c.t.Fatal(err)
		}
	}
}

// hear reads as many bytes as are wanted and compares them.
func (c cable) hear(want ...byte) {
	c.t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil {
		c.t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		c.t.Fatalf("heard % x, want % x", got, want)
	}
}

// silent makes sure that the next thing heard is the answer to a question asked now.
func (c cable) silent() {
	c.t.Helper()
	c.say(escpos.RealtimeStatus(3))
	c.hear(c.p3())
}

func (c cable) p3() byte {
	if c.p.State().Jammed {
		return 0x1a
	}
	return 0x12
}

func must(t testing.TB, b []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func id(t testing.TB, s string) []byte {
	b, err := escpos.ProcessID([4]byte([]byte(s)))
	return must(t, b, err)
}

func TestBytesBeyondTheBufferAreLostAndCounted(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Buffer = 64 })
	line := plug(t, p)
	p.PaperOut()
	line.say([]byte(strings.Repeat("x", 100)))
	if st := p.State(); st.Waiting != 64 || st.Dropped != 36 {
		t.Fatalf("%d waiting, %d lost; want 64 and 36", st.Waiting, st.Dropped)
	}
	line.say(escpos.RealtimeStatus(4)) // obeyed with the buffer full, and no loss
	line.hear(0x7e)
	if st := p.State(); st.Dropped != 36 {
		t.Errorf("%d lost after a real-time command; want 36", st.Dropped)
	}
	p.LoadPaper()
	idle(t, p)
	line.say([]byte("\n"))
	idle(t, p)
	if got := strings.TrimSpace(strings.ReplaceAll(p.Unfinished().Text(), "\n", "")); got != strings.Repeat("x", 64) {
		t.Errorf("printed %q", got)
	}
}

func TestBytesTravelAtTheSpeedOfTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, func(c *emulator.Config) { c.Baud = 9600 })
		line := plug(t, p)
		began := time.Now()
		line.say(make([]byte, 960))
		if took := time.Since(began).Round(time.Millisecond); took != time.Second {
			t.Errorf("960 bytes at 9600 baud took %v", took)
		}
		_ = line.Close()
		_ = p.Close()
	})
}

func TestPaperTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, func(c *emulator.Config) { c.Speed = 1 })
		line := plug(t, p)
		began := time.Now()
		line.say([]byte(strings.Repeat("line\n", 25)))
		idle(t, p)
		took := time.Since(began) // 25 lines of 30 dots at 180 to the inch, 150 mm a second
		if took < 700*time.Millisecond || took > 710*time.Millisecond {
			t.Errorf("25 lines took %v", took)
		}
		_ = line.Close()
		_ = p.Close()
	})
}

func TestOutOfPaperTheReceiptWaitsAndGoesOn(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	if err := p.AfterLines(2, "paper/out"); err != nil {
		t.Fatal(err)
	}
	line.say([]byte("one\ntwo\nthree\n"), escpos.AskPaper())
	line.say(escpos.RealtimeStatus(1), escpos.RealtimeStatus(2), escpos.RealtimeStatus(4))
	waitFor(t, p, func(s emulator.State) bool { return s.Lines == 2 })
	// By now the paper is out; the questions may have been answered before that.
	got := make([]byte, 3)
	if _, err := io.ReadFull(line, got); err != nil {
		t.Fatal(err)
	}
	line.say(escpos.RealtimeStatus(1), escpos.RealtimeStatus(2), escpos.RealtimeStatus(4))
	line.hear(0x1e, 0x32, 0x7e) // drawer closed is high here
	if got := p.Unfinished().Text(); got != "one\ntwo\n" {
		t.Errorf("out of paper it printed %q", got)
	}
	p.LoadPaper()
	line.hear(0) // now GS r is answered
	if got := p.Unfinished().Text(); got != "one\ntwo\nthree\n" {
		t.Errorf("with paper it printed %q", got)
	}
}

// waitFor waits until the printer's own goroutine has brought it there.
func waitFor(t testing.TB, p *emulator.Printer, ok func(emulator.State) bool) {
	t.Helper()
	if err := p.Await(t.Context(), ok); err != nil {
		t.Fatal(err)
	}
}

func TestClearedBuffersPrintNothingLater(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	line.say([]byte("half a line"))
	idle(t, p)
	p.PaperOut()
	line.say([]byte("lost\n"), id(t, "0001"), escpos.ClearBuffers())
	line.hear(0x37, 0x25, 0)
	p.LoadPaper()
	line.say([]byte("after\n"), id(t, "0002"))
	line.hear(0x37, 0x22, '0', '0', '0', '2', 0) // and no 0001
	if got := p.Unfinished().Text(); got != "after\n" {
		t.Errorf("printed %q", got)
	}
}

func TestClearingEndsAPictureHalfSent(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	line.say([]byte("\x1dv0\x00\x40\x00\xff\x00\x01\x02"), escpos.ClearBuffers())
	line.hear(0x37, 0x25, 0)
	line.say([]byte("text\n"))
	idle(t, p)
	if got := p.Unfinished().Text(); got != "text\n" {
		t.Errorf("printed %q", got)
	}
}

func TestProcessIDAnswersWhenPrinted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, func(c *emulator.Config) { c.Speed = 1 })
		line := plug(t, p)
		began := time.Now()
		line.say([]byte(strings.Repeat("line\n", 10)), []byte("\x1dVB\x00"), id(t, "A007"))
		line.hear(0x37, 0x22, 'A', '0', '0', '7', 0)
		if took := time.Since(began); took < 580*time.Millisecond {
			t.Errorf("answered after %v, before the paper was cut", took)
		}
		if len(p.Pieces()) != 1 {
			t.Error("answered before the cut")
		}
		_ = line.Close()
		_ = p.Close()
	})
}

func TestCutterJamWaitsForRecovery(t *testing.T) {
	for _, c := range []struct {
		name  string
		n     byte
		after string // text printed in the end
		cuts  int
	}{
		{"go on", 1, "two\n", 1},
		{"forget", 2, "one\n", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, nil)
			line := plug(t, p)
			line.say(escpos.EnableASB(escpos.ASBAll))
			line.hear(0x14, 0, 0, 0)
			p.JamCutter(1)
			line.say([]byte("one\n\x1dVB\x00two\n"))
			line.hear(0x1c, 0x08, 0, 0)
			line.say(escpos.Recover(c.n))
			line.hear(0x14, 0, 0, 0)
			idle(t, p)
			if got := p.Unfinished().Text(); got != c.after || p.State().Cuts != c.cuts {
				t.Errorf("%d cuts and %q after it", p.State().Cuts, got)
			}
		})
	}
}

func TestReportsOnlyWhatWasAskedFor(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	p.OpenCover()
	p.CloseCover()
	line.silent() // nothing was asked for
	line.say(escpos.EnableASB(escpos.ASBAll))
	line.hear(0x14, 0, 0, 0)
	p.OpenCover()
	line.hear(0x3c, 0, 0, 0)
	p.CloseCover()
	line.hear(0x14, 0, 0, 0)
	p.PaperLow()
	line.hear(0x14, 0, 3, 0)
	p.PaperOut()
	line.hear(0x1c, 0, 0x0f, 0)
	p.LoadPaper()
	line.hear(0x14, 0, 0, 0)
	line.say(escpos.EnableASB(1))
	line.hear(0x14, 0, 0, 0)
	p.PaperLow()
	line.silent() // only the drawer is of interest now
	p.OpenDrawerByKey()
	line.hear(0x10, 0, 3, 0)
	line.say(escpos.Init())
	idle(t, p)
	p.CloseDrawer()
	line.silent() // ESC @ forgets the wish
}

func TestPowerLossForgetsAllButThePaper(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	line.say(escpos.EnableASB(escpos.ASBAll), []byte("\x1bE\x01one\ntail"))
	line.hear(0x14, 0, 0, 0)
	idle(t, p)
	p.OpenCover()
	line.hear(0x3c, 0, 0, 0)
	line.say([]byte("waiting\n"))
	p.PowerOff()
	line.say([]byte("nobody hears this\n"))
	p.PowerOn()
	p.CloseCover()
	line.silent()
	line.say([]byte("two\n"))
	idle(t, p)
	if got := p.Unfinished().Text(); got != "one\ntwo\n" {
		t.Errorf("the paper says %q", got)
	}
	for _, e := range p.Unfinished().Elements[1:] {
		for _, s := range e.Spans {
			if s.Bold {
				t.Error("bold survived the power loss")
			}
		}
	}
}

func TestUnpluggedLineBreaksAndComesBack(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	line.say([]byte("one\n"))
	p.Unplug()
	if _, err := line.Write([]byte("x")); !errors.Is(err, emulator.ErrUnplugged) {
		t.Errorf("writing to an unplugged printer: %v", err)
	}
	if _, err := line.Read(make([]byte, 1)); !errors.Is(err, emulator.ErrUnplugged) {
		t.Errorf("reading from an unplugged printer: %v", err)
	}
	if _, err := p.Pipe(); !errors.Is(err, emulator.ErrUnplugged) {
		t.Errorf("connecting to an unplugged printer: %v", err)
	}
	p.Replug()
	line = plug(t, p)
	line.say([]byte("two\n"))
	idle(t, p)
	if got := p.Unfinished().Text(); got != "one\ntwo\n" {
		t.Errorf("printed %q", got)
	}
}

func TestPlannedFaultsStrikeWhenDue(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	if err := p.AfterBytes(5, "power/off"); err != nil {
		t.Fatal(err)
	}
	line.say([]byte("123\n5678"))
	idle(t, p)
	if st := p.State(); st.Power || st.Received != 5 {
		t.Errorf("power %v after %d bytes", st.Power, st.Received)
	}
	if p.AfterLines(1, "explode") == nil || p.AfterLines(0, "power") == nil || p.Do("explode") == nil {
		t.Error("nonsense was planned")
	}
}

func TestXoffAtTheMarksOfTheBuffer(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.XonXoff = true })
	line := plug(t, p)
	p.PaperOut()
	line.say(make([]byte, 4096-128))
	line.hear(0x13)
	p.LoadPaper()
	line.hear(0x11)
}

func TestCutAtTheCutterTakesTheLastLinesAlong(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	line.say([]byte("one\ntwo\nthree\nfour\nfive\n\x1dV\x00"))
	idle(t, p)
	pieces := p.Pieces()
	if len(pieces) != 1 || pieces[0].Text() != "one\ntwo\n" || p.Unfinished().Text() != "three\nfour\nfive\n" {
		t.Errorf("cut above the last half inch: %d pieces and %q", len(pieces), p.Unfinished().Text())
	}
	line.say([]byte("text without end\x1dV\x00\n"))
	idle(t, p)
	if len(p.Pieces()) != 1 {
		t.Error("GS V 0 cut in the middle of a line")
	}
}

func TestBadCable(t *testing.T) {
	p := start(t, nil)
	line := plug(t, p)
	for n, action := range map[int]string{1: "line/drop", 3: "line/flip"} {
		if err := p.AfterBytes(n, action); err != nil {
			t.Fatal(err)
		}
	}
	line.say([]byte("abcDefg\n"))
	idle(t, p)
	if got := p.Unfinished().Text(); got != "acDEfg\n" {
		t.Errorf("printed %q", got)
	}
	if err := p.Do("line/mute"); err != nil {
		t.Fatal(err)
	}
	line.say(escpos.RealtimeStatus(1)) // its answer is lost
	if err := p.Do("line/noise"); err != nil {
		t.Fatal(err)
	}
	line.hear(0xff)
	line.silent()
}
