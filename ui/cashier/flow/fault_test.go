package flow_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// badDesk is a desk whose disk fails: before it stores (no), after it stored
// without being able to say so (late), or so that it cannot be read either (dead).
type badDesk struct {
	flow.Desk
	no, late, dead bool
	ids            []ledger.CommandID
}

func (d *badDesk) Do(ctx context.Context, o desk.Order) ([]ledger.Entry, error) {
	d.ids = append(d.ids, o.ID)
	switch {
	case d.no:
		return nil, fmt.Errorf("commit: %w", ledger.ErrNotStored)
	case d.dead:
		return nil, fmt.Errorf("commit: %w", ledger.ErrUnsure)
	}
	entries, err := d.Desk.Do(ctx, o)
	if d.late && err == nil {
		return nil, context.DeadlineExceeded
	}
	return entries, err
}

func (d *badDesk) Read(f func(*ledger.State) error) error {
	if d.dead {
		return ledger.ErrClosed
	}
	return d.Desk.Read(f)
}

func atTender(t *testing.T) (*flowtest.Clerk, *badDesk) {
	t.Helper()
	town := flowtest.New(t)
	bad := &badDesk{Desk: town.Desk}
	c := town.Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Desk = bad }).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCash)
	c.Put(flow.FieldTendered, "200")
	bad.ids = nil
	return c, bad
}

func payments(t *testing.T, c *flowtest.Clerk) int {
	t.Helper()
	return count(kinds(t, c.Town), cash.KindPayment)
}

func TestADiskThatRefusesLosesNothing(t *testing.T) {
	c, bad := atTender(t)
	bad.no = true
	c.Enter()
	m := c.Model()
	if c.Notice() != "not_stored.payment" || m.Done != nil || len(m.Payment.Tenders) != 1 || m.Payment.ToPay != 18820 {
		t.Fatalf("notice %q, payment %+v", c.Notice(), m.Payment)
	}
	bad.no = false
	c.Enter()
	if m.Done == nil || len(bad.ids) != 2 || bad.ids[0] != bad.ids[1] {
		t.Errorf("done %+v with the ids %v", m.Done, bad.ids)
	}
	if n := payments(t, c); n != 1 {
		t.Errorf("%d payments", n)
	}
}

