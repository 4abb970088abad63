package report

import (
	"fmt"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// tenders is the money that came in by which means, less change, and what voids gave
// back. Credit that was applied stands above it.
func (r *run) tenders() (Table, error) {
	type mode struct {
		cash.TenderTotal
		entries []uint64
	}
	by := make(map[cash.TenderKind]*mode)
	for _, kind := range cash.TenderKinds() {
		by[kind] = &mode{}
	}
	err := r.within(func(e *ledger.Entry) error {
		switch e.Kind {
		case cash.KindPayment:
			return with(e, func(b cash.Payment) {
				for _, tender := range b.Tenders {
					m := by[tender.Kind]
					m.Count++
					m.Taken = m.Taken.Plus(tender.Amount)
					m.entries = append(m.entries, e.Seq)
				}
				by[cash.Cash].Taken -= b.Change
			})
		case cash.KindVoid:
			return with(e, func(b cash.Undone) {
				for _, tender := range b.Tenders {
					m := by[tender.Kind]
					m.Voided = m.Voided.Plus(tender.Amount)
					m.entries = append(m.entries, e.Seq)
				}
			})
		}
		return nil
	})
	if err != nil {
		return Table{}, err
	}
	var all cash.TenderTotal
	for _, kind := range moneyKinds() {
		m := by[kind]
		m.Net = m.Taken - m.Voided
		all.Count += m.Count
		all.Taken, all.Voided, all.Net = all.Taken.Plus(m.Taken), all.Voided.Plus(m.Voided), all.Net.Plus(m.Net)
	}
	const hundred = 100
	t := Table{Columns: []Column{{Title: "Tender", Lead: true}, {Title: "Count", Form: Number}, {Title: "% of count", Form: Tenths},
		{Title: "Taken", Form: Money}, {Title: "Given back", Form: Money}, {Title: "Net", Form: Money}, {Title: "% of net", Form: Tenths}}}
	panel := Panel{Sum: all.Net}
	for _, kind := range moneyKinds() {
		m := by[kind]
		if m.Count == 0 && m.Voided == 0 {
			continue
		}
		t.row(m.entries, say(word(string(kind))), number(m.Count), tenths(int64(m.Count), int64(all.Count), hundred),
			money(m.Taken), money(m.Voided), money(m.Net), tenths(int64(m.Net), int64(all.Net), hundred))
		panel.Bars = append(panel.Bars, Bar{word(string(kind)), m.Net})
	}
	t.Totals = []Cell{say("Total"), number(all.Count), {}, money(all.Taken), money(all.Voided), money(all.Net), {}}
	if credit := by[cash.Credit]; credit.Count > 0 {
		t.Facts = []Fact{{"Credit applied, no money came in", fmt.Sprintf("%d, %s", credit.Count, credit.Taken-credit.Voided)}}
	}
	t.note(takenMeans)
	t.Picture = &Picture{Title: "Net by tender", Panels: []Panel{panel}}
	return t, nil
}
