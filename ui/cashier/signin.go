package cashier

import (
	"slices"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"gatehouse/desk/staff"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/keys"
	"gatehouse/ui/kit"
	"gatehouse/ui/look"
)

func (p *Place) keypad(money bool) *kit.Keypad {
	return kit.NewKeypad(p.env, kit.KeypadOptions{Money: money, Clear: p.o.Words.Say("cashier.keypad.clear")})
}

func (p *Place) button(a flow.Action, w kit.Weight) *kit.KeyButton {
	return kit.NewKeyButton(p.env, keys.Action(a), w)
}

func (p *Place) bigButton(a flow.Action, w kit.Weight) *kit.KeyButton {
	return kit.NewBigButton(p.env, keys.Action(a), w)
}

// signInPage: who is here, and their PIN.
func (p *Place) signInPage() *page {
	pg, say := newPage(), p.o.Words.Say
	columns := []kit.Column{
		{Title: say("cashier.sign_in.who"), Fit: longer(say("cashier.sign_in.who"), "supervisor9")},
		{Title: say("cashier.sign_in.name"), Share: 2, Bold: true},
		{Title: say("cashier.sign_in.role"), Share: 1}}
	if len(p.o.SamplePINs) > 0 {
		columns = append(columns, kit.Column{Title: say("cashier.sign_in.sample"), Fit: say("cashier.sign_in.sample") + " "})
	}
	people := p.newList(flow.ListPeople, columns...)
	who := p.field(pg, flow.FieldWho, textField, kit.FieldOptions{Caption: say("cashier.sign_in.who"), Max: 64, Size: look.SizeTitle})
	pin := p.field(pg, flow.FieldPIN, secretField, kit.FieldOptions{Caption: say("cashier.sign_in.pin")})
	left := kit.NewPanel(say("cashier.sign_in.title"), people.register)
	right := kit.NewPanel("", kit.Stack([]float32{0, 0, 1, 0}, who, pin, p.keypad(false), p.bigButton(flow.EnterSignIn, kit.Primary)))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, kit.Split([]float32{3, 2}, left, right))
	pg.show = func(m *flow.Model) {
		rows := make([]kit.Row, 0, len(m.People))
		for _, one := range m.People {
			cells := []string{string(one.ID), one.Name, p.role(one.Role), p.o.SamplePINs[one.ID]}
			rows = append(rows, kit.Row{Cells: cells[:len(columns)]})
		}
		typed := m.Inputs[flow.FieldWho].Text
		people.set(rows, max(0, slices.IndexFunc(m.People, func(one staff.Person) bool { return string(one.ID) == typed })))
	}
	return pg
}

// longer is the text of two with more characters: what a column has to fit.
func longer(a, b string) string {
	if utf8.RuneCountInString(a) > utf8.RuneCountInString(b) {
		return a
	}
	return b
}

// lockPage hides what was on the screen and keeps it.
func (p *Place) lockPage() *page {
	pg, say := newPage(), p.o.Words.Say
	name := kit.NewLine("", kit.Big().Centred())
	kept := kit.NewLine(say("cashier.sign_in.locked"), kit.Body().Centred())
	pin := p.field(pg, flow.FieldPIN, secretField, kit.FieldOptions{Caption: say("cashier.sign_in.pin")})
	buttons := kit.Split([]float32{1, 1}, p.bigButton(flow.EnterUnlock, kit.Primary), p.bigButton(flow.OtherUser, kit.Plain))
	box := kit.NewPanel("", kit.Stack([]float32{0, 0, 0, 1, 0}, name, kept, pin, p.keypad(false), buttons))
	pg.content = kit.Stack([]float32{0, 1}, pg.notice, &fyne.Container{Layout: &middle{share: 0.5}, Objects: []fyne.CanvasObject{box}})
	pg.show = func(m *flow.Model) { name.SetText(m.Me.Name) }
	return pg
}

// middle puts one object into the middle, with a share of the width.
type middle struct{ share float32 }

func (l *middle) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		w := max(s.Width*l.share, o.MinSize().Width)
		o.Resize(fyne.NewSize(w, s.Height))
		o.Move(fyne.NewPos((s.Width-w)/2, 0))
	}
}

func (l *middle) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	return m
}
