package spool_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/desk"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

func TestAReceiptComesOutOnceAndIsProved(t *testing.T) {
	for _, profile := range []string{"TM-T88VI", "generic-80", "generic-58", "write-only"} {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t, profile)
			defer o.end()
			o.start(nil)
			o.desk.Morning()
			e := o.desk.PayCash(papertest.Garcia, 188_20)
			o.idle()
			no := string(e.ReceiptNo("A1"))
			if got := count(o.roll(), no); got != (tally{originals: 1, ends: 1}) {
				t.Errorf("%s: %+v\n%s", profile, got, o.roll())
			}
			want := map[string]spool.Proof{"TM-T88VI": spool.Confirmed, "generic-80": spool.Parsed, "generic-58": spool.Parsed, "write-only": spool.Sent}[profile]
			if got := o.proof(e.Seq); got != want {
				t.Errorf("%s: proof %q, want %q", profile, got, want)
			}
		})
	}
}

// proof is the proof in the ledger for the paper of an entry.
func (o *office) proof(of uint64) (p spool.Proof) {
	o.t.Helper()
	err := o.desk.Read(func(s *ledger.State) error {
		for seq := of; seq <= s.Head().Seq; seq++ {
			e, err := s.Entry(seq)
			if err != nil {
				return err
			}
			if e.Kind != spool.KindPrinted {
				continue
			}
			body, err := ledger.Unpack[spool.Printed](&e)
			if err != nil {
				return err
			}
			if body.Of == of {
				p = body.Proof
			}
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

func TestAPrinterWithoutPaperIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.until("printer up", func(s spool.State) bool { return s.Printer.Ready() })
		o.em.PaperOut()
		o.until("paper out", func(s spool.State) bool { return s.Printer.Hindrance() == printer.OutOfPaper })
		o.desk.Morning()
		e := o.desk.PayCash(papertest.Garcia, 188_20)
		s := o.until("two wait", func(s spool.State) bool { return s.WaitingCount == 2 })
		if s.Printing != nil || s.Waiting[1].Number != string(e.ReceiptNo("A1")) {
			t.Errorf("%+v", s)
		}
		if kinds := o.kinds(); slices.Contains(kinds, spool.KindSending) {
			t.Errorf("sending was written though the printer is not ready: %v", kinds)
		}
		o.em.LoadPaper()
		o.idle()
		o.wantFair(string(e.ReceiptNo("A1")))
	})
}

func TestPaperThatRunsOutInTheMiddleGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		o.idle()
		if err := o.em.AfterLines(8, "paper/out"); err != nil {
			t.Fatal(err)
		}
		e := o.desk.PayCash(papertest.Garcia, 188_20)
		s := o.until("held", func(s spool.State) bool { return s.Printer.Job == printer.JobHeld })
		if s.Printing == nil || s.Printing.Number != string(e.ReceiptNo("A1")) {
			t.Errorf("%+v", s)
		}
		o.em.LoadPaper()
		o.idle()
		if got := count(o.roll(), string(e.ReceiptNo("A1"))); got != (tally{originals: 1, ends: 1}) {
			t.Errorf("%+v\n%s", got, o.roll())
		}
	})
}

func TestAnUnpluggedCableIsAQuestionOnlyWhenBytesWereOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		o.idle()
		if err := o.em.AfterLines(5, "unplug"); err != nil {
			t.Fatal(err)
		}
		first := o.desk.PayCash(papertest.Garcia, 1_00)
		s := o.until("question", func(s spool.State) bool { return len(s.Questions) == 1 })
		second := o.desk.PayCash(papertest.Garcia, 2_00)
		o.em.Replug()
		o.until("ready", func(s spool.State) bool { return s.Printer.Ready() })
		synctest.Wait()
		if got := count(o.roll(), string(second.ReceiptNo("A1"))); got != (tally{}) {
			t.Error("a paper came out beside an open question")
		}
		o.answer(s)
		o.wantFair(string(first.ReceiptNo("A1")))
		if got := count(o.roll(), string(second.ReceiptNo("A1"))); got != (tally{originals: 1, ends: 1}) {
			t.Errorf("the second receipt: %+v", got)
		}
	})
}

