package paper

import (
	"fmt"

	"gatehouse/desk/cash"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
	"gatehouse/paper/receiptcode"
)

func layOpened(s Sheet, e *ledger.Entry) (Paper, error) {
	body, err := ledger.Unpack[cash.DrawerOpened](e)
	if err != nil {
		return Paper{}, err
	}
	items := append(s.Head("DRAWER OPENED", e), session(body.Session, body.Drawer, body.Name)...)
	items = append(items, escpos.Rule{})
	items = count(items, body.Counted)
	items = append(items, sum("Float counted", dollars(body.Float)))
	if body.Left != nil {
		items = append(items, escpos.Pair("Left by "+body.Left.Name, fmt.Sprintf("Z %d", body.Left.Z)))
	}
	if body.Float != body.Expected {
		items = append(items,
			escpos.Pair("Expected", body.Expected.String()),
			escpos.Pair("Difference", difference(body.Float-body.Expected)),
			line("Reason: "+body.Reason))
	}
	return Paper{Items: append(items, Signature("Counted: "+body.Name)...)}, nil
}

// layX is the report of a session under way. Its cash is left out, and the sum it
// could be had from, where the drawer is to be counted blind.
func layX(s Sheet, e *ledger.Entry) (Paper, error) {
	body, err := ledger.Unpack[cash.XReport](e)
	if err != nil {
		return Paper{}, err
	}
	items := append(s.Head("X REPORT", e), session(body.Session, body.Drawer, body.Name)...)
	items = append(items, escpos.Pair("Open since", s.Micros(body.Opened)), escpos.Rule{})
	if !body.ShowsCash {
		items = append(byTender(items, body.Totals, cash.Cash), line("Cash is shown after the count."))
		return Paper{Items: deeds(items, body.Totals)}, nil
	}
	items = totals(items, body.Totals)
	return Paper{Items: append(items, sum("Cash to be in drawer", dollars(body.Totals.CashInDrawer)))}, nil
}

// layZ is the report of a close. Two people sign it: with the hashes on it, the
// signed paper is a witness of the ledger up to here.
func layZ(s Sheet, e *ledger.Entry) (Paper, error) {
	body, err := ledger.Unpack[cash.DrawerClosed](e)
	if err != nil {
		return Paper{}, err
	}
	items := append(s.Head(fmt.Sprintf("Z REPORT %d", body.Z), e), session(body.Session, body.Drawer, body.Name)...)
	items = append(items, escpos.Pair("Open since", s.Micros(body.Opened)), escpos.Rule{})
	items = totals(items, body.Totals)
	items = append(items, escpos.Rule{}, strong("Counted"))
	items = count(items, body.Counted)
	for _, o := range body.Other {
		items = append(items, sub(fmt.Sprintf("%d x %s", o.Count, word(string(o.Kind))), o.Amount.String()))
	}
	items = differences(items, body)
	items = append(items, escpos.Rule{}, strong("All receipts since the log began"),
		escpos.Pair("Came to", dollars(body.Taken)),
		escpos.Pair("Taken back", dollars(body.Returned)),
		escpos.Pair("Receipts", fmt.Sprint(e.Totals.Receipts)),
		line("Log before this: entry "+fmt.Sprint(e.Seq-1)), line(hash(body.Head)),
		line("Z before this:"), line(hash(body.PreviousZ)))
	first, second := "Cashier: "+body.Name, "Second person"
	if body.ClosedBy != "" {
		first = "Counted and closed: " + body.ClosedBy
	}
	if body.ApproverName != "" {
		second += ": " + body.ApproverName
	}
	items = append(append(items, Signature(first)...), Signature(second)...)
	items, err = s.code(items, e, receiptcode.Close, counted(&body))
	return Paper{Items: items}, err
}

// counted is all that was counted at a close.
func counted(body *cash.DrawerClosed) ledger.Cents {
	all := body.Counted.Total()
	for _, o := range body.Other {
		all = all.Plus(o.Amount)
	}
	return all
}

func session(id cash.SessionID, drawer cash.DrawerID, name string) []escpos.Item {
	return []escpos.Item{escpos.Pair("Cashier "+name, "Drawer "+string(drawer)), escpos.Pair("Session", string(id))}
}

// count lists what was counted, piece by piece.
func count(items []escpos.Item, c cash.Count) []escpos.Item {
	for _, p := range c {
		items = append(items, sub(fmt.Sprintf("%d x %s", p.N, p.Value), p.Value.Times(int64(p.N)).String()))
	}
	return items
}

