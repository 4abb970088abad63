package main

import (
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// The afternoon: the drawer passes from Maria to Tom, who takes what is rarer.

const (
	afternoon  staff.ID     = "tom"
	supervisor staff.ID     = "ruth"
	changeFund ledger.Cents = 50000 // brought from the bank
	pledged    ledger.Cents = 15000 // more than goes without a second person
	credited   ledger.Cents = 2500  // of what it was too much
	found      ledger.Cents = 500
	refunded   ledger.Cents = 1000
	firstLarge ledger.Cents = 600000 // together more than the law's limit
	nextLarge  ledger.Cents = 500000
	disputed   ledger.Cents = 500
	forNobody  ledger.Cents = 6000
)

func (d *theDay) afternoonSteps() []step {
	return d.at(func() *person { return d.cashier }, []step{
		{name: "the supervisor brings the change fund into the safe, with a witness", do: d.bringFund},
		{name: "Tom counts the float that Maria's close left, and has the drawer", do: d.handOver},
		{name: "cashier's check, pledge and cash together", do: d.mixedTenders},
		{name: "a large pledge asks for a second person; a wrong PIN is refused", do: d.largePledge},
		{name: "what that account has too much pays for another", do: d.payByCredit},
		{name: "6,000.00 in cash fills the drawer; it goes into a bag", do: func() { d.largeCash(firstLarge, "B-2001", "33-drawer-full") }},
		{name: "5,000.00 more: together it is to be reported", do: func() { d.largeCash(nextLarge, "B-2002", "34-large-cash") }},
		{name: "money found in the lobby comes in", do: d.payIn},
		{name: "a twenty is changed with the safe", do: d.changeOrder},
		{name: "some of what was paid too much is given back", do: d.refund},
		{name: "a customer disputes the rest and pays the current bill only, with a reason and a second person", do: d.splitPayment},
		{name: "money of somebody without an account waits under its receipt's number", do: d.withoutAccount},
		{name: "a receipt of the closed drawer is reversed by a document", do: d.reversal},
	})
}

func (d *theDay) bringFund() {
	p := d.cashier
	d.arrives(supervisor)
	d.task(0, "paid")
	p.sees("a reason is asked for", func(t turn) bool { return t.Focus == "paid.reason" })
	p.presses("Down", "Return")
	d.fills([2]string{"paid.amount", changeFund.Plain()}, [2]string{"paid.note", "from First Valley Bank"})
	d.signs(witness, "paid", "30-change-fund")
	d.paper()
	d.leaves()
}

func (d *theDay) handOver() {
	p := d.cashier
	d.signIn(string(afternoon))
	p.sees("the drawer is to be counted", at("opening"))
	d.openDrawer("31-handed-over", "31b-window")
}

// other presses the key of the other means so often, and types what is handed over.
func (d *theDay) other(times int, c ledger.Cents) {
	p := d.cashier
	d.tender("F8", 0)
	for range times - 1 {
		p.presses("F8")
	}
	p.presses("ctrl+a")
	p.types(c.Plain())
	p.presses("Return")
}

// numbered types the number of what is handed over.
func (d *theDay) numbered(no string) {
	p := d.cashier
	p.sees("its number is asked for", func(t turn) bool { return t.Focus == "number" })
	p.types(no)
	p.presses("Return")
}

func (d *theDay) mixedTenders() {
	p, c := d.cashier, d.town.plain[8]
	d.opens(c, 1)
	check, pledge := owed(c)/2, owed(c)/4
	d.other(2, check)
	d.numbered("900114")
	p.sees("the cashier's check is in", func(t turn) bool { return t.Tenders == 1 && t.Focus == "" })
	d.other(3, pledge)
	d.numbered("LIHEAP-118")
	p.sees("the pledge is in", func(t turn) bool { return t.Tenders == 2 && t.Focus == "" })
	d.tender("F5", owed(c)-check-pledge)
	p.keeps("32-mixed")
	d.takes()
	d.till.cash += owed(c) - check - pledge
	d.till.takes(cash.CashiersCheck, check)
	d.till.takes(cash.Pledge, pledge)
	d.shutDrawer()
	d.paper()
}

func (d *theDay) largePledge() {
	p, c := d.cashier, d.town.plain[9]
	d.opens(c, 1)
	p.types((owed(c) + pledged).Plain())
	p.presses("Return")
	d.other(3, owed(c)+pledged)
	d.numbered("LIHEAP-119")
	d.asksApprover()
	p.types("000000")
	p.presses("Return")
	p.sees("the PIN is refused", func(t turn) bool { return t.Refused != "" && t.Typed == 0 })
	p.keeps("32b-wrong-pin")
	p.types(d.town.pins[witness])
	d.takes()
	d.till.takes(cash.Pledge, owed(c)+pledged)
	d.paper()
}

// asksApprover says who approves a payment, whose PIN is typed next.
func (d *theDay) asksApprover() {
	p := d.cashier
	p.sees("a second person is asked for", func(t turn) bool { return t.Focus == "approver" })
	p.types(string(witness))
	p.presses("Return")
	p.sees("the PIN is asked for", func(t turn) bool { return t.Focus == "approver_pin" })
}

func (d *theDay) payByCredit() {
	p, c, from := d.cashier, d.town.plain[10], d.town.plain[9]
	d.opens(c, 1)
	p.types(credited.Plain())
	p.presses("Return")
	d.other(4, credited)
	p.sees("where the credit is, is asked for", func(t turn) bool { return t.Focus == "reference" })
	p.types(string(from.No))
	p.presses("Return")
	d.asksApprover()
	p.keeps("32c-credit")
	p.types(d.town.pins[witness])
	d.takes()
	d.paper()
}

// largeCash takes much cash, and puts it into a bag.
func (d *theDay) largeCash(c ledger.Cents, bag, picture string) {
	p := d.cashier
	d.opens(d.town.large, 1)
	p.types(c.Plain())
	p.presses("Return")
	d.tender("F5", c)
	d.takes()
	d.till.cash += c
	d.shutDrawer()
	d.paper()
	p.sees("the drawer is too full", func(t turn) bool { return t.Trouble == "drawer_no_cash" })
	p.keeps(picture)
	p.presses("ctrl+b")
	p.sees("the bag's form is open", at("form.skim"))
	d.counts("skim.count.", pieces(c, values()))
	p.sees("checks may go into the bag", func(t turn) bool { return t.Focus == "skim.other" })
	p.presses("Return")
	d.fills([2]string{"skim.bag", bag})
	d.signs(witness, "skim", picture+"-bag")
	d.shutDrawer()
	d.paper()
	d.till.cash -= c
}

func (d *theDay) payIn() {
	p := d.cashier
	d.task(1, "paid")
	p.sees("a reason is asked for", func(t turn) bool { return t.Focus == "paid.reason" })
	p.presses("Down", "Down", "Return")
	d.fills([2]string{"paid.amount", found.Plain()}, [2]string{"paid.note", "under the bench"})
	p.sees("it is booked", func(t turn) bool { return t.Notice == "form_paid" })
	d.shutDrawer()
	d.paper()
	d.till.cash += found
}

func (d *theDay) changeOrder() {
	p := d.cashier
	d.task(2, "change")
	d.counts("change.give.", []int{0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	d.counts("change.get.", []int{0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0})
	p.sees("with whom, is asked for", func(t turn) bool { return t.Focus == "change.with" })
	p.presses("Return") // the safe
	d.signs(witness, "change", "35-change")
	d.shutDrawer()
	d.paper()
}

func (d *theDay) refund() {
	p := d.cashier
	d.task(4, "refund")
	d.fills([2]string{"refund.from", string(d.town.large.No)}, [2]string{"refund.amount", refunded.Plain()})
	p.sees("how, is asked for", func(t turn) bool { return t.Focus == "refund.how" })
	p.presses("Return") // in cash
	p.sees("why, is asked for", func(t turn) bool { return t.Focus == "refund.reason" })
	p.presses("Down", "Down", "Return") // paid too much
	d.fills([2]string{"refund.note", ""})
	d.signs(witness, "refund", "36-refund")
	d.shutDrawer()
	d.paper()
	d.till.cash -= refunded
}

func (d *theDay) splitPayment() {
	p := d.cashier
	d.task(5, "split")
	d.fills([2]string{"split.account", string(d.town.behind[2].No)}, [2]string{"split.past_due", ""}, [2]string{"split.penalties", ""},
		[2]string{"split.current", disputed.Plain()})
	p.sees("why, is asked for", func(t turn) bool { return t.Focus == "split.reason" })
	p.presses("Down", "Return") // a penalty in dispute
	p.sees("how, is asked for", func(t turn) bool { return t.Focus == "split.how" })
	p.presses("Return") // in cash
	d.fills([2]string{"split.number", ""})
	d.signs(witness, "split", "36b-split")
	d.shutDrawer()
	d.paper()
	d.till.cash += disputed
}

func (d *theDay) withoutAccount() {
	p := d.cashier
	d.task(6, "no_account")
	d.fills([2]string{"no_account.for", "R. Okafor, new service at 12 Alder Court"}, [2]string{"no_account.amount", forNobody.Plain()})
	p.sees("how, is asked for", func(t turn) bool { return t.Focus == "no_account.how" })
	p.presses("Return") // in cash
	d.fills([2]string{"no_account.number", ""})
	p.sees("it is booked", func(t turn) bool { return t.Notice == "form_no_account" })
	p.keeps("36c-no-account")
	d.shutDrawer()
	d.paper()
	d.till.cash += forNobody
}

// reversal takes back the first payment of the morning, whose drawer is closed.
func (d *theDay) reversal() {
	p := d.cashier
	p.presses("F10")
	p.sees("the payments of the drawer are listed", func(t turn) bool { return t.Place == "undo" && t.Rows > 0 })
	p.types(d.receipts.cash)
	p.presses("Return")
	p.sees("a reason is asked for", func(t turn) bool { return t.Focus == "reason" })
	p.presses("Down", "Return")
	p.sees("a second person is asked for", func(t turn) bool { return t.Focus == "approver" })
	p.types(string(witness))
	p.presses("Return")
	p.sees("the PIN is asked for", func(t turn) bool { return t.Focus == "approver_pin" })
	p.types(d.town.pins[witness])
	p.keeps("37-reversal")
	p.presses("Return")
	p.sees("it is reversed", func(t turn) bool { return t.Place == "window" && t.Notice == "reversed" })
	d.paper()
	d.leaves()
}