func TestAnUnattendedPrinterGoesOnBesideAQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.change = func(s *spool.Options) { s.Unattended = true }
		o.dieWhilePrinting(&life{fate: fate{afterCommit: commitSending}})
		o.start(nil)
		e := o.desk.PayCash(papertest.Garcia, 2_00)
		s := o.until("idle", func(s spool.State) bool { return s.Printing == nil && s.WaitingCount == 0 })
		if len(s.Questions) != 1 || count(o.roll(), string(e.ReceiptNo("A1"))).ends != 1 {
			t.Errorf("%+v", s)
		}
	})
}

func TestAReprintSaysDuplicate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		opened := o.desk.Morning()
		e := o.desk.PayCash(papertest.Garcia, 188_20)
		no := string(e.ReceiptNo("A1"))
		o.idle()
		for n := 1; n <= 2; n++ {
			typed := []string{no[:9], "a1-1"}[n-1] // A1-000001, and as a person may type it
			o.desk.Do(spool.ReprintCommand{Receipt: typed})
			o.idle()
			if got := count(o.roll(), no); got != (tally{originals: 1, duplicates: n, ends: n + 1}) {
				t.Errorf("after %d copies: %+v", n, got)
			}
			if got := strings.Count(o.roll(), fmt.Sprintf("DUPLICATE - COPY %d", n)); got != 2 {
				t.Errorf("copy %d says so %d times, want at top and bottom", n, got)
			}
		}
		o.desk.Do(spool.ReprintCommand{Receipt: fmt.Sprintf("A1-E%06d", opened.Seq)})
		o.idle()
		if got := count(o.roll(), fmt.Sprintf("A1-E%06d", opened.Seq)); got != (tally{originals: 1, duplicates: 1, ends: 2}) {
			t.Errorf("drawer slip: %+v", got)
		}
		err := o.desk.Read(func(s *ledger.State) error {
			if got := spool.FateOf(s, e.Seq); got != (spool.Fate{Printed: true, Copies: 2}) {
				t.Errorf("%+v", got)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestWhatWasMadeWithoutASpoolerIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.open()
		o.desk.Morning()
		old := o.desk.PayCash(papertest.Garcia, 1_00)
		o.start(nil)
		fresh := o.desk.PayCash(papertest.Garcia, 2_00)
		s := o.idle()
		if s.OfferedCount != 2 || count(o.roll(), string(old.ReceiptNo("A1"))) != (tally{}) {
			t.Errorf("%+v", s)
		}
		o.wantFair(string(fresh.ReceiptNo("A1")))
		o.desk.Do(spool.ReleaseCommand{Of: old.Seq})
		o.idle()
		if got := count(o.roll(), string(old.ReceiptNo("A1"))); got != (tally{originals: 1, ends: 1}) {
			t.Errorf("released: %+v", got)
		}
		o.desk.Do(spool.SkipOfferedCommand{})
		s = o.until("skipped", func(s spool.State) bool { return s.OfferedCount == 0 })
		if s.WaitingCount != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// A spooler that was killed leaves no word that it went; a program that only
// writes says so before it does.
func TestWhatIsKeyedAfterACrashIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		o.idle()
		o.kill()
		o.open()
		for range 2 {
			if err := spool.OffDuty(t.Context(), o.desk.Book, nil); err != nil {
				t.Fatal(err)
			}
		}
		e := o.desk.PayCash(papertest.Garcia, 1_00)
		o.start(nil)
		if s := o.idle(); s.OfferedCount != 1 || s.Offered[0].Of != e.Seq {
			t.Errorf("%+v", s)
		}
	})
}

func TestAReceiptOfLongAgoIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.until("printer up", func(s spool.State) bool { return s.Printer.Ready() })
		o.em.Unplug()
		o.until("gone", func(s spool.State) bool { return !s.Printer.Ready() })
		o.desk.Morning()
		e := o.desk.PayCash(papertest.Garcia, 1_00)
		<-time.After(13 * time.Hour)
		o.em.Replug()
		s := o.until("ready", func(s spool.State) bool { return s.Printer.Ready() })
		if s.OfferedCount != 2 || s.WaitingCount != 0 {
			t.Errorf("%+v", s)
		}
		// Nothing of it was ever sent, so what comes out is the original.
		o.desk.Do(spool.SkipOfferedCommand{})
		o.desk.Do(spool.ReprintCommand{Receipt: string(e.ReceiptNo("A1"))})
		o.idle()
		if got := count(o.roll(), string(e.ReceiptNo("A1"))); got != (tally{originals: 1, ends: 1}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestOrdersThatAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		e := o.desk.PayCash(papertest.Garcia, 1_00)
		o.idle()
		o.em.Unplug()
		waiting := o.desk.PayCash(papertest.Garcia, 1_00)
		for _, c := range []struct {
			code string
			do   any
		}{
			{"paper.still_waiting", spool.ReprintCommand{Receipt: string(waiting.ReceiptNo("A1"))}},
			{"paper.bad_number", spool.ReprintCommand{Receipt: strings.Repeat("9", 40)}},
			{"paper.bad_number", spool.ReprintCommand{Receipt: "A1-E4x"}},
			{"paper.bad_number", spool.ReprintCommand{Receipt: "A1-E0"}},
			{"paper.bad_number", spool.ReprintCommand{Receipt: "A1-E999999"}},
			{"paper.bad_number", spool.ReprintCommand{}},
			{"ledger.no_such_receipt", spool.ReprintCommand{Receipt: "A1-999999"}},
			{"paper.other_station", spool.ReprintCommand{Receipt: "B7-000001-AAAA"}},
			{"paper.receipt_mark", spool.ReprintCommand{Receipt: "A1-000001-IIII"}},
			{"paper.nothing_to_print", spool.ReprintCommand{Receipt: "A1-E000001"}},
			{"paper.no_question", spool.ResolveCommand{Of: e.Seq}},
			{"paper.not_offered", spool.ReleaseCommand{Of: e.Seq}},
			{"paper.nothing_offered", spool.SkipOfferedCommand{}},
		} {
			_, err := o.desk.Try(desk.Order{By: papertest.Maria, Do: c.do})
			if r, ok := ledger.AsRefusal(err); !ok || r.Code != c.code {
				t.Errorf("%+v: %v, want %s", c.do, err, c.code)
			}
		}
		if _, err := o.desk.Try(desk.Order{By: papertest.Ben, Do: spool.SkipOfferedCommand{}}); err == nil {
			t.Error("somebody who is not signed in gave an order")
		}
	})
}

func TestTheViewIsAFoldFromNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.dieWhilePrinting(&life{fate: fate{afterBytes: 3000}})
		o.start(nil)
		o.answer(o.idle())
		e := o.desk.PayCash(papertest.Garcia, 1_00)
		o.idle()
		o.desk.Do(spool.ReprintCommand{Receipt: string(e.ReceiptNo("A1"))})
		o.idle()
		fresh := table{}
		var stored table
		err := o.desk.Read(func(s *ledger.State) error {
			v := spool.View(o.layouts.Kinds())
			for seq := uint64(1); seq <= s.Head().Seq; seq++ {
				e, err := s.Entry(seq)
				if err != nil {
					return err
				}
				if slices.Contains(v.Kinds(), e.Kind) {
					if err := v.Fold(fresh, &e); err != nil {
						return err
					}
				}
			}
			stored = table{}
			for k, v := range s.Rows(v.Name()).From(nil) {
				stored.Put(k, v)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(fresh) != fmt.Sprint(stored) || len(fresh) == 0 {
			t.Errorf("folded from nothing:\n%v\nin the file:\n%v", fresh, stored)
		}
	})
}

// table is a view in memory.
type table map[string]string

func (t table) Get(key []byte) []byte {
	if v, ok := t[string(key)]; ok {
		return []byte(v)
	}
	return nil
}
func (t table) Put(key, value []byte) { t[string(key)] = string(value) }
func (t table) Add(key, value []byte) { t[string(key)] = string(value) }
func (t table) Delete(key []byte)     { delete(t, string(key)) }
