package cashier

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/kit"
	"gatehouse/ui/words"
)

// say says a sentence with arguments that are texts.
func (p *Place) say(key words.Key, args map[string]string) string {
	all := words.Args{}
	for name, value := range args {
		all[name] = value
	}
	return p.o.Words.Say(key, all)
}

// refusal says why something is refused.
func (p *Place) refusal(r *ledger.Refusal) string {
	if r == nil {
		return ""
	}
	args := r.Args
	if kind := cash.TenderKind(args["kind"]); slices.Contains(cash.TenderKinds(), kind) {
		args = maps.Clone(args)
		args["kind"] = p.tender(kind)
	}
	return p.o.Words.Refusal(r.Code, args, r.Error())
}

// message says a notice; a sentence may have nothing that is safe or to be done.
func (p *Place) message(n *flow.Notice) kit.Message {
	m := kit.Message{Level: level(n.Level)}
	if n.Refusal != nil {
		return p.refused(p.refusal(n.Refusal))
	}
	key := words.Key("cashier.notice." + n.Name)
	m.What = p.say(key+".what", n.Args)
	if p.o.Words.Has(key + ".safe") {
		m.Safe = p.say(key+".safe", n.Args)
	}
	if p.o.Words.Has(key + ".do") {
		m.Do = p.say(key+".do", n.Args)
	}
	return m
}

// refused makes a notice of the sentences of a refusal.
func (p *Place) refused(text string) kit.Message {
	m := kit.Message{Level: kit.Refused}
	m.What, m.Do = p.headed(text)
	return m
}

// longestHead is the most characters of a notice's first line: what fits the
// narrowest place for one.
const longestHead = 52

// headed parts a refusal into what stands in the first line of a notice and the
// rest. A first sentence that is too long for a line goes to the rest, whole.
func (p *Place) headed(text string) (head, rest string) {
	head, rest, found := strings.Cut(text, ". ")
	if found {
		head += "."
	}
	if utf8.RuneCountInString(head) > longestHead {
		return p.o.Words.Say("cashier.refused"), text
	}
	return head, rest
}

func level(l flow.Level) kit.Level {
	return map[flow.Level]kit.Level{flow.Quiet: kit.Quiet, flow.Good: kit.Done, flow.Look: kit.Look, flow.Bad: kit.Refused}[l]
}

func (p *Place) money(c ledger.Cents) string { return c.String() }

// owed writes a balance; below zero it is a credit, and says so.
func (p *Place) owed(c ledger.Cents) string {
	if c < 0 {
		return p.money(c) + " " + p.o.Words.Say("common.credit")
	}
	return p.money(c)
}

func (p *Place) tender(kind cash.TenderKind) string {
	return p.say(words.Key("cashier.tender."+string(kind)), nil)
}

// piece is what lies in a drawer, in a word short enough to stand before a name.
func (p *Place) piece(kind cash.TenderKind) string {
	return p.say(words.Key("cashier.piece."+string(kind)), nil)
}

func (p *Place) role(r staff.Role) string { return p.say(words.Key("cashier.role."+string(r)), nil) }

// clock writes a time of day at the station.
func (p *Place) clock(t time.Time) string { return p.o.Words.Time(t.In(p.o.Zone)) }

// day writes the day of a time: "today", or the date.
func (p *Place) day(t, now time.Time) string {
	if ledger.DateOf(t.In(p.o.Zone)) == ledger.DateOf(now.In(p.o.Zone)) {
		return p.o.Words.Say("common.today")
	}
	return p.o.Words.Date(t.In(p.o.Zone))
}

func (p *Place) date(d ledger.Date) string { return p.o.Words.Date(d.Time()) }

// joined puts texts side by side with a point between them.
func joined(texts ...string) string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return strings.Join(out, kit.Point)
}
