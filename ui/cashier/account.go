package cashier

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// panelLines is how many lines a fact of an account may take: in large text a
// telephone number and a meter do not stand side by side.
const panelLines = 2

// accountPanel is what the desk knows of one account.
type accountPanel struct {
	p      *Place
	panel  *kit.Panel
	box    *fyne.Container
	name   *kit.Text
	owed   *kit.Text
	flags  [4]*flag
	facts  [4]*kit.Text
	recent [5]*kit.Text
}

func (p *Place) accountPanel() *accountPanel {
	a := &accountPanel{p: p, name: kit.NewParagraph("", kit.Title(), panelLines), owed: kit.NewParagraph("", kit.Strong(), panelLines)}
	objects := []fyne.CanvasObject{a.name, a.owed}
	for i := range a.flags {
		a.flags[i] = newFlag()
		objects = append(objects, a.flags[i])
	}
	for i := range a.facts {
		a.facts[i] = kit.NewParagraph("", kit.Body(), panelLines)
		objects = append(objects, a.facts[i])
	}
	for i := range a.recent {
		a.recent[i] = kit.NewLine("", kit.Caption())
		objects = append(objects, a.recent[i])
	}
	a.box = &fyne.Container{Layout: &fitting{least: 2, wants: wanted}, Objects: objects}
	a.panel = kit.NewPanel("", a.box)
	return a
}

// wanted reports whether a line of the panel says anything.
func wanted(o fyne.CanvasObject) bool {
	switch o := o.(type) {
	case *kit.Text:
		return o.Text() != ""
	case *flag:
		return o.text.Text() != ""
	}
	return true
}

func (a *accountPanel) set(m *flow.Model) {
	if m.Account == nil {
		a.name.SetText("")
		a.owed.SetText("")
		fill(a.flags[:], nil)
		fillTexts(a.facts[:], nil)
		fillTexts(a.recent[:], nil)
		relay(a.box)
		return
	}
	p, s := a.p, m.Account.Standing
	c := s.Customer
	a.name.SetText(joined(c.Name, string(c.No)))
	if c.Name == "" {
		a.owed.SetText(p.o.Words.Say("cashier.account.looking"))
		relay(a.box)
		return
	}
	key := map[bool]string{true: "cashier.account.owed_credit", false: "cashier.account.owed"}[s.Balance() < 0]
	owed := p.say(words.Key(key), map[string]string{"balance": p.money(s.Balance())})
	asOf := p.say("cashier.account.as_of", map[string]string{"date": p.day(s.AsOf, m.Now), "time": p.clock(s.AsOf)})
	a.owed.SetText(joined(owed, asOf))
	fill(a.flags[:], append(a.flagsOf(c), a.elsewhereOf(s.Elsewhere, m.Now)...))
	fillTexts(a.facts[:], a.factsOf(s, m.Now))
	fillTexts(a.recent[:], a.recentOf(m.Account.Recent, m.Now))
	relay(a.box)
}

// flagsOf are the things that must be seen before money is taken.
func (a *accountPanel) flagsOf(c account.Customer) (out []string) {
	p := a.p
	if c.NoChecksUntil != 0 {
		out = append(out, p.say("cashier.account.no_checks", map[string]string{"date": p.date(c.NoChecksUntil)}))
	}
	if c.ShutOff != 0 {
		out = append(out, p.say("cashier.account.shut_off", map[string]string{"date": p.date(c.ShutOff)}))
	}
	if c.Closed {
		out = append(out, p.o.Words.Say("cashier.account.closed"))
	}
	return out
}

// elsewhereOf is what other stations took: it must be seen before it is paid twice.
func (a *accountPanel) elsewhereOf(all []account.Pending, now time.Time) []string {
	p := a.p
	if len(all) == 0 {
		return nil
	}
	last, sum := all[0], ledger.Cents(0)
	for _, one := range all {
		sum = sum.Plus(one.Amount)
		if one.At.After(last.At) {
			last = one
		}
	}
	facts := map[string]string{"amount": p.money(max(sum, -sum)), "station": string(last.Station), "when": p.day(last.At, now) + " " + p.clock(last.At)}
	switch {
	case sum < 0:
		return []string{p.say("cashier.account.back_elsewhere", facts)}
	case len(all) > 1:
		return []string{p.say("cashier.account.paid_others", facts)}
	}
	return []string{p.say("cashier.account.paid_elsewhere", facts)}
}

func (a *accountPanel) factsOf(s account.Standing, now time.Time) []string {
	p, c := a.p, s.Customer
	var owes []string
	if due := s.Owed(account.PastDue); due != 0 {
		if c.LateSince != 0 {
			days := int(now.Sub(c.LateSince.Time()).Hours() / 24)
			owes = append(owes, p.say("cashier.account.past_due", map[string]string{"amount": p.money(due), "date": p.o.Words.ShortDate(c.LateSince.Time()), "days": fmt.Sprint(days)}))
		} else {
			owes = append(owes, p.say("cashier.account.past_due_plain", map[string]string{"amount": p.money(due)}))
		}
	}
	if pen := s.Owed(account.Penalties); pen != 0 {
		owes = append(owes, p.say("cashier.account.penalties", map[string]string{"amount": p.money(pen)}))
	}
	current := p.say("cashier.account.current", map[string]string{"amount": p.money(s.Owed(account.Current))})
	if c.DueBy != 0 {
		current = p.say("cashier.account.current_due", map[string]string{"amount": p.money(s.Owed(account.Current)), "date": p.o.Words.ShortDate(c.DueBy.Time())})
	}
	paid := ""
	if s.PaidHere() != 0 {
		paid = p.say("cashier.account.paid_here", map[string]string{"amount": p.money(s.PaidHere())})
	}
	phone, meter := "", ""
	if c.Phone != "" {
		phone = p.say("cashier.account.phone", map[string]string{"phone": c.Phone})
	}
	if c.Meter != "" {
		meter = p.say("cashier.account.meter", map[string]string{"meter": c.Meter})
	}
	return []string{joined(owes...), joined(current, paid), joined(c.Service, phone, meter), c.Note}
}

func (a *accountPanel) recentOf(all []flow.Recent, now time.Time) (out []string) {
	p := a.p
	for _, r := range all {
		key := "cashier.account.recent_payment"
		if r.Kind != cash.KindPayment {
			key = "cashier.account.recent_back"
		}
		when := p.day(r.At, now) + " " + p.clock(r.At)
		out = append(out, p.say(words.Key(key), map[string]string{"when": when, "amount": p.money(max(r.Amount, -r.Amount)), "receipt": string(r.Receipt)}))
	}
	return out
}

// fill shows texts in flags, as many as there are.
func fill(flags []*flag, texts []string) {
	for i, f := range flags {
		text := ""
		if i < len(texts) {
			text = texts[i]
		}
		f.text.SetText(text)
	}
}

func fillTexts(lines []*kit.Text, texts []string) {
	for i, l := range lines {
		text := ""
		if i < len(texts) {
			text = texts[i]
		}
		l.SetText(text)
	}
}
