package till_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper/papertest"
	"gatehouse/paper/till"
)

// counter is a desk with a drawer on an emulated printer.
type counter struct {
	t       *testing.T
	desk    *papertest.Desk
	em      *emulator.Printer
	session *printer.Session
	kicks   chan till.Kick
	profile escpos.Profile
}

// open must be called inside a synctest bubble; close what it returns there too.
// Pins have a drawer; none means pin 2 only.
func open(t *testing.T, pins ...int) *counter {
	t.Helper()
	p, _ := escpos.ProfileNamed("TM-T88VI")
	c := &counter{t: t, profile: p, kicks: make(chan till.Kick, 16), desk: papertest.Open(t, papertest.Options{Clock: time.Now})}
	c.em = emulator.New(emulator.Config{Profile: p, Clock: link.WallClock{}, Baud: 19200, Speed: 1, Sensor: emulator.OpenIsHigh, DrawerPins: pins})
	var err error
	c.session, err = printer.New(printer.Config{Profile: p, Baud: 19200, OpenLevel: printer.OpenHigh,
		Dialer: link.DialFunc(func(context.Context) (link.Port, error) {
			pipe, err := c.em.Pipe()
			if err != nil {
				return nil, err
			}
			return link.Stream(pipe), nil
		})})
	if err != nil {
		t.Fatal(err)
	}
	c.until(func(e printer.Event) bool { return e.Status.Ready() })
	return c
}

func (c *counter) close() {
	if err := errors.Join(c.session.Close(), c.em.Close(), c.desk.Close()); err != nil {
		c.t.Error(err)
	}
}

// until waits for the printer.
func (c *counter) until(is func(printer.Event) bool) {
	c.t.Helper()
	events, unsubscribe := c.session.Subscribe()
	defer unsubscribe()
	late := time.After(time.Minute)
	for {
		select {
		case e := <-events:
			if is(e) {
				return
			}
		case <-late:
			c.t.Fatalf("waited in vain; status is %+v", c.session.Status())
		}
	}
}

func (c *counter) follow() *till.Follower {
	c.t.Helper()
	f, err := till.Follow(till.Options{Book: c.desk.Book, Desk: c.desk.Desk,
		Drawers: []till.Drawer{{ID: "1", Printer: c.session, Pin: 2}},
		Kicked:  func(k till.Kick) { c.kicks <- k }})
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

// shut pushes the drawer in and waits until the printer has told.
func (c *counter) shut() {
	c.em.CloseDrawer()
	c.until(func(e printer.Event) bool { return e.Status.Drawer == printer.DrawerClosed })
}

func TestTheDrawerOpensForWhatAsksForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		f := c.follow()
		defer f.Close()
		e := c.desk.Morning()
		if k := <-c.kicks; k.Of != e.Seq || k.Outcome != printer.Opened || k.Drawer != "1" {
			t.Errorf("opening: %+v", k)
		}
		c.shut()
		for what, do := range map[string]any{
			"cash":    cash.TakePayment{Pay: []cash.Pay{{Account: papertest.Garcia, Amount: 5_00}}, Tenders: []cash.Tender{{Kind: cash.Cash, Amount: 5_00}}},
			"no sale": cash.NoSaleCommand{Reason: "make change"},
		} {
			e := c.desk.Do(do)
			if k := <-c.kicks; k.Of != e.Seq || k.Outcome != printer.Opened {
				t.Errorf("%s: %+v", what, k)
			}
			c.shut()
		}
		c.desk.Do(cash.TakePayment{Pay: []cash.Pay{{Account: papertest.Garcia, Amount: 5_00}},
			Tenders: []cash.Tender{{Kind: cash.Card, Amount: 5_00, Reference: "T-1", LastFour: "4242"}}})
		c.desk.Do(cash.XReportCommand{})
		synctest.Wait()
		if got := len(c.em.State().Pulses); got != 3 {
			t.Errorf("%d pulses, want 3", got)
		}
	})
}

func TestTheDrawerDoesNotOpenForThePast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		c.desk.Morning()
		f := c.follow()
		synctest.Wait()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if got := len(c.em.State().Pulses); got != 0 {
			t.Errorf("%d pulses for what happened before", got)
		}
	})
}

