package main

// The second half of the cashier's day: what goes wrong, and going home.

// paperOut takes the paper away while a receipt is being printed.
func (d *theDay) paperOut() {
	p, c := d.cashier, d.town.plain[4]
	d.papers()
	d.opens(c, 1)
	d.tender("F5", handed(c))
	var before int
	p.does(func() error {
		s, err := d.counter.state(p.ctx)
		before = s.Lines
		return err
	})
	d.takes()
	p.does(func() error {
		return until(p.ctx, "the receipt begins to come out", func() (bool, error) {
			s, err := d.counter.state(p.ctx)
			return s.Lines > before, err
		})
	})
	p.does(func() error { return d.counter.do(p.ctx, "paper/out") })
	p.sees("the window says that the paper is out and the payment safe", func(t turn) bool {
		return t.Trouble == "printer_paper_out_saved"
	})
	d.shutDrawer()
	p.keeps("12-paper-out")
	p.does(func() error { return d.counter.do(p.ctx, "paper/load") })
	d.paper()
	d.papers()
	p.sees("the trouble is over", func(t turn) bool { return t.Trouble == "" && t.Papers == 0 && t.Printer == "by_hand" }) // it cannot endorse the checks
}

// void takes back the payment before, with Ana's PIN.
func (d *theDay) void() {
	p := d.cashier
	p.presses("F10")
	p.sees("the payments of the day are listed", func(t turn) bool { return t.Place == "undo" && t.Rows > 0 })
	p.presses("Return")
	p.sees("a reason is asked for", func(t turn) bool { return t.Focus == "reason" })
	p.presses("Down", "Return")
	p.sees("a second person is asked for", func(t turn) bool { return t.Focus == "approver" })
	p.types("ana")
	p.presses("Return")
	p.sees("her PIN is asked for", func(t turn) bool { return t.Focus == "approver_pin" })
	p.types(d.town.pins["ana"])
	p.keeps("13-void")
	p.presses("Return")
	p.sees("the payment is voided", func(t turn) bool { return t.Place == "window" && t.Notice == "voided" })
	d.shutDrawer()
	p.keeps("14-voided")
	d.paper()
}

func (d *theDay) nightAndLarge() {
	p := d.cashier
	p.types(string(d.town.behind[1].No))
	p.sees("the account is found", func(t turn) bool { return t.Found == 1 })
	p.relooks("ctrl+l")
	p.keeps("15-night")
	p.relooks("ctrl+t")
	p.keeps("16-night-large")
	p.relooks("ctrl+t")
	p.relooks("ctrl+l")
	p.presses("Escape")
	p.sees("the search is empty again", func(t turn) bool { return t.Place == "window" && t.Typed == 0 && t.Found == 0 })
}

func (d *theDay) xReport() {
	p := d.cashier
	p.presses("ctrl+e")
	p.sees("the X report is made", func(t turn) bool { return t.Notice == "x_report" })
	p.keeps("17-x-report")
	d.paper()
}

// cutCentral stops central. The station learns of it when it has something to
// send: the drawer is opened to make change.
func (d *theDay) cutCentral() {
	p := d.cashier
	p.does(d.central.program.stop)
	p.presses("F11")
	p.sees("a reason is asked for", at("no_sale"))
	p.presses("Down", "Return")
	p.sees("the drawer is opened", func(t turn) bool { return t.Notice == "no_sale" })
	d.shutDrawer()
	p.sees("the window says that central is not reached", func(t turn) bool { return t.Link == "offline" && t.Waiting > 0 })
}

func (d *theDay) payOffline() {
	p := d.cashier
	for i, c := range d.town.plain[5:7] {
		d.opens(c, 1)
		d.tender("F5", handed(c))
		d.takes()
		p.sees("the payment says that it was taken offline", func(t turn) bool { return t.Offline })
		d.till.cash += owed(c)
		d.shutDrawer()
		if i == 0 {
			p.keeps("18-offline")
		}
		d.paper()
	}
}

func (d *theDay) centralBack() {
	p := d.cashier
	p.does(func() error { return d.h.startCentral(p.ctx, d.central) })
	p.sees("everything is at central", func(t turn) bool { return t.Link == "online" && t.Waiting == 0 })
	p.keeps("19-central-back")
}

func (d *theDay) reprint() {
	p := d.cashier
	d.papers() // what still waits to be printed is not printed again
	p.presses("ctrl+p")
	p.sees("the payments of the day are listed", func(t turn) bool { return t.Place == "reprint" && t.Rows > 0 })
	p.keeps("20-print-again")
	p.presses("Return")
	p.sees("the receipt is printed again", func(t turn) bool { return t.Notice == "reprint" || t.Notice == "printed_again" })
	d.paper()
	if p.now.Place != "window" {
		p.presses("Escape")
	}
	p.sees("the window is back", at("window"))
}

func (d *theDay) signOut() {
	p := d.cashier
	p.presses("Return")
	p.sees("nobody is signed in", at("sign_in"))
	d.papers()
	p.sees("everything is at central", func(t turn) bool { return t.Link == "online" && t.Waiting == 0 && t.Papers == 0 })
}
