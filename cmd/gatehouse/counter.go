package main

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/desk/sample"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/paper/spool"
	"gatehouse/paper/till"
	"gatehouse/sync/station"
	"gatehouse/ui/cashier"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/lead"
	"gatehouse/ui/shell"
)

// counter is the cashier's place over an open station.
type counter struct {
	w       *window
	station *running
	flow    *flow.Flow
	place   *cashier.Place
	beside  *beside
	reports *lead.Screen
	// reporting says that the reports were gone to; they may have been left since.
	reporting bool
	usable    func() // called once the staff are on the screen
}

func newCounter(w *window, r *running) (*counter, error) {
	zone, err := r.policy.Location()
	if err != nil {
		return nil, err
	}
	c := &counter{w: w, station: r}
	if c.beside, err = openBeside(r.o, w.log); err != nil {
		return nil, err
	}
	c.flow = flow.New(flow.Deps{
		Now:       func() time.Time { return time.Now().In(zone) },
		NewID:     r.desk.NewID,
		Station:   r.o.station,
		Cash:      r.policy.Cash,
		Staff:     r.policy.Staff,
		Safe:      r.policy.Safe,
		Bills:     r.policy.Bills,
		LockAfter: r.o.lockAfter,
		Training:  r.o.training,
		NoPaper:   r.spooler == nil,
		NoCentral: r.central == nil,

		ReadsChecks: r.readsChecks(),
		CheckLine:   checkLine,
	})
	runner := &flow.Runner{Desk: r.desk, Accounts: r.desk.Accounts, Cash: r.desk.Cash, Roster: r.desk.Staff.Roster, Drawers: drawersOf(r),
		Drafts: flow.BookDrafts{Book: r.desk.Book}, Seen: r.desk.Cash}
	if r.readsChecks() {
		runner.Checks = checkReader{r.printer}
	}
	if r.spooler != nil {
		runner.Paper = paperwork{r.desk}
	}
	c.place = cashier.New(cashier.Options{Env: w.shell.Env(), Flow: c.flow, Words: w.words, Zone: zone, Cash: r.policy.Cash,
		Run:         cashier.Carry(w.shell.Bridge(), runner, c.took),
		StationName: r.policy.Utility.Name, SamplePINs: samplePINs(r.o), Night: w.shell.Night, Large: w.shell.Large,
		SetUp: w.setUpAgain, MaySetUp: c.maySetUp, Reports: c.showReports, MayReport: c.mayReport,
		Followed: c.beside.follower(pole{words: w.words, utility: r.policy.Utility.Name})})
	c.reports = newReports(w, r, zone)
	w.shell.Add(screenReports, c.reports)
	return c, nil
}

// maySetUp tells whether the devices may be set up now: by somebody who may sign
// for others, and with nothing under way. No second person is needed: no money
// moves, and every opening of the drawer is known to the ledger again afterwards.
func (c *counter) maySetUp(m *flow.Model) bool {
	return m.Me.ID != "" && m.Place != flow.AtLock && c.station.policy.Staff.May(m.Me.Role, staff.Approve) &&
		m.Busy == flow.Idle && m.Ask == nil && !m.Begun()
}

func drawersOf(r *running) []cash.DrawerID {
	var out []cash.DrawerID
	for _, id := range r.policy.Cash.Drawers {
		out = append(out, cash.DrawerID(id))
	}
	return out
}

// samplePINs are the PINs of a sample utility, where all of it is invented.
func samplePINs(o options) map[staff.ID]string {
	if !o.sample {
		return nil
	}
	out := map[staff.ID]string{}
	for _, h := range sample.PINs() {
		out[h.ID] = h.PIN
	}
	return out
}

// Content, Enter and Leave make it a screen of the shell.
func (c *counter) Content() fyne.CanvasObject { return c.place.Content() }
func (c *counter) Enter()                     { c.place.Enter() }
func (c *counter) Leave()                     { c.place.Leave() }

