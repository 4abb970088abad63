package cashier

import (
	"fmt"

	"fyne.io/fyne/v2"

	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
)

// closedPage shows the Z.
func (p *Place) closedPage() *page {
	pg, say := newPage(), p.o.Words.Say
	differences := p.newDifferences()
	over := kit.NewAmount(say("cashier.closed.even"))
	box := kit.NewPanel(" ", kit.Stack([]float32{1, 0, 0}, differences, over, p.bigButton(flow.EnterLeave, kit.Primary)))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, &fyne.Container{Layout: &middle{share: 0.7}, Objects: []fyne.CanvasObject{box}})
	pg.show = func(m *flow.Model) {
		r := m.Result
		if r == nil {
			return
		}
		box.SetTitle(p.say("cashier.closed.title", map[string]string{"drawer": string(r.Drawer), "z": fmt.Sprint(r.Z)}))
		p.setDifferences(differences, over, r.Differences, r.Over)
	}
	return pg
}

// helpPage shows every key; for a finger it is the menu of everything.
func (p *Place) helpPage() *page {
	pg, say := newPage(), p.o.Words.Say
	all := []flow.Action{
		flow.GoFind, flow.AddAccount, flow.ChangeLine, flow.RemoveLine,
		flow.PayCash, flow.PayCheck, flow.PayCard, flow.PayOther,
		flow.GoUndo, flow.GoNoSale, flow.XReport, flow.GoReprint,
		flow.GoOpening, flow.GoClosing, flow.GoMenu, flow.GoSkim, flow.GoSurprise, flow.Lock, flow.SignOut, flow.AskVoid,
	}
	var buttons []fyne.CanvasObject
	for _, a := range all {
		buttons = append(buttons, p.button(a, kit.Plain))
	}
	if p.o.Night != nil {
		buttons = append(buttons, kit.NewKeyButton(p.env, actNight, kit.Plain))
	}
	if p.o.Large != nil {
		buttons = append(buttons, kit.NewKeyButton(p.env, actLarge, kit.Plain))
	}
	if p.o.SetUp != nil {
		buttons = append(buttons, kit.NewKeyButton(p.env, actSetUp, kit.Plain))
	}
	if p.o.Reports != nil {
		buttons = append(buttons, kit.NewKeyButton(p.env, actReports, kit.Plain))
	}
	const across = 4
	var rows []fyne.CanvasObject
	for len(buttons) > 0 {
		n := min(across, len(buttons))
		row := buttons[:n:n]
		buttons = buttons[n:]
		for len(row) < across {
			row = append(row, kit.Stack(nil))
		}
		rows = append(rows, kit.Split([]float32{1, 1, 1, 1}, row...))
	}
	rows = append(rows, kit.NewParagraph(say("cashier.help.payment"), kit.Body(), 2), kit.NewParagraph(say("cashier.help.kept"), kit.Body(), 1),
		kit.NewBigButton(p.env, keys.Action(flow.Back), kit.Plain))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, kit.NewPanel(say("cashier.help.title"), kit.Stack(nil, rows...)))
	return pg
}
