package till_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/drivers/printer"
	"gatehouse/paper/papertest"
	"gatehouse/paper/till"
)

// heard waits until the follower says one state, and fails with the last one it
// said if it never does.
func (c *counter) heard(f *till.Follower, want ...till.Standing) {
	c.t.Helper()
	states, end := f.Subscribe()
	defer end()
	var last till.State
	late := time.After(5 * time.Minute)
	for {
		select {
		case last = <-states:
			if slices.Equal(last.Drawers, want) {
				return
			}
		case <-late:
			c.t.Fatalf("it says %+v, want %+v", last.Drawers, want)
		}
	}
}

func TestADrawerThatStaysShutIsSaidUntilItOpens(t *testing.T) {
	for _, tc := range []struct {
		name  string
		opens func(*counter)
		after []till.Standing
	}{
		// With the key somebody does what the drawer was told to do: that is no
		// opening by hand to be told of.
		{"with its key", func(c *counter) { c.em.OpenDrawerByKey() }, []till.Standing{{Drawer: "1", Open: true}}},
		{"by the next order", func(c *counter) {
			c.em.HoldDrawer(false)
			c.desk.Do(cash.NoSaleCommand{Reason: "make change"})
		}, []till.Standing{{Drawer: "1", Open: true}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := open(t)
				defer c.close()
				f := c.follow()
				defer f.Close()
				c.em.HoldDrawer(true)
				c.desk.Morning()
				if k := <-c.kicks; k.Outcome != printer.NoResponse {
					t.Errorf("%+v", k)
				}
				c.heard(f, till.Standing{Drawer: "1", Fault: till.Stuck})
				<-time.After(5 * time.Second)
				tc.opens(c)
				c.heard(f, tc.after...)
				c.shut()
				c.heard(f)
			})
		})
	}
}

func TestADrawerLeftOpenIsToldOfAgainAndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		f := c.follow()
		defer f.Close()
		began := time.Now()
		c.desk.Morning()
		for _, after := range []time.Duration{0, 30 * time.Second, time.Minute, 2 * time.Minute} {
			c.heard(f, till.Standing{Drawer: "1", Open: true, LeftOpen: after})
			if took := time.Since(began); took < after || took > after+2*time.Second {
				t.Errorf("%v was told after %v", after, took)
			}
		}
		c.shut()
		c.heard(f)
	})
}

func TestAnOpeningByHandIsToldUntilOneIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		f := c.follow()
		defer f.Close()
		c.desk.Morning()
		c.heard(f, till.Standing{Drawer: "1", Open: true})
		c.shut()
		for n := 1; n <= 2; n++ {
			<-time.After(5 * time.Second)
			c.em.OpenDrawerByKey()
			c.heard(f, till.Standing{Drawer: "1", Open: true, ByHand: n})
			c.shut()
			c.heard(f, till.Standing{Drawer: "1", ByHand: n})
		}
		c.desk.Do(cash.NoSaleCommand{Reason: "make change"})
		c.heard(f, till.Standing{Drawer: "1", Open: true})
	})
}

func TestADrawerThatCannotBeReachedIsSaidUntilItCan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t)
		defer c.close()
		f := c.follow()
		defer f.Close()
		c.em.Unplug()
		c.until(func(e printer.Event) bool { return e.Status.Link == printer.LinkDown })
		c.desk.Morning()
		c.heard(f, till.Standing{Drawer: "1", Fault: till.Unreached})
		c.em.Replug()
		c.heard(f)
	})
}

// One switch serves both drawers of a printer: the one that was kicked is named,
// and of an opening by hand neither is.
func TestOfTwoDrawersTheOneThatWasKickedIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, 2, 5)
		defer c.close()
		f, err := till.Follow(till.Options{Book: c.desk.Book, Desk: c.desk.Desk,
			Drawers: []till.Drawer{{ID: "1", Printer: c.session, Pin: 2}, {ID: "2", Printer: c.session, Pin: 5}}})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		c.desk.SignIn()
		c.desk.Do(cash.OpenDrawer{Drawer: "2", Count: papertest.Float()})
		c.heard(f, till.Standing{Drawer: "2", Open: true})
		c.heard(f, till.Standing{Drawer: "2", Open: true, LeftOpen: 30 * time.Second})
		c.shut()
		<-time.After(5 * time.Second)
		c.em.OpenDrawerByKey()
		c.heard(f, till.Standing{Open: true, ByHand: 1})
	})
}
