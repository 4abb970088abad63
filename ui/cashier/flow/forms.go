package flow

import (
	"slices"
	"strings"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/desk/safe"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// The acts that have a form.
const (
	ActSkim       Act = "skim"        // money of the drawer into a sealed bag
	ActPaid       Act = "paid"        // money that is no customer's payment
	ActChange     Act = "change"      // pieces for others of the same worth
	ActRefund     Act = "refund"      // money owed given back
	ActSuspect    Act = "suspect"     // a note that may be counterfeit
	ActSplit      Act = "split"       // a payment to the parts the customer names
	ActNoAccount  Act = "no_account"  // money of somebody who has no account yet
	ActAdjust     Act = "adjust"      // what an account owes
	ActReturned   Act = "returned"    // a check that the bank sent back
	ActSurprise   Act = "surprise"    // a count of another's drawer that stays open
	ActCountOther Act = "count_other" // a count of another's drawer, for its close
	ActCloseOther Act = "close_other"
	ActSafe       Act = "safe"
	ActDeposit    Act = "deposit"

	ActClose Act = "close" // has a page of its own
)

// form says what an act asks for, who may do it, and which command it becomes.
type form struct {
	act    Act
	right  staff.Right // empty: whoever has a drawer open
	open   bool        // it is of one's own open drawer
	read   bool        // its lists are read from the ledger
	counts bool        // the drawer chosen first opens to be counted
	parts  []FormPart
	// choices are the rows of a list that the policy knows; nil where there is none.
	choices func(f *Flow, part string) []Choice
	// signs says whether a second person signs; nil: always.
	signs   func(f *Flow) bool
	command func(f *Flow) any
}

// Lengths of what is typed, in characters; the desk has the last word.
const (
	maxBag    = 24
	maxNumber = 32
	maxText   = 120
	maxMemo   = 600
)

// Acts lists every act, in the order of the menu.
func Acts() (all []Act) {
	for _, one := range forms() {
		all = append(all, one.act)
	}
	return all
}

// Parts are the parts of an act's form.
func (a Act) Parts() []FormPart {
	for _, one := range forms() {
		if one.act == a {
			return one.parts
		}
	}
	return nil
}

// PartTicks is where the checks and the like of another's drawer are ticked one by
// one, as at a close; part "other" counts their sums instead.
const PartTicks = "ticks"

// second is the part of a second person.
func second(a Asked) FormPart { return FormPart{Name: "sign", Asks: a} }

func forms() []form {
	return append(drawerForms(), append(customerForms(), othersForms()...)...)
}

// drawerForms are of one's own open drawer.
func drawerForms() []form {
	return []form{{
		act: ActSkim, open: true, read: true,
		parts: []FormPart{{Name: "count", Asks: AskPieces}, {Name: "other", Asks: AskTicks}, {Name: "bag", Max: maxBag}, second(AskWitness)},
		command: func(f *Flow) any {
			count, _ := f.piecesOf(ActSkim, "count")
			return cash.Skim{Count: count, Other: tickedTenders(f.m.Form.Choices["other"]), Bag: f.typedPart("bag")}
		},
	}, {
		act: ActPaid, right: staff.TakeMoney,
		parts: []FormPart{{Name: "reason", Asks: AskChoice}, {Name: "amount", Asks: AskMoney}, {Name: "note", Max: maxText}, second(AskSign)},
		choices: func(f *Flow, part string) (rows []Choice) {
			for _, rule := range f.d.Cash.Paid {
				mine := rule.Place == cash.PlaceDrawer && f.m.Session.ID != "" || rule.Place == cash.PlaceSafe && f.d.Staff.May(f.m.Me.Role, staff.KeepSafe)
				if part == "reason" && mine {
					rows = append(rows, Choice{ID: rule.Reason, Cells: []string{string(rule.Way), rule.Reason}, Say: true})
				}
			}
			return rows
		},
		signs: func(f *Flow) bool {
			at := slices.IndexFunc(f.d.Cash.Paid, func(r cash.PaidRule) bool { return r.Reason == f.chosen("reason") })
			return at >= 0 && f.sumOf("amount") > f.d.Cash.Paid[at].ApproveAbove
		},
		command: func(f *Flow) any {
			return cash.PayInOrOut{Reason: f.chosen("reason"), Amount: f.sumOf("amount"), Note: f.typedPart("note")}
		},
	}, {
		act: ActChange, open: true,
		parts: []FormPart{{Name: "give", Asks: AskPieces}, {Name: "get", Asks: AskPieces}, {Name: "with", Asks: AskChoice}, second(AskWitness)},
		choices: func(f *Flow, part string) (rows []Choice) {
			if part != "with" {
				return nil
			}
			rows = append(rows, Choice{ID: string(cash.Safe), Cells: []string{"safe"}, Say: true})
			for _, drawer := range f.d.Cash.Drawers {
				if drawer != f.m.Session.Drawer {
					rows = append(rows, Choice{ID: string(drawer), Cells: []string{string(drawer)}})
				}
			}
			return rows
		},
		command: func(f *Flow) any {
			give, _ := f.piecesOf(ActChange, "give")
			get, _ := f.piecesOf(ActChange, "get")
			return cash.ChangeOrder{With: cash.DrawerID(f.chosen("with")), Give: give, Get: get}
		},
	}, {
		act: ActSuspect, open: true,
		parts: []FormPart{{Name: "value", Asks: AskMoney}, {Name: "serial", Max: maxNumber}, {Name: "account", Max: maxNumber},
			{Name: "payer", Max: maxText}, {Name: "note", Max: maxText}},
		signs: never,
		command: func(f *Flow) any {
			return cash.NoteSuspect{Value: f.sumOf("value"), Serial: f.typedPart("serial"), Account: account.No(f.typedPart("account")),
				Payer: f.typedPart("payer"), Note: f.typedPart("note")}
		},
	}}
}

// customerForms are of what a customer owes or is owed.
func customerForms() []form {
	return []form{{
		act: ActRefund, open: true,
		parts: []FormPart{{Name: "from", Max: maxNumber}, {Name: "amount", Asks: AskMoney}, {Name: "how", Asks: AskChoice},
			{Name: "reason", Asks: AskChoice}, {Name: "note", Max: maxText}, second(AskSign)},
		choices: func(f *Flow, part string) []Choice {
			if part == "how" {
				return said(string(cash.RefundCash), string(cash.RefundWarrant))
			}
			return reasons(part, f.d.Cash.Reasons.Refund)
		},
		command: func(f *Flow) any {
			return cash.Refund{From: f.typedPart("from"), Amount: f.sumOf("amount"), By: cash.RefundBy(f.chosen("how")),
				Reason: f.chosen("reason"), Note: f.typedPart("note")}
		},
	}, {
		act: ActSplit, open: true,
		parts: []FormPart{{Name: "account", Max: maxNumber}, {Name: "past_due", Asks: AskMoney, Free: true}, {Name: "penalties", Asks: AskMoney, Free: true},
			{Name: "current", Asks: AskMoney, Free: true}, {Name: "reason", Asks: AskChoice}, {Name: "how", Asks: AskChoice}, {Name: "number", Max: maxNumber}, second(AskSign)},
		choices: func(f *Flow, part string) []Choice {
			return append(f.simpleTenders(part, true), reasons(part, f.d.Cash.Reasons.Split)...)
		},
		command: func(f *Flow) any {
			pay := cash.Pay{Account: account.No(f.typedPart("account")), Why: f.chosen("reason")}
			var parts []string
			for _, bucket := range account.Buckets() {
				part := partOf(bucket)
				if amount := f.sumOf(part); amount != 0 {
					pay.Split = append(pay.Split, cash.Allocated{Bucket: bucket, Amount: amount})
					pay.Amount, parts = pay.Amount.Plus(amount), append(parts, part)
				}
			}
			return cash.TakePayment{Pay: []cash.Pay{pay}, Tenders: f.formTender(parts...)}
		},
	}, {
		act: ActNoAccount, open: true, signs: never,
		parts:   []FormPart{{Name: "for", Max: maxText}, {Name: "amount", Asks: AskMoney}, {Name: "how", Asks: AskChoice}, {Name: "number", Max: maxNumber}},
		choices: func(f *Flow, part string) []Choice { return f.simpleTenders(part, false) },
		command: func(f *Flow) any {
			return cash.TakePayment{Pay: []cash.Pay{{For: f.typedPart("for"), Amount: f.sumOf("amount")}}, Tenders: f.formTender("amount")}
		},
	}, {
		act: ActAdjust, right: staff.Adjust,
		parts: []FormPart{{Name: "account", Max: maxNumber}, {Name: "bucket", Asks: AskChoice}, {Name: "amount", Asks: AskMoney},
			{Name: "reason", Asks: AskChoice}, {Name: "note", Max: maxText}, second(AskSign)},
		choices: func(f *Flow, part string) []Choice {
			if part == "bucket" {
				var all []string
				for _, b := range account.Buckets() {
					all = append(all, string(b))
				}
				return said(all...)
			}
			return reasons(part, f.d.Cash.Reasons.Adjust)
		},
		command: func(f *Flow) any {
			return cash.Adjust{Account: account.No(f.typedPart("account")), Bucket: account.Bucket(f.chosen("bucket")), Amount: f.sumOf("amount"),
				Reason: f.chosen("reason"), Note: f.typedPart("note")}
		},
	}, {
		act: ActReturned, right: staff.Bank,
		parts: []FormPart{{Name: "receipt", Max: maxNumber}, {Name: "number", Max: maxNumber}, {Name: "reason", Asks: AskChoice},
			{Name: "fee", Asks: AskChoice}, second(AskSign)},
		choices: func(f *Flow, part string) []Choice {
			if part == "fee" {
				return said("charge", "waive")
			}
			return reasons(part, f.d.Cash.Reasons.Returned)
		},
		signs: func(f *Flow) bool { return f.chosen("fee") == "waive" },
		command: func(f *Flow) any {
			return cash.ReturnCheck{Receipt: ledger.ReceiptNo(f.typedPart("receipt")), Number: f.typedPart("number"),
				Reason: f.chosen("reason"), Waive: f.chosen("fee") == "waive"}
		},
	}}
}

// othersForms are of others' drawers, the safe and the bank.
func othersForms() []form {
	count := []FormPart{{Name: "drawer", Asks: AskChoice}, {Name: "count", Asks: AskPieces}, {Name: PartTicks, Asks: AskTicks}, {Name: "other", Asks: AskOthers}, {Name: "note", Max: maxText}, second(AskWitness)}
	counted := func(a Act, surprise bool) func(f *Flow) any {
		return func(f *Flow) any {
			c, _ := f.piecesOf(a, "count")
			return cash.CountDrawer{Drawer: cash.DrawerID(f.chosen("drawer")), Surprise: surprise, Count: c, Other: f.formTenders(), Note: f.typedPart("note")}
		}
	}
	return []form{
		{act: ActSurprise, right: staff.CountOthers, read: true, counts: true, parts: count, command: counted(ActSurprise, true)},
		{act: ActCountOther, right: staff.CountOthers, read: true, counts: true, parts: count, command: counted(ActCountOther, false)},
		{
			act: ActCloseOther, right: staff.CountOthers, read: true,
			parts: []FormPart{{Name: "drawer", Asks: AskChoice}, {Name: "reason", Asks: AskChoice}, {Name: "memo", Max: maxMemo}, second(AskSign)},
			choices: func(f *Flow, part string) []Choice {
				return reasons(part, f.d.Cash.Reasons.OverShort)
			},
			command: func(f *Flow) any {
				return cash.CloseDrawer{Drawer: cash.DrawerID(f.chosen("drawer")), Reason: f.chosen("reason"), Memo: f.typedPart("memo")}
			},
		}, {
			act: ActSafe, right: staff.KeepSafe, read: true,
			parts: []FormPart{{Name: "count", Asks: AskPieces}, {Name: "there", Asks: AskTicks}, second(AskWitness)},
			command: func(f *Flow) any {
				c, _ := f.piecesOf(ActSafe, "count")
				return safe.CountSafe{Count: c, There: f.tickedIDs("there")}
			},
		}, {
			act: ActDeposit, right: staff.Bank, read: true,
			parts: []FormPart{{Name: "bank", Asks: AskChoice}, {Name: "parts", Asks: AskTicks}, {Name: "count", Asks: AskPieces},
				{Name: "bag", Max: maxBag}, {Name: "note", Max: maxText}, second(AskWitness)},
			choices: func(f *Flow, part string) (rows []Choice) {
				for _, bank := range f.d.Safe.Banks {
					if part == "bank" {
						rows = append(rows, Choice{ID: bank.ID, Cells: []string{bank.Name}})
					}
				}
				return rows
			},
			command: func(f *Flow) any {
				c, _ := f.piecesOf(ActDeposit, "count")
				return safe.MakeDeposit{Bank: f.chosen("bank"), Parts: f.tickedIDs("parts"), Count: c, Bag: f.typedPart("bag"), Note: f.typedPart("note")}
			},
		},
	}
}

func never(*Flow) bool { return false }

// said are rows whose texts are sentences.
func said(ids ...string) (rows []Choice) {
	for _, id := range ids {
		rows = append(rows, Choice{ID: id, Cells: []string{id}, Say: true})
	}
	return rows
}

// reasons are the rows of the part of that name.
func reasons(part string, all []string) (rows []Choice) {
	if part != "reason" {
		return nil
	}
	for _, text := range all {
		rows = append(rows, Choice{ID: text, Cells: []string{text}})
	}
	return rows
}

// tickedTenders are checks and the like, one by one.
func tickedTenders(rows []Choice) (out []cash.CountedTender) {
	for _, row := range rows {
		if !row.Ticked {
			continue
		}
		at := slices.IndexFunc(out, func(t cash.CountedTender) bool { return t.Kind == row.Kind })
		if at < 0 {
			out = append(out, cash.CountedTender{Kind: row.Kind})
			at = len(out) - 1
		}
		out[at].Count++
		out[at].Amount = out[at].Amount.Plus(row.Item.Amount)
		out[at].Ticked = append(out[at].Ticked, row.Item)
	}
	return out
}

// saidBy are the words of a notice about what was done.
func saidBy(entries []ledger.Entry) []string {
	for i := range entries {
		e := &entries[i]
		switch e.Kind {
		case cash.KindSkim:
			if b, err := ledger.Unpack[cash.Skimmed](e); err == nil {
				return []string{"amount", b.Amount.String(), "bag", b.Bag}
			}
		case cash.KindPaid:
			if b, err := ledger.Unpack[cash.Paid](e); err == nil {
				return []string{"amount", b.Amount.String(), "reason", b.Reason}
			}
		case cash.KindPayment:
			if b, err := ledger.Unpack[cash.Payment](e); err == nil {
				return []string{"amount", b.Total.String()}
			}
		case cash.KindRefunded:
			if b, err := ledger.Unpack[cash.Refunded](e); err == nil {
				return []string{"amount", b.Amount.String()}
			}
		case cash.KindCounted, cash.KindSurprise:
			if b, err := ledger.Unpack[cash.Counted](e); err == nil {
				return []string{"drawer", string(b.Drawer), "over", b.Over.String()}
			}
		case safe.KindDeposit:
			if b, err := ledger.Unpack[safe.Deposit](e); err == nil {
				return []string{"number", b.No, "amount", b.Total.String()}
			}
		}
	}
	return nil
}

// partOf is the part of ActSplit that says what a bucket gets.
func partOf(b account.Bucket) string { return strings.ReplaceAll(string(b), "-", "_") }
