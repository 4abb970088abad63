package main

import (
	"fmt"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

func at(place string) func(turn) bool { return func(t turn) bool { return t.Place == place } }

// cashierSteps are the day of the cashier, from signing in to the Z.
func (d *theDay) cashierSteps() []step {
	return d.at(func() *person { return d.cashier }, []step{
		{name: "the sign-in page shows the sample's PINs", do: d.signInPage},
		{name: "Maria signs in with her PIN", do: func() { d.signIn("maria"); d.cashier.sees("the drawer is to be counted", at("opening")) }},
		{name: "the drawer is opened with a counted float of 300.00", do: func() { d.openDrawer("02-float", "03-window") }},
		{name: "a customer is found by typing, and pays cash with change", do: d.cashWithChange},
		{name: "cash plus a check, on an account past due", do: d.cashPlusCheck},
		{name: "two bills are scanned and paid with one check", do: d.twoBills},
		{name: "a card number is refused; the card's reference is taken", do: d.card},
		{name: "an amount that is none is refused, and stays", do: d.badAmount},
		{name: "the paper runs out in the middle of a receipt; loaded again, it comes out", do: d.paperOut},
		{name: "that payment is voided with a second person's PIN", do: d.void},
		{name: "the same screen by night, in large letters, and back", do: d.nightAndLarge},
		{name: "an X report", do: d.xReport},
		{name: "100.00 goes to the safe in a bag, with a second person", do: d.skim},
		{name: "stamps are paid from the drawer", do: d.payOut},
		{name: "a suspect note is kept and pays nothing", do: d.suspectNote},
		{name: "central is cut off; the screen says so", do: d.cutCentral},
		{name: "two payments are taken OFFLINE", do: d.payOffline},
		{name: "central comes back, and everything arrives", do: d.centralBack},
		{name: "a receipt is printed again, as a DUPLICATE", do: d.reprint},
		{name: "the drawer is counted blind; a twenty is missed, and the window asks why", do: d.countDrawer},
		{name: "it is counted once more, and the twenty is there", do: d.recount},
		{name: "it is closed with a reason and a second person's PIN", do: d.closeDrawer},
		{name: "Maria signs out", do: d.signOut},
		{name: "the lead makes the deposit, drawer and bag together, with a witness", do: d.deposit},
	})
}

// at gives steps to a person.
func (d *theDay) at(who func() *person, steps []step) []step {
	for i := range steps {
		steps[i].who = who
	}
	return steps
}

func (d *theDay) signInPage() {
	p := d.cashier
	p.sees("the staff are on the page, central is reached and the printer is ready", func(t turn) bool {
		return t.Place == "sign_in" && t.Focus == "who" && t.Link == "online" && t.Printer == "ready"
	})
	p.keeps("01-sign-in")
}

func (d *theDay) signIn(who string) {
	p := d.cashier
	p.types(who)
	p.presses("Return")
	p.sees("the PIN is asked for", func(t turn) bool { return t.Focus == "pin" && t.Typed == 0 })
	p.types(d.town.pins[staff.ID(who)])
	p.presses("Return")
}

// float is what the drawer begins with.
const float ledger.Cents = 30000

// openDrawer counts the float, and keeps pictures of it and of the window after it.
func (d *theDay) openDrawer(counted, opened string) {
	p := d.cashier
	d.counts("count.", []int{0, 0, 10, 6, 5, 0, 10, 2, 16, 0, 0, 0})
	p.keeps(counted)
	p.presses("F12")
	p.sees("the window is open for customers", at("window"))
	d.till = newTill()
	d.paper()
	d.shutDrawer()
	p.keeps(opened)
}

// counts types a count, one value after the other; nothing is typed for none.
func (d *theDay) counts(fields string, pieces []int) {
	p := d.cashier
	for i, n := range pieces {
		field := fields + values()[i].Plain()
		p.sees("the field "+field+" is next", func(t turn) bool { return t.Focus == field })
		if n > 0 {
			p.types(fmt.Sprint(n))
		}
		p.presses("Return")
	}
}

// shutDrawer pushes the drawer in, once it has come out.
func (d *theDay) shutDrawer() {
	p := d.cashier
	p.does(func() error {
		return until(p.ctx, "the drawer comes out", func() (bool, error) {
			s, err := d.counter.state(p.ctx)
			return s.DrawerOpen, err
		})
	})
	p.does(func() error { return d.counter.do(p.ctx, "drawer/close") })
}

// paper says that one more piece of paper is to come out. Nobody waits for it.
func (d *theDay) paper() { d.cut++ }

// papers waits until every paper so far was cut off.
func (d *theDay) papers() {
	p := d.cashier
	p.does(func() error { return d.counter.gives(p.ctx, "all papers so far are cut off", d.cut) })
}

// opens scans a bill and waits until the account is read.
func (d *theDay) opens(c account.Customer, parts int) {
	d.cashier.scans(bill(c))
	d.begun(parts)
}

func (d *theDay) begun(parts int) {
	d.cashier.sees("the account is open to be paid", func(t turn) bool {
		return t.Parts == parts && t.Known && t.Focus == "amount"
	})
}

// tender presses a tender's key and types what is handed over.
func (d *theDay) tender(key string, c ledger.Cents) {
	p := d.cashier
	p.presses(key)
	p.sees("what is handed over can be typed", func(t turn) bool { return t.Focus == "tendered" && t.Typed == 0 })
	p.types(c.Plain())
}

// takes presses Enter and waits until the payment is in the ledger.
func (d *theDay) takes() {
	p := d.cashier
	before := p.now.Receipt
	p.presses("Return")
	p.sees("the payment is taken", func(t turn) bool { return t.Receipt != "" && t.Receipt != before })
}

func (d *theDay) cashWithChange() {
	p, c := d.cashier, d.town.plain[0]
	p.types(words(c))
	p.sees("one customer is found", func(t turn) bool { return t.Found == 1 })
	p.keeps("04-found")
	p.presses("Return")
	d.begun(1)
	p.presses("Return") // the balance
	d.tender("F5", handed(c))
	p.keeps("05-cash-tendered")
	d.takes()
	d.receipts.cash = p.now.Receipt
	d.till.cash += owed(c)
	d.shutDrawer()
	p.keeps("06-change")
	d.paper()
}

func (d *theDay) cashPlusCheck() {
	p, c := d.cashier, d.town.behind[0]
	p.types(string(c.No))
	p.sees("the account is found", func(t turn) bool { return t.Found == 1 })
	p.presses("Return")
	d.begun(1)
	p.keeps("07-past-due")
	check := owed(c) / 2
	d.tender("F6", check)
	p.presses("Return")
	p.sees("the check's number is asked for", func(t turn) bool { return t.Focus == "number" })
	p.types("1077")
	p.presses("Return")
	p.sees("the check is in", func(t turn) bool { return t.Tenders == 1 && t.Focus == "" })
	d.tender("F5", owed(c)-check)
	p.keeps("08-cash-and-check")
	d.takes()
	d.receipts.check = p.now.Receipt
	d.till.cash += owed(c) - check
	d.till.takes(cash.Check, check)
	d.shutDrawer()
	d.paper()
}

func (d *theDay) twoBills() {
	p, a, b := d.cashier, d.town.plain[1], d.town.large
	d.opens(a, 1)
	d.opens(b, 2)
	sum := owed(a) + owed(b)
	d.tender("F6", sum)
	p.presses("Return")
	p.sees("the check's number is asked for", func(t turn) bool { return t.Focus == "number" })
	p.types("20441")
	p.keeps("09-two-bills")
	d.takes()
	d.till.takes(cash.Check, sum)
	d.shutDrawer()
	d.paper()
}

func (d *theDay) card() {
	p, c := d.cashier, d.town.plain[2]
	d.opens(c, 1)
	d.tender("F7", 4000)
	p.presses("Return")
	p.sees("the terminal's reference is asked for", func(t turn) bool { return t.Focus == "reference" })
	p.types("4111111111111111")
	p.presses("Return")
	p.sees("a card number is refused", func(t turn) bool { return t.Refused == "card.refused" })
	p.keeps("10-card-number-refused")
	p.presses("ctrl+a", "BackSpace")
	p.types("TX-88120")
	p.presses("Return")
	p.sees("the last four are asked for", func(t turn) bool { return t.Focus == "last_four" })
	p.types("4242")
	p.presses("Return")
	p.sees("the card is in", func(t turn) bool { return t.Tenders == 1 && t.Focus == "" })
	rest := owed(c) - 4000
	d.tender("F8", rest)
	p.presses("Return")
	p.sees("the money order's number is asked for", func(t turn) bool { return t.Focus == "number" })
	p.types("MO-5512")
	d.takes()
	d.till.takes(cash.Card, 4000)
	d.till.takes(cash.MoneyOrder, rest)
	d.shutDrawer()
	d.paper()
}

func (d *theDay) badAmount() {
	p, c := d.cashier, d.town.plain[3]
	d.opens(c, 1)
	p.types("1,234.5.6")
	p.presses("Return")
	p.sees("the amount is refused", func(t turn) bool { return t.Refused != "" && t.Typed == len("1,234.5.6") })
	p.keeps("11-bad-amount")
	p.presses("ctrl+a", "BackSpace")
	p.types("25")
	p.presses("Return")
	p.sees("the amount is taken", func(t turn) bool { return t.Refused == "" })
	d.tender("F5", 2500)
	d.takes()
	d.till.cash += 2500
	d.shutDrawer()
	d.paper()
}
