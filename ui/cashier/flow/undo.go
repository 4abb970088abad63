package flow

import (
	"strings"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// goTask opens a void, a reprint or an opening without a sale beside the payment
// that may be begun, which stays as it is.
func (f *Flow) goTask(a Action) {
	kind, place := errandUndo, AtUndo
	switch a {
	case GoReprint:
		kind, place = errandReprint, AtReprint
	case GoNoSale:
		kind, place = errandNoSale, AtNoSale
	}
	if _, ok := f.openID(kind); !ok {
		return
	}
	f.storeAmount()
	f.m.Place, f.m.Focus = place, FieldReceipt
	f.m.Reason, f.m.Chosen = 0, 0
	switch place {
	case AtUndo:
		f.m.Reasons, f.m.Undo = f.d.Cash.Reasons.Void, nil
		f.clear(FieldReceipt, FieldReason, FieldApprover, FieldApproverPIN)
	case AtReprint:
		f.clear(FieldReceipt)
	case AtNoSale:
		f.m.Reasons, f.m.Focus = f.d.Cash.Reasons.NoSale, FieldReason
		f.clear(FieldReason)
		return
	}
	f.m.Payments = nil
	f.do(ReadPayments{f.m.Session.ID})
}

func (f *Flow) paymentsRead(e PaymentsRead) {
	if e.Err != nil {
		f.notice(Bad, "unread")
		return
	}
	f.m.Payments = e.Rows
}

// receiptTyped is the typed number, or that of the chosen payment.
func (f *Flow) receiptTyped() (ledger.ReceiptNo, bool) {
	typed := strings.ToUpper(strings.TrimSpace(f.text(FieldReceipt)))
	if typed == "" && f.m.Chosen < len(f.m.Payments) {
		typed = string(f.m.Payments[f.m.Chosen].Receipt)
		f.put(FieldReceipt, typed)
	}
	if typed == "" {
		f.refuse(FieldReceipt, ledger.Refuse("cash.bad_receipt_number", "That is not a receipt number. It looks like A1-000123-K7QX."))
	}
	return ledger.ReceiptNo(typed), typed != ""
}

// pickReceipt looks the receipt up, to show whose it is before anybody signs.
func (f *Flow) pickReceipt() {
	if no, ok := f.receiptTyped(); ok {
		f.lookup++
		f.m.Undo = nil
		f.do(ReadReceipt{f.lookup, no, f.m.Session.ID})
	}
}

func (f *Flow) receiptRead(e ReceiptRead) {
	if e.Serial != f.lookup || f.m.Place != AtUndo {
		return
	}
	if e.Err != nil {
		f.readFailed(FieldReceipt, e.Err)
		return
	}
	if e.Row.Undone {
		f.refuse(FieldReceipt, ledger.Refuse("cash.already_undone", "Receipt {no} was already taken back.", "no", string(e.Row.Receipt)))
		return
	}
	row := e.Row
	f.m.Undo = &row
	f.m.Focus = FieldReason
}

func (f *Flow) nextOfUndo() {
	switch f.m.Focus {
	case FieldReason:
		f.m.Focus = FieldApprover
	case FieldApprover:
		if f.knows(FieldApprover) {
			f.m.Focus = FieldApproverPIN
		}
	}
}

// commitUndo voids inside the open session, and reverses afterwards.
func (f *Flow) commitUndo() {
	if f.m.Undo == nil {
		f.m.Focus = FieldReceipt
		f.pickReceipt()
		return
	}
	if !f.knows(FieldApprover) {
		return
	}
	reason := ""
	if f.m.Reason >= 0 && f.m.Reason < len(f.m.Reasons) {
		reason = f.m.Reasons[f.m.Reason]
	}
	o := order(cash.ReversePayment{Receipt: f.m.Undo.Receipt, Reason: reason})
	if f.m.Undo.Here {
		o = order(cash.VoidPayment{Receipt: f.m.Undo.Receipt, Reason: reason})
	}
	o.Approver, o.ApproverPIN = staff.ID(f.text(FieldApprover)), f.text(FieldApproverPIN)
	f.put(FieldApproverPIN, "")
	f.send(Errand{kind: errandUndo, order: o})
}

// undone says what is given back.
func (f *Flow) undone(entries []ledger.Entry) {
	name, args := "voided", []string{}
	for i := range entries {
		if entries[i].Kind != cash.KindVoid && entries[i].Kind != cash.KindReversal {
			continue
		}
		if entries[i].Kind == cash.KindReversal {
			name = "reversed"
		}
		if body, err := ledger.Unpack[cash.Undone](&entries[i]); err == nil {
			args = []string{"receipt", string(body.Receipt), "total", body.Total.String()}
		}
	}
	f.clear(FieldReceipt, FieldApprover, FieldApproverPIN)
	f.m.Undo, f.m.Done = nil, nil // the change of a payment taken back is no change
	if a := f.m.Account; a != nil {
		f.do(ReadAccount{a.Standing.Customer.No})
	}
	f.toWindow()
	f.notice(Good, name, args...)
}

// commitNoSale opens the drawer for a reason.
func (f *Flow) commitNoSale() {
	if f.m.Reason < 0 || f.m.Reason >= len(f.m.Reasons) {
		f.refuse(FieldReason, ledger.Refuse("cash.reason", "Choose a reason from the list."))
		return
	}
	f.send(Errand{kind: errandNoSale, order: order(cash.NoSaleCommand{Reason: f.m.Reasons[f.m.Reason]})})
}

// reprint prints the chosen receipt again.
func (f *Flow) reprint() {
	if no, ok := f.receiptTyped(); ok {
		f.send(Errand{kind: errandReprint, receipt: no})
	}
}
