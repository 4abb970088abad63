package flow_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

func trouble(c *flowtest.Clerk) (name string, level flow.Level) {
	if n := c.Model().Trouble; n != nil {
		return n.Name, n.Level
	}
	return "", 0
}

// What is said of the drawers, the most urgent first.
func TestWhatIsSaidOfADrawer(t *testing.T) {
	for _, tc := range []struct {
		name    string
		drawers []flow.Drawer
		printer flow.PrinterState
		want    string
		level   flow.Level
	}{
		{"shut", nil, flow.PrinterReady, "", 0},
		{"open for a payment", []flow.Drawer{{ID: "1", Open: true}}, flow.PrinterReady, "", 0},
		{"left open", []flow.Drawer{{ID: "1", Open: true, LeftOpen: 30 * time.Second}}, flow.PrinterReady, "drawer_left_open", flow.Look},
		{"still left open", []flow.Drawer{{ID: "1", Open: true, LeftOpen: time.Minute}}, flow.PrinterReady, "drawer_left_open", flow.Look},
		{"left open for long", []flow.Drawer{{ID: "1", Open: true, LeftOpen: 2 * time.Minute}}, flow.PrinterReady, "drawer_left_open_long", flow.Bad},
		{"one of two left open", []flow.Drawer{{Open: true, LeftOpen: 2 * time.Minute}}, flow.PrinterReady, "drawer_left_open_long_which", flow.Bad},
		{"stayed shut", []flow.Drawer{{ID: "1", Fault: flow.DrawerStuck}}, flow.PrinterReady, "drawer_stuck", flow.Bad},
		{"not reached", []flow.Drawer{{ID: "1", Fault: flow.DrawerUnreached}}, flow.PrinterUnplugged, "drawer_unreached", flow.Bad},
		{"by hand", []flow.Drawer{{ID: "1", Open: true, ByHand: 1}}, flow.PrinterReady, "drawer_by_hand", flow.Look},
		{"by hand and shut again", []flow.Drawer{{ByHand: 1}}, flow.PrinterReady, "drawer_by_hand_which", flow.Look},
		{"the worse of two", []flow.Drawer{{ID: "1", Open: true, LeftOpen: 30 * time.Second}, {ID: "2", Fault: flow.DrawerStuck}}, flow.PrinterReady, "drawer_stuck", flow.Bad},
		{"paper is more urgent than a drawer just open", []flow.Drawer{{ID: "1", Open: true, LeftOpen: 30 * time.Second}}, flow.PrinterPaperOut, "printer_paper_out", flow.Look},
		{"and less than one open for long", []flow.Drawer{{ID: "1", Open: true, LeftOpen: 2 * time.Minute}}, flow.PrinterPaperOut, "drawer_left_open_long", flow.Bad},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := flowtest.New(t).Clerk(nil).AtWindow()
			c.Handle(flow.PrinterChanged{Printer: flow.Printer{State: tc.printer}}, flow.DrawersChanged{Drawers: tc.drawers})
			if got, level := trouble(c); got != tc.want || level != tc.level {
				t.Errorf("said %q at level %v, want %q at %v", got, level, tc.want, tc.level)
			}
			if tc.want != "" && !slices.Contains(flow.Notices(), tc.want) {
				t.Errorf("%q is not among the notices", tc.want)
			}
		})
	}
}

// A drawer that was opened by hand is said while it is open and for a minute, one
// that stayed shut for a minute: what is over must not stand before what is not.
func TestWhatIsOverOfADrawerGoesByItself(t *testing.T) {
	c := flowtest.New(t).Clerk(func(d *flow.Deps, _ *flow.Runner) { d.LockAfter = 0 }).AtWindow()
	c.Handle(flow.DrawersChanged{Drawers: []flow.Drawer{{ID: "1", Open: true, ByHand: 1}}})
	c.Pass(5 * time.Minute)
	if got, _ := trouble(c); got != "drawer_by_hand" {
		t.Errorf("while it is open: %q", got)
	}
	for name, drawer := range map[string]flow.Drawer{"drawer_by_hand": {ID: "1", ByHand: 1}, "drawer_stuck": {ID: "1", Fault: flow.DrawerStuck}} {
		c.Handle(flow.DrawersChanged{Drawers: []flow.Drawer{drawer}})
		c.Pass(59 * time.Second)
		if got, _ := trouble(c); got != name {
			t.Errorf("after 59 s: %q, want %q", got, name)
		}
		before := c.Model().Revision
		c.Pass(time.Second)
		if got, _ := trouble(c); got != "" || c.Model().Revision == before {
			t.Errorf("after a minute: %q, shown anew %v", got, c.Model().Revision != before)
		}
	}
}