// A failed commit means unknown, not no: the ledger is asked.
func TestAPaymentThatWasStoredThoughTheAnswerWasLost(t *testing.T) {
	c, bad := atTender(t)
	bad.late = true
	c.Enter()
	if c.Model().Done == nil || c.Model().Done.Change != 1180 {
		t.Errorf("done %+v, notice %q", c.Model().Done, c.Notice())
	}
	if n := payments(t, c); n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestAPaymentOfWhichNobodyKnows(t *testing.T) {
	c, bad := atTender(t)
	bad.dead = true
	c.Enter()
	m := c.Model()
	if c.Notice() != "unsure.payment" || !m.Unsure || m.Enter != flow.EnterRetry {
		t.Fatalf("notice %q, Enter means %q", c.Notice(), m.Enter)
	}
	// It can be neither changed nor put away nor begun anew, only asked again.
	c.Handle(flow.Typed{Field: flow.FieldAmount, Text: "1"}, flow.Scanned{Text: c.Town.Bill(flowtest.Gardens, 1)})
	for _, a := range []flow.Action{flow.Back, flow.PayCard, flow.RemoveLine, flow.AddAccount, flow.SignOut, flow.GoClosing} {
		if c.Flow.Can(a) {
			t.Errorf("%q can be done though nobody knows of the payment", a)
		}
	}
	if len(m.Payment.Parts) != 1 || m.Payment.ToPay != 18820 {
		t.Errorf("the payment changed: %+v", m.Payment)
	}
	bad.dead = false
	c.Enter()
	if m.Done == nil || bad.ids[0] != bad.ids[len(bad.ids)-1] || payments(t, c) != 1 {
		t.Errorf("done %+v, ids %v, %d payments", m.Done, bad.ids, payments(t, c))
	}
}

// A payment whose id the ledger already has, with other content, is not taken.
func TestAChangedPaymentUnderAStoredIdIsRefused(t *testing.T) {
	c, _ := atTender(t)
	var sent flow.Errand
	c.Hold = true
	c.Enter()
	for _, e := range c.Held {
		if o, ok := e.(flow.Order); ok {
			sent = o.Errand
		}
	}
	if _, ok := sent.Do().(cash.TakePayment); !ok {
		t.Fatalf("sent %T", sent.Do())
	}
	if c.Model().Inputs[flow.FieldTendered].Text != "" && !c.Model().Inputs[flow.FieldTendered].Locked {
		t.Error("what was sent can be changed while it is on its way")
	}
	if c.Flow.Can(flow.EnterTake) || c.Flow.Can(flow.RemoveLine) {
		t.Error("it can be sent twice")
	}
	c.Pass(300 * time.Millisecond)
	if c.Model().Busy != flow.Working {
		t.Errorf("after 300 ms the sign of work is %d", c.Model().Busy)
	}
	c.Pass(2 * time.Second)
	if c.Model().Busy != flow.WorkingLong {
		t.Errorf("after 2.3 s the sign of work is %d", c.Model().Busy)
	}
	c.Release()
	if c.Model().Done == nil || c.Model().Busy != flow.Idle {
		t.Errorf("done %+v, busy %d", c.Model().Done, c.Model().Busy)
	}
}

// crash ends the program and begins again with the same files.
func crash(c *flowtest.Clerk) *flowtest.Clerk {
	c.Town.Crash()
	return c.Town.Clerk(nil)
}

func TestWhatWasTypedSurvivesACrash(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Put(flow.FieldAmount, "100")
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 120411)})
	c.Put(flow.FieldAmount, "1,2.3")
	c.Press(flow.GoFind)
	c.Put(flow.FieldFind, "toma")
	c.Pass(time.Second)

	c = crash(c)
	if c.Model().Inputs[flow.FieldWho].Text != string(flowtest.Cashier) {
		t.Errorf("the one who was signed in is not proposed: %+v", c.Model().Inputs)
	}
	c.Put(flow.FieldPIN, flowtest.CashierPIN)
	c.Enter()
	m := c.Model()
	if m.Place != flow.AtWindow || c.Notice() != "draft_back" || len(m.Payment.Parts) != 2 {
		t.Fatalf("at %q, notice %q, payment %+v", m.Place, c.Notice(), m.Payment)
	}
	if m.Payment.Parts[0].Text != "100" || m.Inputs[flow.FieldAmount].Text != "1,2.3" || m.Inputs[flow.FieldFind].Text != "toma" {
		t.Errorf("came back: %+v, %+v", m.Payment.Parts, m.Inputs)
	}
	if !m.Payment.Parts[0].Known || m.Payment.Parts[0].Standing.Customer.Name == "" {
		t.Error("the accounts were not looked up again")
	}
}

