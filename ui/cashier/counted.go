package cashier

import (
	"fmt"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
)

// newDifferences is the table of what was expected and what was counted.
func (p *Place) newDifferences() *kit.Register {
	say := p.o.Words.Say
	return kit.NewRegister(p.env, kit.RegisterOptions{Columns: []kit.Column{
		{Title: say("cashier.closed.tender"), Share: 1, Bold: true},
		{Title: say("cashier.closed.expected"), Fit: "10,000,000.00", Right: true},
		{Title: say("cashier.closed.counted"), Fit: "10,000,000.00", Right: true},
		{Title: say("cashier.closed.difference"), Fit: "-10,000,000.00", Right: true},
	}})
}

func (p *Place) setDifferences(table *kit.Register, over *kit.Amount, all []cash.Difference, sum ledger.Cents) {
	var rows []kit.Row
	for i, d := range all {
		row := kit.Row{ID: fmt.Sprint(i), Cells: []string{p.tender(d.Kind), p.money(d.Expected), p.money(d.Counted), p.money(d.Over)}}
		if d.Over != 0 {
			row.Level = kit.Look
		}
		rows = append(rows, row)
	}
	table.SetRows(rows)
	say := p.o.Words.Say
	switch {
	case sum > 0:
		over.SetCaption(say("cashier.closed.over"))
	case sum < 0:
		over.SetCaption(say("cashier.closed.short"))
	default:
		over.SetCaption(say("cashier.closed.even"))
	}
	over.Set(p.money(sum), sum == 0)
}

// countedPage is the first time anybody sees what was expected, and asks for what
// the difference asks for.
func (p *Place) countedPage() *page {
	pg, say := newPage(), p.o.Words.Say
	differences := p.newDifferences()
	over := kit.NewAmount(say("cashier.closed.even"))
	round := kit.NewLine("", kit.Caption())
	left := kit.NewPanel(" ", kit.Stack([]float32{1, 0, 0, 0}, differences, over, round, p.bigButton(flow.Recount, kit.Plain)))
	reasons := p.newList(flow.ListReasons, kit.Column{Title: say("cashier.counted.reasons"), Share: 1})
	pg.lists[flow.FieldReason] = reasons.register
	memo := p.field(pg, flow.FieldMemo, textField, kit.FieldOptions{Caption: say("cashier.counted.memo"), Max: 600})
	approver := p.field(pg, flow.FieldApprover, textField, kit.FieldOptions{Caption: say("cashier.undo.approver"), Max: 64})
	pin := p.field(pg, flow.FieldApproverPIN, secretField, kit.FieldOptions{Caption: say("cashier.undo.pin")})
	second := kit.Split([]float32{1, 1}, approver, pin)
	sign := kit.NewLine("", kit.Caption())
	asked := kit.Stack([]float32{1, 0, 0, 0, 0}, reasons.register, memo, second, sign, p.bigButton(flow.EnterClose, kit.Primary))
	right := kit.NewPanel(say("cashier.counted.asked"), asked)
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, kit.Split([]float32{7, 6}, left, right))
	pg.show = func(m *flow.Model) {
		c := m.Counted
		if c == nil {
			return
		}
		left.SetTitle(p.say("cashier.counted.title", map[string]string{"drawer": string(c.Drawer)}))
		p.setDifferences(differences, over, c.Differences, c.Over)
		round.SetText(p.say("cashier.counted.round", map[string]string{"n": fmt.Sprint(c.Round), "of": fmt.Sprint(cash.MaxCounts)}))
		reasons.set(textRows(m.Reasons), m.Reason)
		var names []string
		for _, one := range m.Approvers {
			names = append(names, string(one.ID))
		}
		sign.SetText("")
		if m.Tier.Approve {
			sign.SetText(p.say("cashier.undo.may_sign", map[string]string{"names": strings.Join(names, ", ")}))
		}
		changed := shown(reasons.register, m.Tier.Reason)
		changed = shown(memo, m.Tier.Memo) || changed
		changed = shown(second, m.Tier.Approve) || changed
		if changed {
			relay(asked)
		}
	}
	return pg
}
