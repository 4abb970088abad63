package cashier_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"gatehouse/desk/account"
	"gatehouse/desk/reference"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/ui/cashier"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
	"gatehouse/ui/keys"
	"gatehouse/ui/look"
	"gatehouse/ui/uitest"
	"gatehouse/ui/words"
)

// counter is a cashier's place in a window, over a real desk.
type counter struct {
	*uitest.Bench
	t     testing.TB
	town  *flowtest.Town
	flow  *flow.Flow
	place *cashier.Place
	later []timed
	turns int // light to dark
	setUp int // times the place was left for the set-up
	mayIt bool
	large bool
	night bool
}

type timed struct {
	at   time.Time
	then flow.Event
}

type options struct {
	uitest.Options
	lang  words.Lang
	paper flow.Paper
}

func newCounter(t *testing.T, o options) *counter {
	t.Helper()
	if o.lang == "" {
		o.lang = words.English
	}
	book, err := words.For(o.lang)
	if err != nil {
		t.Fatal(err)
	}
	town := flowtest.New(t)
	c := &counter{Bench: uitest.New(t, o.Options), t: t, town: town}
	c.flow = flow.New(flow.Deps{Now: town.Clock.Now, NewID: town.Desk.NewID, Station: "A1", Cash: town.Policy.Cash,
		Staff: town.Policy.Staff, Safe: town.Policy.Safe, Bills: town.Policy.Bills, LockAfter: 5 * time.Minute})
	runner := &flow.Runner{Desk: town.Desk, Accounts: town.Desk.Accounts, Cash: town.Desk.Cash, Roster: town.Roster,
		Drawers: town.Policy.Cash.Drawers, Drafts: flow.BookDrafts{Book: town.Desk.Book}, Paper: o.paper}
	run := func(e flow.Effect) {
		if l, ok := e.(flow.Later); ok {
			c.later = append(c.later, timed{town.Clock.Now().Add(l.After), l.Then})
			return
		}
		c.place.Handle(runner.Run(context.Background(), e))
	}
	c.place = cashier.New(cashier.Options{Env: c.Env, Flow: c.flow, Words: book, Zone: town.Clock.Now().Location(), Cash: town.Policy.Cash,
		StationName: "Main office", Run: run, Night: func() { c.turns++ }, Large: c.enlarge,
		SetUp: func() { c.setUp++ }, MaySetUp: func(m *flow.Model) bool { return c.mayIt && m.Me.ID != "" },
		SamplePINs: map[staff.ID]string{"maria": "4711", "tom": "3344", "ana": "8080"}})
	c.Show(c.place.Content())
	c.place.Enter()
	c.place.Start()
	c.place.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterReady}})
	c.place.Handle(flow.LinkChanged{Link: flow.Link{Known: true, Online: true, Last: town.Clock.Now()}})
	return c
}

// enlarge turns the size of text the other way, as the shell does.
func (c *counter) enlarge() {
	c.large = !c.large
	fyne.CurrentApp().Settings().SetTheme(look.New(look.Options{Large: c.large, Night: c.night}))
	c.Window.Content().Refresh()
}

// rest lets time pass with all that comes due.
func (c *counter) rest(d time.Duration) {
	end := c.town.Clock.Now().Add(d)
	for {
		slices.SortStableFunc(c.later, func(a, b timed) int { return a.at.Compare(b.at) })
		if len(c.later) == 0 || c.later[0].at.After(end) {
			break
		}
		next := c.later[0]
		c.later = c.later[1:]
		c.town.Clock.Pass(max(0, next.at.Sub(c.town.Clock.Now())))
		c.place.Handle(next.then)
	}
	c.town.Clock.Pass(end.Sub(c.town.Clock.Now()))
	c.place.Handle(flow.Tick{})
}

func (c *counter) signIn() {
	c.Type("maria")
	c.Press(keys.Enter)
	c.Type(flowtest.CashierPIN)
	c.Press(keys.Enter)
}

// open counts a float of 200.00 in the order of the fields: 1 of 100, 2 of 50.
func (c *counter) open() {
	c.signIn()
	c.Type("1")
	c.Press(keys.Enter)
	c.Type("2")
	c.Press(keys.F12)
	c.want(flow.AtWindow)
}

// drawers says how the drawers stand.
func (c *counter) drawers(all ...flow.Drawer) { c.place.Handle(flow.DrawersChanged{Drawers: all}) }

