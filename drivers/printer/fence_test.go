package printer_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
)

// A line is lost while the printer stands still with its buffer full. When it goes
// on it prints that first, and answers the old tokens: a new job must neither be
// sent into the full buffer nor take those answers for its own.
func TestANewJobWaitsForWhatWasSentBeforeIt(t *testing.T) {
	for _, c := range []struct {
		profile string
		ack     escpos.AckToken
	}{
		{"TM-T88VI", escpos.AckProcID},
		{"TM-T88VI", escpos.AckASB},
		{"generic-80", escpos.AckGSr},
		{"generic-58", escpos.AckGSr},
	} {
		for _, buffer := range []int{45, 4096} {
			for _, again := range []string{"replug", "the program starts anew"} {
				t.Run(fmt.Sprintf("%s/%v/%d/%s", c.profile, c.ack, buffer, again), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						r := newRig(t, setup{
							profile: c.profile, buffer: buffer, baud: 115200,
							change: func(p *escpos.Profile) { p.Ack = c.ack },
						})
						old, next := papered{n: 0, lines: 300}, papered{n: 1, lines: 120}
						r.plan(5, "paper/out")
						done := make(chan printer.Result, 1)
						go func() { done <- r.s.Print(t.Context(), old.segments(t, r.profile)) }()
						r.until("held", job(printer.JobHeld))
						if again == "replug" {
							r.em.Unplug()
							r.until("down", func(e printer.Event) bool { return e.Status.Link == printer.LinkDown })
							r.em.Replug()
						} else {
							r.restart()
						}
						r.until("back", func(e printer.Event) bool { return e.Status.Paper == printer.PaperOut })
						if res := <-done; res.Fate != printer.Unknown {
							t.Errorf("the old job: %+v", res)
						}
						go func() { done <- r.s.Print(t.Context(), next.segments(t, r.profile)) }()
						<-time.After(time.Second)
						r.em.LoadPaper()
						next.res = <-done
						if next.res.Fate != printer.Confirmed && next.res.Fate != printer.Parsed {
							t.Errorf("the new job: %+v", next.res)
						}
						// "Parsed" is true at the moment it is said: but for questions that lie
						// behind the last token, nothing waits that takes time to print.
						synctest.Wait()
						if st := r.em.State(); st.Dropped > 0 || st.Waiting > 3 {
							t.Errorf("%d bytes lost, %d still wait in the printer", st.Dropped, st.Waiting)
						}
						if err := r.em.WaitIdle(t.Context()); err != nil {
							t.Fatal(err)
						}
						var paper strings.Builder
						for _, p := range r.em.Pieces() {
							paper.WriteString(p.Text())
						}
						paper.WriteString(r.em.Unfinished().Text())
						if err := next.wrong(paper.String(), false); err != nil {
							t.Error(err)
						}
					})
				})
			}
		}
	}
}

// A printer that never answers the question, because the cable keeps its answers
// back, is believed after a while.
func TestAPrinterThatNeverAnswersPrintsAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, setup{
			profile: "generic-80",
			change:  func(p *escpos.Profile) { p.Ack = escpos.AckProcID },
			emulate: func(c *emulator.Config) { c.Profile.ProcID = false },
		})
		began := time.Now()
		res := r.s.Print(t.Context(), receipt(t, r.profile, 0))
		if took := time.Since(began); res.Fate != printer.Unknown || res.BytesOut == 0 || took > 2*time.Minute {
			t.Errorf("after %v: %+v", took, res)
		}
	})
}
