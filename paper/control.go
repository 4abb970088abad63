package paper

import (
	"fmt"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
)

// layout makes a layout of a function that lays out one body.
func layout[B any](kind ledger.Kind, title string, lay func(Sheet, *ledger.Entry, B) []escpos.Item) Layout {
	return Layout{Kind: kind, Title: title, Lay: func(s Sheet, e *ledger.Entry) (Paper, error) {
		body, err := ledger.Unpack[B](e)
		if err != nil {
			return Paper{}, err
		}
		return Paper{Items: lay(s, e, body)}, nil
	}}
}

// ControlLayouts are the papers of what is done with cash besides taking it.
func ControlLayouts() []Layout {
	return []Layout{
		layout(cash.KindSkim, "Bag slip", laySkim),
		layout(cash.KindPaid, "Voucher", layPaid),
		layout(cash.KindChanged, "Change slip", layChanged),
		layout(cash.KindSurprise, "Count sheet", laySurprise),
		layout(cash.KindRotaListed, "Rota of counts", layRota),
		layout(cash.KindRefunded, "Refund", layRefund),
		layout(cash.KindAdjusted, "Adjustment", layAdjusted),
		layout(cash.KindReturned, "Returned check", layReturned),
		layout(cash.KindSuspect, "Suspect note", laySuspect),
		layout(safe.KindCounted, "Safe count", laySafe),
		layout(safe.KindDeposit, "Deposit slip", layDeposit),
		endorsement(),
	}
}

func laySkim(s Sheet, e *ledger.Entry, b cash.Skimmed) []escpos.Item {
	items := append(s.Head("BAG TO THE SAFE", e), session(b.Session, b.Drawer, b.Name)...)
	items = append(items, sum("Bag", b.Bag), escpos.Rule{})
	items = count(items, b.Counted)
	for _, o := range b.Other {
		items = others(items, o)
	}
	items = append(items, sum("In the bag", dollars(b.Amount)))
	items = append(items, Signature("Cashier: "+b.Name)...)
	return append(items, Signature("Witness: "+b.WitnessName)...)
}

// others are counted checks and the like, each one that was ticked with its number.
func others(items []escpos.Item, o cash.CountedTender) []escpos.Item {
	items = append(items, sub(fmt.Sprintf("%d x %s", o.Count, word(string(o.Kind))), o.Amount.String()))
	for _, item := range o.Ticked {
		items = append(items, sub("  no. "+item.Number, item.Amount.String()))
	}
	return items
}

func layPaid(s Sheet, e *ledger.Entry, b cash.Paid) []escpos.Item {
	title, did := "PAID OUT", "Received by"
	if b.Way == cash.In {
		title, did = "PAID IN", "Handed in by"
	}
	items := s.Head(title, e)
	if b.Drawer != "" {
		items = append(items, session(b.Session, b.Drawer, b.Name)...)
	} else {
		items = append(items, escpos.Pair("By "+b.Name, "Safe"))
	}
	items = append(items, escpos.Rule{}, sum(word(b.Reason), dollars(b.Amount)))
	items = note(items, b.Note)
	if b.ApproverName != "" {
		items = append(items, line("Approved by: "+b.ApproverName))
	}
	return append(items, Signature(did)...)
}

func layChanged(s Sheet, e *ledger.Entry, b cash.Changed) []escpos.Item {
	with := "drawer " + string(b.With)
	if b.With == cash.Safe {
		with = "the safe"
	}
	items := append(s.Head("CHANGE", e), session(b.Session, b.Drawer, b.Name)...)
	items = append(items, escpos.Rule{}, strong("To "+with))
	items = append(count(items, b.Give), strong("For it"))
	items = append(count(items, b.Get), sum("Worth", dollars(b.Amount)))
	items = append(items, Signature("Cashier: "+b.Name)...)
	return append(items, Signature("Other side: "+b.WitnessName)...)
}

// laySurprise is the sheet of a surprise count. Whoever counted and whoever was
// counted sign it.
func laySurprise(s Sheet, e *ledger.Entry, b cash.Counted) []escpos.Item {
	items := append(s.Head("SURPRISE COUNT", e), session(b.Session, b.Drawer, b.Name)...)
	items = append(items, escpos.Pair("Counted by", b.Counter))
	if b.Rota != nil {
		items = append(items, escpos.Pair("Drawn for", s.Micros(b.Rota.At)), escpos.Pair("Draw", fmt.Sprintf("entry %d", b.Rota.Drawn)))
	}
	items = count(append(items, escpos.Rule{}), b.Counted)
	for _, o := range b.Other {
		items = others(items, o)
	}
	items = compared(items, b.Differences, b.Over, b.Missing)
	items = append(note(items, b.Note), line("The drawer stays open. Nothing was moved."))
	items = append(items, Signature("Counted: "+b.Counter)...)
	return append(items, Signature("Present: "+b.WitnessName)...)
}

