package spool_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"gatehouse/desk"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

// held takes a payment and lets the paper run out in the middle of its receipt.
func (o *office) held() ledger.Entry {
	o.t.Helper()
	o.start(nil)
	o.desk.Morning()
	o.idle()
	if err := o.em.AfterLines(8, "paper/out"); err != nil {
		o.t.Fatal(err)
	}
	e := o.desk.PayCash(papertest.Garcia, 188_20)
	o.until("held", func(s spool.State) bool { return s.Printer.Job == printer.JobHeld && s.Printing != nil })
	return e
}

func TestAHeldPaperThatIsVoidedDoesNotComeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		e := o.held()
		no := string(e.ReceiptNo("A1"))
		o.desk.Do(spool.VoidCommand{Of: e.Seq})
		s := o.until("thrown away", func(s spool.State) bool { return s.Printing == nil })
		if s.VoidFailure != nil || len(s.Questions) != 0 || s.Voiding {
			t.Errorf("%+v", s)
		}
		o.em.LoadPaper()
		o.idle()
		if got := count(o.roll(), no); got != (tally{originals: 1}) {
			t.Errorf("of the voided paper came %+v\n%s", got, o.roll())
		}
		if kinds := o.kinds(); !slices.Equal(kinds[len(kinds)-3:], []ledger.Kind{spool.KindSending, spool.KindVoid, spool.KindVoided}) {
			t.Errorf("written: %v", kinds)
		}
		// The next paper is whole, and whoever wants this one gets it marked.
		next := o.desk.PayCash(papertest.Garcia, 1_00)
		o.idle()
		o.wantFair(string(next.ReceiptNo("A1")))
		o.desk.Do(spool.ReprintCommand{Receipt: no})
		o.idle()
		if got := count(o.roll(), no); got != (tally{originals: 1, duplicates: 1, ends: 1}) {
			t.Errorf("printed again: %+v\n%s", got, o.roll())
		}
	})
}

// Nothing was sent of a paper that waits: the first one that comes out is no copy.
func TestAWaitingPaperThatIsVoidedWasNeverPrinted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		o.idle()
		o.em.OpenCover()
		o.until("cover open", func(s spool.State) bool { return s.Printer.Hindrance() == printer.CoverOpen })
		e := o.desk.PayCash(papertest.Garcia, 188_20)
		no := string(e.ReceiptNo("A1"))
		o.until("waiting", func(s spool.State) bool { return s.WaitingCount == 1 })
		o.desk.Do(spool.VoidCommand{Of: e.Seq})
		o.until("gone", func(s spool.State) bool { return s.WaitingCount == 0 })
		o.em.CloseCover()
		o.until("ready", func(s spool.State) bool { return s.Printer.Ready() })
		if got := count(o.roll(), no); got != (tally{}) {
			t.Errorf("it came out: %+v", got)
		}
		o.desk.Do(spool.ReprintCommand{Receipt: no})
		o.idle()
		o.wantFair(no)
	})
}

// A model without the order to forget prints on, and the person hears so.
func TestAPrinterThatCannotForgetIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "generic-80")
		defer o.end()
		e := o.held()
		no := string(e.ReceiptNo("A1"))
		o.desk.Do(spool.VoidCommand{Of: e.Seq})
		s := o.until("said", func(s spool.State) bool { return s.VoidFailure != nil })
		if !s.VoidFailure.Cannot || s.VoidFailure.Number != no || !s.Voiding {
			t.Errorf("%+v", s)
		}
		o.em.LoadPaper()
		s = o.until("printed all the same", func(s spool.State) bool { return s.Printing == nil && s.VoidFailure == nil })
		if len(s.Questions) != 0 || o.proof(e.Seq) != spool.Parsed {
			t.Errorf("proof %q, %+v", o.proof(e.Seq), s)
		}
		o.wantFair(no)
	})
}

// Switched off instead, it forgot for certain: no question is asked.
func TestAPrinterThatIsSwitchedOffForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "generic-80")
		defer o.end()
		e := o.held()
		o.desk.Do(spool.VoidCommand{Of: e.Seq})
		o.until("said", func(s spool.State) bool { return s.VoidFailure != nil })
		o.em.PowerCycle()
		o.em.LoadPaper()
		s := o.until("void", func(s spool.State) bool { return s.Printing == nil && s.Printer.Ready() })
		if len(s.Questions) != 0 || o.proof(e.Seq) != "" {
			t.Errorf("%+v", s)
		}
		if got := count(o.roll(), string(e.ReceiptNo("A1"))); got.ends != 0 {
			t.Errorf("%+v\n%s", got, o.roll())
		}
	})
}

// A program that dies between the decision and the printer's word asks nothing at
// its next start: the decision stands.
func TestAVoidOutlivesTheProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "generic-80")
		defer o.end()
		e := o.held()
		no := string(e.ReceiptNo("A1"))
		o.desk.Do(spool.VoidCommand{Of: e.Seq})
		o.until("said", func(s spool.State) bool { return s.VoidFailure != nil })
		o.kill()
		o.em.PowerCycle()
		o.em.LoadPaper()
		o.start(nil)
		s := o.idle()
		if len(s.Questions) != 0 || s.WaitingCount != 0 || s.OfferedCount != 0 {
			t.Errorf("%+v", s)
		}
		if kinds := o.kinds(); kinds[len(kinds)-2] != spool.KindVoided {
			t.Errorf("written: %v", kinds)
		}
		next := o.desk.PayCash(papertest.Garcia, 1_00)
		o.idle()
		o.wantFair(string(next.ReceiptNo("A1")))
		if got := count(o.roll(), no); got.ends != 0 {
			t.Errorf("%+v\n%s", got, o.roll())
		}
	})
}

func TestWhatCannotBeVoided(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		e := o.held()
		for name, cmd := range map[string]spool.VoidCommand{"another copy": {Of: e.Seq, Copy: 1}, "no paper": {Of: 1}, "no entry": {Of: 1 << 60}} {
			if _, err := o.desk.Try(desk.Order{By: papertest.Maria, Do: cmd}); err == nil {
				t.Errorf("%s was voided", name)
			}
		}
		if _, err := o.desk.Try(desk.Order{By: desk.KioskActor, Do: spool.VoidCommand{Of: e.Seq}}); err == nil {
			t.Error("a visitor voided a paper")
		}
		o.em.LoadPaper()
		o.idle()
		if _, err := o.desk.Try(desk.Order{By: papertest.Maria, Do: spool.VoidCommand{Of: e.Seq}}); err == nil {
			t.Error("a paper that is out was voided")
		}
	})
}
