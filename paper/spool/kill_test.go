package spool_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

// What the spooler commits, in order, from its start: 1 on duty; 2 and 3 the
// drawer slip; 4 sending the receipt; 5 that it is printed.
const (
	commitSending = 4
	commitPrinted = 5
)

func TestKilledBetweenAnyTwoSteps(t *testing.T) {
	for name, c := range map[string]struct {
		life  fate
		asked bool
		now   tally // on paper after the restart, before any answer
	}{
		"before sending is written":    {fate{beforeCommit: commitSending}, false, tally{originals: 1, ends: 1}},
		"after sending is written":     {fate{afterCommit: commitSending}, true, tally{}},
		"all sent, not yet written":    {fate{beforeCommit: commitPrinted}, true, tally{originals: 1, ends: 1}},
		"after it was written printed": {fate{afterCommit: commitPrinted}, false, tally{originals: 1, ends: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t, "TM-T88VI")
				defer o.end()
				no, _ := o.dieWhilePrinting(&life{fate: c.life})
				o.start(nil)
				s := o.idle()
				if got := count(o.roll(), no); got != c.now {
					t.Errorf("on paper: %+v, want %+v\n%s", got, c.now, o.roll())
				}
				if asked := len(s.Questions) == 1; asked != c.asked {
					t.Fatalf("asked %v, want %v: %+v", asked, c.asked, s)
				}
				if !c.asked {
					return
				}
				want := "Receipt " + no + ": did it come out complete, with END " + no + " at the bottom?"
				if got := s.Questions[0].Text(); got != want {
					t.Errorf("asked %q, want %q", got, want)
				}
				o.answer(s)
				o.wantFair(no)
			})
		})
	}
}

// dieWhilePrinting takes a payment and lets the program die as life says.
func (o *office) dieWhilePrinting(l *life) (no string, seq uint64) {
	o.t.Helper()
	o.start(l)
	o.desk.Morning()
	e := o.desk.PayCash(papertest.Garcia, 188_20)
	synctest.Wait()
	late := time.After(time.Minute)
	for !l.over() {
		select {
		case s, open := <-o.states:
			if !open || s.Printing == nil && s.WaitingCount == 0 && len(s.Questions) == 0 && s.Fault == nil {
				o.kill() // it outlived its printing
			}
		case <-late:
			o.kill()
		}
		if o.desk == nil {
			break
		}
	}
	if o.desk != nil {
		o.kill()
	}
	return string(e.ReceiptNo("A1")), e.Seq
}

// answer answers all questions, one after the other, with what the paper shows.
func (o *office) answer(s spool.State) {
	o.t.Helper()
	for range 10 {
		if len(s.Questions) == 0 {
			return
		}
		q := s.Questions[0]
		roll := o.roll()
		whole := count(roll, q.Number).ends > 0 && q.Copy == 0 ||
			q.Copy > 0 && strings.Contains(afterBanner(roll, q.Copy), "END "+q.Number)
		o.desk.Do(spool.ResolveCommand{Of: q.Of, Copy: q.Copy, Printed: whole})
		s = o.until("answered", func(s spool.State) bool {
			return s.Printing == nil && (len(s.Questions) == 0 && s.WaitingCount == 0 ||
				len(s.Questions) > 0 && (s.Questions[0].Of != q.Of || s.Questions[0].Copy != q.Copy))
		})
	}
	o.t.Fatalf("questions without end; the last: %+v", s)
}

func afterBanner(roll string, n int) string {
	_, after, _ := strings.Cut(roll, fmt.Sprintf("DUPLICATE - COPY %d", n))
	return after
}

// wantFair is the promise: at most one paper that does not say DUPLICATE, and
// a whole one in the end.
func (o *office) wantFair(no string) {
	o.t.Helper()
	roll := o.roll()
	c := count(roll, no)
	if c.originals > 1 || c.ends == 0 || c.originals+c.duplicates == 0 {
		o.t.Errorf("%s: %+v\n%s", no, c, roll)
	}
}

// told says what was drawn when a run failed.
func told(t *testing.T, format string, args ...any) {
	if t.Failed() {
		t.Logf(format, args...)
	}
}

func TestKilledAfterAnyNumberOfBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		bytes := rapid.IntRange(1, 9000).Draw(rt, "bytes")
		profile := rapid.SampledFrom([]string{"TM-T88VI", "generic-80", "generic-58"}).Draw(rt, "profile")
		defer told(t, "killed after %d bytes on %s", bytes, profile)
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t, profile)
			defer o.end()
			no, _ := o.dieWhilePrinting(&life{fate: fate{afterBytes: bytes}})
			o.start(nil)
			o.answer(o.idle())
			o.wantFair(no)
		})
	})
}

// Whatever happens, in whatever order and however often: no number comes out
// twice without saying so, and each comes out whole in the end.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var fates []fate
		for range rapid.IntRange(1, 4).Draw(rt, "deaths") {
			fates = append(fates, fate{
				beforeCommit: rapid.IntRange(0, 8).Draw(rt, "before"),
				afterCommit:  rapid.IntRange(0, 8).Draw(rt, "after"),
				afterBytes:   rapid.IntRange(0, 12000).Draw(rt, "bytes"),
			})
		}
		surviveAll(t, fates)
	})
}

// A program killed in the head of a picture, and the next one in the middle of
// making the printer forget it.
func TestKilledWhileMakingThePrinterForget(t *testing.T) {
	surviveAll(t, []fate{{afterCommit: 1}, {afterBytes: 46}, {afterBytes: 1}, {afterBytes: 5}})
}

// surviveAll lets one program after the other die, and then looks at the paper.
func surviveAll(t *testing.T, fates []fate) {
	t.Helper()
	defer told(t, "lives: %+v", &fates)
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		var numbers []string
		for i, f := range fates {
			l := &life{fate: f}
			o.start(l)
			if i == 0 {
				o.desk.Morning()
			}
			for range 2 {
				e := o.desk.PayCash(papertest.Garcia, 1_00)
				numbers = append(numbers, string(e.ReceiptNo("A1")))
			}
			if o.spooler != nil && !l.over() {
				for s := range o.states {
					if l.over() || s.Fault != nil || s.Printing == nil && (s.WaitingCount == 0 || len(s.Questions) > 0) {
						break
					}
				}
			}
			o.kill()
		}
		o.start(nil)
		o.answer(o.idle())
		for o.spooler.State().OfferedCount > 0 { // made while a spooler had died at its start
			of := o.spooler.State().Offered[0].Of
			o.desk.Do(spool.ReleaseCommand{Of: of})
			o.answer(o.idle())
		}
		o.answer(o.idle())
		for _, no := range numbers {
			o.wantFair(no)
		}
	})
}
