package printer_test

import (
	"context"
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
)

// The figures that are promised, on simulated time: a few rounds in make test, and
// GATEHOUSE_FIGURES times as many in make bench, which reads them from the log.
func many(t testing.TB, rounds int) int { return rounds * fromEnvironment(t, "GATEHOUSE_FIGURES", 1) }

// figure writes a measured value down in the form of a benchmark.
func figure(t *testing.T, name, what string, value float64, unit string) {
	t.Helper()
	t.Logf("BenchmarkFigure/%s/%s 1 %.3f %s", name, strings.NewReplacer(" ", "_", "-", "_").Replace(what), value, unit)
}

// latePort hands on what the printer says as late as a line and its adapter do.
type latePort struct {
	link.Port
	baud int
	late time.Duration // of the adapter: 2 ms of a serial port, 16 ms of a USB one
}

func (p latePort) Read(b []byte) (int, error) {
	n, err := p.Port.Read(b)
	if n > 0 {
		<-time.After(p.late + time.Duration(n)*10*time.Second/time.Duration(p.baud))
	}
	return n, err
}

// late makes the line of a rig answer late.
func late(baud int, by time.Duration) func(*printer.Config) {
	return func(c *printer.Config) {
		dial := c.Dialer
		c.Dialer = link.DialFunc(func(ctx context.Context) (link.Port, error) {
			p, err := dial.Dial(ctx)
			if err != nil {
				return nil, err
			}
			return latePort{p, baud, by}, nil
		})
	}
}

// photo is a picture that no strip of compresses.
func photo(t testing.TB, w, h int) escpos.Image {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = uint8(rnd.IntN(256))
	}
	b, err := escpos.NewBitmap(img, escpos.Dither)
	if err != nil {
		t.Fatal(err)
	}
	return escpos.Image{Bitmap: b}
}

// confirmations measures from the moment the cutter is through to the return of
// Print.
func confirmations(t *testing.T, w wire, n int) (took []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		cut := make(chan time.Time, 1)
		r := newRig(t, setup{
			baud: w.baud, buffer: w.buffer, session: late(w.baud, w.late),
			emulate: func(c *emulator.Config) { c.OnPiece = func(emulator.Piece) { cut <- time.Now() } },
		})
		for i := range n {
			if res := r.s.Print(t.Context(), receipt(t, r.profile, i)); res.Fate != printer.Confirmed {
				t.Fatalf("%+v: %+v", w, res)
			}
			took = append(took, time.Since(<-cut))
		}
	})
	return took
}

func p99(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)*99/100]
}

// within fails when the worst but one in a hundred is later than limit.
func within(t *testing.T, name, what string, took []time.Duration, limit time.Duration) {
	t.Helper()
	figure(t, name, what, float64(p99(took).Microseconds())/1000, "p99-ms")
	if got := p99(took); got > limit {
		t.Errorf("%s: %v at p99 of %d, want at most %v", what, got, len(took), limit)
	}
}

func TestConfirmedSoonAfterTheLastDot(t *testing.T) {
	for _, w := range wires() {
		within(t, "Confirmed", fmt.Sprintf("%d baud %d bytes %v", w.baud, w.buffer, w.late), confirmations(t, w, many(t, 3)), 60*time.Millisecond)
	}
}

// statuses measures from what happens at the printer to the event about it.
func statuses(t *testing.T, profile string, n int, printing bool) (took []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{profile: profile, baud: 9600, session: late(9600, 16*time.Millisecond)})
		rnd := rand.New(rand.NewPCG(4, 4))
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for i := 0; printing; i++ {
				select {
				case <-stop:
					return
				default:
					r.s.Print(t.Context(), receipt(t, r.profile, i))
				}
			}
		}()
		step := func(action string, is func(printer.Event) bool) {
			<-time.After(300*time.Millisecond + time.Duration(rnd.IntN(3000))*time.Millisecond)
			for len(r.events) > 0 {
				<-r.events
			}
			at := time.Now()
			r.em.Do(action)
			took = append(took, r.until(action, is).Status.At.Sub(at))
		}
		for range n {
			step("drawer/key", kind(printer.UnexpectedOpen))
			step("drawer/close", kind(printer.DrawerShut))
			step("cover/open", func(e printer.Event) bool { return e.Status.CoverOpen })
			step("cover/close", func(e printer.Event) bool { return !e.Status.CoverOpen && e.Status.Online })
			step("paper/low", func(e printer.Event) bool { return e.Status.Paper == printer.PaperLow })
			step("paper/load", func(e printer.Event) bool { return e.Status.Paper == printer.PaperOK })
		}
		close(stop)
		<-stopped
	})
	return took
}

