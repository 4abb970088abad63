package main

import (
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
)

// A check is put into a printer at the end of a real serial line, and its line is on the
// screen and in the entry: the bank, the number, four digits of the account.
func TestThePrinterReadsACheckAtTheTill(t *testing.T) {
	profile, _ := escpos.ProfileNamed("TM-H6000IV")
	em := emulator.New(emulator.Config{Profile: profile, Clock: link.WallClock{}, Baud: 115200, Sensor: emulator.OpenIsHigh})
	defer em.Close()
	em.SetCheckLine("t021001208t 123456789o 0101")
	o := stationAt(utility(t), "A1")
	o.printer, o.model, o.baud, o.checks = filepath.Join(t.TempDir(), "printer"), profile.Name, 115200, true
	o.told = map[string]bool{optPrinter: true, optModel: true, optBaud: true}
	line, err := em.Terminal(o.printer)
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	g := newGlass(t, o)
	g.on(g.open)
	g.sees("the staff are there", func() bool { return g.place != nil && len(g.cashier().People) > 0 })
	r := g.station
	if !r.readsChecks() {
		t.Fatal("the printer reads no checks")
	}
	r.does(t, desk.Order{By: "maria", PIN: pin("maria"), Do: staff.SignIn{}})
	r.does(t, desk.Order{By: "maria", Do: cash.OpenDrawer{Drawer: "1", Count: cash.Count{{Value: 10000, N: 3}}}})
	no := r.somebody(t)
	handle := func(events ...flow.Event) {
		g.on(func() {
			for _, e := range events {
				g.place.(*counter).place.Handle(e)
			}
		})
	}
	handle(flow.Typed{Field: flow.FieldWho, Text: "maria"}, flow.Typed{Field: flow.FieldPIN, Text: pin("maria")}, flow.Pressed{Action: flow.EnterSignIn})
	g.sees("Maria is at the window", func() bool { return g.cashier().Place == flow.AtWindow && g.cashier().Session.ID != "" })
	handle(flow.Scanned{Text: string(no)})
	g.sees("the account is there", func() bool { return len(g.cashier().Payment.Parts) == 1 && g.cashier().Payment.Parts[0].Known })
	handle(flow.Typed{Field: flow.FieldAmount, Text: "10.00"}, flow.Pressed{Action: flow.PayCheck})
	g.sees("the check is wanted", func() bool { return g.cashier().Payment.Reading })
	if err := em.Await(t.Context(), func(s emulator.State) bool { return s.FormWaits }); err != nil {
		t.Fatal(err)
	}
	em.InsertCheck()
	g.sees("the number is filled in", func() bool { return g.cashier().Inputs[flow.FieldNumber].Text == "0101" })
	handle(flow.Pressed{Action: flow.EnterTender})
	g.sees("it is taken", func() bool { return g.cashier().Done != nil })
	entries, err := r.desk.Book.Entries(1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	paid := 0
	for _, e := range entries {
		if strings.Contains(string(e.Body), "123456789") {
			t.Errorf("entry %d has the account", e.Seq)
		}
		if e.Kind != cash.KindPayment {
			continue
		}
		paid++
		body, err := ledger.Unpack[cash.Payment](&e)
		want := cash.Tender{Kind: cash.Check, Amount: 10_00, Number: "0101", Routing: "021001208", AccountEnds: "6789"}
		if err != nil || len(body.Tenders) != 1 || body.Tenders[0] != want {
			t.Errorf("paid by %+v, %v", body.Tenders, err)
		}
	}
	if paid != 1 {
		t.Errorf("%d payments", paid)
	}
	if strings.Contains(g.log.String(), "123456789") {
		t.Error("the log has the account")
	}
	g.ends()
	proved(t, o)
}

func TestWhatIsACheckLine(t *testing.T) {
	whole := flow.CheckLine{Number: "0101", Routing: "021001208", AccountEnds: "6789"}
	for text, want := range map[string]*flow.CheckLine{
		"t021001208t 123456789o 0101":   &whole,
		" T021001208T 123456789U 0101 ": &whole,
		"t021001209t 123456789o 0101":   {Number: "0101", AccountEnds: "6789"}, // its check digit is wrong
		"t021001208t 12?456789o 0101":   {Number: "0101", Routing: "021001208"},
		"toot":                          nil, "oat street": nil, "0101": nil, "": nil, "01-0002-4": nil, "1234567890123456789012345678": nil,
		"t1t": nil, strings.Repeat("t021001208t ", 20): nil,
	} {
		got, is := checkLine(text)
		if is != (want != nil) || want != nil && got != *want {
			t.Errorf("%q: %+v, %v", text, got, is)
		}
	}
}
