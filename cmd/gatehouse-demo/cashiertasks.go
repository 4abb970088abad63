package main

import (
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// What is done on forms: the other tasks of a cashier, and the lead's evening.

const (
	skimmed ledger.Cents = 10000 // into a bag, while the drawer stays open
	postage ledger.Cents = 740
	lead    staff.ID     = "ana"
	witness staff.ID     = "lee"
)

// task opens the form that stands so far down in the menu.
func (d *theDay) task(down int, form string) {
	p := d.cashier
	p.presses("ctrl+j")
	p.sees("the tasks are listed", at("menu"))
	for range down {
		p.presses("Down")
	}
	p.presses("Return")
	p.sees("the form is open", at("form."+form))
}

// fills types what the fields ask for, one after the other, and goes on with Enter.
func (d *theDay) fills(rows ...[2]string) {
	for _, row := range rows {
		d.countsOf(row[0], row[1])
	}
}

// signs has a second person sign, and sends the form by it.
func (d *theDay) signs(who staff.ID, form, picture string) {
	p := d.cashier
	d.fills([2]string{"approver", string(who)})
	p.sees("the PIN is asked for", func(t turn) bool { return t.Focus == "approver_pin" })
	p.types(d.town.pins[who])
	p.keeps(picture)
	p.presses("Return")
	p.sees("it is done", func(t turn) bool { return t.Place == "window" && t.Notice == "form_"+form })
}

func (d *theDay) skim() {
	p := d.cashier
	d.task(0, "skim")
	d.counts("skim.count.", pieces(skimmed, values()))
	p.sees("checks may go into the bag", func(t turn) bool { return t.Focus == "skim.other" })
	p.presses("Return")
	d.fills([2]string{"skim.bag", "B-1001"})
	d.signs(witness, "skim", "17b-skim")
	d.shutDrawer()
	d.paper()
	d.till.cash -= skimmed
}

func (d *theDay) payOut() {
	p := d.cashier
	d.task(1, "paid")
	p.sees("a reason is asked for", func(t turn) bool { return t.Focus == "paid.reason" })
	p.presses("Down", "Return")
	d.fills([2]string{"paid.amount", postage.Plain()}, [2]string{"paid.note", "stamps"})
	p.sees("it is booked", func(t turn) bool { return t.Notice == "form_paid" })
	d.shutDrawer()
	d.paper()
	d.till.cash -= postage
}

func (d *theDay) suspectNote() {
	p := d.cashier
	d.task(3, "suspect")
	d.fills([2]string{"suspect.value", "20.00"}, [2]string{"suspect.serial", "MF 1234 5678 C"}, [2]string{"suspect.account", ""},
		[2]string{"suspect.payer", ""}, [2]string{"suspect.note", "no thread; in an envelope"})
	p.sees("it is on record", func(t turn) bool { return t.Notice == "form_suspect" })
	d.paper()
}

// leaves signs out where somebody has no drawer to leave, or leaves it open.
func (d *theDay) leaves() {
	p := d.cashier
	p.presses("ctrl+o")
	p.sees("nobody is signed in", at("sign_in"))
}

// arrives signs somebody in who opens no drawer.
func (d *theDay) arrives(who staff.ID) {
	p := d.cashier
	d.signIn(string(who))
	p.sees("a drawer might be opened", at("opening"))
	p.presses("Escape")
	p.sees("the window is there without one", at("window"))
}

// deposit has the lead take the drawer's money and the bag to the bank, with a
// witness.
func (d *theDay) deposit() {
	p := d.cashier
	d.arrives(lead)
	d.task(6, "deposit")
	p.sees("the bank is chosen", func(t turn) bool { return t.Focus == "deposit.bank" && t.Rows > 0 })
	p.presses("Return")
	p.sees("what goes is to be ticked", func(t turn) bool { return t.Focus == "deposit.parts" && t.Rows > 0 })
	p.presses("F4", "F4", "Return") // the drawer and the bag
	d.counts("deposit.count.", pieces(d.till.cash-float-short+skimmed, values()))
	d.fills([2]string{"deposit.bag", "D-2001"}, [2]string{"deposit.note", ""})
	d.signs(witness, "deposit", "26-deposit")
	d.paper()
	d.maria = d.till
	p.keeps("27-deposited")
	d.leaves()
	d.papers()
	p.sees("everything is at central", func(t turn) bool { return t.Link == "online" && t.Waiting == 0 && t.Papers == 0 })
}