// layRota is the list that shows whether surprise counts are made as drawn. Whoever
// reviews it signs.
func layRota(s Sheet, e *ledger.Entry, b cash.RotaListed) []escpos.Item {
	items := append(s.Head("SURPRISE COUNTS", e), escpos.Pair("Printed by", b.By))
	if b.Source != "" {
		items = append(items, line("Rule: "+b.Source))
	}
	var missed int
	for _, l := range b.Lines {
		items = append(items, escpos.Rule{}, sum(l.Period.Time().Format("January 2006")+", drawer "+string(l.Drawer), word(string(l.Status))))
		switch l.Status {
		case cash.RotaWaiting:
			items = append(items, sub("drawn, and sealed", fmt.Sprintf("entry %d", l.Drawn)))
			continue
		case cash.RotaMissed:
			missed++
		}
		items = append(items, sub("drawn for", s.Micros(l.At)))
		if l.Counted != 0 {
			items = append(items, sub(fmt.Sprintf("counted after %d h", l.Hours), fmt.Sprintf("entry %d", l.Counted)))
		} else {
			items = append(items, sub("not counted for", fmt.Sprintf("%d h", l.Hours)))
		}
	}
	items = append(items, escpos.Rule{}, sum("Missed", fmt.Sprint(missed)))
	return append(items, Signature("Reviewed by")...)
}

// compared sets what was counted against the books.
func compared(items []escpos.Item, all []cash.Difference, over ledger.Cents, missing []cash.Item) []escpos.Item {
	items = append(items, escpos.Rule{})
	for _, d := range all {
		items = append(items, strong(word(string(d.Kind))),
			sub("expected", d.Expected.String()), sub("counted", d.Counted.String()), sub("difference", difference(d.Over)))
	}
	items = append(items, sum("Over / short", difference(over)))
	for _, item := range missing {
		items = append(items, escpos.Pair("Not found: no. "+item.Number, item.Amount.String()))
	}
	return items
}

func note(items []escpos.Item, text string) []escpos.Item {
	if text != "" {
		items = append(items, line("Note: "+text))
	}
	return items
}

func layRefund(s Sheet, e *ledger.Entry, b cash.Refunded) []escpos.Item {
	items := append(s.Head("REFUND", e), escpos.Pair("From", b.From), line("Reason: "+b.Reason))
	by := "Paid in cash"
	if b.By == cash.RefundWarrant {
		by = "To be paid by check"
	}
	items = append(items, sum(by, dollars(b.Amount)))
	items = append(note(items, b.Note), line("Cashier: "+b.Name), line("Approved by: "+b.ApproverName))
	if b.By == cash.RefundCash {
		items = append(items, Signature("Received by")...)
	}
	return items
}

func layAdjusted(s Sheet, e *ledger.Entry, b cash.Adjusted) []escpos.Item {
	items := append(s.Head("ADJUSTMENT", e), strong(string(b.Account)+"  "+b.Name),
		escpos.Pair("Balance before", balance(b.Before)),
		sum(word(string(b.Bucket)), b.Amount.String()),
		escpos.Pair("Balance after", balance(b.After)),
		line("Reason: "+b.Reason))
	return append(note(items, b.Note), line("Made by: "+b.By), line("Approved by: "+b.ApproverName))
}