// Whoever counts has the drawer open on purpose.
func TestNobodyWhoCountsIsToldOfAnOpenDrawer(t *testing.T) {
	c := flowtest.New(t).Clerk(nil).AtWindow()
	c.Press(flow.GoClosing)
	c.Handle(flow.DrawersChanged{Drawers: []flow.Drawer{{ID: "1", Open: true, LeftOpen: 2 * time.Minute}}})
	if got, _ := trouble(c); got != "" {
		t.Errorf("told of %q in the middle of a count", got)
	}
	c.Press(flow.Back)
	if got, _ := trouble(c); got != "drawer_left_open_long" {
		t.Errorf("back at the window: %q", got)
	}
}

func TestAHeldPaperIsVoidedAfterAQuestion(t *testing.T) {
	spooler := &paper{}
	c := flowtest.New(t).Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Paper = spooler }).AtWindow()
	m := c.Model()
	if c.Flow.Can(flow.AskVoid) {
		t.Error("a paper can be voided though none is held up")
	}
	held := flow.Printer{State: flow.PrinterPaperOut, Waiting: 1, Held: &flow.Held{Of: 7, Number: "A1-000123-K7QX"}}
	c.Handle(flow.PrinterChanged{Printer: held})
	c.Press(flow.AskVoid)
	if m.Ask == nil || m.Ask.Name != "void_paper" || m.Ask.Args["number"] != "A1-000123-K7QX" {
		t.Fatalf("asked %+v", m.Ask)
	}
	c.Press(flow.Keep)
	if m.Ask != nil || len(spooler.voided) != 0 {
		t.Fatalf("kept, and asked %+v, voided %v", m.Ask, spooler.voided)
	}
	c.Press(flow.AskVoid, flow.Back)
	if m.Ask != nil {
		t.Errorf("Esc left the question %+v", m.Ask)
	}
	spooler.err = errors.New("the disk is slow")
	c.Press(flow.AskVoid, flow.VoidPaper)
	if c.Notice() != "paper_failed" {
		t.Errorf("notice %q", c.Notice())
	}
	spooler.err = nil
	c.Press(flow.AskVoid, flow.VoidPaper)
	if len(spooler.voided) != 2 || spooler.voided[1] != *held.Held || spooler.ids[0] != spooler.ids[1] || c.Notice() != "paper_void" {
		t.Errorf("voided %v with %v, notice %q", spooler.voided, spooler.ids, c.Notice())
	}
	if c.Flow.Can(flow.AskVoid) {
		t.Error("it can be voided twice")
	}
	c.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterPaperOut, VoidFailed: &flow.VoidFailed{Number: "A1-000123-K7QX", Cannot: true}}})
	if got, _ := trouble(c); got != "void_cannot" || c.Notice() != "" {
		t.Errorf("said %q, notice %q", got, c.Notice())
	}
}

// A paper that came out in the meantime takes the question with it, so that the
// answer cannot mean another paper.
func TestAPaperThatComesOutTakesTheQuestionWithIt(t *testing.T) {
	c := flowtest.New(t).Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Paper = &paper{} }).AtWindow()
	held := func(of uint64) flow.PrinterChanged {
		return flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterPaperOut, Held: &flow.Held{Of: of, Number: "A1-000123-K7QX"}}}
	}
	c.Handle(held(7))
	c.Press(flow.AskVoid)
	c.Handle(held(7))
	if c.Model().Ask == nil {
		t.Error("the same paper took the question away")
	}
	c.Handle(held(8))
	if c.Model().Ask != nil || c.Flow.Can(flow.VoidPaper) {
		t.Errorf("asked %+v of another paper", c.Model().Ask)
	}
}

// The question about a paper waits beside a payment: nothing typed is lost by it.
func TestAVoidOfPaperLeavesThePayment(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Paper = &paper{} }).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Put(flow.FieldAmount, "12.34")
	c.Handle(flow.PrinterChanged{Printer: flow.Printer{State: flow.PrinterCoverOpen, Held: &flow.Held{Of: 7, Number: "A1-000123-K7QX"}}})
	c.Press(flow.AskVoid, flow.VoidPaper)
	if m := c.Model(); !m.Begun() || m.Inputs[flow.FieldAmount].Text != "12.34" || m.Inputs[flow.FieldAmount].Locked {
		t.Errorf("payment %+v, amount %+v", m.Payment, m.Inputs[flow.FieldAmount])
	}
}
