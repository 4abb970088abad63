//go:build linux

package printer_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
)

// newPtyRig is a rig over a real pseudo-terminal, opened by tarm/serial like any
// serial port, in real time.
func newPtyRig(t testing.TB, su setup) *rig {
	t.Helper()
	p := su.profileNamed(t)
	em := emulator.New(emulator.Config{
		Profile: p, Clock: link.WallClock{}, Baud: su.baud, Sensor: emulator.OpenIsHigh,
	})
	t.Cleanup(func() { em.Close() })
	name := filepath.Join(t.TempDir(), "printer")
	term, err := em.Terminal(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { term.Close() })
	s, err := printer.New(printer.Config{
		Profile: p, Baud: su.baud, OpenLevel: printer.OpenHigh,
		Dialer: link.Serial{Name: name, Baud: su.baud},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	events, _ := s.Subscribe()
	r := &rig{t: t, em: em, s: s, profile: p, events: events}
	r.until("printer up", func(e printer.Event) bool { return e.Status.Link == printer.LinkUp })
	return r
}

func TestReceiptsOverARealLine(t *testing.T) {
	for _, buffer := range []int{45, 4096} {
		r := newPtyRig(t, setup{baud: 115200, buffer: buffer})
		for n := range 20 {
			if res := r.s.Print(t.Context(), receipt(t, r.profile, n)); res.Fate != printer.Confirmed {
				t.Fatalf("buffer %d, receipt %d: %+v", buffer, n, res)
			}
		}
		if st := r.em.State(); st.Dropped != 0 || st.Unknown != 0 {
			t.Errorf("buffer %d: %d bytes dropped, %d unknown commands", buffer, st.Dropped, st.Unknown)
		}
		wantReceipts(t, r.em, 20)
	}
}

func TestFaultsOverARealLine(t *testing.T) {
	r := newPtyRig(t, setup{baud: 38400})

	r.plan(5, "paper/out")
	done := r.print(t.Context(), 0)
	r.until("held", job(printer.JobHeld))
	r.em.LoadPaper()
	if res := <-done; res.Fate != printer.Confirmed {
		t.Errorf("after loading paper: %+v", res)
	}

	r.plan(5, "unplug")
	if res := <-r.print(t.Context(), 1); res.Fate != printer.Unknown || !errors.Is(res.Cause, printer.ErrLineLost) {
		t.Errorf("unplugged in the middle: %+v", res)
	}
	next := r.print(t.Context(), 2)
	r.until("waiting", job(printer.JobWaiting))
	r.em.Replug()
	if res := <-next; res.Fate != printer.Confirmed {
		t.Errorf("after the replug: %+v", res)
	}

	r.plan(5, "power/off")
	if res := <-r.print(t.Context(), 3); res.Fate != printer.Unknown || !errors.Is(res.Cause, printer.ErrSilent) {
		t.Errorf("switched off in the middle: %+v", res)
	}
	r.em.PowerOn()
	if res := r.s.Print(t.Context(), receipt(t, r.profile, 4)); res.Fate != printer.Confirmed {
		t.Errorf("after the power came back: %+v", res)
	}
	if o := <-r.kick(); o != printer.Opened {
		t.Errorf("kick: %v", o)
	}
}

// BenchmarkKickToPulse reports the time from the call of Kick to the pulse in an
// idle printer at the end of a real line of 9600 baud. Most of a round is the
// rest of the coil: run it with -benchtime=50x.
func BenchmarkKickToPulse(b *testing.B) {
	r := newPtyRig(b, setup{baud: 9600})
	var took []time.Duration
	for b.Loop() {
		<-time.After(700 * time.Millisecond)
		asked := time.Now()
		if o, err := r.s.Kick(context.Background(), 2); o != printer.Opened {
			b.Fatal(o, err)
		}
		p := r.em.State().Pulses
		took = append(took, p[len(p)-1].At.Sub(asked))
		r.em.CloseDrawer()
		r.until("shut", func(e printer.Event) bool { return e.Kind == printer.DrawerShut })
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkUnplug reports how long a real line takes to be seen unplugged, and to be
// in use again once it is back, in milliseconds.
func BenchmarkUnplug(b *testing.B) {
	r := newPtyRig(b, setup{baud: 9600})
	var seen, back []time.Duration
	linkIs := func(s printer.Link) func(printer.Event) bool {
		return func(e printer.Event) bool { return e.Status.Link == s }
	}
	for b.Loop() {
		at := time.Now()
		r.em.Do("unplug")
		r.until("unplugged", linkIs(printer.LinkDown))
		seen = append(seen, time.Since(at))
		<-time.After(300 * time.Millisecond)
		at = time.Now()
		r.em.Replug()
		r.until("back", linkIs(printer.LinkUp))
		back = append(back, time.Since(at))
	}
	b.ReportMetric(float64(p99(seen).Microseconds())/1000, "p99-seen-ms")
	b.ReportMetric(float64(p99(back).Microseconds())/1000, "p99-back-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIdle reports what of a processor an idle session on a real line takes, in
// percent; the emulated printer runs in a program of its own. A round is a second.
func BenchmarkIdle(b *testing.B) {
	name := filepath.Join(b.TempDir(), "printer")
	alone := exec.Command(os.Args[0], "-test.run=^TestServeAPrinterAlone$")
	alone.Env = append(os.Environ(), serveAt+"="+name)
	ends, err := alone.StdinPipe() // it ends with this
	if err != nil {
		b.Fatal(err)
	}
	if err := alone.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ends.Close(); _ = alone.Wait() })
	s, err := printer.New(printer.Config{Profile: (&setup{}).profileNamed(b), Baud: 9600, Dialer: link.Serial{Name: name, Baud: 9600}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	events, _ := s.Subscribe()
	r := &rig{t: b, s: s, events: events}
	r.until("printer up", func(e printer.Event) bool { return e.Status.Link == printer.LinkUp })
	before, began := processor(b), time.Now()
	for b.Loop() {
		<-time.After(time.Second)
	}
	b.ReportMetric(100*float64(processor(b)-before)/float64(time.Since(began)), "%cpu")
	b.ReportMetric(0, "ns/op")
}

// serveAt is set to where TestServeAPrinterAlone puts its printer.
const serveAt = "GATEHOUSE_SERVE_PRINTER"

// TestServeAPrinterAlone is the other program of BenchmarkIdle. By itself it tests
// nothing.
func TestServeAPrinterAlone(t *testing.T) {
	name := os.Getenv(serveAt)
	if name == "" {
		return
	}
	em := emulator.New(emulator.Config{Profile: (&setup{}).profileNamed(t), Clock: link.WallClock{}, Baud: 9600})
	defer em.Close()
	term, err := em.Terminal(name)
	if err != nil {
		t.Fatal(err)
	}
	defer term.Close()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// processor is the time this program took of all processors.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
