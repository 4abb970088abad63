package cashier_test

import (
	"slices"
	"testing"

	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
	"gatehouse/ui/keys"
)

// lead signs Ana in, while Maria's drawer is open.
func (c *counter) lead() {
	c.open()
	c.Scan(c.town.Bill(flowtest.Garcia, 18820))
	c.Press(keys.F6, keys.Enter)
	c.Type("1187")
	c.Press(keys.Enter, keys.Ctrl("O"))
	c.Type(string(flowtest.Lead))
	c.Press(keys.Enter)
	c.Type(flowtest.LeadPIN)
	c.Press(keys.Enter, keys.Esc)
	c.want(flow.AtWindow)
}

// form opens a form by the keyboard.
func (c *counter) form(a flow.Act) {
	c.Press(keys.Ctrl("J"))
	for range slices.Index(c.flow.Model().Acts, a) {
		c.Press(keys.Down)
	}
	c.Press(keys.Enter)
	c.want(a.Place())
}

// ownForms are those of one's own open drawer.
func ownForms() []flow.Act {
	return []flow.Act{flow.ActSkim, flow.ActPaid, flow.ActChange, flow.ActSuspect, flow.ActRefund, flow.ActSplit, flow.ActNoAccount}
}

// formScenes are the menu and every form, with something in them.
func formScenes() (all []scene) {
	all = append(all, scene{name: "menu", play: func(c *counter) {
		c.open()
		c.Press(keys.Ctrl("J"), keys.Down)
	}}, scene{name: "menu-lead", tight: true, play: func(c *counter) {
		c.lead()
		c.Press(keys.Ctrl("J"))
	}}, scene{name: "count-due", play: func(c *counter) {
		c.lead()
		c.place.Handle(flow.DueRead{Due: []flow.DueCount{{Drawer: "1", Who: flowtest.Cashier}}})
	}}, scene{name: "drawer-full", play: func(c *counter) {
		c.open()
		c.Scan(c.town.Bill(flowtest.Gardens, 120411))
		c.Press(keys.Enter, keys.F5, keys.Enter)
	}}, scene{name: "form-ticks", play: func(c *counter) {
		c.lead()
		c.form(flow.ActCountOther)
		c.place.Handle(flow.Focused{Field: flow.PartField(flow.ActCountOther, flow.PartTicks)})
		c.Press(keys.F4)
	}})
	for _, a := range flow.Acts() {
		all = append(all, scene{name: "form-" + string(a), tight: true, play: func(c *counter) {
			if !slices.Contains(ownForms(), a) {
				c.lead()
			} else {
				c.open()
				c.Scan(c.town.Bill(flowtest.Garcia, 18820))
				c.Press(keys.F6, keys.Enter)
				c.Type("1187")
				c.Press(keys.Enter)
			}
			c.form(a)
			c.Press(keys.F12) // what is missing is said
		}})
	}
	return all
}

// A skim with the keys a cashier would press.
func TestASkimByTheKeyboard(t *testing.T) {
	c := newCounter(t, options{})
	c.open()
	c.form(flow.ActSkim)
	c.Press(keys.Enter) // no hundreds
	c.Type("1")
	c.Press(keys.F12)
	c.Shows("There is nobody with that id on the roster.")
	c.Type(string(flowtest.Lead))
	c.Press(keys.Enter)
	c.Type(flowtest.LeadPIN)
	c.Press(keys.F12)
	c.Type("B-17")
	c.Press(keys.Enter, keys.Enter)
	c.Type(flowtest.LeadPIN)
	c.Press(keys.Enter)
	c.want(flow.AtWindow)
	c.Shows("50.00 is in bag B-17.")
}
