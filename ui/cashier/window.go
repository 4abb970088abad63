package cashier

import (
	"slices"

	"fyne.io/fyne/v2"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
	"gatehouse/ui/words"
)

// column puts the find field on top, what was found below it, and the account
// with the keypad at the bottom; while nothing was looked for they have its room.
type column struct{}

func (column) gap() float32 {
	return 1.5 * fyne.CurrentApp().Settings().Theme().Size(look.SizeUnit)
}

func (l column) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	find, found, below := objects[0], objects[1], objects[2]
	top, gap := find.MinSize().Height, l.gap()
	find.Move(fyne.NewPos(0, 0))
	find.Resize(fyne.NewSize(s.Width, top))
	low := below.MinSize().Height
	if !found.Visible() {
		low = s.Height - top - gap
	}
	found.Move(fyne.NewPos(0, top+gap))
	found.Resize(fyne.NewSize(s.Width, max(0, s.Height-top-low-2*gap)))
	below.Move(fyne.NewPos(0, s.Height-low))
	below.Resize(fyne.NewSize(s.Width, low))
}

// MinSize has room for all three, so that the page does not jump.
func (l column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m.Width = max(m.Width, o.MinSize().Width)
		m.Height += o.MinSize().Height + l.gap()
	}
	m.Height -= l.gap()
	return m
}

// bottom keeps an object at the bottom and as high as it needs.
type bottom struct{}

func (bottom) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(s.Width, h))
		o.Move(fyne.NewPos(0, s.Height-h))
	}
}

func (bottom) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return m
}

// windowPage is where customers are served: find and the account on the left,
// this payment on the right.
func (p *Place) windowPage() *page {
	pg, say := newPage(), p.o.Words.Say
	find := p.field(pg, flow.FieldFind, textField, kit.FieldOptions{Caption: say("cashier.find.caption"), Action: "find", Size: look.SizeTitle, Max: 100})
	found := p.newList(flow.ListFound,
		kit.Column{Title: say("cashier.find.account"), Fit: "00-0000-00"},
		kit.Column{Title: say("cashier.find.name"), Share: 3, Bold: true},
		kit.Column{Title: say("cashier.find.address"), Share: 3},
		kit.Column{Title: say("cashier.find.balance"), Fit: "-1,000.00 a favor", Right: true})
	account := p.accountPanel()
	known := kit.Stack([]float32{0, 0, 1}, pg.notice, p.ask, account.panel)
	pad := &fyne.Container{Layout: &bottom{}, Objects: []fyne.CanvasObject{p.keypad(true)}}
	below := kit.Split([]float32{1, 0}, known, pad)
	left := &fyne.Container{Layout: &column{}, Objects: []fyne.CanvasObject{find, found.register, below}}
	pay := p.paymentPanel(pg)
	pg.content = kit.Split([]float32{8, 5}, left, pay.content)
	pg.show = func(m *flow.Model) {
		p.showFound(found, m)
		if shown(found.register, m.Find.For != "") {
			relay(left)
		}
		account.set(m)
		// While a question waits it has the room of the account.
		if shown(account.panel, m.Ask == nil) {
			relay(known)
		}
		pay.set(m)
	}
	return pg
}

func (p *Place) showFound(l *list, m *flow.Model) {
	rows := make([]kit.Row, 0, len(m.Find.Rows))
	for _, f := range m.Find.Rows {
		c := f.Standing.Customer
		row := kit.Row{Cells: []string{string(c.No), c.Name, c.Service, p.owed(f.Standing.Balance())}}
		if c.Closed || c.NoChecksUntil != 0 {
			row.Level = kit.Look
		}
		rows = append(rows, row)
	}
	l.set(rows, m.Find.Chosen)
	empty := ""
	if m.Find.For != "" && len(rows) == 0 {
		empty = p.o.Words.Say("cashier.find.nobody")
	}
	l.setEmpty(empty)
}

// payment is the panel of the payment being made, or just made.
type payment struct {
	p       *Place
	content *fyne.Container
	inner   *fyne.Container
	lines   *lines
	shown   []line
	toPay   *kit.Amount
	amount  *kit.Field
	entry   *fyne.Container
	tender  *kit.Field
	number  *kit.Field
	card    *fyne.Container
	last    *kit.Field
	refer   *kit.Field
	sign    *fyne.Container
	signs   *kit.Text
	keys    *fyne.Container
	big     *kit.Amount
	enters  map[flow.Action]*kit.KeyButton
	done    *kit.Text
}

