package printer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
)

func TestReceiptsAreConfirmedAndNoByteIsLost(t *testing.T) {
	for _, c := range []struct {
		profile string
		buffer  int
		baud    int
		ack     escpos.AckToken
		want    printer.Fate
	}{
		{"TM-T88VI", 4096, 115200, escpos.AckProcID, printer.Confirmed},
		{"TM-T88VI", 4096, 9600, escpos.AckProcID, printer.Confirmed},
		{"TM-T88VI", 45, 115200, escpos.AckProcID, printer.Confirmed},
		{"TM-T88VI", 45, 9600, escpos.AckProcID, printer.Confirmed},
		{"TM-T88VI", 45, 38400, escpos.AckASB, printer.Parsed},
		{"TM-T88VI", 4096, 38400, escpos.AckASB, printer.Parsed},
		{"generic-80", 4096, 115200, escpos.AckGSr, printer.Parsed},
		{"generic-80", 45, 115200, escpos.AckGSr, printer.Parsed},
		{"generic-58", 45, 19200, escpos.AckGSr, printer.Parsed},
		{"write-only", 4096, 115200, escpos.AckNone, printer.SentOnly},
		{"write-only", 45, 115200, escpos.AckNone, printer.SentOnly},
	} {
		t.Run(fmt.Sprintf("%s/%d/%d/%d", c.profile, c.buffer, c.baud, c.ack), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, setup{
					profile: c.profile, buffer: c.buffer, baud: c.baud,
					change: func(p *escpos.Profile) { p.Ack = c.ack },
				})
				for n := range 20 {
					segs := receipt(t, r.profile, n)
					got := r.s.Print(t.Context(), segs)
					if got.Fate != c.want || got.Cause != nil {
						t.Fatalf("receipt %d: %v, %v; want %v", n, got.Fate, got.Cause, c.want)
					}
					if all := total(segs); got.BytesOut != all {
						t.Errorf("receipt %d: %d bytes out of %d", n, got.BytesOut, all)
					}
				}
				if err := r.em.WaitIdle(t.Context()); err != nil {
					t.Fatal(err)
				}
				st := r.em.State()
				if st.Dropped != 0 || st.Unknown != 0 {
					t.Errorf("%d bytes dropped, %d unknown commands", st.Dropped, st.Unknown)
				}
				wantReceipts(t, r.em, 20)
			})
		})
	}
}

func total(segs []escpos.Segment) (n int) {
	for _, s := range segs {
		n += len(s.Data)
	}
	return n
}

// wantReceipts checks that n receipts came out, each whole and in order.
func wantReceipts(t *testing.T, em *emulator.Printer, n int) {
	t.Helper()
	var whole int
	for _, p := range em.Pieces() {
		text := p.Text()
		if strings.Count(text, "line") == 22 && strings.Contains(text, fmt.Sprintf("END %d", whole)) {
			whole++
		}
	}
	if whole != n && em.State().Cuts > 0 {
		t.Errorf("%d whole receipts came out, want %d", whole, n)
	}
}

func TestConfirmedMeansOnPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.s.Print(t.Context(), receipt(t, r.profile, 0))
		wantReceipts(t, r.em, 1) // at the very moment, not a little later
		r.wantPieces(1)
	})
}

// The printer stops in the middle for a reason a person can mend, tells so at
// once, and goes on when it is mended.
func TestStopsInTheMiddleAndGoesOn(t *testing.T) {
	for _, c := range []struct {
		fault, mend string
		says        printer.Hindrance
	}{
		{"paper/out", "paper/load", printer.OutOfPaper},
		{"cover/open", "cover/close", printer.CoverOpen},
	} {
		for _, profile := range []string{"TM-T88VI", "generic-80", "generic-58"} {
			t.Run(c.fault+"/"+profile, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := newRig(t, setup{profile: profile})
					r.plan(10, c.fault)
					done := r.print(t.Context(), 0)
					r.until("job held", job(printer.JobHeld))
					if profile == "generic-58" { // it has to be asked for the reason
						r.until("the reason", func(e printer.Event) bool { return e.Status.Hindrance() == c.says })
					}
					if got := r.s.Status().Hindrance(); got != c.says {
						t.Errorf("the printer is said to be: %v, want %v", got, c.says)
					}
					select {
					case res := <-done:
						t.Fatalf("ended while stopped: %+v", res)
					case <-time.After(10 * time.Minute):
					}
					r.em.Do(c.mend)
					res := <-done
					if res.Fate != printer.Confirmed && res.Fate != printer.Parsed {
						t.Errorf("after mending: %+v", res)
					}
					r.em.WaitIdle(t.Context())
					if r.profile.Cutter {
						wantReceipts(t, r.em, 1)
					}
					if d := r.em.State().Dropped; d != 0 {
						t.Errorf("%d bytes dropped", d)
					}
				})
			})
		}
	}
}

func TestDoesNotBeginWhilePaperIsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.em.PaperOut()
		r.until("paper out", func(e printer.Event) bool { return e.Status.Paper == printer.PaperOut })
		before := r.em.State().Received

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		short := r.s.Print(ctx, receipt(t, r.profile, 7))
		if short.Fate != printer.NotStarted || short.BytesOut != 0 || !errors.Is(short.Cause, context.DeadlineExceeded) {
			t.Errorf("a job that could not begin: %+v", short)
		}
		done := r.print(t.Context(), 0)
		r.until("job waiting", job(printer.JobWaiting))
		synctest.Wait()
		// Only questions of three bytes may have been asked.
		if n := r.em.State().Received - before; n > 3*200 {
			t.Errorf("%d bytes were sent to a printer without paper", n)
		}
		r.em.LoadPaper()
		if res := <-done; res.Fate != printer.Confirmed {
			t.Errorf("after loading: %+v", res)
		}
		wantReceipts(t, r.em, 1)
		r.wantPieces(1)
	})
}

func TestBlockedWhenTheCallerWaitsNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{baud: 115200})
		ctx, cancel := context.WithCancel(t.Context())
		r.plan(15, "paper/out")
		done := r.print(ctx, 0)
		r.until("job held", job(printer.JobHeld))
		cancel()
		res := <-done
		if res.Fate != printer.Blocked || !strings.Contains(res.Cause.Error(), "out of paper") {
			t.Errorf("all is in a printer without paper: %+v", res)
		}
		// The printer prints the rest by itself, and the next job after it.
		r.em.LoadPaper()
		if res := r.s.Print(t.Context(), receipt(t, r.profile, 1)); res.Fate != printer.Confirmed {
			t.Errorf("the next job: %+v", res)
		}
		wantReceipts(t, r.em, 2)
		r.wantPieces(2)
	})
}

func TestUnplugInTheMiddleIsUnknownAndNothingIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.plan(10, "unplug")
		res := <-r.print(t.Context(), 0)
		if res.Fate != printer.Unknown || !errors.Is(res.Cause, printer.ErrLineLost) || res.BytesOut == 0 {
			t.Fatalf("unplugged in the middle: %+v", res)
		}
		r.until("link down", func(e printer.Event) bool { return e.Status.Link == printer.LinkDown })
		lines := r.em.State().Lines
		next := r.print(t.Context(), 1) // waits for the line
		r.until("job waiting", job(printer.JobWaiting))
		r.em.Replug()
		if res := <-next; res.Fate != printer.Confirmed {
			t.Errorf("after the replug: %+v", res)
		}
		for i, p := range r.em.Pieces() {
			if n := strings.Count(p.Text(), "receipt 0 line 3 "); i == 0 && n != 1 || i > 0 && n != 0 {
				t.Errorf("piece %d has the line %d times", i, n)
			}
		}
		// The fragment is cut off before the next receipt.
		r.wantPieces(2)
		if last := r.em.Pieces()[1].Text(); !strings.Contains(last, "END 1") || strings.Contains(last, "receipt 0") {
			t.Errorf("the next receipt reads:\n%s", last)
		}
		if got := r.em.State().Lines - lines; got > 50 {
			t.Errorf("%d lines after the unplug", got)
		}
	})
}

