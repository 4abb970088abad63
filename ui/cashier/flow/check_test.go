package flow_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
)

// slot is a reader in which a check lies.
type slot struct {
	line flow.CheckLine
	err  error
	read int
}

func (s *slot) ReadCheck(ctx context.Context) (flow.CheckLine, error) {
	if ctx.Err() != nil {
		return flow.CheckLine{}, ctx.Err()
	}
	s.read++
	return s.line, s.err
}

const rawLine = "t021001208t 123456789o 0101"

// takesLines is a reader on the keyboard that types rawLine, and one it cannot read whole.
func takesLines(text string) (flow.CheckLine, bool) {
	switch text {
	case rawLine:
		return flow.CheckLine{Number: "0101", Routing: "021001208", AccountEnds: "6789"}, true
	case "t?t":
		return flow.CheckLine{}, true
	}
	return flow.CheckLine{}, false
}

func atChecks(t *testing.T, s *slot) *flowtest.Clerk {
	t.Helper()
	town := flowtest.New(t, func(p *desk.Policy) {
		p.Cash.CheckAgain = []cash.CheckAgainRule{{From: 20200101, Days: 180, Source: "x"}}
	})
	return town.Clerk(func(d *flow.Deps, r *flow.Runner) {
		d.CheckLine = takesLines
		r.Seen = town.Desk.Cash
		if s != nil {
			d.ReadsChecks, r.Checks = true, s
		}
	}).AtWindow()
}

// toPay begins a payment of 10.00.
func toPay(c *flowtest.Clerk) {
	c.Handle(flow.Scanned{Text: string(flowtest.Garcia)})
	c.Put(flow.FieldAmount, "10.00")
}

// taken is the check of the newest payment.
func taken(t *testing.T, c *flowtest.Clerk) (tender cash.Tender, seen []cash.SeenCheck) {
	t.Helper()
	err := c.Town.Desk.Read(func(s *ledger.State) error {
		for seq := s.Head().Seq; seq > 0; seq-- {
			e, err := s.Entry(seq)
			if err != nil {
				return err
			}
			if strings.Contains(string(e.Body), "123456789") {
				t.Errorf("entry %d has the account", seq)
			}
			if e.Kind == cash.KindPayment && tender.Kind == "" {
				body, err := ledger.Unpack[cash.Payment](&e)
				if err != nil {
					return err
				}
				tender, seen = body.Tenders[0], body.Seen
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tender, seen
}

var read = cash.Tender{Kind: cash.Check, Amount: 10_00, Number: "0101", Routing: "021001208", AccountEnds: "6789"}

func TestTheReaderFillsACheckIn(t *testing.T) {
	s := &slot{line: flow.CheckLine{Number: "0101", Routing: "021001208", AccountEnds: "6789"}}
	c := atChecks(t, s)
	toPay(c)
	c.Press(flow.PayCheck)
	c.Enter()
	c.Enter()
	tender, seen := taken(t, c)
	if tender != read || len(seen) != 0 || s.read != 1 {
		t.Errorf("took %+v, which looks like %+v; read %d", tender, seen, s.read)
	}
	// The same check once more: it is said before it is taken.
	toPay(c)
	c.Press(flow.PayCheck)
	if n := c.Model().Notice; n == nil || n.Name != "check_seen" || n.Level != flow.Look || n.Args["number"] != "0101" {
		t.Errorf("the same check again: %+v", n)
	}
	// Another that cannot be read: its number is typed.
	c.Press(flow.Back)
	s.line, s.err = flow.CheckLine{}, errors.New("no ink")
	c.Press(flow.PayCheck)
	if c.Notice() != "check_unread" {
		t.Errorf("one that is not read: %s", c.Notice())
	}
	c.Put(flow.FieldNumber, "2077")
	c.Enter()
	c.Enter()
	if tender, _ := taken(t, c); tender.Number != "2077" || tender.Routing != "" {
		t.Errorf("typed %+v", tender)
	}
}

func TestACheckReadAtTheKeyboard(t *testing.T) {
	c := atChecks(t, nil)
	c.Handle(flow.Scanned{Text: rawLine})
	if c.Notice() != "check_no_account" || strings.Contains(c.Model().Inputs[flow.FieldFind].Text, "12345") {
		t.Errorf("before an account: %s, %q", c.Notice(), c.Model().Inputs[flow.FieldFind].Text)
	}
	for what, show := range map[string]func(){
		"scanned":                     func() { c.Handle(flow.Scanned{Text: rawLine}) },
		"typed in the number's place": func() { c.Press(flow.PayCheck); c.Put(flow.FieldNumber, rawLine) },
	} {
		toPay(c)
		show()
		c.Enter()
		c.Enter()
		if tender, _ := taken(t, c); tender != read {
			t.Errorf("%s: took %+v", what, tender)
		}
	}
	// A line of which nothing can be read asks for the number.
	toPay(c)
	c.Handle(flow.Scanned{Text: "t?t"})
	if c.Notice() != "check_unread" || c.Model().Focus != flow.FieldNumber {
		t.Errorf("unreadable: %s, at %s", c.Notice(), c.Model().Focus)
	}
	// What is typed in its place is a check without a line, and a number that a person put
	// in the place of the one that was read makes it one.
	c.Handle(flow.Scanned{Text: rawLine})
	c.Put(flow.FieldNumber, "0107")
	c.Enter()
	c.Enter()
	if tender, _ := taken(t, c); tender.Number != "0107" || tender.Routing != "" || tender.AccountEnds != "" {
		t.Errorf("corrected: %+v", tender)
	}
}
