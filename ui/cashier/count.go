package cashier

import (
	"fyne.io/fyne/v2"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// countPage counts a float, or, blind, a drawer.
func (p *Place) countPage(closing bool) *page {
	pg, say := newPage(), p.o.Words.Say
	items := p.itemList("other", say("cashier.count.items"))
	counts := kit.NewPanel(" ", p.countFields(pg, flow.CountField))
	total := kit.NewAmount(say("cashier.count.total"))
	reasons := p.newList(flow.ListReasons, kit.Column{Title: say("cashier.count.reasons"), Share: 1})
	var middle fyne.CanvasObject = reasons.register
	hint := kit.NewParagraph("", kit.Caption(), 2)
	var sums, others *fyne.Container
	if closing {
		sums = p.otherFields(pg)
		note := p.field(pg, flow.FieldNote, textField, kit.FieldOptions{Caption: say("cashier.count.note"), Max: 120})
		pg.lists[flow.FieldTicks] = items.register
		others = kit.Stack([]float32{0, 1, 0, 0}, sums, items.register, p.button(flow.CountSums, kit.Plain), note)
		middle = kit.NewPanel(say("cashier.count.others"), others)
		hint.SetText(say("cashier.count.blind"))
	}
	act := flow.CommitNow
	right := kit.NewPanel("", kit.Stack([]float32{0, 0, 1, 0}, total, hint, p.keypad(true), p.bigButton(act, kit.Primary)))
	row := kit.Split([]float32{5, 4.7, 3}, counts, middle, right)
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, row)
	if !closing {
		pg.lists[flow.FieldReason] = reasons.register
	}
	title := ""
	pg.show = func(m *flow.Model) {
		key, drawer := words.Key("cashier.count.opening"), string(m.Drawer)
		if closing {
			key, drawer = "cashier.count.closing", string(m.Session.Drawer)
		}
		if text := p.say(key, map[string]string{"drawer": drawer}); text != title {
			title = text
			counts.SetTitle(text)
		}
		total.Set(p.money(m.Count.Total), false)
		if closing {
			var rows []kit.Row
			for _, c := range m.Count.Items {
				rows = append(rows, p.choiceRow(c, true))
			}
			items.set(rows, m.Count.At)
			changed := shown(sums, m.Count.BySum)
			if shown(items.register, !m.Count.BySum) || changed {
				relay(others)
			}
		}
		if !closing {
			reasons.set(textRows(m.Reasons), m.Reason)
			if shown(reasons.register, len(m.Reasons) > 0) {
				relay(row)
			}
		}
	}
	return pg
}

// countFields are the values to count, largest first, down and then across.
func (p *Place) countFields(pg *page, fieldOf func(ledger.Cents) flow.Field) *fyne.Container {
	values := flow.Values(p.o.Cash)
	var columns []fyne.CanvasObject
	const columnCount = 3
	rows := (len(values) + columnCount - 1) / columnCount
	var shares []float32
	for len(values) > 0 {
		var column []fyne.CanvasObject
		for _, value := range values[:min(rows, len(values))] {
			// Too narrow for any sentence: none grows, so that the columns stay in line.
			column = append(column, p.field(pg, fieldOf(value), moneyField, kit.FieldOptions{Caption: p.money(value), Max: 6, Lines: -1}))
		}
		values = values[min(rows, len(values)):]
		columns = append(columns, kit.Stack(nil, column...))
		shares = append(shares, 1)
	}
	return kit.Split(shares, columns...)
}

// otherFields are how many checks and the like there are, and their sum.
func (p *Place) otherFields(pg *page) *fyne.Container {
	return kit.Stack(nil, p.tenderFields(pg, func(kind cash.TenderKind) (count, amount flow.Field) {
		return flow.OtherCount(kind), flow.OtherAmount(kind)
	})...)
}

// tenderFields are two fields for each means of payment that is no cash.
func (p *Place) tenderFields(pg *page, fieldsOf func(cash.TenderKind) (count, amount flow.Field)) (rows []fyne.CanvasObject) {
	say := p.o.Words.Say
	for _, kind := range p.o.Cash.OneByOne() {
		name := words.Args{"tender": p.tender(kind)}
		count, amount := fieldsOf(kind)
		rows = append(rows, kit.Split([]float32{1, 1},
			p.field(pg, count, moneyField, kit.FieldOptions{Caption: say("cashier.count.pieces", name), Max: 6}),
			p.field(pg, amount, moneyField, kit.FieldOptions{Caption: say("cashier.count.amount", name)})))
	}
	return rows
}

func textRows(texts []string) []kit.Row {
	rows := make([]kit.Row, 0, len(texts))
	for _, t := range texts {
		rows = append(rows, kit.Row{Cells: []string{t}})
	}
	return rows
}
