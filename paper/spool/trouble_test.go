package spool_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

// A paper that cannot be laid out stands in nobody's way, and says why.
func TestAPaperThatCannotBeLaidOutIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		all := paper.CashLayouts()
		for i := range all {
			if all[i].Kind == cash.KindXReport {
				all[i].Lay = func(paper.Sheet, *ledger.Entry) (paper.Paper, error) {
					return paper.Paper{}, errors.New("no ink for this")
				}
			}
		}
		broken, err := paper.NewLayouts(all...)
		if err != nil {
			t.Fatal(err)
		}
		o.change = func(s *spool.Options) { s.Layouts = broken }
		o.start(nil)
		o.desk.Morning()
		o.desk.Do(cash.XReportCommand{})
		e := o.desk.PayCash(papertest.Garcia, 1_00)
		s := o.idle()
		if s.OfferedCount != 1 || s.Offered[0].Title != "X report" || s.Offered[0].Cause == "" {
			t.Errorf("%+v", s)
		}
		o.wantFair(string(e.ReceiptNo("A1")))
		if kinds := o.kinds(); slices.Contains(kinds, spool.KindDoubtful) {
			t.Errorf("doubt about a paper of which nothing was sent: %v", kinds)
		}
	})
}

// A disk that refuses for a while costs no paper and asks no question.
func TestADiskThatRefusesForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		sick := &sickBook{}
		o.change = func(s *spool.Options) { sick.Book = s.Book; s.Book = sick }
		o.start(nil)
		o.desk.Morning()
		o.idle()
		for _, at := range []int{1, 2} { // the word that it is sent, the word that it is printed
			sick.refuse(at, 3)
			e := o.desk.PayCash(papertest.Garcia, 1_00)
			o.until("the fault shows", func(s spool.State) bool { return s.Fault != nil || sick.well() })
			s := o.until("printed", func(s spool.State) bool { return s.Printing == nil && s.WaitingCount == 0 && s.Fault == nil })
			if len(s.Questions) != 0 || !sick.well() {
				t.Errorf("refused at %d: %+v", at, s)
			}
			if got := count(o.roll(), string(e.ReceiptNo("A1"))); got != (tally{originals: 1, ends: 1}) {
				t.Errorf("refused at %d: %+v", at, got)
			}
		}
	})
}

// sickBook refuses some commits.
type sickBook struct {
	spool.Book
	mu   sync.Mutex
	next int // commits until it refuses
	left int // refusals
}

func (b *sickBook) refuse(next, times int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next, b.left = next, times
}

func (b *sickBook) well() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.left == 0
}

func (b *sickBook) Commit(ctx context.Context, c ledger.Command) ([]ledger.Entry, error) {
	b.mu.Lock()
	if b.next > 0 {
		b.next--
	}
	sick := b.left > 0 && b.next == 0
	if sick {
		b.left--
	}
	b.mu.Unlock()
	if sick {
		return nil, ledger.ErrNotStored
	}
	return b.Book.Commit(ctx, c)
}

func TestAVisitorAtAKioskOrdersNoPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		o.desk.Morning()
		o.idle()
		if _, err := o.desk.Try(desk.Order{By: desk.KioskActor, Do: spool.SkipOfferedCommand{}}); err == nil {
			t.Error("a visitor gave an order about paper")
		}
	})
}

func TestSubscribersHearTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, "TM-T88VI")
		defer o.end()
		o.start(nil)
		states, stop := o.spooler.Subscribe()
		s := o.spooler
		o.stop()
		for range states {
		}
		stop()
		late, _ := s.Subscribe()
		if _, open := <-late; open {
			t.Error("a spooler that ended still talks")
		}
	})
}
