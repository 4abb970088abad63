package flow

import (
	"slices"
	"strings"

	"gatehouse/desk/account"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// refusedForm finds the field of the form that a refusal is about.
func (f *Flow) refusedForm(r *ledger.Refusal) (Field, bool) {
	one, _ := f.formOf()
	switch r.Field {
	case "approver":
		return FieldApprover, f.m.Form.Sign
	case "approver_pin":
		return FieldApproverPIN, f.m.Form.Sign
	}
	for _, name := range partsOf(r) {
		at := slices.IndexFunc(one.parts, func(p FormPart) bool { return p.Name == name })
		if at < 0 {
			continue
		}
		if field, ok := f.fieldOfPart(one.act, one.parts[at], r); ok {
			return field, true
		}
	}
	return NoField, false
}

// partsOf are the names of parts that a refusal may be about, the likeliest first.
// The desk names the field of a command; a form may call it otherwise, or not have
// it, and rules that many commands share name none.
func partsOf(r *ledger.Refusal) (names []string) {
	if r.Code == "cash.skim_too_much" && r.Args["kind"] != string(cash.Cash) {
		names = append(names, "other") // too many checks are ticked, not counted
	}
	if r.Code == "cash.split_owed" {
		names = append(names, partOf(account.Bucket(r.Args["bucket"])))
	}
	names = append(names, r.Field)
	switch {
	case strings.HasPrefix(r.Code, "account."), r.Code == "cash.own_account":
		return append(names, "account", "from")
	case r.Code == "ledger.no_such_receipt":
		return append(names, "receipt", "from")
	case r.Code == "cash.counted_twice":
		return append(names, "drawer")
	}
	switch r.Field {
	case "count": // of pieces that are given; or none was made of that drawer
		return append(names, "give", "drawer")
	case "split", "amount": // of a payment to parts
		return append(names, "past_due")
	case "pay":
		return append(names, "account")
	case "tenders":
		return append(names, "how")
	case "other": // each is ticked
		return append(names, PartTicks)
	case "bag": // a bag in the safe
		return append(names, "there")
	case "reference", "receipt":
		return append(names, "from")
	}
	return names
}

// fieldOfPart is where the form asks for a part: of pieces and sums, where the value
// that is refused is typed, or the first of them.
func (f *Flow) fieldOfPart(a Act, part FormPart, r *ledger.Refusal) (Field, bool) {
	for _, field := range f.formFields() {
		if field != PartField(a, part.Name) && !strings.HasPrefix(string(field), string(PartField(a, part.Name))+".") {
			continue
		}
		if value, err := ledger.ParseAmount(r.Args["value"]); err == nil && part.Asks == AskPieces && slices.Contains(f.d.Cash.Denominations, value) {
			field = PieceField(a, part.Name, value)
		}
		if kind := cash.TenderKind(r.Args["kind"]); part.Asks == AskOthers && slices.Contains(f.d.Cash.OneByOne(), kind) {
			field, _ = OtherFields(a, kind)
		}
		return field, true
	}
	return NoField, false
}