func TestTheStatusIsToldAtOnce(t *testing.T) {
	within(t, "Status", "idle", statuses(t, "TM-T88VI", many(t, 5), false), 50*time.Millisecond)
	within(t, "Status", "printing", statuses(t, "TM-T88VI", many(t, 5), true), 50*time.Millisecond)
}

// A printer that reports nothing by itself is asked often enough.
func TestTheStatusIsToldSoonWhereItHasToBeAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{profile: "generic-58", baud: 9600, session: late(9600, 16*time.Millisecond)})
		var took []time.Duration
		for range many(t, 20) {
			for _, action := range []string{"drawer/key", "drawer/close"} {
				<-time.After(1700*time.Millisecond + time.Duration(len(took))*37*time.Millisecond)
				at := time.Now()
				r.em.Do(action)
				e := r.until(action, func(e printer.Event) bool { return e.Kind != printer.StatusChanged })
				took = append(took, e.Status.At.Sub(at))
			}
		}
		within(t, "StatusAsked", "every half second", took, 600*time.Millisecond)
	})
}

// pulses measures from the order to the pulse, at any moment of jobs made by doc.
func pulses(t *testing.T, n int, doc func() *escpos.Doc) (took []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{baud: 9600, session: late(9600, 16*time.Millisecond)})
		rnd := rand.New(rand.NewPCG(5, 5))
		segs, err := escpos.Encode(doc(), r.profile)
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			done := make(chan printer.Result, 1)
			go func() { done <- r.s.Print(t.Context(), segs) }()
			<-time.After(50*time.Millisecond + time.Duration(rnd.IntN(800))*time.Millisecond)
			at := time.Now()
			if o := r.kickPin(2); o != printer.Opened {
				t.Errorf("kick: %v", o)
			}
			p := r.em.State().Pulses
			took = append(took, p[len(p)-1].At.Sub(at))
			r.em.CloseDrawer()
			if res := <-done; res.Fate != printer.Confirmed {
				t.Errorf("the job: %+v", res)
			}
			<-time.After(time.Second)
		}
	})
	return took
}

func text() *escpos.Doc {
	d := new(escpos.Doc)
	for i := range 25 {
		d.Add(escpos.Pair(fmt.Sprintf("line %d of a receipt", i), "1,234.56"))
	}
	return d
}

func TestTheDrawerDoesNotWaitForThePaper(t *testing.T) {
	within(t, "Pulse", "in text", pulses(t, many(t, 20), func() *escpos.Doc { return text().Add(escpos.Cut{}) }), 60*time.Millisecond)
	within(t, "PulseInPicture", "in a picture", pulses(t, many(t, 20), func() *escpos.Doc {
		return new(escpos.Doc).Add(photo(t, 512, 240), escpos.Cut{})
	}), 300*time.Millisecond)
}

// submitted prints doc n times and returns how long each took from the order to
// the confirmation, and by how many percent the bytes on the line were more than
// the document.
func submitted(t *testing.T, baud, n int, doc *escpos.Doc) (took []time.Duration, overhead float64) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{baud: baud, session: late(baud, 16*time.Millisecond)})
		<-time.After(time.Second) // what is sent when the line is opened is not the receipt's
		before, bytes := r.em.State().Received, 0
		for range n {
			segs, err := escpos.Encode(doc, r.profile)
			if err != nil {
				t.Fatal(err)
			}
			bytes += total(segs)
			at := time.Now()
			if res := r.s.Print(t.Context(), segs); res.Fate != printer.Confirmed {
				t.Errorf("%+v", res)
			}
			took = append(took, time.Since(at))
		}
		overhead = 100 * float64(r.em.State().Received-before-int64(bytes)) / float64(bytes)
	})
	return took, overhead
}

// The mechanics take 25 lines of 4.23 mm at 150 mm/s, 706 ms; the cut, with the
// feed to the cutter, takes 385 ms more, which no driver can make shorter.
func TestAReceiptIsQuickAndCostsLittleMore(t *testing.T) {
	took, _ := submitted(t, 38400, many(t, 20), text())
	within(t, "Receipt", "25 lines at 38400 baud", took, time.Second)
	took, _ = submitted(t, 38400, many(t, 20), text().Add(escpos.Cut{}))
	within(t, "Receipt", "the same with the cut", took, 1150*time.Millisecond)
	for _, baud := range []int{9600, 38400, 115200} {
		_, overhead := submitted(t, baud, many(t, 20), text().Add(escpos.Cut{}))
		if overhead > 5 {
			t.Errorf("at %d baud %.1f %% more bytes than the receipt, want at most 5", baud, overhead)
		}
		figure(t, "Overhead", fmt.Sprintf("%d baud", baud), overhead, "percent")
	}
}