func (p *Place) paymentPanel(pg *page) *payment {
	say := p.o.Words.Say
	pay := &payment{p: p}
	// Two are enough while a sentence at a field takes the room of the others.
	pay.lines = newLines(2, func(i int) { p.Handle(flow.Picked{List: flow.ListLines, Row: i}) })
	pay.toPay = kit.NewSmallAmount(say("cashier.payment.to_pay"))
	pay.amount = p.field(pg, flow.FieldAmount, moneyField, kit.FieldOptions{Caption: say("cashier.payment.amount", words.Args{"no": ""})})
	pay.tender = p.field(pg, flow.FieldTendered, moneyField, kit.FieldOptions{Caption: say("cashier.payment.tendered", words.Args{"tender": ""})})
	pay.number = p.field(pg, flow.FieldNumber, textField, kit.FieldOptions{Caption: say("cashier.payment.number"), Max: 40})
	pay.refer = p.field(pg, flow.FieldReference, textField, kit.FieldOptions{Caption: say("cashier.payment.reference"), Max: 40})
	pay.last = p.field(pg, flow.FieldLastFour, textField, kit.FieldOptions{Caption: say("cashier.payment.last_four"), Max: 30, Digits: true})
	pay.card = kit.Split([]float32{1, 1}, pay.refer, pay.last)
	pay.entry = kit.Stack(nil, pay.tender, pay.number, pay.card)
	approver := p.field(pg, flow.FieldApprover, textField, kit.FieldOptions{Caption: say("cashier.undo.approver"), Max: 64})
	pin := p.field(pg, flow.FieldApproverPIN, secretField, kit.FieldOptions{Caption: say("cashier.undo.pin")})
	pay.signs = kit.NewLine("", kit.Caption())
	pay.sign = kit.Stack(nil, approver, pin, pay.signs)
	pay.keys = kit.Stack([]float32{0, 0},
		kit.Split([]float32{1, 1}, p.button(flow.PayCash, kit.Plain), p.button(flow.PayCheck, kit.Plain)),
		kit.Split([]float32{1, 1}, p.button(flow.PayCard, kit.Plain), p.button(flow.PayOther, kit.Plain)))
	pay.big = kit.NewAmount(say("cashier.payment.remaining"))
	pay.done = kit.NewParagraph("", kit.Strong(), 2)
	objects := []fyne.CanvasObject{pay.lines, pay.toPay, pay.amount, pay.entry, pay.sign, pay.keys, pay.done, pay.big}
	pay.enters = map[flow.Action]*kit.KeyButton{}
	for _, a := range []flow.Action{flow.EnterTake, flow.EnterPay, flow.EnterTender, flow.EnterAmount, flow.EnterRetry} {
		pay.enters[a] = p.bigButton(a, kit.Primary)
		objects = append(objects, pay.enters[a])
	}
	pay.inner = kit.Stack([]float32{1}, objects...)
	pay.content = kit.Stack([]float32{1}, kit.NewPanel("", pay.inner))
	return pay
}

