package main

import (
	"testing"
	"time"
	"unicode/utf8"

	"gatehouse/drivers/display"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/cashier/flowtest"
	"gatehouse/ui/words"
)

func TestTheCustomerReadsThePayment(t *testing.T) {
	english, err := words.For(words.English)
	if err != nil {
		t.Fatal(err)
	}
	town := flowtest.New(t)
	c := town.Clerk(nil)
	p := pole{words: english, utility: "Riverbend Water", columns: display.Columns}
	reads := func(upper, lower string) {
		t.Helper()
		if l, show := p.lines(c.Model()); !show || l != (display.Lines{upper, lower}) {
			t.Errorf("the customer reads %q (%v), want %q", l, show, []string{upper, lower})
		}
	}
	reads("Window closed", "Please see a clerk")
	c.AtWindow()
	reads("Riverbend Water", "Welcome")
	c.Handle(flow.Scanned{Text: town.Bill(flowtest.Garcia, 18820)})
	reads("Due          $188.20", "")
	c.Enter()
	c.Press(flow.PayCash)
	c.Put(flow.FieldTendered, "100")
	reads("Due          $188.20", "Left          $88.20")
	c.Put(flow.FieldTendered, "200")
	reads("Due          $188.20", "Change        $11.80")
	c.Enter()
	reads("Paid         $188.20", "Change        $11.80")
	c.Pass(paidFor + time.Second)
	c.Handle(flow.Tick{})
	reads("Riverbend Water", "Welcome")
	p.idle = "Open until 5 pm"
	reads("Riverbend Water", "Open until 5 pm")
	c.Press(flow.Lock)
	reads("Window closed", "Please see a clerk")
}

// TestEveryWordFitsTheDisplay in every language, with an amount of the largest
// payment beside a caption.
func TestEveryWordFitsTheDisplay(t *testing.T) {
	for _, lang := range words.Languages() {
		b, err := words.For(lang)
		if err != nil {
			t.Fatal(err)
		}
		p := pole{words: b, columns: display.Columns}
		for _, key := range []words.Key{"welcome", "closed", "elsewhere", "thanks"} {
			if n := utf8.RuneCountInString(p.say(key)); n > display.Columns {
				t.Errorf("%s: %s has %d characters", lang, key, n)
			}
		}
		for _, key := range []words.Key{"due", "rest", "paid", "change"} {
			if n := utf8.RuneCountInString(p.say(key)); n > 8 {
				t.Errorf("%s: the caption %s has %d characters", lang, key, n)
			}
			if n := utf8.RuneCountInString(p.sum(key, 9_999_999_99)); n != display.Columns {
				t.Errorf("%s: %q has %d characters", lang, p.sum(key, 9_999_999_99), n)
			}
		}
	}
}
