package cashier

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// menuPage lists what is done on a form.
func (p *Place) menuPage() *page {
	pg, say := newPage(), p.o.Words.Say
	acts := p.newList(flow.ListActs, kit.Column{Title: say("cashier.menu.act"), Bold: true})
	what := kit.NewParagraph("", kit.Body(), 4) // of the chosen one, whole
	pg.lists[flow.FieldReason] = acts.register
	box := kit.NewPanel(say("cashier.menu.title"), kit.Stack([]float32{1, 0}, kit.Split([]float32{1, 1}, acts.register, kit.Stack(nil, what)),
		kit.Split([]float32{1, 1}, p.bigButton(flow.EnterMenu, kit.Primary), p.bigButton(flow.Back, kit.Plain))))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, &fyne.Container{Layout: &middle{share: 0.8}, Objects: []fyne.CanvasObject{box}})
	pg.show = func(m *flow.Model) {
		var rows []kit.Row
		for _, a := range m.Acts {
			rows = append(rows, kit.Row{Cells: []string{say(formKey(a, "title"))}})
		}
		acts.set(rows, m.ActAt)
		if m.ActAt < len(m.Acts) {
			what.SetText(say(formKey(m.Acts[m.ActAt], "what")))
		}
	}
	return pg
}

// formKey names a sentence of a form.
func formKey(a flow.Act, name string) words.Key {
	return words.Key("cashier.form." + string(a) + "." + name)
}

// formPage draws any form: what is counted at the left, lists beside it, what is
// typed and who signs at the right.
func (p *Place) formPage(a flow.Act) *page {
	pg, say := newPage(), p.o.Words.Say
	f := formPieces{p: p, pg: pg, act: a, totals: map[string]*kit.Amount{}, lists: map[string]*list{}, ticks: map[string]bool{}}
	for _, part := range a.Parts() {
		f.add(part)
	}
	var columns []fyne.CanvasObject
	var shares []float32
	column := func(share float32, o fyne.CanvasObject) { columns, shares = append(columns, o), append(shares, share) }
	for _, c := range f.counts {
		column(4.4, c)
	}
	var last []fyne.CanvasObject
	title := say(formKey(a, "title"))
	if len(f.counts) == 0 {
		// What it is for stands where there is room for it; the menu said it already.
		hint := kit.NewParagraph(say(formKey(a, "what")), kit.Caption(), 2)
		column(4, kit.NewPanel(title, kit.Stack(nil, append([]fyne.CanvasObject{hint}, f.typed...)...)))
		title = ""
	} else {
		last = f.typed
	}
	listRight := len(f.counts) > 1 || f.others != nil // there is no room beside
	if f.others != nil {
		f.sums = kit.Stack(nil, f.others...)
		both := []fyne.CanvasObject{f.sums, f.items.register, p.button(flow.CountSums, kit.Plain)}
		tall := append([]float32{0, 1, 0}, make([]float32, len(f.typed))...)
		f.beside = kit.Stack(tall, append(both, f.typed...)...)
		column(5.3, kit.NewPanel(say("cashier.count.others"), f.beside))
		last = nil
	}
	if listRight {
		last = append(f.listed, last...)
	} else if len(f.listed) > 0 {
		column(4.4, kit.Stack(slices.Repeat([]float32{1}, len(f.listed)), f.listed...))
	}
	if f.second != nil {
		last = append(last, f.second)
	}
	tall := make([]float32, len(last)+2)
	if listRight {
		tall[0] = 1
	} else {
		tall[len(last)] = 1
	}
	right := kit.Stack(tall, append(last, kit.Stack(nil), p.bigButton(flow.CommitNow, kit.Primary))...)
	column(3.6, kit.NewPanel(title, right))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, kit.Split(shares, columns...))
	pg.show = func(m *flow.Model) { f.show(m, right) }
	return pg
}

// formPieces are the pieces of a form's page.
type formPieces struct {
	p   *Place
	pg  *page
	act flow.Act

	// What is counted, what is chosen from lists, and what is typed.
	counts, listed, typed []fyne.CanvasObject
	others                []fyne.CanvasObject
	// What is counted by its sums, or ticked: items; both are in beside.
	sums, beside *fyne.Container
	items        *list

	totals map[string]*kit.Amount
	lists  map[string]*list
	ticks  map[string]bool // of these lists
	second fyne.CanvasObject
	signs  *kit.Text
}

