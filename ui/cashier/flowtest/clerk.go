package flowtest

import (
	"context"
	"slices"
	"testing"
	"time"

	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
)

// Clerk works a flow: what it wants done elsewhere is done at once, what it wants
// later when the clock gets there.
type Clerk struct {
	Town   *Town
	Flow   *flow.Flow
	Runner *flow.Runner
	Hold   bool          // effects pile up in Held instead
	Held   []flow.Effect // until Release

	t     testing.TB
	later []timed
}

type timed struct {
	at   time.Time
	then flow.Event
}

// Clerk opens the cashier's place. Change may alter what it is made of.
func (town *Town) Clerk(change func(*flow.Deps, *flow.Runner)) *Clerk {
	town.t.Helper()
	d := flow.Deps{Now: town.Clock.Now, NewID: town.Desk.NewID, Station: "A1", Cash: town.Policy.Cash,
		Staff: town.Policy.Staff, Safe: town.Policy.Safe, Bills: town.Policy.Bills, LockAfter: 5 * time.Minute}
	r := &flow.Runner{Desk: town.Desk, Accounts: town.Desk.Accounts, Cash: town.Desk.Cash, Roster: town.Roster,
		Drawers: town.Policy.Cash.Drawers, Drafts: flow.BookDrafts{Book: town.Desk.Book}}
	if change != nil {
		change(&d, r)
	}
	c := &Clerk{Town: town, Flow: flow.New(d), Runner: r, t: town.t}
	c.carry(c.Flow.Start())
	return c
}

// Model is what the screens would show.
func (c *Clerk) Model() *flow.Model { return c.Flow.Model() }

// Handle lets events happen.
func (c *Clerk) Handle(events ...flow.Event) {
	for _, e := range events {
		c.carry(c.Flow.Handle(e))
	}
}

func (c *Clerk) carry(effects []flow.Effect) {
	for _, e := range effects {
		if l, ok := e.(flow.Later); ok {
			c.later = append(c.later, timed{c.Town.Clock.Now().Add(l.After), l.Then})
			continue
		}
		if c.Hold {
			c.Held = append(c.Held, e)
			continue
		}
		c.Handle(c.Runner.Run(context.Background(), e))
	}
}

// Release carries out what was held.
func (c *Clerk) Release() {
	c.Hold = false
	held := c.Held
	c.Held = nil
	c.carry(held)
}

// Pass lets time pass, in steps, with all that comes due.
func (c *Clerk) Pass(d time.Duration) {
	end := c.Town.Clock.Now().Add(d)
	for {
		slices.SortStableFunc(c.later, func(a, b timed) int { return a.at.Compare(b.at) })
		if len(c.later) == 0 || c.later[0].at.After(end) {
			break
		}
		next := c.later[0]
		c.later = c.later[1:]
		c.Town.Clock.Pass(max(0, next.at.Sub(c.Town.Clock.Now())))
		c.Handle(next.then)
	}
	c.Town.Clock.Pass(end.Sub(c.Town.Clock.Now()))
	c.Handle(flow.Tick{})
}

// Type types a text into a field as a person does: 120 ms a character.
func (c *Clerk) Type(field flow.Field, text string) {
	for i := range text {
		c.Handle(flow.Typed{Field: field, Text: text[:i]})
		c.Pass(120 * time.Millisecond)
	}
	c.Handle(flow.Typed{Field: field, Text: text})
}

// Put puts a whole text into a field, as pasting does.
func (c *Clerk) Put(field flow.Field, text string) {
	c.Handle(flow.Typed{Field: field, Text: text})
	c.Pass(100 * time.Millisecond)
}

// Press presses keys; each must mean something now.
func (c *Clerk) Press(actions ...flow.Action) {
	c.t.Helper()
	for _, a := range actions {
		if !c.Flow.Can(a) {
			c.t.Fatalf("%q cannot be done at %q with the focus on %q; Enter means %q; the notice is %+v",
				a, c.Model().Place, c.Model().Focus, c.Model().Enter, c.Model().Notice)
		}
		c.Handle(flow.Pressed{Action: a})
	}
}

// Enter presses Enter, whatever it means now.
func (c *Clerk) Enter() {
	c.t.Helper()
	if c.Model().Enter == "" {
		c.t.Fatalf("Enter means nothing at %q with the focus on %q", c.Model().Place, c.Model().Focus)
	}
	c.Press(c.Model().Enter)
}

// SignIn signs somebody in.
func (c *Clerk) SignIn(who, pin string) {
	c.t.Helper()
	c.Put(flow.FieldWho, who)
	c.Enter()
	c.Put(flow.FieldPIN, pin)
	c.Enter()
}

// Float counts the float of 200.00: 20 of 5, 90 of 1, 40 quarters.
func (c *Clerk) Float() {
	c.t.Helper()
	for value, n := range map[ledger.Cents]string{500: "20", 100: "90", 25: "40"} {
		c.Put(flow.CountField(value), n)
	}
	c.Press(flow.CommitNow)
}

// AtWindow signs the cashier in and opens the drawer.
func (c *Clerk) AtWindow() *Clerk {
	c.t.Helper()
	c.SignIn(string(Cashier), CashierPIN)
	c.Float()
	if c.Model().Place != flow.AtWindow {
		c.t.Fatalf("the drawer is not open: at %q, notice %+v, inputs %+v", c.Model().Place, c.Model().Notice, c.Model().Inputs)
	}
	return c
}

// Refusal is the code of the refusal at a field, "" if there is none.
func (c *Clerk) Refusal(field flow.Field) string {
	if r := c.Model().Inputs[field].Refusal; r != nil {
		return r.Code
	}
	return ""
}

// Notice is the name or the code of the notice, "" if there is none.
func (c *Clerk) Notice() string {
	n := c.Model().Notice
	switch {
	case n == nil:
		return ""
	case n.Refusal != nil:
		return n.Refusal.Code
	}
	return n.Name
}
