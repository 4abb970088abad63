package flow

import (
	"slices"
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// counted shows what a count came to, for the first time.
func (f *Flow) counted(entries []ledger.Entry) {
	for i := range entries {
		if entries[i].Kind != cash.KindCounted {
			continue
		}
		if body, err := ledger.Unpack[cash.Counted](&entries[i]); err == nil {
			f.m.Session.Counts = append(slices.Clone(f.m.Session.Counts), entries[i].Seq)
			f.clear(f.m.Count.Fields...)
			f.goCounted(&body)
		}
	}
}

// goCounted goes to the close of a drawer that was counted: nothing but a recount
// and the close is left to do with it.
func (f *Flow) goCounted(count *cash.Counted) {
	if _, ok := f.openID(errandClose); !ok {
		return
	}
	f.m.Place, f.m.Counted = AtCounted, count
	f.m.Tier = f.d.Cash.TierFor(f.m.Session.Date, count.Off)
	f.m.Reasons, f.m.Reason = nil, -1
	f.clear(FieldApprover, FieldApproverPIN)
	if f.m.Tier.Reason {
		f.m.Reasons = f.d.Cash.Reasons.OverShort
	}
	f.m.Focus = NoField
	if fields := f.closeFields(); len(fields) > 0 {
		f.m.Focus = fields[0]
	}
}

// closeFields are what a difference asks for before the drawer is closed.
func (f *Flow) closeFields() (fields []Field) {
	if f.m.Tier.Reason {
		fields = append(fields, FieldReason)
	}
	if f.m.Tier.Memo {
		fields = append(fields, FieldMemo)
	}
	if f.m.Tier.Approve {
		fields = append(fields, FieldApprover, FieldApproverPIN)
	}
	return fields
}

// nextOfClose goes to the next field, if the one before it is right.
func (f *Flow) nextOfClose() {
	fields := f.closeFields()
	at := slices.Index(fields, f.m.Focus)
	if at >= 0 && !f.closeRight(fields[at]) {
		return
	}
	if at+1 < len(fields) {
		f.m.Focus = fields[at+1]
	}
}

// closeRight refuses a field that is not filled in as it must be.
func (f *Flow) closeRight(field Field) bool {
	switch field {
	case FieldReason:
		if f.m.Reason < 0 {
			f.refuse(FieldReason, ledger.Refuse("cash.over_short_reason", "The count differs by {off}. Choose a reason from the list.", "off", f.m.Counted.Off.String()))
			return false
		}
	case FieldMemo:
		if f.isCard(FieldMemo) {
			return false
		}
		if strings.TrimSpace(f.text(FieldMemo)) == "" {
			f.refuse(FieldMemo, ledger.Refuse("cash.memo_needed", "The count differs by {off}. Write what happened.", "off", f.m.Counted.Off.String()))
			return false
		}
	case FieldApprover:
		return f.knows(FieldApprover)
	}
	return true
}

// commitClose closes the drawer on the count.
func (f *Flow) commitClose() {
	for _, field := range f.closeFields() {
		if !f.closeRight(field) {
			return
		}
	}
	var do cash.CloseDrawer
	if f.m.Tier.Memo { // one that was typed for the count before is not about this one
		do.Memo = strings.TrimSpace(f.text(FieldMemo))
	}
	if f.m.Reason >= 0 && f.m.Reason < len(f.m.Reasons) {
		do.Reason = f.m.Reasons[f.m.Reason]
	}
	o := order(do)
	if f.m.Tier.Approve {
		o.Approver, o.ApproverPIN = staff.ID(f.text(FieldApprover)), f.text(FieldApproverPIN)
		f.put(FieldApproverPIN, "")
	}
	f.send(Errand{kind: errandClose, order: o})
}
