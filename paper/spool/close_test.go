package spool_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

// The program is closed while a receipt is coming out and another waits.
func TestClosingWhilePapersComeOut(t *testing.T) {
	for _, c := range []struct {
		name    string
		finish  time.Duration // 0: as it comes
		trouble bool          // the roll ends just before
		whole   bool          // both came out
		most    time.Duration
	}{
		{"they come out", 0, false, true, 10 * time.Second},
		{"there is no time", 50 * time.Millisecond, false, false, time.Second},
		{"the printer stands still", 0, true, false, time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t, "TM-T88VI")
				defer o.end()
				o.change = func(s *spool.Options) { s.Finish = c.finish }
				o.start(nil)
				o.desk.Morning()
				o.idle()
				one, two := o.desk.PayCash(papertest.Garcia, 1_00), o.desk.PayCash(papertest.Garcia, 2_00)
				first, second := string(one.ReceiptNo("A1")), string(two.ReceiptNo("A1"))
				o.until("printing", func(s spool.State) bool { return s.Printing != nil })
				if c.trouble {
					<-time.After(100 * time.Millisecond) // in the middle of it
					o.em.PaperOut()
					o.until("no paper", func(s spool.State) bool { return !s.Printer.Ready() })
				}
				began := time.Now()
				if err := o.spooler.Close(); err != nil {
					t.Error(err)
				}
				if took := time.Since(began); took > c.most {
					t.Errorf("it took %v", took)
				}
				if asks := slices.Contains(o.kinds(), spool.KindDoubtful); asks == c.whole {
					t.Errorf("left a question: %v; the ledger says %v", asks, o.kinds())
				}
				once := tally{originals: 1, ends: 1}
				if !c.trouble {
					if both := count(o.roll(), first) == once && count(o.roll(), second) == once; both != c.whole {
						t.Errorf("both came out: %v\n%s", both, o.roll())
					}
				}
			})
		})
	}
}

func TestACopySaysWhoseItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		e := o.desk.PayCash(papertest.Garcia, 1_00)
		o.idle()
		o.desk.Do(spool.ReprintCommand{Receipt: string(e.ReceiptNo("A1"))})
		o.idle()
		if roll := o.roll(); strings.Count(roll, "by Maria Lopez") != 2 {
			t.Errorf("not by name at top and bottom:\n%s", roll)
		}
	})
}