func (c *counter) want(at flow.Place) {
	c.t.Helper()
	if m := c.flow.Model(); m.Place != at {
		c.t.Fatalf("at %q, want %q; focus %q, notice %+v", m.Place, at, m.Focus, m.Notice)
	}
}

// scenes are the pages in states worth looking at; each goes on from a new town.
type scene struct {
	name string
	play func(*counter)
	// tight is a page that is seen in the least window with large letters only: the
	// others have its pieces.
	tight bool
}

func scenes() []scene {
	return append(pageScenes(), formScenes()...)
}

func pageScenes() []scene {
	return []scene{
		{name: "sign-in", play: func(c *counter) { c.Type("maria") }},
		{name: "opening", play: func(c *counter) {
			c.signIn()
			c.Type("3")
			c.Press(keys.F12)
		}},
		{name: "window", play: func(c *counter) { c.open() }},
		{name: "found", play: func(c *counter) {
			c.open()
			c.Type("garcia oak")
			c.rest(100 * time.Millisecond)
			c.place.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterPaperOut, Waiting: 3}})
		}},
		{name: "paying", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.Enter)
			c.Press(keys.F6)
			c.Type("100")
			c.Press(keys.Enter)
			c.Type("1077")
			c.Press(keys.Enter, keys.F5)
			c.Type("100")
		}},
		{name: "credit", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.Enter)
			c.Press(keys.F8, keys.F8, keys.F8, keys.F8)
			c.Type("20")
			c.Press(keys.Enter)
			c.Type(string(flowtest.Returned))
		}},
		{name: "pledge-signed", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.Enter)
			c.Press(keys.F8, keys.F8, keys.F8, keys.Enter)
			c.Type("PL-119")
			c.Press(keys.Enter)
			c.Type("nobody")
			c.Press(keys.Enter)
		}},
		{name: "elsewhere", play: func(c *counter) {
			c.open()
			now := c.town.Clock.Now()
			c.town.Desk.Accounts.Elsewhere.Note(reference.About{}, []account.Paid{
				{Account: flowtest.Garcia, Log: ledger.LogID{2}, Seq: 7, Station: "A2", At: now.Add(-time.Hour), Amount: 100_00},
				{Account: flowtest.Garcia, Log: ledger.LogID{3}, Seq: 9, Station: "B1", At: now.Add(-time.Minute), Amount: 12_50}})
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
		}},
		{name: "nobody", play: func(c *counter) {
			c.open()
			c.Type("nobody of that name")
			c.Press(keys.Enter)
		}},
		{name: "over", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Type("200.20")
		}},
		{name: "over-in-all", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Type("200.20")
			c.Scan(c.town.Bill(flowtest.Gardens, 120411))
			c.Press(keys.F8, keys.Enter)
			c.Type("x" + strings.Repeat("9", 39))
			c.Type("9") // one too many: the field itself refuses it
		}},
		{name: "card-refused", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Scan(c.town.Bill(flowtest.Returned, 4000))
			c.Press(keys.F7, keys.Enter)
			c.Type("4111111111111111")
			c.Press(keys.Enter)
		}},
		{name: "change", play: func(c *counter) {
			c.town.Away = true
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.Enter, keys.F5)
			c.Type("200")
			c.Press(keys.Enter)
			c.rest(2 * time.Minute)
		}},
		{name: "question", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Gardens, 120411))
			c.Type("1,234.5.6")
			c.Press(keys.Enter)
			c.place.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterReady, Question: &flow.Question{Of: 1, Receipt: "A1-000123-K7QX"}}})
			now := c.town.Clock.Now()
			c.place.Handle(flow.LinkChanged{Link: flow.Link{Known: true, Since: now.Add(-130 * time.Minute), Waiting: 37, Oldest: now.Add(-200 * time.Minute)}})
		}},
		{name: "drawer-left-open", play: func(c *counter) {
			c.open()
			c.drawers(flow.Drawer{ID: "1", Open: true, LeftOpen: 30 * time.Second})
		}},
		{name: "drawer-alarm", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.F5)
			c.drawers(flow.Drawer{ID: "1", Open: true, LeftOpen: 2 * time.Minute})
		}},
		{name: "drawer-stuck", play: func(c *counter) {
			c.open()
			c.Press(keys.F11, keys.Down, keys.Enter)
			c.Type("g")
			c.drawers(flow.Drawer{ID: "1", Fault: flow.DrawerStuck})
		}},
		{name: "drawer-by-hand", play: func(c *counter) {
			c.open()
			c.drawers(flow.Drawer{Open: true, ByHand: 1})
		}},
		{name: "drawer-alarm-locked", play: func(c *counter) {
			c.open()
			c.rest(6 * time.Minute)
			c.drawers(flow.Drawer{ID: "1", Open: true, LeftOpen: 2 * time.Minute})
		}},
		{name: "void-paper", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.place.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterPaperOut, Waiting: 1, Held: &flow.Held{Of: 7, Number: "A1-000123-K7QX"}}})
			c.Press(keys.Ctrl("R"))
		}},
		{name: "void-cannot", play: func(c *counter) {
			c.open()
			c.place.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterPaperOut, VoidFailed: &flow.VoidFailed{Number: "A1-000123-K7QX", Cannot: true}}})
		}},
		{name: "undo", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.F5, keys.Enter, keys.F10, keys.Enter, keys.Down, keys.Enter)
			c.Type("tom")
			c.Press(keys.Enter)
			c.Type(flowtest.ColleaguePIN)
			c.Press(keys.Enter)
		}},
		{name: "undo-doubt", play: func(c *counter) {
			c.open()
			for range 3 {
				c.Scan(c.town.Bill(flowtest.Gardens, 120411))
				c.Type("1")
				c.Press(keys.F5, keys.Enter)
			}
			c.Press(keys.F10)
			c.Type("a1")
			c.Press(keys.Enter)
			c.place.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterPaperOut, Waiting: 3}})
		}},
		{name: "no-sale", play: func(c *counter) {
			c.open()
			c.Press(keys.F11)
		}},
		{name: "reprint", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.F5, keys.Enter, keys.Ctrl("P"))
		}},
		{name: "closing", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.F6, keys.Enter)
			c.Type("1187")
			c.Press(keys.Enter)
			c.Press(keys.F12)
			c.Type("1")
			c.Press(keys.Enter)
			c.Type("ten")
			c.Press(keys.Enter)
		}},
		{name: "counted", play: func(c *counter) {
			c.open()
			c.Scan(c.town.Bill(flowtest.Garcia, 18820))
			c.Press(keys.F5, keys.Enter, keys.F12)
			c.Type("3")
			c.Press(keys.F12)
		}},
		{name: "closed", play: func(c *counter) {
			c.open()
			c.Press(keys.F12)
			c.Type("2")
			c.Press(keys.F12, keys.Enter)
		}},
		{name: "help", play: func(c *counter) {
			c.open()
			c.Press(keys.F1)
		}},
		{name: "lock", play: func(c *counter) {
			c.open()
			c.rest(6 * time.Minute)
			c.Type("0000")
			c.Press(keys.Enter)
			c.Type("t")
		}},
	}
}