// The program dies after the commit and before the screen knew: the draft has the
// id, and the ledger says that the payment was taken.
func TestACrashAfterTheCommitDoesNotTakeItTwice(t *testing.T) {
	c, _ := atTender(t)
	c.Pass(time.Second) // the draft is kept
	c.Hold = true
	c.Enter()
	for _, e := range c.Held {
		if o, ok := e.(flow.Order); ok {
			c.Runner.Run(context.Background(), o) // stored; nobody is told
		}
	}
	next := crash(c)
	next.Put(flow.FieldPIN, flowtest.CashierPIN)
	next.Enter()
	m := next.Model()
	if next.Notice() != "was_stored" || m.Notice.Args["receipt"] == "" || m.Begun() {
		t.Errorf("notice %q %+v, begun %v", next.Notice(), m.Notice, m.Begun())
	}
	if n := payments(t, next); n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestNoCardAndNoPINIsInADraft(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Press(flow.PayCard)
	c.Put(flow.FieldTendered, "20")
	c.Enter()
	c.Put(flow.FieldReference, "REF-SECRET")
	c.Put(flow.FieldLastFour, "9182")
	c.Pass(time.Second)
	c.Enter()
	c.Press(flow.GoFind)
	c.Put(flow.FieldFind, "4111111111111111")
	c.Press(flow.GoUndo)
	c.Put(flow.FieldApproverPIN, flowtest.LeadPIN)
	c.Pass(time.Second)
	note, err := town.Desk.Book.Recall("draft")
	if err != nil || len(note) == 0 {
		t.Fatalf("draft %q: %v", note, err)
	}
	for _, secret := range []string{"SECRET", "9182", "4111", flowtest.LeadPIN} {
		if strings.Contains(string(note), secret) {
			t.Errorf("%q is in the draft %s", secret, note)
		}
	}
}

func TestADamagedDraftHindersNobody(t *testing.T) {
	town := flowtest.New(t)
	for _, note := range []string{"{", `{"maria":{"parts":[{"no":"no such number!!","text":"1"}],"tenders":[{"kind":"gold","amount":"1"},{"kind":"cash","amount":"-5"}]}}`,
		`{"maria":{"id":"zz","parts":[{"no":"01-2345-6","text":"` + strings.Repeat("9", 5000) + `"}]}}`, strings.Repeat("x", 1<<16)} {
		if err := town.Desk.Book.Remember("draft", []byte(note)); err != nil {
			t.Fatal(err)
		}
		c := town.Clerk(nil)
		c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
		if c.Model().Place == flow.AtOpening {
			c.Float()
		}
		if c.Model().Place != flow.AtWindow {
			t.Errorf("with the draft %.40q at %q", note, c.Model().Place)
		}
		if n := len(c.Model().Inputs[flow.FieldAmount].Text); n > 200 {
			t.Errorf("a draft put %d characters into a field", n)
		}
	}
}

type badDrafts struct{ err error }

func (d badDrafts) Save([]byte) error     { return d.err }
func (d badDrafts) Load() ([]byte, error) { return nil, d.err }

func TestADraftThatCannotBeKeptIsSaidAndHindersNothing(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(func(_ *flow.Deps, r *flow.Runner) { r.Drafts = badDrafts{errors.New("disk full")} }).AtWindow()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Pass(time.Second)
	if c.Notice() != "draft_not_kept" {
		t.Errorf("notice %q", c.Notice())
	}
	c.Press(flow.PayCash)
	c.Enter()
	if c.Model().Done == nil {
		t.Error("the payment was not taken")
	}
}

func TestTheScreenLocksByItselfAndKeepsWhatWasTyped(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	m := c.Model()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Put(flow.FieldAmount, "77.7")
	c.Pass(4 * time.Minute)
	if m.Place == flow.AtLock {
		t.Fatal("locked too early")
	}
	c.Pass(time.Minute)
	if m.Place != flow.AtLock {
		t.Fatalf("at %q after five minutes without a key", m.Place)
	}
	for _, a := range []flow.Action{flow.Help, flow.SignOut, flow.Back, flow.GoFind, flow.PayCash, flow.Lock, flow.GoUndo, flow.XReport} {
		if c.Flow.Can(a) {
			t.Errorf("%q can be done on a locked screen", a)
		}
	}
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Gardens, 1)})
	c.Put(flow.FieldPIN, "0000")
	c.Enter()
	if m.Place != flow.AtLock || c.Refusal(flow.FieldPIN) != "staff.wrong_pin" || m.Inputs[flow.FieldPIN].Text != "" {
		t.Errorf("a wrong PIN: at %q, %q", m.Place, c.Refusal(flow.FieldPIN))
	}
	c.Put(flow.FieldPIN, flowtest.CashierPIN)
	c.Enter()
	if m.Place != flow.AtWindow || m.Focus != flow.FieldAmount || m.Inputs[flow.FieldAmount].Text != "77.7" {
		t.Errorf("back at %q, focus %q, amount %q", m.Place, m.Focus, m.Inputs[flow.FieldAmount].Text)
	}
}

func TestSomebodyElseMaySignInAtALockedStation(t *testing.T) {
	town := flowtest.New(t)
	c := town.Clerk(nil).AtWindow()
	m := c.Model()
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	c.Put(flow.FieldAmount, "77.7")
	c.Press(flow.Lock, flow.OtherUser)
	c.SignIn(string(flowtest.Colleague), flowtest.ColleaguePIN)
	c.Float()
	if m.Me.ID != flowtest.Colleague || m.Begun() || m.Session.Drawer != "2" {
		t.Fatalf("%q has begun %v at drawer %q; notice %q", m.Me.ID, m.Begun(), m.Session.Drawer, c.Notice())
	}
	c.Press(flow.Lock, flow.OtherUser)
	c.SignIn(string(flowtest.Cashier), flowtest.CashierPIN)
	if len(m.Payment.Parts) != 1 || m.Inputs[flow.FieldAmount].Text != "77.7" || m.Session.Drawer != "1" {
		t.Errorf("the first one's payment is %+v, amount %q", m.Payment.Parts, m.Inputs[flow.FieldAmount].Text)
	}
}
