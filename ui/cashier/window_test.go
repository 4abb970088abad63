package cashier_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/desk/staff"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
	"gatehouse/ui/keys"
)

// F2 and then typing: what stood in the search is gone, wherever the person was, and
// the payment is there.
func TestAfterF2TypingReplacesTheSearch(t *testing.T) {
	c := newCounter(t, options{})
	c.open()
	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	c.Press(keys.F2)
	c.Type("oak gar")
	typed := func() string { return c.flow.Model().Inputs[flow.FieldFind].Text }
	c.Press(keys.F2) // from the search itself
	c.Type("t")
	c.Type("omas")
	if typed() != "tomas" {
		t.Errorf("the search is %q", typed())
	}
	c.rest(time.Second)
	c.Press(keys.Down, keys.F2, keys.Left, keys.F2) // moving about and again
	c.Type("pio")
	if typed() != "pio" {
		t.Errorf("the search is %q", typed())
	}
	c.Press(keys.F5) // to the tender, and back
	c.Press(keys.F2)
	c.Type("x")
	if m := c.flow.Model(); typed() != "x" || len(m.Payment.Parts) != 1 || m.Payment.Entry == "" {
		t.Errorf("the search is %q, the payment %+v", typed(), m.Payment)
	}
}

// Said at the amount while it is typed, and again where Enter takes the payment.
func TestMoreThanIsDueIsSaidBeforeItIsTaken(t *testing.T) {
	c := newCounter(t, options{})
	c.open()
	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	const said = "12.00 more than is due: stays as credit"
	c.Type("200.20")
	c.Shows(said)
	c.Press(keys.F5)
	c.Shows(said)
	c.Press(keys.Esc)
	c.Scan(c.town.Bill(flowtest.Gardens, 120411))
	c.Shows("In all " + said)
	c.Press(keys.F5)
	c.Shows("In all " + said)
	c.Press(keys.Enter)
	if m := c.flow.Model(); m.Done == nil || m.Done.Total != 20020+120411 {
		t.Fatalf("done %+v", m.Done)
	}
	c.Shows("OAK GARDENS HOA")
	c.Shows("Balance 0.00") // of the account in the panel, with this payment
	c.Type(string(flowtest.Garcia))
	c.rest(time.Second)
	c.Shows("Balance -12.00 (credit)")
}

func TestNothingIsSaidOfWhatIsDue(t *testing.T) {
	c := newCounter(t, options{})
	c.open()
	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	c.Type("200.20")
	c.Press("BackSpace", "BackSpace", "BackSpace", "BackSpace")
	for _, text := range c.Texts() {
		if strings.HasSuffix(text, "as credit") {
			t.Errorf("it says %q of %q", text, c.flow.Model().Inputs[flow.FieldAmount].Text)
		}
	}
}

func TestTheListOfPaymentsFollowsTheTyping(t *testing.T) {
	c := newCounter(t, options{})
	c.open()
	for range 3 {
		c.Scan(c.town.Bill(flowtest.Gardens, 120411))
		c.Type("1")
		c.Press(keys.F5, keys.Enter)
	}
	first := string(c.flow.Model().Done.Receipt)
	c.Press(keys.F10)
	c.Shows("1 to 3 of 3")
	c.Type("2")
	c.Shows("1 to 1 of 1")
	c.Press("BackSpace")
	c.Shows("1 to 3 of 3")
	c.Type("77")
	c.Shows("Not among these payments")
	c.Press("BackSpace", "BackSpace")
	c.Type("a1")
	c.Press(keys.Enter)
	c.Shows("Several receipts have that in their number.")
	c.Press(keys.Down, keys.Enter)
	if m := c.flow.Model(); m.Undo == nil || string(m.Undo.Receipt) != first || m.Focus != flow.FieldReason {
		t.Errorf("picked %+v, focus %q, want %s", m.Undo, m.Focus, first)
	}
}

// After a restart: Maria types her PIN and is in; Tom types his id and his PIN, as
// he always does, and is in too.
func TestSigningInAfterARestart(t *testing.T) {
	for _, tc := range []struct {
		who          staff.ID
		type1, type2 string
	}{
		{flowtest.Cashier, "", flowtest.CashierPIN},
		{flowtest.Colleague, "tom", flowtest.ColleaguePIN},
	} {
		t.Run(string(tc.who), func(t *testing.T) {
			c := newCounter(t, options{})
			c.place.Handle(flow.PeopleRead{People: c.flow.Model().People, Present: flowtest.Cashier})
			if tc.type1 != "" {
				c.Type(tc.type1)
				c.Press(keys.Enter)
			}
			c.Type(tc.type2)
			c.Press(keys.Enter)
			if me := c.flow.Model().Me.ID; me != tc.who {
				t.Errorf("%q is signed in; the id is %q, notice %+v", me, c.flow.Model().Inputs[flow.FieldWho].Text, c.flow.Model().Notice)
			}
		})
	}
}
