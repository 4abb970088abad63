package flow

import (
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// What is typed, chosen and ticked in a form.

// chosen is the id of the chosen row of a part, empty if none is.
func (f *Flow) chosen(part string) string {
	rows, at := f.m.Form.Choices[part], f.m.Form.At[part]
	if at < 0 || at >= len(rows) {
		return ""
	}
	return rows[at].ID
}

// tickedIDs are the ids of the ticked rows of a part.
func (f *Flow) tickedIDs(part string) (ids []string) {
	for _, row := range f.m.Form.Choices[part] {
		if row.Ticked {
			ids = append(ids, row.ID)
		}
	}
	return ids
}

// simpleTenders are the means of payment that ask for no more than a number, and, where
// nobody signs, for no second person.
func (f *Flow) simpleTenders(part string, signs bool) (rows []Choice) {
	for _, rule := range f.d.Cash.Tenders {
		if part == "how" && rule.Kind != cash.Card && rule.Kind != cash.Credit && (signs || rule.ApproveAbove == 0) {
			rows = append(rows, Choice{ID: string(rule.Kind), Cells: []string{""}, Kind: rule.Kind})
		}
	}
	return rows
}

// formTender is what is handed over for the sum of some parts.
func (f *Flow) formTender(parts ...string) []cash.Tender {
	t := cash.Tender{Kind: cash.TenderKind(f.chosen("how")), Number: f.typedPart("number")}
	for _, part := range parts {
		t.Amount = t.Amount.Plus(f.sumOf(part))
	}
	return []cash.Tender{t}
}

func (f *Flow) typedPart(part string) string {
	return strings.TrimSpace(f.text(PartField(f.m.Form.Act, part)))
}

// sumOf reads an amount that partRight has let pass; one may be below zero.
func (f *Flow) sumOf(part string) ledger.Cents {
	text := f.typedPart(part)
	amount, err := ledger.ParseAmount(strings.TrimPrefix(text, "-"))
	if err != nil {
		return 0
	}
	if strings.HasPrefix(text, "-") {
		return -amount
	}
	return amount
}

// piecesOf reads a count; ok is false where a field is no count.
func (f *Flow) piecesOf(a Act, part string) (count cash.Count, ok bool) {
	ok = true
	for _, value := range Values(f.d.Cash) {
		n, right := pieces(f.text(PieceField(a, part, value)))
		ok = ok && right
		if right && n > 0 {
			count = append(count, cash.Pieces{Value: value, N: n})
		}
	}
	return count, ok
}

// othersOf reads the checks and the like of a form.
func (f *Flow) othersOf() (out []cash.CountedTender) {
	for _, kind := range f.d.Cash.OneByOne() {
		count, amount := OtherFields(f.m.Form.Act, kind)
		n, _ := pieces(f.text(count))
		worth, err := ledger.ParseAmount(f.text(amount))
		if err != nil && n == 0 {
			continue
		}
		out = append(out, cash.CountedTender{Kind: kind, Count: n, Amount: worth})
	}
	return out
}
