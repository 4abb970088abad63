package paper

import (
	"fmt"
	"time"

	"gatehouse/desk/visit"
	"gatehouse/drivers/escpos"
	"gatehouse/ledger"
)

// VisitLayouts are the papers of the lobby.
func VisitLayouts() []Layout {
	return []Layout{
		{Kind: visit.KindTicket, Title: "Ticket", Lay: layTicket},
		{Kind: visit.KindSignedIn, Title: "Badge", Lay: layBadge},
		{Kind: visit.KindListPrinted, Title: "Muster list", Lay: layMuster},
	}
}

func layTicket(s Sheet, e *ledger.Entry) (Paper, error) {
	body, err := ledger.Unpack[visit.Ticket](e)
	if err != nil {
		return Paper{}, err
	}
	words := wordsIn(body.Language)
	large, err := poster(string(body.Number))
	if err != nil {
		return Paper{}, err
	}
	return Paper{Items: append(s.lobbyHead(e),
		center(words.number+" "+string(body.Number)),
		escpos.Image{Bitmap: large, Align: escpos.Center},
		escpos.Text{S: body.ServiceName, Style: escpos.Style{Bold: true, Align: escpos.Center}},
		escpos.Barcode{Data: string(body.Number), Height: 60}, escpos.Feed{Lines: 1},
		center(words.wait))}, nil
}

func layBadge(s Sheet, e *ledger.Entry) (Paper, error) {
	body, err := ledger.Unpack[visit.SignedIn](e)
	if err != nil {
		return Paper{}, err
	}
	words := wordsIn(body.Language)
	large, err := poster(string(body.Number))
	if err != nil {
		return Paper{}, err
	}
	items := append(s.lobbyHead(e), sign(words.visitor, false))
	if body.Badge == visit.Escorted {
		items = append(items, sign(words.escorted, true))
	}
	items = append(items, escpos.Feed{Lines: 1},
		escpos.Text{S: body.Name, Style: escpos.Style{Bold: true, Wide: true, Tall: true, Align: escpos.Center}})
	if body.Company != "" {
		items = append(items, center(body.Company))
	}
	items = append(items, escpos.Rule{}, escpos.Pair(words.visits, body.WhomName))
	if body.Person != "" {
		items = append(items, escpos.Pair("", body.Person))
	}
	return Paper{Items: append(items,
		escpos.Pair(words.valid, s.day(e.Micros)), escpos.Rule{},
		escpos.Image{Bitmap: large, Align: escpos.Center},
		escpos.Barcode{Data: string(body.Number), Height: 80}, escpos.Feed{Lines: 1},
		center(words.signOut))}, nil
}

// sign is a word read from across a lobby. What must not be overlooked is white on
// black.
func sign(s string, warning bool) escpos.Item {
	return escpos.Text{S: s, Style: escpos.Style{Bold: true, Wide: true, Tall: true, Reverse: warning, Align: escpos.Center}}
}

// layMuster is one sheet of the list of who is in the building: a box to tick for
// each, in the order of the record.
func layMuster(s Sheet, e *ledger.Entry) (Paper, error) {
	body, err := ledger.Unpack[visit.ListPrinted](e)
	if err != nil {
		return Paper{}, err
	}
	items := append(s.Head(fmt.Sprintf("IN THE BUILDING  %d of %d", body.Sheet, body.Sheets), e),
		sum("Visitors signed in", fmt.Sprint(body.In)))
	if body.Left > 0 {
		items = append(items, escpos.Pair("Presumed left, unseen", fmt.Sprint(body.Left)))
	}
	items = append(items, escpos.Pair("Numbers without a name today", fmt.Sprint(body.Tickets)), escpos.Rule{})
	for _, r := range body.Rows {
		items = s.musterRow(items, r)
	}
	return Paper{Items: append(items, Signature("Checked by, time")...)}, nil
}

func (s Sheet) musterRow(items []escpos.Item, r visit.Row) []escpos.Item {
	items = append(items, boxed("[ ]", r.Name, string(r.Number), true))
	if r.Company != "" {
		items = append(items, boxed("", r.Company, "", false))
	}
	whom := r.Whom
	if r.Person != "" {
		whom += ", " + r.Person
	}
	items = append(items, boxed("", whom, "since "+s.clock(r.Since), false))
	if r.Badge == visit.Escorted {
		items = append(items, boxed("", "escort required", "", false))
	}
	if r.Left != 0 {
		items = append(items, boxed("", "PRESUMED LEFT "+s.clock(r.Left)+", nobody saw it", "", true))
	}
	return items
}

// boxed is a line beside the column of boxes to tick.
func boxed(tick, text, value string, bold bool) escpos.Item {
	row := escpos.Row{Cells: []escpos.Cell{{S: tick, Width: 3}, {S: text}}, Style: escpos.Style{Bold: bold}}
	if value != "" {
		row.Cells = append(row.Cells, escpos.Cell{S: value, Align: escpos.Right})
	}
	return row
}

// clock is the time of day of a moment, in the station's zone.
func (s Sheet) clock(at int64) string { return s.in(time.UnixMicro(at)).Format("15:04") }

// day is the date of a moment, in the station's zone: a badge is of use for one.
func (s Sheet) day(at int64) string { return s.in(time.UnixMicro(at)).Format("Jan 2, 2006") }

// lobbyHead is the short head of papers for visitors.
func (s Sheet) lobbyHead(e *ledger.Entry) []escpos.Item {
	out := make([]escpos.Item, 0, 16)
	out = s.logo(out)
	return append(out, center(s.Utility.Name), center(s.Micros(e.Micros)), escpos.Rule{})
}
