package cashier

import (
	"strings"
	"unicode/utf8"

	"gatehouse/desk/cash"
	"gatehouse/ui/cashier/flow"
	"gatehouse/ui/keys"
	"gatehouse/ui/words"
)

// The actions that are the window's own and not the flow's.
const (
	actNight   keys.Action = "night"
	actLarge   keys.Action = "large"
	actSetUp   keys.Action = "set_up"
	actReports keys.Action = "reports"
)

// bound is one line of the table of keys.
type bound struct {
	key    keys.Key
	action flow.Action
	quiet  bool
}

// bindings are all keys, in the order of the bar: what is done most often first.
// Where a key stands twice, never more than one of them can be done at a time.
func bindings() []bound {
	return []bound{
		{keys.F1, flow.Help, false},
		{keys.Esc, flow.Back, false},
		{keys.Enter, flow.EnterTake, false},
		{keys.Enter, flow.EnterPay, false},
		{keys.Enter, flow.EnterAmount, false},
		{keys.Enter, flow.EnterTender, false},
		{keys.Enter, flow.EnterOpen, false},
		{keys.Enter, flow.EnterSignIn, false},
		{keys.Enter, flow.EnterUnlock, false},
		{keys.Enter, flow.EnterRetry, false},
		{keys.Enter, flow.EnterCount, false},
		{keys.Enter, flow.EnterClose, false},
		{keys.Enter, flow.EnterPick, false},
		{keys.Enter, flow.EnterUndo, false},
		{keys.Enter, flow.EnterNoSale, false},
		{keys.Enter, flow.EnterPrint, false},
		{keys.Enter, flow.EnterLeave, false},
		{keys.Enter, flow.EnterMenu, false},
		{keys.Enter, flow.EnterForm, false},
		{keys.Enter, flow.EnterNext, false},
		{keys.F4, flow.TickRow, false},
		{keys.F2, flow.GoFind, false},
		{keys.F2, flow.OtherUser, false},
		{keys.F3, flow.AddAccount, false},
		{keys.F4, flow.ChangeLine, false},
		{keys.F5, flow.PayCash, false},
		{keys.F6, flow.PayCheck, false},
		{keys.F7, flow.PayCard, false},
		{keys.F8, flow.PayOther, false},
		{keys.F9, flow.RemoveLine, false},
		{keys.Ctrl("B"), flow.GoSkim, false}, // while a notice names it
		{keys.Ctrl("S"), flow.GoSurprise, false},
		{keys.F10, flow.GoUndo, false},
		{keys.F11, flow.GoNoSale, false},
		{keys.F12, flow.GoClosing, false},
		{keys.F12, flow.GoOpening, false},
		{keys.F12, flow.CommitNow, false},
		{keys.F9, flow.Recount, false},
		{keys.F3, flow.CountSums, false},
		{keys.Ctrl("J"), flow.GoMenu, false},
		{keys.Ctrl("E"), flow.XReport, false},
		{keys.Ctrl("P"), flow.GoReprint, false},
		{keys.Ctrl("K"), flow.Lock, false},
		{keys.Ctrl("O"), flow.SignOut, false},
		{keys.Ctrl("D"), flow.Discard, true},
		{keys.Ctrl("Y"), flow.CameOut, true},
		{keys.Ctrl("N"), flow.NotOut, true},
		{keys.Ctrl("D"), flow.VoidPaper, true},
		{keys.Ctrl("R"), flow.AskVoid, false},
		{keys.Up, flow.RowUp, true},
		{keys.Down, flow.RowDown, true},
		{keys.PageUp, flow.PageUp, true},
		{keys.PageDown, flow.PageDown, true},
	}
}

// otherTenders are the lines of the key of the other tenders. It is called after what
// it opens: the only one, or the next once one of several is open.
func (p *Place) otherTenders(b bound) (lines keys.Table) {
	for _, kind := range append([]cash.TenderKind{""}, cash.TenderKinds()...) {
		label := p.caption(b.action)
		if kind != "" {
			label = p.tender(kind)
		}
		lines = append(lines, keys.Binding{Key: b.key, Label: label, Action: keys.Action(b.action), When: func() bool {
			pay := p.o.Flow.Model().Payment
			return p.o.Flow.Can(b.action) && pay.Several == (kind == "") && (pay.Several || pay.Other == kind)
		}})
	}
	return lines
}

// layer is the table with who answers for it.
func (p *Place) layer() keys.Layer {
	return keys.Layer{Table: p.Table(), Do: p.do, Scans: scans,
		OnScan: func(text string) { p.Handle(flow.Scanned{Text: text}) }}
}

// leastScanned is the fewest characters of what is scanned at a window: an
// account's number. Amounts without a point and PINs of six are shorter.
const leastScanned = 8

// scans reports whether a text that came fast can be a scan: never an amount
// with a point or a comma in it, however fast it was typed.
func scans(text string) bool {
	amount := strings.ContainsAny(text, ".,") && strings.Trim(text, "0123456789.,") == ""
	return utf8.RuneCountInString(text) >= leastScanned && !amount
}

// Table is the table of keys of all pages.
func (p *Place) Table() keys.Table {
	var table keys.Table
	for _, b := range bindings() {
		if b.action == flow.PayOther {
			table = append(table, p.otherTenders(b)...)
			continue
		}
		table = append(table, keys.Binding{Key: b.key, Label: p.caption(b.action), Action: keys.Action(b.action), Quiet: b.quiet,
			When: func() bool { return p.o.Flow.Can(b.action) }})
		if b.action == flow.GoMenu && p.o.Reports != nil {
			table = append(table, keys.Binding{Key: keys.Ctrl("G"), Label: p.o.Words.Say("cashier.key.reports"), Action: actReports,
				When: func() bool { return p.o.MayReport(p.o.Flow.Model()) }})
		}
	}
	if p.o.Night != nil {
		table = append(table, keys.Binding{Key: keys.Ctrl("L"), Label: p.o.Words.Say("cashier.key.night"), Action: actNight})
	}
	if p.o.Large != nil {
		table = append(table, keys.Binding{Key: keys.Ctrl("T"), Label: p.o.Words.Say("cashier.key.large"), Action: actLarge})
	}
	if p.o.SetUp != nil {
		table = append(table, keys.Binding{Key: keys.Ctrl("U"), Label: p.o.Words.Say("cashier.key.set_up"), Action: actSetUp, Quiet: true,
			When: func() bool { return p.o.MaySetUp(p.o.Flow.Model()) }})
	}
	return table
}

func (p *Place) do(a keys.Action) {
	switch a {
	case actNight:
		p.o.Night()
	case actLarge:
		p.o.Large()
		p.showAnew()
	case actSetUp:
		p.o.SetUp()
	case actReports:
		p.o.Reports()
	default:
		p.press(flow.Action(a))
	}
}

// keyOf is the key of an answer.
func keyOf(a flow.Action) keys.Key {
	if a == flow.Keep {
		return keys.Esc
	}
	for _, b := range bindings() {
		if b.action == a {
			return b.key
		}
	}
	return ""
}

// caption is what stands on the key of an action.
func (p *Place) caption(a flow.Action) string {
	return p.say(words.Key("cashier.key."+strings.ReplaceAll(string(a), ".", "_")), nil)
}