// totals are all of what a session took and did. Taken is money that came in: credit
// that was applied stands below it, since it came in before.
func totals(items []escpos.Item, t cash.Totals) []escpos.Item {
	var taken, voided ledger.Cents
	for _, tender := range t.Tenders {
		if tender.Kind != cash.Credit {
			taken, voided = taken.Plus(tender.Taken), voided.Plus(tender.Voided)
		}
	}
	items = append(byTender(items, t, ""), sum("Taken", dollars(taken)))
	if voided != 0 {
		items = append(items, sub("given back by voids", (-voided).String()), sum("Net", dollars(taken-voided)))
	}
	return deeds(items, t)
}

// byTender is what a session took, by means of payment, but for one. A means
// nobody used takes no line.
func byTender(items []escpos.Item, t cash.Totals, but cash.TenderKind) []escpos.Item {
	for _, tender := range t.Tenders {
		if tender.Kind == but || tender.Kind == cash.Credit || tender.Count == 0 && tender.Voided == 0 {
			continue
		}
		items = tookBy(items, word(string(tender.Kind)), tender)
		if tender.Skimmed != 0 {
			items = append(items, sub("in bags", (-tender.Skimmed).String()))
		}
	}
	return items
}

// tookBy is what one means of payment came to.
func tookBy(items []escpos.Item, name string, t cash.TenderTotal) []escpos.Item {
	items = append(items, escpos.Pair(fmt.Sprintf("%s (%d)", name, t.Count), t.Taken.String()))
	if t.Voided != 0 {
		items = append(items, sub("voided", (-t.Voided).String()), sub("left", t.Net.String()))
	}
	return items
}

// deeds are what was done in a session.
func deeds(items []escpos.Item, t cash.Totals) []escpos.Item {
	for _, tender := range t.Tenders {
		if tender.Kind == cash.Credit {
			items = tookBy(items, "Credit applied", tender)
		}
	}
	items = append(items, escpos.Pair("Payments", fmt.Sprint(t.Payments)),
		escpos.Pair("Voids", fmt.Sprint(t.Voids)),
		escpos.Pair("Opened without a sale", fmt.Sprint(t.NoSales)))
	if t.Skims != 0 {
		items = append(items, escpos.Pair("Bags to the safe", fmt.Sprint(t.Skims)))
	}
	for _, moved := range []struct {
		what   string
		amount ledger.Cents
	}{{"Paid in", t.PaidIn}, {"Paid out", t.PaidOut}, {"Refunds in cash", t.Refunded}} {
		if moved.amount != 0 {
			items = append(items, escpos.Pair(moved.what, moved.amount.String()))
		}
	}
	if t.Reversals != 0 {
		items = append(items, escpos.Pair(fmt.Sprintf("Reversals, earlier sessions (%d)", t.Reversals), (-t.Reversed).String()))
	}
	if t.Roundings != 0 {
		items = append(items, escpos.Pair(fmt.Sprintf("Cash rounding (%d)", t.Roundings), difference(t.Rounding)))
	}
	if t.Unasked != 0 {
		items = append(items, sum("Opened by nobody's order", fmt.Sprint(t.Unasked)))
	}
	if t.First != "" {
		items = append(items, escpos.Pair("First receipt", string(t.First)), escpos.Pair("Last receipt", string(t.Last)))
	}
	return append(items, escpos.Pair("Float", t.Float.String()))
}

// differences compares what was counted with the books, and says what was said to
// it.
func differences(items []escpos.Item, body cash.DrawerClosed) []escpos.Item {
	items = note(compared(items, body.Differences, body.Over, body.Missing), body.Note)
	if len(body.Counts) > 1 {
		items = append(items, line(fmt.Sprintf("Counted %d times; both counts are in the log.", len(body.Counts))))
	}
	if body.Reason != "" {
		items = append(items, line("Reason: "+body.Reason))
	}
	if body.Memo != "" {
		items = append(items, line("Memo: "+body.Memo))
	}
	if body.Report {
		items = append(items, strong("To be reported to finance"))
	}
	if body.Tier != "" {
		items = append(items, line("Rule: "+body.Tier))
	}
	if body.ClosedBy != "" {
		items = append(items, line("Closed by: "+body.ClosedBy))
	}
	if body.ApproverName != "" {
		items = append(items, line("Approved by: "+body.ApproverName))
	}
	return items
}

// hash writes a hash so that it breaks at the same places on every paper and can
// be read out.
func hash(l ledger.Leaf) string {
	if l == (ledger.Leaf{}) {
		return "none"
	}
	text := l.String()
	out := make([]byte, 0, len(text)+len(text)/8)
	for i := 0; i < len(text); i += 8 {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, text[i:i+8]...)
	}
	return string(out)
}
