package flow

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

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
	f.m.Reason, f.m.Chosen = -1, 0
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
	f.payments, f.m.Payments = nil, nil
	f.do(ReadPayments{f.m.Session.ID})
}

func (f *Flow) paymentsRead(e PaymentsRead) {
	if e.Err != nil {
		f.notice(Bad, "unread")
		return
	}
	f.payments = e.Rows
	f.narrow()
}

// narrow lists the payments whose number has what was typed in it, and chooses one
// where there is no doubt: the last one while nothing is typed, the one whose number
// was typed whole, or the only one. Else none: a receipt mistaken for another gives a
// stranger's money back.
func (f *Flow) narrow() {
	typed := readNumber(f.text(FieldReceipt))
	f.m.Payments = slices.DeleteFunc(slices.Clone(f.payments), func(r PaymentRow) bool { return !typed.in(r.Receipt) })
	f.m.Chosen = 0
	if typed.text != "" && len(f.m.Payments) != 1 {
		f.m.Chosen = slices.IndexFunc(f.m.Payments, func(r PaymentRow) bool { return typed.names(r.Receipt) })
	}
}

// number is a receipt's number as a person types it: some of it, or all.
type number struct {
	text   string // without what is easily left out
	digits bool   // and nothing else, so they are not of the letters at the end
	whole  ledger.ReceiptNo
}

func readNumber(typed string) number {
	text := strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, typed)
	return number{text: text, digits: text != "" && strings.Trim(text, "0123456789") == "", whole: ledger.ReceiptNo(typed)}
}

// in reports whether a receipt may be meant.
func (n number) in(no ledger.ReceiptNo) bool {
	if n.digits {
		_, rest, _ := strings.Cut(string(no), "-")
		middle, _, _ := strings.Cut(rest, "-")
		return strings.Contains(middle, n.text)
	}
	return strings.Contains(readNumber(string(no)).text, n.text) || n.names(no)
}

// names reports whether a receipt is meant and no other.
func (n number) names(no ledger.ReceiptNo) bool {
	station, count, mark, _ := cash.ReadReceiptNo(no)
	if n.digits {
		return strings.TrimLeft(n.text, "0") == strconv.FormatUint(count, 10)
	}
	typedStation, typedCount, typedMark, ok := cash.ReadReceiptNo(n.whole)
	return ok && typedStation == station && typedCount == count && (typedMark == "" || typedMark == mark)
}

// receiptTyped is the number of the chosen payment, or else the typed one.
func (f *Flow) receiptTyped() (ledger.ReceiptNo, bool) {
	if at := f.m.Chosen; at >= 0 && at < len(f.m.Payments) {
		no := f.m.Payments[at].Receipt
		f.put(FieldReceipt, string(no))
		return no, true
	}
	if len(f.m.Payments) > 0 {
		f.refuse(FieldReceipt, ledger.Refuse("cashier.which_receipt", "Several receipts have that in their number. Choose one with the arrow keys, or type more of it."))
		return "", false
	}
	typed := strings.ToUpper(strings.TrimSpace(f.text(FieldReceipt)))
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
		if _, ok := f.reason(); ok {
			f.m.Focus = FieldApprover
		}
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
	reason, ok := f.reason()
	if !ok || !f.knows(FieldApprover) {
		return
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
	f.toWindow()
	f.reread(entries)
	f.notice(Good, name, args...)
}

// commitNoSale opens the drawer for a reason.
func (f *Flow) commitNoSale() {
	if reason, ok := f.reason(); ok {
		f.send(Errand{kind: errandNoSale, order: order(cash.NoSaleCommand{Reason: reason})})
	}
}

// reason is the chosen one. None is chosen before somebody did: a reason that was there
// already says nothing.
func (f *Flow) reason() (string, bool) {
	if f.m.Reason < 0 || f.m.Reason >= len(f.m.Reasons) {
		f.refuse(FieldReason, ledger.Refuse("cash.reason", "Choose a reason from the list."))
		return "", false
	}
	return f.m.Reasons[f.m.Reason], true
}

// reprint prints the chosen receipt again.
func (f *Flow) reprint() {
	if no, ok := f.receiptTyped(); ok {
		f.send(Errand{kind: errandReprint, receipt: no})
	}
}
