package cashier_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
	"gatehouse/ui/keys"
	"gatehouse/ui/words"
)

// texts are the texts of all fields that hold one.
func (c *counter) texts() map[flow.Field]string {
	out := map[flow.Field]string{}
	for field, in := range c.flow.Model().Inputs {
		if in.Text != "" {
			out[field] = in.Text
		}
	}
	return out
}

// scanWays are how a keyboard scanner may end a code.
func scanWays() map[string]func(*counter, string) {
	return map[string]func(*counter, string){
		"Enter": func(c *counter, text string) { c.Scan(text) },
		"Tab":   func(c *counter, text string) { c.ScanTab(text) },
	}
}

// The classic fault of a keyboard scanner: its digits are taken for an amount. What
// was typed before stays as it was, whatever has the focus.
func TestAScanNeverStaysInAnAmount(t *testing.T) {
	for way, scan := range scanWays() {
		for name, focus := range map[string]struct {
			play  func(*counter)
			field flow.Field
			typed string
		}{
			"the amount":            {func(c *counter) { c.Type("12.34") }, flow.FieldAmount, "12.34"},
			"an amount not begun":   {func(*counter) {}, flow.FieldAmount, ""},
			"what is handed over":   {func(c *counter) { c.Press(keys.F5); c.Type("200") }, flow.FieldTendered, "200"},
			"the number of a check": {func(c *counter) { c.Press(keys.F6); c.Type("100"); c.Press(keys.Enter); c.Type("1077") }, flow.FieldNumber, "1077"},
		} {
			t.Run(name+", ended by "+way, func(t *testing.T) {
				c := newCounter(t, options{})
				c.open()
				c.Scan(c.town.Bill(flowtest.Garcia, 18820))
				focus.play(c)
				scan(c, c.town.Bill(flowtest.Gardens, 120411))
				m := c.flow.Model()
				if len(m.Payment.Parts) != 2 || m.Payment.Parts[1].No != flowtest.Gardens {
					t.Fatalf("the second bill is not in the payment: %+v", m.Payment.Parts)
				}
				for field, text := range c.texts() {
					if len(text) > 7 || field == flow.FieldAmount && text != "" && text != "12.34" {
						t.Errorf("%s holds %q", field, text)
					}
				}
				for _, part := range m.Payment.Parts {
					if focus.field == flow.FieldAmount && part.No == flowtest.Garcia && part.Text != focus.typed {
						t.Errorf("the first amount is %q, want %q", part.Text, focus.typed)
					}
				}
				if m.Payment.ToPay > 200_000_00 {
					t.Errorf("to pay %v", m.Payment.ToPay)
				}
			})
		}
	}
}

// What is no bill at all is said, and stays out of the amount as well.
func TestAnythingScannedStaysOutOfAnAmount(t *testing.T) {
	for _, text := range []string{"HTTPS://EXAMPLE.ORG/PAY,1", "ABCDEFGH", "A1-000123-K7QX", "9780201379624", "]C100012345"} {
		c := newCounter(t, options{})
		c.open()
		c.Scan(c.town.Bill(flowtest.Garcia, 18820))
		c.Type("12.34")
		c.Scan(text)
		m := c.flow.Model()
		if got := m.Payment.Parts[0].Text; got != "12.34" {
			t.Errorf("%q: the amount is %q", text, got)
		}
		if m.Inputs[flow.FieldAmount].Text != "12.34" {
			t.Errorf("%q: the field holds %q", text, m.Inputs[flow.FieldAmount].Text)
		}
	}
}

