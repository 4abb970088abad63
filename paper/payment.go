package paper

import (
	"fmt"
	"strings"
	"time"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
	"gatehouse/paper/receiptcode"
)

// CashLayouts are the papers of the drawer day.
func CashLayouts() []Layout {
	return []Layout{
		{Kind: cash.KindPayment, Title: "Receipt", Lay: layPayment},
		{Kind: cash.KindVoid, Title: "Void slip", Lay: layVoid},
		{Kind: cash.KindReversal, Title: "Reversal slip", Lay: layReversal},
		{Kind: cash.KindDrawerOpened, Title: "Drawer slip", Lay: layOpened},
		{Kind: cash.KindXReport, Title: "X report", Lay: layX},
		{Kind: cash.KindDrawerClosed, Title: "Z report", Lay: layZ},
	}
}

func layPayment(s Sheet, e *ledger.Entry) (Paper, error) {
	body, err := ledger.Unpack[cash.Payment](e)
	if err != nil {
		return Paper{}, err
	}
	items := append(s.Head("RECEIPT", e), escpos.Pair("Cashier "+body.Cashier, "Drawer "+string(body.Drawer)))
	for i := range body.Parts {
		items = s.part(items, e, &body.Parts[i])
	}
	items = append(items, escpos.Rule{},
		escpos.Row{Cells: []escpos.Cell{{S: "TOTAL"}, {S: dollars(body.Total), Align: escpos.Right}},
			Style: escpos.Style{Bold: true, Tall: true}})
	for _, t := range body.Tenders {
		items = tender(items, t)
	}
	if body.Rounding != 0 {
		items = append(items, escpos.Pair("Cash rounding", difference(body.Rounding)), line("  resolution "+body.Rounded))
	}
	if body.Change != 0 {
		items = append(items, sum("Change", body.Change.String()))
	}
	items = append(items, escpos.Rule{}, line("Allocation table: "+body.Rule))
	if body.Offline {
		items = append(items, Banner("OFFLINE - accepted, will post"))
	}
	items, err = s.code(items, e, receiptcode.Payment, body.Total)
	return Paper{Items: items, Notice: s.Utility.Notice}, err
}

// part is one account: who, what was paid, what is left, and how old that is.
func (s Sheet) part(items []escpos.Item, e *ledger.Entry, p *cash.Part) []escpos.Item {
	if p.Account == "" {
		return append(items, escpos.Rule{}, strong("No account yet"), line(p.Name), sum("Paid", p.Amount.String()),
			line("  kept under this receipt's number"))
	}
	items = append(items, escpos.Rule{}, strong(string(p.Account)+"  "+p.Name), line(p.Service),
		escpos.Pair("Balance before", balance(p.Before)),
		sum("Paid", p.Amount.String()))
	for _, a := range p.Allocation {
		items = append(items, sub(bucket(a.Bucket), a.Amount.String()))
	}
	if p.Why != "" {
		items = append(items, line("  as asked for: "+p.Why))
	}
	return append(items,
		escpos.Pair("Balance after", balance(p.After)), s.asOf(p.AsOf, e.At()))
}

// asOf says how old the balance above it is. On narrow paper the age takes a line
// of its own.
func (s Sheet) asOf(at int64, now time.Time) escpos.Item {
	since := "as of " + s.Micros(at)
	return escpos.Row{Cells: []escpos.Cell{{S: since, Width: len(since)},
		{S: "(" + age(now.Sub(time.UnixMicro(at))) + " old)", Align: escpos.Right}}}
}

func bucket(b account.Bucket) string {
	if b == account.Credit {
		return "to credit on the account"
	}
	return "to " + strings.ReplaceAll(string(b), "-", " ")
}

// tender is what was handed over, with the number it can be found by.
func tender(items []escpos.Item, t cash.Tender) []escpos.Item {
	items = append(items, escpos.Pair(word(string(t.Kind)), t.Amount.String()))
	switch {
	case t.LastFour != "":
		items = append(items, line("  ending "+t.LastFour+", ref. "+t.Reference))
	case t.Number != "":
		items = append(items, line("  no. "+t.Number))
	}
	return items
}

// code adds the square code with the signed essentials.
func (s Sheet) code(items []escpos.Item, e *ledger.Entry, deed receiptcode.Deed, total ledger.Cents) ([]escpos.Item, error) {
	text, err := receiptcode.Make(s.Signer, receiptcode.Of(e, deed, s.Station, s.Training, total))
	if err != nil {
		return nil, err
	}
	return append(items, escpos.QR{Text: text, Level: escpos.QRMedium, Module: 4}), nil
}

func layVoid(s Sheet, e *ledger.Entry) (Paper, error) {
	return s.undone(e, "VOID", "GIVEN BACK", receiptcode.Void)
}

func layReversal(s Sheet, e *ledger.Entry) (Paper, error) {
	return s.undone(e, "REVERSAL", "OWED TO THE PAYER", receiptcode.Reversal)
}

// undone is the slip of a payment taken back. A void gives the money back; a reversal
// says that it is owed.
func (s Sheet) undone(e *ledger.Entry, title, what string, deed receiptcode.Deed) (Paper, error) {
	body, err := ledger.Unpack[cash.Undone](e)
	if err != nil {
		return Paper{}, err
	}
	items := append(s.Head(title, e),
		escpos.Pair("Takes back", string(body.Receipt)),
		line("Reason: "+body.Reason),
		line("Cashier: "+body.Cashier),
		line("Approved by: "+body.ApproverName),
		escpos.Rule{})
	for _, p := range body.Parts {
		items = append(items, strong(strings.TrimSpace(string(p.Account)+"  "+p.Name)))
		if p.Service != "" {
			items = append(items, line(p.Service))
		}
		for _, a := range p.Allocation {
			items = append(items, sub("from "+strings.TrimPrefix(bucket(a.Bucket), "to "), a.Amount.String()))
		}
	}
	items = append(items, escpos.Rule{},
		escpos.Row{Cells: []escpos.Cell{{S: what}, {S: dollars(body.Total), Align: escpos.Right}},
			Style: escpos.Style{Bold: true, Tall: true}})
	for _, t := range body.Tenders {
		items = tender(items, t)
	}
	items = append(items, Signature("Customer")...)
	items = append(items, Signature("Approved: "+body.ApproverName)...)
	items, err = s.code(items, e, deed, body.Total)
	return Paper{Items: append(items, center("Payment taken back."),
		center(fmt.Sprintf("Receipt %s is no longer valid.", body.Receipt)))}, err
}