// begin asks for the staff and follows the time, central and the printer.
func (c *counter) begin(usable func()) {
	c.usable = usable
	c.place.Start()
	bridge := c.w.shell.Bridge()
	c.beside.begin(bridge, c.w.shell.Env().Keys, c.w.log)
	bridge.Every(time.Second, func() {
		c.place.Handle(flow.LedgerChanged{State: ledgerState(c.station.desk.Book), Witness: witnessOf(c.station.witnesses)})
		c.place.Handle(flow.Tick{})
		c.guardReports()
	})
	memory := linkMemory{now: time.Now}
	follow(bridge, c.station.links, func(s station.State) func() {
		link := memory.take(s)
		return func() { c.place.Handle(flow.LinkChanged{Link: link}) }
	})
	follow(bridge, c.station.fetched, func(s station.PullState) func() {
		data := dataOf(s, c.station.live.About())
		return func() { c.place.Handle(flow.DataChanged{Data: data}) }
	})
	follow(bridge, c.station.papers, func(s spool.State) func() {
		return func() { c.place.Handle(flow.PrinterChanged{Printer: printerOf(s)}) }
	})
	follow(bridge, c.station.tills, func(s till.State) func() {
		return func() { c.place.Handle(flow.DrawersChanged{Drawers: standingsOf(s)}) }
	})
}

// follow brings news of the station to the window, until the bridge ends.
func follow[S any](bridge *shell.Bridge, subscribe func() (<-chan S, func()), tell func(S) func()) {
	bridge.Go(func(ctx context.Context) func() {
		news, end := subscribe()
		defer end()
		for {
			select {
			case s := <-news:
				bridge.Post(tell(s))
			case <-ctx.Done():
				return nil
			}
		}
	})
}

func (c *counter) took(e flow.Event) {
	c.place.Handle(e)
	if _, staffRead := e.(flow.PeopleRead); staffRead && c.usable != nil {
		c.usable()
		c.usable = nil
	}
}

// paperwork gives the cashier's orders about paper to the desk.
type paperwork struct{ desk *desk.Desk }

// Reprint prints a receipt again.
func (p paperwork) Reprint(ctx context.Context, id ledger.CommandID, by staff.ID, receipt ledger.ReceiptNo) error {
	_, err := p.desk.Do(ctx, desk.Order{ID: id, By: by, Do: spool.ReprintCommand{Receipt: string(receipt)}})
	return err
}

// Answer tells whether the paper of a question came out whole.
func (p paperwork) Answer(ctx context.Context, id ledger.CommandID, by staff.ID, question flow.Question, cameOut bool) error {
	_, err := p.desk.Do(ctx, desk.Order{ID: id, By: by, Do: spool.ResolveCommand{Of: question.Of, Copy: question.Copy, Printed: cameOut}})
	return err
}

// Void has no more of a held paper come out.
func (p paperwork) Void(ctx context.Context, id ledger.CommandID, by staff.ID, held flow.Held) error {
	_, err := p.desk.Do(ctx, desk.Order{ID: id, By: by, Do: spool.VoidCommand{Of: held.Of, Copy: held.Copy}})
	return err
}

func (c *counter) turn() turn {
	m := c.flow.Model()
	if r := c.reports.Model(); c.w.shell.Front() == screenReports {
		t := turn{Place: "reports." + string(r.Place), Busy: r.Busy}
		if r.Table != nil {
			t.Rows = len(r.Table.Rows)
		}
		return t
	}
	t := turn{Place: string(m.Place), Focus: string(m.Focus), Enter: string(m.Enter), Notice: nameOf(m.Notice), Trouble: nameOf(m.Trouble),
		Busy: m.Busy != flow.Idle, Found: len(m.Find.Rows), Parts: len(m.Payment.Parts), Known: true, Tenders: len(m.Payment.Tenders),
		Complete: m.Payment.Complete, Rows: len(m.Payments), Printer: string(m.Printer.State), Papers: m.Printer.Waiting, Waiting: m.Link.Waiting}
	for _, p := range m.Payment.Parts {
		t.Known = t.Known && p.Known
	}
	if rows, list := m.Form.Choices[strings.TrimPrefix(string(m.Focus), string(m.Form.Act)+".")]; list {
		t.Rows = len(rows)
	}
	if m.Ask != nil {
		t.Ask = m.Ask.Name
	}
	t.Typed = utf8.RuneCountInString(m.Inputs[m.Focus].Text)
	if r := m.Inputs[m.Focus].Refusal; r != nil {
		t.Refused = r.Code
	}
	if m.Done != nil {
		t.Receipt, t.Offline = m.Done.Receipt, m.Done.Offline
	}
	if m.Link.Known {
		t.Link = map[bool]string{true: "online", false: "offline"}[m.Link.Online]
	}
	return t
}

// nameOf is the name of a notice, or the rule that refused.
func nameOf(n *flow.Notice) string {
	switch {
	case n == nil:
		return ""
	case n.Refusal != nil:
		return n.Refusal.Code
	}
	return n.Name
}