// On every page, whatever has the focus: nothing of a scan is left in a field, and
// no Enter of a scanner does anything.
func TestAScanLeavesNothingOnAnyPage(t *testing.T) {
	pages := map[string]struct {
		play   func(*counter)
		remark string
	}{
		"sign-in":              {func(*counter) {}, ""},
		"sign-in, a PIN begun": {func(c *counter) { c.Type("maria"); c.Press(keys.Enter); c.Type("47") }, ""},
		"sign-in after a restart": {func(c *counter) {
			c.place.Handle(flow.PeopleRead{People: c.flow.Model().People, Present: flowtest.Cashier})
		}, ""},
		"lock":            {func(c *counter) { c.open(); c.rest(6 * time.Minute); c.Type("12") }, ""},
		"the float":       {func(c *counter) { c.signIn(); c.Type("3") }, "scan_not_here"},
		"the blind count": {func(c *counter) { c.open(); c.Press(keys.F12); c.Type("1"); c.Press(keys.Enter); c.Type("2") }, "scan_not_here"},
		"the note of it":  {func(c *counter) { c.open(); c.Press(keys.F12, keys.Up, keys.Up) }, "scan_not_here"},
		"no sale":         {func(c *counter) { c.open(); c.Press(keys.F11) }, "scan_not_here"},
		"help":            {func(c *counter) { c.open(); c.Press(keys.F1) }, "scan_not_here"},
		"the menu":        {func(c *counter) { c.open(); c.Press(keys.Ctrl("J")) }, "scan_not_here"},
		"void or reverse": {func(c *counter) { c.open(); c.Press(keys.F10); c.Type("A1-0") }, "scan_not_here"},
		"print again":     {func(c *counter) { c.open(); c.Press(keys.Ctrl("P")) }, "scan_not_here"},
	}
	type page = struct {
		play   func(*counter)
		remark string
	}
	for _, a := range flow.Acts() {
		pages["the form "+string(a)] = page{func(c *counter) {
			if slices.Contains(ownForms(), a) {
				c.open()
			} else {
				c.lead()
			}
			c.form(a)
		}, "scan_not_here"}
	}
	for way, scan := range scanWays() {
		for _, name := range slices.Sorted(maps.Keys(pages)) {
			t.Run(name+", ended by "+way, func(t *testing.T) {
				c := newCounter(t, options{})
				pages[name].play(c)
				m := c.flow.Model()
				for _, text := range []string{"0123456000018820261130", "A1-000123-K7QX", "Z9 8/7 6.5"} {
					place, focus, before := m.Place, m.Focus, c.texts()
					scan(c, text)
					if m.Place != place || m.Focus != focus || !maps.Equal(c.texts(), before) {
						t.Errorf("%s: at %q with the focus on %q and %v, was at %q on %q with %v", text, m.Place, m.Focus, c.texts(), place, focus, before)
					}
					if way == "Tab" && name == "help" {
						continue // the window of a test is told of no loose Tab, the real one is
					}
					said := ""
					if m.Notice != nil {
						said = m.Notice.Name
					}
					if said != pages[name].remark {
						t.Errorf("%s: said %q, want %q", text, said, pages[name].remark)
					}
					for field, in := range m.Inputs {
						if in.Refusal != nil {
							t.Errorf("%s: %s refuses with %q", text, field, in.Refusal.Code)
						}
					}
				}
			})
		}
	}
}

// Tab that ends no scan moves the focus, as ever.
func TestATabTypedByHandMovesTheFocus(t *testing.T) {
	c := newCounter(t, options{})
	c.Type("maria")
	c.Tab()
	c.Type(flowtest.CashierPIN)
	if m := c.flow.Model(); m.Focus != flow.FieldPIN || m.Inputs[flow.FieldPIN].Text != flowtest.CashierPIN {
		t.Errorf("focus %q, PIN of %d digits", m.Focus, len(m.Inputs[flow.FieldPIN].Text))
	}
}

// A scanner on a line goes the same way, with a question open too.
func TestAScanFromALineGoesTheSameWay(t *testing.T) {
	c := newCounter(t, options{lang: words.English})
	c.open()
	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	c.Type("12.34")
	c.Press(keys.Esc)
	if c.flow.Model().Ask == nil {
		t.Fatal("no question is open")
	}
	c.Env.Keys.Scan(c.town.Bill(flowtest.Gardens, 120411))
	m := c.flow.Model()
	if len(m.Payment.Parts) != 2 || m.Payment.Parts[0].Text != "12.34" || strings.Contains(m.Inputs[flow.FieldFind].Text, "0") {
		t.Errorf("payment %+v, inputs %v", m.Payment, c.texts())
	}
}