func (f *formPieces) add(part flow.FormPart) {
	p, say := f.p, f.p.o.Words.Say
	field := flow.PartField(f.act, part.Name)
	switch part.Asks {
	case flow.AskPieces:
		total := kit.NewAmount(say("cashier.count.total"))
		f.totals[part.Name] = total
		fields := p.countFields(f.pg, func(value ledger.Cents) flow.Field { return flow.PieceField(f.act, part.Name, value) })
		f.counts = append(f.counts, kit.NewPanel(say(formKey(f.act, part.Name)), kit.Stack([]float32{0, 1, 0}, fields, kit.Stack(nil), total)))
	case flow.AskOthers:
		rows := p.tenderFields(f.pg, func(kind cash.TenderKind) (count, amount flow.Field) { return flow.OtherFields(f.act, kind) })
		f.others = rows
	case flow.AskChoice, flow.AskTicks:
		title := say(formKey(f.act, part.Name))
		l := p.tickList(part.Name, title)
		switch {
		case part.Name == "other" || part.Name == flow.PartTicks:
			l = p.itemList(part.Name, title)
		case part.Asks == flow.AskChoice:
			columns := []kit.Column{{Title: title, Share: 2}}
			if f.act == flow.ActPaid || part.Name == "drawer" {
				columns = append(columns, kit.Column{Share: 2})
			}
			l = p.newList(flow.ListOf(part.Name), columns...)
		}
		l.setEmpty(say("cashier.form.nothing"))
		f.lists[part.Name], f.pg.lists[field] = l, l.register
		f.ticks[part.Name] = part.Asks == flow.AskTicks
		if part.Name == flow.PartTicks {
			f.items = l // in the room of the sums
			return
		}
		f.listed = append(f.listed, l.register)
	case flow.AskSign, flow.AskWitness:
		approver := p.field(f.pg, flow.FieldApprover, textField, kit.FieldOptions{Caption: say("cashier.form.second"), Max: 64})
		pin := p.field(f.pg, flow.FieldApproverPIN, secretField, kit.FieldOptions{Caption: say("cashier.undo.pin")})
		f.signs = kit.NewLine("", kit.Caption())
		f.second = kit.Stack(nil, approver, pin, f.signs)
	case flow.AskMoney:
		f.typed = append(f.typed, p.field(f.pg, field, moneyField, kit.FieldOptions{Caption: say(formKey(f.act, part.Name))}))
	default:
		f.typed = append(f.typed, p.field(f.pg, field, textField, kit.FieldOptions{Caption: say(formKey(f.act, part.Name)), Max: part.Max}))
	}
}

func (f *formPieces) show(m *flow.Model, right *fyne.Container) {
	for name, total := range f.totals {
		total.Set(f.p.money(m.Form.Totals[name]), false)
	}
	for name, l := range f.lists {
		var rows []kit.Row
		for _, c := range m.Form.Choices[name] {
			rows = append(rows, f.p.choiceRow(c, f.ticks[name]))
		}
		l.set(rows, m.Form.At[name])
	}
	if f.items != nil {
		changed := shown(f.sums, m.Form.BySum)
		if shown(f.items.register, !m.Form.BySum) || changed {
			relay(f.beside)
		}
	}
	if f.second == nil {
		return
	}
	var names []string
	for _, one := range m.Form.Second {
		names = append(names, string(one.ID))
	}
	f.signs.SetText(f.p.say("cashier.undo.may_sign", map[string]string{"names": strings.Join(names, ", ")}))
	if shown(f.second, m.Form.Sign) {
		relay(right)
	}
}

// tickList is a list of which each row is ticked: a session or a bag with its day.
func (p *Place) tickList(part, title string) *list {
	return p.newList(flow.ListOf(part), kit.Column{Fit: tick}, kit.Column{Title: title, Share: 3}, kit.Column{Share: 2})
}

// itemList is a list of checks and the like, each ticked. The number and what it is come
// first and are never cut; the name of the customer has what is left of the line.
func (p *Place) itemList(part, title string) *list {
	return p.newList(flow.ListOf(part), kit.Column{Fit: tick}, kit.Column{Title: title, Share: 1}, kit.Column{Fit: "1,000.00", Right: true})
}

const tick = "✓"

// ofPayer stands before whose an item is.
const ofPayer = " · "

// choiceRow is a row of a list to choose from, or to tick.
func (p *Place) choiceRow(c flow.Choice, ticks bool) kit.Row {
	cells := slices.Clone(c.Cells)
	switch {
	case c.Kind != "" && len(cells) > 1:
		cells = slices.Replace(cells, 0, 2, strings.TrimSpace(cells[0]+" "+p.piece(c.Kind))+ofPayer+cells[1])
	case c.Kind != "":
		cells[0] = p.tender(c.Kind)
	case c.Say:
		cells[0] = p.o.Words.Say(words.Key("cashier.form.choice." + strings.ReplaceAll(cells[0], "-", "_")))
	}
	if ticks {
		mark := ""
		if c.Ticked {
			mark = tick
		}
		cells = slices.Insert(cells, 0, mark)
	}
	return kit.Row{Cells: cells}
}