// layReturned is the notice to whoever paid with a check that came back. It says what
// is owed again, what the fee is and why, and by when.
func layReturned(s Sheet, e *ledger.Entry, b cash.Returned) []escpos.Item {
	items := append(s.Head("RETURNED CHECK", e), strong(b.Name))
	if b.Service != "" {
		items = append(items, line(b.Service))
	}
	if b.Account != "" {
		items = append(items, line("Account "+string(b.Account)))
	}
	items = append(items, escpos.Rule{}, line(fmt.Sprintf("Your bank returned check no. %s (%s). It paid receipt %s.", b.Item.Number, b.Reason, b.Receipt)),
		escpos.Rule{}, strong("Owed again"))
	for _, p := range b.Reopened {
		for _, a := range p.Allocation {
			items = append(items, sub(string(p.Account)+" "+strings.TrimPrefix(bucket(a.Bucket), "to "), a.Amount.String()))
		}
	}
	items = append(items, escpos.Pair("Returned check fee", b.Fee.String()),
		sum("To pay", dollars(b.Item.Amount.Plus(b.Fee))),
		sum("Please pay by", b.AnswerBy.Time().Format("Jan 2, 2006")),
		line("Pay in cash, by card or by money order. Fee: "+b.Source+"."))
	if b.Waived {
		items = append(items, line("No fee is charged. Approved by: "+b.ApproverName))
	}
	if b.NoChecksUntil != 0 {
		items = append(items, line(fmt.Sprintf("Until %s this account cannot be paid by check.", b.NoChecksUntil.Time().Format("Jan 2, 2006"))))
	}
	return items
}

func laySuspect(s Sheet, e *ledger.Entry, b cash.Suspect) []escpos.Item {
	items := append(s.Head("SUSPECT NOTE", e), sum("Says", dollars(b.Value)), escpos.Pair("Serial number", b.Serial),
		escpos.Pair("Taken by", b.Name))
	if b.Account != "" {
		items = append(items, escpos.Pair("For account", string(b.Account)))
	}
	if b.Payer != "" {
		items = append(items, escpos.Pair("Handed over by", b.Payer))
	}
	items = append(note(items, b.Note), line("Do not give it back. Write your initials and the date on its border, put it into an envelope with this slip, and hand it only to the police or the Secret Service. No credit was given."))
	return append(items, Signature("Taken by: "+b.Name)...)
}

func laySafe(s Sheet, e *ledger.Entry, b safe.Counted) []escpos.Item {
	items := append(s.Head("SAFE COUNT", e), escpos.Pair("Counted by", b.Name), escpos.Rule{})
	items = append(count(items, b.Counted), sum("Change fund", dollars(b.Counted.Total())),
		escpos.Pair("Expected", b.Expected.String()), escpos.Pair("Difference", difference(b.Over)))
	items = append(items, escpos.Pair("Bags and sessions there", fmt.Sprint(len(b.There))))
	for _, id := range b.Missing {
		items = append(items, sum("MISSING", id))
	}
	for _, id := range b.Unknown {
		items = append(items, escpos.Pair("Not in the books", id))
	}
	items = append(items, Signature("Counted: "+b.Name)...)
	return append(items, Signature("Second person: "+b.WitnessName)...)
}

// layDeposit is the slip that goes to the bank with the money.
func layDeposit(s Sheet, e *ledger.Entry, b safe.Deposit) []escpos.Item {
	items := append(s.Head("DEPOSIT "+b.No, e), strong(b.Name))
	if b.Account != "" {
		items = append(items, escpos.Pair("Account", b.Account))
	}
	if b.Bag != "" {
		items = append(items, sum("Bag", b.Bag))
	}
	items = append(items, escpos.Rule{})
	items = count(items, b.Count)
	for _, a := range b.Amounts {
		items = append(items, escpos.Pair(word(string(a.Kind)), a.Amount.String()))
	}
	items = append(items, escpos.Row{Cells: []escpos.Cell{{S: "TOTAL"}, {S: dollars(b.Total), Align: escpos.Right}}, Style: escpos.Style{Bold: true, Tall: true}})
	if len(b.Checks) > 0 {
		items = append(items, escpos.Rule{}, strong(fmt.Sprintf("Checks and money orders (%d)", len(b.Checks))))
		for _, c := range b.Checks {
			items = append(items, sub("no. "+c.Number, c.Amount.String()))
		}
	}
	items = append(items, escpos.Rule{}, strong("From"))
	for _, p := range b.Parts {
		what := "session " + p.ID
		if p.Bag {
			what = "bag " + p.ID
		}
		var all ledger.Cents
		for _, a := range p.Amounts {
			all = all.Plus(a.Amount)
		}
		items = append(items, sub(what, all.String()))
	}
	if b.Over != 0 {
		items = append(items, escpos.Pair("Cash over / short", difference(b.Over)))
	}
	items = append(note(items, b.Note), Signature("Prepared: "+b.By)...)
	return append(items, Signature("Second person: "+b.WitnessName)...)
}
