package printer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/printer"
)

// lines counts the lines of receipt n on all paper, and how many of them are
// there more than once.
func (r *rig) lines(n int) (once, more int) {
	var paper strings.Builder
	for _, p := range append(r.em.Pieces(), r.em.Unfinished()) {
		paper.WriteString(p.Text())
	}
	for i := range 22 {
		switch strings.Count(paper.String(), fmt.Sprintf("receipt %d line %d ", n, i)) {
		case 0:
		case 1:
			once++
		default:
			more++
		}
	}
	return once, more
}

func TestAHeldPaperIsThrownAway(t *testing.T) {
	for _, c := range []struct{ fault, mend string }{
		{"paper/out", "paper/load"},
		{"cover/open", "cover/close"},
		{"cutter/jam", "paper/load"},
	} {
		t.Run(c.fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, setup{})
				if c.fault == "cutter/jam" {
					r.em.JamCutter(1)
				} else {
					r.plan(10, c.fault)
				}
				done := r.print(t.Context(), 0)
				r.until("job held", job(printer.JobHeld))
				asked := time.Now()
				got, err := r.s.Discard(t.Context())
				if err != nil || got.Fate != printer.Discarded || !errors.Is(got.Cause, printer.ErrDiscarded) {
					t.Fatalf("discard: %+v, %v", got, err)
				}
				if d := time.Since(asked); d > 200*time.Millisecond {
					t.Errorf("it took %v", d)
				}
				if res := <-done; res != got {
					t.Errorf("print says %+v, discard %+v", res, got)
				}
				before, _ := r.lines(0)
				r.em.Do(c.mend)
				<-time.After(10 * time.Second)
				if after, _ := r.lines(0); after != before {
					t.Errorf("%d more lines came out after it was thrown away", after-before)
				}
				if res := <-r.print(t.Context(), 1); res.Fate != printer.Confirmed {
					t.Errorf("the next receipt: %+v", res)
				}
				pieces := r.em.Pieces()
				if last := pieces[len(pieces)-1].Text(); strings.Contains(last, "receipt 0") {
					t.Errorf("the fragment hangs on the next receipt:\n%s", last)
				}
				if o := r.kickPin(2); o != printer.Opened {
					t.Errorf("the drawer afterwards: %v", o)
				}
			})
		})
	}
}

func TestWhatABlockedJobLeftIsThrownAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{baud: 115200})
		ctx, cancel := context.WithCancel(t.Context())
		r.plan(15, "paper/out")
		done := r.print(ctx, 0)
		r.until("job held", job(printer.JobHeld))
		cancel()
		if res := <-done; res.Fate != printer.Blocked {
			t.Fatalf("given up while held: %+v", res)
		}
		if got, err := r.s.Discard(t.Context()); err != nil || got.Fate != printer.Discarded {
			t.Errorf("discard: %+v, %v", got, err)
		}
		r.em.LoadPaper()
		<-time.After(10 * time.Second)
		if n, _ := r.lines(0); n > 15 {
			t.Errorf("%d lines of what was thrown away came out", n)
		}
	})
}

func TestAModelThatCannotForgetGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{profile: "generic-80"})
		r.plan(10, "paper/out")
		done := r.print(t.Context(), 0)
		r.until("job held", job(printer.JobHeld))
		if _, err := r.s.Discard(t.Context()); !errors.Is(err, printer.ErrCannotDiscard) {
			t.Errorf("discard: %v", err)
		}
		r.em.LoadPaper()
		if res := <-done; res.Fate != printer.Parsed {
			t.Errorf("the job it could not forget: %+v", res)
		}
		wantReceipts(t, r.em, 1)
	})
}

// The answer is lost: it forgot, and nobody knows.
func TestWithoutAnAnswerTheFateIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.plan(10, "cover/open")
		done := r.print(t.Context(), 0)
		r.until("job held", job(printer.JobHeld))
		<-time.After(time.Second)
		r.em.Do("power/off")
		got, err := r.s.Discard(t.Context())
		if !errors.Is(err, printer.ErrNotDiscarded) || got.Fate != printer.Unknown {
			t.Errorf("discard: %+v, %v", got, err)
		}
		if res := <-done; res.Fate != printer.Unknown {
			t.Errorf("the job: %+v", res)
		}
		r.em.PowerOn()
		r.em.CloseCover()
		if res := <-r.print(t.Context(), 1); res.Fate != printer.Confirmed {
			t.Errorf("the next receipt: %+v", res)
		}
	})
}

func TestDiscardOverALostLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{})
		r.em.Unplug()
		r.until("down", func(e printer.Event) bool { return e.Status.Link == printer.LinkDown })
		if _, err := r.s.Discard(t.Context()); err == nil {
			t.Error("a printer that is not there forgot")
		}
	})
}

// At whatever moment it is asked for, what is said of the paper is true, no line
// is there twice, and nothing comes out afterwards.
func TestDiscardAtAnyMoment(t *testing.T) {
	fates := map[printer.Fate]int{}
	for ms := 0; ms < 1500; ms += 10 {
		for _, buffer := range []int{45, 4096} {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, setup{buffer: buffer, baud: 38400})
				done := r.print(t.Context(), 0)
				<-time.After(time.Duration(ms) * time.Millisecond)
				got, err := r.s.Discard(t.Context())
				if err != nil {
					t.Fatalf("at %d ms: %v", ms, err)
				}
				before, _ := r.lines(0)
				res := <-done
				fates[res.Fate]++
				<-time.After(5 * time.Second)
				after, twice := r.lines(0)
				// A line that the head was at is finished.
				if res.Fate == printer.Discarded && after > before+1 || twice > 0 {
					t.Errorf("at %d ms, buffer %d: %d lines, later %d, %d twice", ms, buffer, before, after, twice)
				}
				if res.Fate == printer.Confirmed && after != 22 {
					t.Errorf("at %d ms, buffer %d: confirmed with %d lines", ms, buffer, after)
				}
				if got.Fate != res.Fate && !(got.Fate == printer.Discarded && res.Fate == printer.Confirmed) {
					t.Errorf("at %d ms: print says %v, discard %v", ms, res.Fate, got.Fate)
				}
				if res := <-r.print(t.Context(), 1); res.Fate != printer.Confirmed {
					t.Errorf("at %d ms: the next receipt: %+v", ms, res)
				}
			})
		}
	}
	if fates[printer.Discarded] < 100 || fates[printer.Confirmed] < 10 {
		t.Errorf("fates %v: the moments do not cover the job", fates)
	}
}
