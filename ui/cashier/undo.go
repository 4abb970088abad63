package cashier

import (
	"strings"

	"fyne.io/fyne/v2"

	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

func (p *Place) paymentList() *list {
	say := p.o.Words.Say
	l := p.newList(flow.ListPayments,
		kit.Column{Title: say("cashier.undo.time"), Fit: "00:00"},
		kit.Column{Title: say("cashier.undo.receipt"), Fit: "WW-000123-WWWW"},
		kit.Column{Title: say("cashier.undo.name"), Share: 1, Bold: true},
		kit.Column{Title: say("cashier.undo.total"), Fit: "1,000.00", Right: true})
	return l
}

func (p *Place) showPayments(l *list, m *flow.Model) {
	rows := make([]kit.Row, 0, len(m.Payments))
	for _, r := range m.Payments {
		row := kit.Row{Cells: []string{p.clock(r.At), string(r.Receipt), r.Name, p.money(r.Total)}}
		if r.Undone {
			row.Cells[2] = joined(r.Name, p.o.Words.Say("cashier.undo.undone"))
			row.Level = kit.Look
		}
		rows = append(rows, row)
	}
	l.set(rows, m.Chosen)
	// What is not listed can be of another session.
	l.setEmpty(p.o.Words.Say(map[bool]words.Key{true: "cashier.undo.none", false: "cashier.undo.not_listed"}[m.Inputs[flow.FieldReceipt].Text == ""]))
}

// undoPage takes a payment back: which, why, and who signs for it.
func (p *Place) undoPage() *page {
	pg, say := newPage(), p.o.Words.Say
	payments := p.paymentList()
	reasons := p.newList(flow.ListReasons, kit.Column{Title: say("cashier.undo.reasons"), Share: 1})
	pg.lists[flow.FieldReason] = reasons.register
	receipt := p.field(pg, flow.FieldReceipt, textField, kit.FieldOptions{Caption: say("cashier.undo.receipt"), Max: 32})
	what := kit.NewParagraph("", kit.Style{Size: look.SizeCaption, Bold: true}, 4)
	approver := p.field(pg, flow.FieldApprover, textField, kit.FieldOptions{Caption: say("cashier.undo.approver"), Max: 64})
	pin := p.field(pg, flow.FieldApproverPIN, secretField, kit.FieldOptions{Caption: say("cashier.undo.pin")})
	sign := kit.NewLine("", kit.Caption())
	left := kit.NewPanel(say("cashier.undo.title"), payments.register)
	middle := kit.Stack([]float32{1, 0}, reasons.register, p.keypad(false))
	right := kit.NewPanel("", kit.Stack([]float32{0, 0, 0, 0, 0, 1, 0}, receipt, what, approver, pin, sign, kit.Stack(nil), p.bigButton(flow.EnterUndo, kit.Danger)))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, kit.Split([]float32{6.4, 3, 3.6}, left, middle, right))
	pg.show = func(m *flow.Model) {
		p.showPayments(payments, m)
		reasons.set(textRows(m.Reasons), m.Reason)
		what.SetText("")
		if u := m.Undo; u != nil {
			key := map[bool]words.Key{true: "cashier.undo.void", false: "cashier.undo.reversal"}[u.Here]
			what.SetText(p.say(key, map[string]string{"name": u.Name, "total": p.money(u.Total), "time": p.day(u.At, m.Now) + " " + p.clock(u.At)}))
		}
		sign.SetText(p.maySign(m))
	}
	return pg
}

// maySign names who may sign for this person, as it is typed.
func (p *Place) maySign(m *flow.Model) string {
	var names []string
	for _, one := range m.Approvers {
		names = append(names, string(one.ID))
	}
	return p.say("cashier.undo.may_sign", map[string]string{"names": strings.Join(names, ", ")})
}

// noSalePage opens the drawer for one of the reasons.
func (p *Place) noSalePage() *page {
	pg := newPage()
	reasons := p.newList(flow.ListReasons, kit.Column{Title: p.o.Words.Say("cashier.undo.reasons"), Share: 1})
	pg.lists[flow.FieldReason] = reasons.register
	box := kit.NewPanel(p.o.Words.Say("cashier.no_sale.title"), kit.Stack([]float32{1, 0}, reasons.register,
		kit.Split([]float32{1, 1}, p.bigButton(flow.EnterNoSale, kit.Primary), p.bigButton(flow.Back, kit.Plain))))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, &fyne.Container{Layout: &middle{share: 0.6}, Objects: []fyne.CanvasObject{box}})
	pg.show = func(m *flow.Model) { reasons.set(textRows(m.Reasons), m.Reason) }
	return pg
}

// reprintPage prints a receipt again.
func (p *Place) reprintPage() *page {
	pg, say := newPage(), p.o.Words.Say
	payments := p.paymentList()
	receipt := p.field(pg, flow.FieldReceipt, textField, kit.FieldOptions{Caption: say("cashier.undo.receipt"), Max: 32})
	left := kit.NewPanel(say("cashier.reprint.title"), payments.register)
	right := kit.NewPanel("", kit.Stack([]float32{0, 1, 0, 0}, receipt, p.keypad(false), p.bigButton(flow.EnterPrint, kit.Primary), p.bigButton(flow.Back, kit.Plain)))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, kit.Split([]float32{8, 5}, left, right))
	pg.show = func(m *flow.Model) { p.showPayments(payments, m) }
	return pg
}