// Every page fits every window, by day and night, at both sizes of text, in both
// languages, and cuts no sentence that it says at a field or in a notice. With
// GATEHOUSE_PICTURES set to a folder, each is drawn there.
func TestEveryPageFits(t *testing.T) {
	folder := os.Getenv("GATEHOUSE_PICTURES")
	for _, s := range scenes() {
		for _, lang := range words.Languages() {
			t.Run(s.name+"-"+string(lang), func(t *testing.T) {
				c := newCounter(t, options{lang: lang})
				c.night = lang == words.Spanish
				s.play(c)
				for range 2 {
					c.Env.Keys.Key(keys.Ctrl("T")) // the slowest step: all is drawn anew
					for _, size := range []fyne.Size{uitest.SmallCounter, uitest.Counter} {
						c.Window.Resize(size)
						t.Logf("at %v, large text %v", size, c.large)
						c.Fits()
						c.cutsNothing()
						if folder != "" {
							c.Save(fmt.Sprintf("%s/%s-%s-%v-large=%v.png", folder, s.name, lang, size.Width, c.large))
						}
						if s.tight {
							return
						}
					}
				}
			})
		}
	}
}

// cutsNothing fails the test for each text on the page that ends in an ellipsis, but
// for what customers are called and where they live: that may be of any length.
func (c *counter) cutsNothing() {
	c.t.Helper()
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *canvas.Text:
			begin, cut := strings.CutSuffix(o.Text, "…")
			whose := begin[strings.LastIndex(begin, " · ")+1:] // after the number and what it is
			if cut && !flowtest.OfCustomers(begin) && !flowtest.OfCustomers(strings.TrimPrefix(whose, "· ")) {
				c.t.Errorf("cut: %q", o.Text)
			}
		case *fyne.Container:
			for _, child := range o.Objects {
				walk(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				walk(child)
			}
		}
	}
	walk(c.Window.Content())
}
