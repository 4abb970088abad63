package main

import (
	"gatehouse/ledger"
)

// What leads and the supervisor do: corrections, counts, another's drawer, the bank.

const (
	adjusted ledger.Cents = -500
	// afternoonBags is what Tom put into bags.
	afternoonBags = firstLarge + nextLarge
)

func (d *theDay) controlSteps() []step {
	return d.at(func() *person { return d.cashier }, []step{
		{name: "the lead adjusts what an account owes, with a second person", do: d.adjust},
		{name: "a check comes back from the bank: the debt is there again, with a fee", do: d.returnedCheck},
		{name: "the supervisor counts the safe blind, with a witness", do: d.countSafe},
		{name: "the supervisor counts Tom's drawer by surprise; it stays open", do: d.surpriseCount},
		{name: "Tom is gone: his drawer is counted by the supervisor", do: d.countOther},
		{name: "and closed by her, with a second person", do: d.closeOther},
		{name: "the reports: roll-up, fraud watch, surprise counts, who may do what, unapplied money", do: d.reports},
		{name: "the second deposit, drawer and two bags", do: d.secondDeposit},
	})
}

func (d *theDay) adjust() {
	p, c := d.cashier, d.town.behind[1]
	d.arrives(lead)
	d.task(1, "adjust")
	d.fills([2]string{"adjust.account", string(c.No)})
	p.sees("what is adjusted, is asked for", func(t turn) bool { return t.Focus == "adjust.bucket" })
	p.presses("Down", "Return") // penalties
	d.fills([2]string{"adjust.amount", "-" + (-adjusted).Plain()})
	p.sees("why, is asked for", func(t turn) bool { return t.Focus == "adjust.reason" })
	p.presses("Down", "Return")
	d.fills([2]string{"adjust.note", "bill came late"})
	d.signs(witness, "adjust", "40-adjust")
	d.paper()
}

func (d *theDay) returnedCheck() {
	p := d.cashier
	d.task(2, "returned")
	d.fills([2]string{"returned.receipt", d.receipts.check}, [2]string{"returned.number", "1077"})
	p.sees("why, is asked for", func(t turn) bool { return t.Focus == "returned.reason" })
	p.presses("Down", "Return")
	p.sees("whether the fee is charged, is asked for", func(t turn) bool { return t.Focus == "returned.fee" })
	p.keeps("41-returned")
	p.presses("Return")
	p.sees("it is booked", func(t turn) bool { return t.Place == "window" && t.Notice == "form_returned" })
	d.paper()
	p.keeps("42-returned")
	d.leaves()
}

func (d *theDay) countSafe() {
	p := d.cashier
	d.arrives(supervisor)
	d.task(6, "safe")
	d.counts("safe.count.", pieces(changeFund-float, values())) // Tom has the rest in his drawer
	p.sees("what lies in the safe is ticked", func(t turn) bool { return t.Focus == "safe.there" && t.Rows > 0 })
	for range p.now.Rows { // every bag is there
		p.presses("F4")
	}
	p.presses("Return")
	d.signs(witness, "safe", "43-safe")
	d.paper()
}

// countDrawerOf counts another's drawer, all of it.
func (d *theDay) countDrawerOf(form string) {
	p := d.cashier
	p.sees("which drawer, is asked for", func(t turn) bool { return t.Focus == form+".drawer" && t.Rows > 0 })
	p.presses("Return")
	d.shutDrawer()
	d.counts(form+".count.", pieces(d.till.cash, values()))
	p.sees("checks and the like are ticked", func(t turn) bool { return t.Focus == form+".ticks" })
	for range d.till.pieces() {
		p.presses("F4")
	}
	p.presses("Return")
	d.fills([2]string{form + ".note", ""})
}

func (d *theDay) surpriseCount() {
	d.task(3, "surprise")
	d.countDrawerOf("surprise")
	d.signs(afternoon, "surprise", "44-surprise")
	d.paper()
	d.cashier.keeps("45-surprised")
}

func (d *theDay) countOther() {
	d.task(4, "count_other")
	d.countDrawerOf("count_other")
	d.signs(witness, "count_other", "46-counted-by-another")
}

func (d *theDay) closeOther() {
	p := d.cashier
	d.task(5, "close_other")
	p.sees("which drawer, is asked for", func(t turn) bool { return t.Focus == "close_other.drawer" && t.Rows > 0 })
	p.presses("Return")
	p.sees("why, may be said", func(t turn) bool { return t.Focus == "close_other.reason" })
	p.presses("Return")
	d.fills([2]string{"close_other.memo", "Tom went home ill"})
	d.signs(witness, "close_other", "47-closed-by-another")
	d.paper()
}

// reports looks at some of them, as a lead goes down the list.
func (d *theDay) reports() {
	p := d.cashier
	p.presses("ctrl+g")
	p.sees("the reports are listed", at("reports.list"))
	p.keeps("50-reports")
	row := 0
	for _, one := range []struct {
		row   int
		name  string
		least int // rows
	}{{0, "day", 1}, {8, "voids", 1}, {10, "cash", 1}, {14, "credit", 1}, {16, "watch", 0}, {17, "rota", 1}, {18, "rights", 1}} {
		for ; row < one.row; row++ {
			p.presses("Down")
		}
		p.presses("Return")
		p.sees("the report is there", func(t turn) bool { return t.Place == "reports.report" && !t.Busy && t.Rows >= one.least })
		p.keeps("51-report-" + one.name)
		p.presses("Escape")
		p.sees("the list is back", func(t turn) bool { return t.Place == "reports.list" })
	}
	p.presses("Escape")
	p.sees("the window is back", at("window"))
	d.leaves()
}

func (d *theDay) secondDeposit() {
	p := d.cashier
	d.arrives(lead)
	d.task(6, "deposit")
	p.sees("the bank is chosen", func(t turn) bool { return t.Focus == "deposit.bank" && t.Rows > 0 })
	p.presses("Return")
	p.sees("what goes is to be ticked", func(t turn) bool { return t.Focus == "deposit.parts" && t.Rows > 0 })
	p.presses("F4", "F4", "F4", "Return") // the drawer and two bags
	d.counts("deposit.count.", pieces(d.till.cash-float+afternoonBags, values()))
	d.fills([2]string{"deposit.bag", "D-2002"}, [2]string{"deposit.note", ""})
	d.signs(witness, "deposit", "52-deposit")
	d.paper()
	d.leaves()
	d.papers()
	p.sees("everything is at central", func(t turn) bool { return t.Link == "online" && t.Waiting == 0 && t.Papers == 0 })
}