// The pulse goes out while a long report is being printed, not after it.
func TestTheDrawerWaitsForNoPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		f := c.follow()
		defer f.Close()
		c.desk.SignIn()
		doc := new(escpos.Doc)
		for range 200 {
			doc.Add(escpos.Pair("a long report", "1.00"))
		}
		segments, err := escpos.Encode(doc.Add(escpos.Cut{}), c.profile)
		if err != nil {
			t.Fatal(err)
		}
		var printing sync.WaitGroup
		printing.Go(func() { c.session.Print(t.Context(), segments) })
		c.until(func(e printer.Event) bool { return e.Status.Job == printer.JobPrinting })
		began := time.Now()
		c.desk.Do(cash.OpenDrawer{Drawer: "1", Count: papertest.Float()})
		if k := <-c.kicks; k.Outcome != printer.Opened {
			t.Errorf("%+v", k)
		}
		pulse := c.em.State().Pulses[0]
		if took := pulse.At.Sub(began); took > 40*time.Millisecond || c.session.Status().Job != printer.JobPrinting {
			t.Errorf("the pulse came %v after the order, job %v", took, c.session.Status().Job)
		}
		printing.Wait()
	})
}

func TestAnUnpluggedDrawerIsSaidNotSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		f := c.follow()
		defer f.Close()
		c.em.Unplug()
		c.until(func(e printer.Event) bool { return e.Status.Link == printer.LinkDown })
		c.desk.Morning()
		if k := <-c.kicks; k.Err == nil || k.Outcome != printer.NotPossible {
			t.Errorf("%+v", k)
		}
		c.em.Replug()
		c.until(func(e printer.Event) bool { return e.Status.Ready() })
		synctest.Wait()
		if got := len(c.em.State().Pulses); got != 0 {
			t.Error("the drawer sprang open when the cable came back")
		}
	})
}

func TestADrawerThatIsNotHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		f := c.follow()
		defer f.Close()
		c.desk.SignIn()
		c.desk.Do(cash.OpenDrawer{Drawer: "2", Count: papertest.Float()})
		if k := <-c.kicks; k.Err == nil || k.Drawer != "2" {
			t.Errorf("%+v", k)
		}
	})
}

func TestAnOpeningWithTheKeyIsAnEntry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		f := c.follow()
		defer f.Close()
		opened := c.desk.Morning()
		<-c.kicks
		c.shut()
		<-time.After(5 * time.Second)
		c.em.OpenDrawerByKey()
		if err := c.desk.Book.Wait(t.Context(), opened.Seq); err != nil {
			t.Fatal(err)
		}
		err := c.desk.Read(func(s *ledger.State) error {
			e, err := s.Entry(opened.Seq + 1)
			if err != nil {
				return err
			}
			body, err := ledger.Unpack[cash.Unasked](&e)
			if err != nil || e.Kind != cash.KindUnasked || body.Drawer != "1" || body.Session == "" || e.Actor != string(desk.StationActor) {
				t.Errorf("%s by %s: %+v, %v", e.Kind, e.Actor, body, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// A disk that refuses for a moment does not lose the opening.
func TestAnOpeningIsWrittenEvenIfTheDiskRefusesAtFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		sick := &sickDesk{Desk: c.desk.Desk, left: 3}
		f, err := till.Follow(till.Options{Book: c.desk.Book, Desk: sick, Drawers: []till.Drawer{{ID: "1", Printer: c.session, Pin: 2}}})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		head := c.desk.Book.Head().Seq
		<-time.After(5 * time.Second)
		c.em.OpenDrawerByKey()
		if err := c.desk.Book.Wait(t.Context(), head); err != nil {
			t.Fatal(err)
		}
		if sick.left != 0 {
			t.Errorf("%d refusals left", sick.left)
		}
	})
}

// sickDesk cannot store the first orders.
type sickDesk struct {
	*desk.Desk
	left int
}

func (s *sickDesk) Do(ctx context.Context, o desk.Order) ([]ledger.Entry, error) {
	if s.left > 0 {
		s.left--
		return nil, ledger.ErrNotStored
	}
	return s.Desk.Do(ctx, o)
}