func TestPowerOffInTheMiddleIsUnknown(t *testing.T) {
	for _, profile := range []string{"TM-T88VI", "generic-80"} {
		t.Run(profile, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, setup{profile: profile})
				r.plan(10, "power/off")
				res := <-r.print(t.Context(), 0)
				if res.Fate != printer.Unknown || !errors.Is(res.Cause, printer.ErrSilent) {
					t.Fatalf("switched off in the middle: %+v", res)
				}
				r.until("silence", func(e printer.Event) bool { return e.Status.Link == printer.LinkSilent })
				r.em.PowerOn()
				if res := r.s.Print(t.Context(), receipt(t, r.profile, 1)); res.Fate != printer.Confirmed && res.Fate != printer.Parsed {
					t.Errorf("after power came back: %+v", res)
				}
				// It reports again, although it forgot that it should.
				r.em.PaperLow()
				r.until("paper low", func(e printer.Event) bool { return e.Status.Paper == printer.PaperLow })
			})
		})
	}
}

// Whatever the moment at which somebody switches the printer off and on, a
// receipt that is not whole on paper is never called confirmed.
func TestPowerCycleIsNeverConfirmed(t *testing.T) {
	for _, fault := range []string{"", "paper/out"} {
		for lines := 1; lines <= 20; lines++ {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, setup{baud: 38400})
				if fault != "" { // switched off because it stood still
					r.plan(lines, fault)
				}
				r.plan(lines, "power/off")
				done := r.print(t.Context(), 0)
				time.AfterFunc(3*time.Second, func() {
					r.em.PowerOn()
					r.em.LoadPaper()
				})
				res := <-done
				if res.Fate != printer.Unknown {
					t.Errorf("switched off after line %d: %+v", lines, res)
				}
				// The two papers are parted.
				if res := r.s.Print(t.Context(), receipt(t, r.profile, 1)); res.Fate != printer.Confirmed {
					t.Errorf("the next receipt: %+v", res)
				}
				if p := r.em.Pieces(); strings.Contains(p[len(p)-1].Text(), "receipt 0") {
					t.Errorf("two receipts on one piece of paper:\n%s", p[len(p)-1].Text())
				}
			})
		}
	}
}

func TestCloseInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		done := r.print(t.Context(), 0)
		r.until("printing", job(printer.JobPrinting))
		waiting := r.print(t.Context(), 1)
		synctest.Wait()
		if err := r.s.Close(); err != nil {
			t.Error(err)
		}
		if res := <-done; res.Fate != printer.Unknown && res.Fate != printer.NotStarted {
			t.Errorf("the job under way: %+v", res)
		}
		if res := <-waiting; res.Fate != printer.NotStarted || !errors.Is(res.Cause, printer.ErrClosed) {
			t.Errorf("the job behind it: %+v", res)
		}
		if res := r.s.Print(t.Context(), receipt(t, r.profile, 2)); res.Fate != printer.NotStarted {
			t.Errorf("a job after Close: %+v", res)
		}
	})
}

// A printer set to XON/XOFF says XON when it is switched on, which betrays even
// a loss of power too short for any question.
func TestMomentaryPowerLossShowsByXON(t *testing.T) {
	for lines := 1; lines <= 20; lines++ {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, setup{emulate: func(c *emulator.Config) { c.XonXoff = true }})
			r.plan(lines, "power")
			if res := <-r.print(t.Context(), 0); res.Fate != printer.Unknown || !errors.Is(res.Cause, printer.ErrRestarted) {
				t.Errorf("power failed after line %d: %+v", lines, res)
			}
		})
	}
}

func TestXOFFIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The profile promises more room than there is; only the printer's own
		// signals keep the bytes from being lost.
		r := newRig(t, setup{baud: 115200, emulate: func(c *emulator.Config) { c.XonXoff, c.Buffer = true, 520 }})
		for n := range 5 {
			if res := r.s.Print(t.Context(), receipt(t, r.profile, n)); res.Fate != printer.Confirmed {
				t.Errorf("receipt %d: %+v", n, res)
			}
		}
		if d := r.em.State().Dropped; d != 0 {
			t.Errorf("%d bytes dropped", d)
		}
		wantReceipts(t, r.em, 5)
	})
}
