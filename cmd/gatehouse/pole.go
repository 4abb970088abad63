package main

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

	"gatehouse/drivers/display"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/words"
)

// paidFor is how long a customer reads what was paid and the change, once it is
// on disk, before the next one is welcomed.
const paidFor = 30 * time.Second

// pole says what the customer reads of the cashier's work.
type pole struct {
	words   *words.Book
	utility string
	columns int
	idle    string // the lower line between customers; empty: a welcome

	paid  ledger.ReceiptNo // shown last
	since time.Time
}

// lines are what is shown now. While an amount is not clear the customer keeps
// reading what stood there before: then show is false.
func (p *pole) lines(m *flow.Model) (l display.Lines, show bool) {
	switch m.Place {
	case flow.AtSignIn, flow.AtLock, flow.AtOpening, flow.AtClosing, flow.AtCounted, flow.AtClosed:
		return display.Lines{p.say("closed"), p.say("elsewhere")}, true
	}
	pay := m.Payment
	switch {
	case m.Begun() && pay.Unclear:
		return l, false
	case m.Begun():
		l[0] = p.sum("due", pay.ToPay)
		switch {
		case pay.Tendered > 0 && pay.Remaining < 0:
			l[1] = p.sum("change", -pay.Remaining)
		case pay.Tendered > 0 && pay.Remaining > 0:
			l[1] = p.sum("rest", pay.Remaining)
		}
		return l, true
	case m.Done != nil && p.fresh(m):
		l = display.Lines{p.sum("paid", m.Done.Total), p.say("thanks")}
		if m.Done.Change > 0 {
			l[1] = p.sum("change", m.Done.Change)
		}
		return l, true
	}
	return display.Lines{p.utility, cmp.Or(p.idle, p.say("welcome"))}, true
}

// fresh tells whether a payment was made only just now.
func (p *pole) fresh(m *flow.Model) bool {
	if p.paid != m.Done.Receipt {
		p.paid, p.since = m.Done.Receipt, m.Now
	}
	return m.Now.Sub(p.since) < paidFor
}

func (p *pole) say(what words.Key) string { return p.words.Say("pole." + what) }

// sum is a caption with an amount at the right end of the line. A caption gives
// way to an amount, never the other way.
func (p *pole) sum(caption words.Key, c ledger.Cents) string {
	amount := "$" + c.String()
	room := max(0, p.columns-len(amount)-1)
	left := []rune(p.say(caption))
	left = left[:min(len(left), room)]
	return string(left) + strings.Repeat(" ", max(0, p.columns-len(left)-utf8.RuneCountInString(amount))) + amount
}