func (pay *payment) set(m *flow.Model) {
	say := pay.p.o.Words.Say
	pay.setLines(m)
	entering := m.Payment.Entry != ""
	asks := func(field flow.Field) bool { return slices.Contains(flow.FieldsOf(m.Payment.Entry), field) }
	moved := shown(pay.entry, entering)
	moved = shown(pay.number, asks(flow.FieldNumber)) || moved
	moved = shown(pay.card, asks(flow.FieldReference)) || moved
	if shown(pay.last, asks(flow.FieldLastFour)) {
		moved = true
		relay(pay.card)
	}
	moved = shown(pay.sign, m.Payment.Sign) || moved
	moved = shown(pay.amount, !entering && m.Begun() && !m.Payment.Sign) || moved
	moved = shown(pay.keys, !entering && m.Done == nil && !m.Payment.Sign) || moved
	moved = shown(pay.done, m.Done != nil) || moved
	moved = shown(pay.toPay, m.Begun()) || moved
	if entering {
		pay.tender.SetCaption(say("cashier.payment.tendered", words.Args{"tender": pay.p.tender(m.Payment.Entry)}), pay.hint(m.Payment.Remaining))
	}
	pay.refer.SetCaption(say(map[bool]words.Key{true: "cashier.payment.credit_of", false: "cashier.payment.reference"}[m.Payment.Entry == cash.Credit]), "")
	pay.signs.SetText(pay.p.maySign(m))
	pay.tender.Note(pay.over(m, -1))
	if at := m.Payment.Active; at >= 0 && at < len(m.Payment.Parts) {
		part := m.Payment.Parts[at]
		pay.amount.SetCaption(say("cashier.payment.amount", words.Args{"no": string(part.No)}), pay.hint(part.Standing.Balance()))
		pay.amount.Note(pay.over(m, at))
	}
	pay.setSums(m)
	main := flow.EnterTake
	if pay.enters[m.Enter] != nil {
		main = m.Enter
	}
	for a, b := range pay.enters {
		moved = shown(b, a == main) || moved
	}
	if moved {
		relay(pay.entry)
		relay(pay.inner)
	}
}

// setSums shows the largest thing on the screen: what is still to pay, or the
// change, which stays until the next customer begins.
func (pay *payment) setSums(m *flow.Model) {
	p, say := pay.p, pay.p.o.Words.Say
	toPay := ""
	if !m.Payment.Unclear {
		toPay = p.money(m.Payment.ToPay)
	}
	pay.toPay.Set(toPay, false)
	switch {
	case m.Done != nil:
		text := p.say("cashier.payment.done", map[string]string{"total": p.money(m.Done.Total), "receipt": string(m.Done.Receipt)})
		if m.Done.Offline {
			text = joined(text, say("cashier.payment.offline"))
		}
		pay.done.SetText(text)
		pay.big.SetCaption(say("cashier.payment.change"))
		pay.big.Set(p.money(m.Done.Change), true)
	case m.Payment.Remaining < 0 && !m.Payment.Unclear:
		pay.big.SetCaption(say("cashier.payment.change"))
		pay.big.Set(p.money(-m.Payment.Remaining), true)
	default:
		pay.big.SetCaption(say("cashier.payment.remaining"))
		text := ""
		if m.Begun() && !m.Payment.Unclear {
			text = p.money(m.Payment.Remaining)
		}
		pay.big.Set(text, false)
	}
}

// hint says what Enter takes if nothing is typed.
func (pay *payment) hint(what ledger.Cents) string {
	if what <= 0 {
		return ""
	}
	return pay.p.say("cashier.payment.balance", map[string]string{"balance": pay.p.money(what)})
}

// over says what is more than is due and stays as credit: of one part, or, where
// that has nothing, of all of them. Money taken by mistake is to be seen before.
func (pay *payment) over(m *flow.Model, part int) string {
	key, over := words.Key("cashier.payment.over"), m.Payment.Over
	switch {
	case part >= 0 && m.Payment.Parts[part].Over > 0:
		over = m.Payment.Parts[part].Over
	case len(m.Payment.Parts) > 1:
		key = "cashier.payment.over_in_all"
	}
	if over <= 0 {
		return ""
	}
	return pay.p.say(key, map[string]string{"amount": pay.p.money(over)})
}

func (pay *payment) setLines(m *flow.Model) {
	var all []line
	for _, part := range m.Payment.Parts {
		text := joined(string(part.No), part.Standing.Customer.Name)
		figure := ""
		if !part.Unclear {
			figure = pay.p.money(part.Amount)
		}
		all = append(all, line{text: text, figure: figure, quiet: !part.Set})
	}
	for _, t := range m.Payment.Tenders {
		text := pay.p.tender(t.Kind)
		switch {
		case t.Number != "":
			text = joined(text, t.Number)
		case t.LastFour != "":
			text = joined(text, t.LastFour)
		case t.Reference != "":
			text = joined(text, t.Reference)
		}
		all = append(all, line{text: text, figure: pay.p.money(-t.Amount)})
	}
	same := len(all) == len(pay.shown) && m.Payment.Line == pay.lines.chosen
	for i := range all {
		same = same && all[i] == pay.shown[i]
	}
	if !same {
		pay.shown = all
		pay.lines.set(all, m.Payment.Line)
	}
}
