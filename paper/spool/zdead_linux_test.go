package spool_test

import (
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

// The printer dies in the middle of a Z, at the end of a real serial line. The close
// stands whatever the paper does: the drawer is closed, its Z has its number, and the
// next person can open it. The Z comes out whole in the end; where the first piece may
// be whole a person is asked, and the second one says that it is a copy.
func TestAPrinterThatDiesInTheMiddleOfAZ(t *testing.T) {
	for _, c := range []struct {
		name, fault, mend string
		asks              bool
	}{
		{"the paper ends", "paper/out", "paper/load", false},
		{"the cover is opened", "cover/open", "cover/close", false},
		{"the cable is pulled", "unplug", "replug", true},
		{"it is switched off", "power/off", "power/on", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // it is in real time
			o := newOffice(t, "TM-T88VI")
			defer o.end()
			o.port = filepath.Join(t.TempDir(), "printer")
			line, err := o.em.Terminal(o.port)
			if err != nil {
				t.Fatal(err)
			}
			defer line.Close()
			o.start(nil)
			o.desk.Morning()
			o.desk.PayCash(papertest.Garcia, 200_00)
			o.idle()
			if err := o.em.AfterBytes(5300, c.fault); err != nil {
				t.Fatal(err)
			}
			z := o.desk.CloseCounted(cash.CountDrawer{Count: append(papertest.Float(), cash.Pieces{Value: 100_00, N: 2})})
			no := paper.Sheet{Station: "A1"}.Number(&z)
			stuck := o.until("the printer is dead", func(s spool.State) bool {
				return len(s.Questions) > 0 || s.Printer.Job == printer.JobHeld
			})
			if sofar := o.sofar(); strings.Contains(sofar, "END "+no) {
				t.Errorf("it did not die in the middle of the Z:\n%s", sofar)
			}
			o.closeStands(z)
			if asks := len(stuck.Questions) > 0; asks != c.asks {
				t.Errorf("asked: %v, want %v", asks, c.asks)
			}
			if err := o.em.Do(c.mend); err != nil {
				t.Fatal(err)
			}
			if c.asks {
				o.answer(stuck)
			} else {
				o.idle()
			}
			o.wantFair(no)
			roll := o.roll()
			got := count(roll, no)
			if want := (tally{originals: 1, ends: 1}); !c.asks && got != want {
				t.Errorf("%+v, want %+v\n%s", got, want, roll)
			}
			if c.asks && (got.duplicates != 1 || got.ends != 1 || !strings.Contains(afterBanner(roll, 1), "END "+no)) {
				t.Errorf("the whole one must be a copy that says so: %+v\n%s", got, roll)
			}
		})
	}
}

// closeStands wants a drawer to be closed by an entry, and open again for whoever
// comes next, whatever the printer does.
func (o *office) closeStands(z ledger.Entry) {
	o.t.Helper()
	body, err := ledger.Unpack[cash.DrawerClosed](&z)
	if err != nil || body.Z != 1 {
		o.t.Errorf("the close is Z %d, %v", body.Z, err)
	}
	err = o.desk.Read(func(s *ledger.State) error {
		session, found, err := cash.SessionByID(s, body.Session)
		if !found || session.Closed != z.Seq {
			o.t.Errorf("the session was closed by entry %d, want %d", session.Closed, z.Seq)
		}
		return err
	})
	if err != nil {
		o.t.Error(err)
	}
	_, err = o.desk.Try(desk.Order{By: papertest.Maria, Do: cash.CloseDrawer{}})
	if r, ok := ledger.AsRefusal(err); !ok || r.Code != "cash.closed_already" {
		o.t.Errorf("closed once more: %v", err)
	}
	next := o.desk.Do(cash.OpenDrawer{Drawer: "1", Count: papertest.Float()})
	opened, err := ledger.Unpack[cash.DrawerOpened](&next)
	if err != nil || opened.Session == body.Session || opened.Expected != 300_00 {
		o.t.Errorf("the next session is %+v, %v", opened, err)
	}
}
