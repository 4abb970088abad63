package cash

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// VoidPayment takes a payment back inside its session. A second person approves.
type VoidPayment struct {
	Receipt ledger.ReceiptNo `json:"receipt" doc:"number on the receipt, like A1-000123-K7QX or A1-000123"`
	Reason  string           `json:"reason" doc:"one of the policy's reasons"`
}

// ReversePayment takes a payment back after its session was closed. A second
// person approves.
type ReversePayment struct {
	Receipt ledger.ReceiptNo `json:"receipt" doc:"number on the receipt, like A1-000123-K7QX or A1-000123"`
	Reason  string           `json:"reason" doc:"one of the policy's reasons"`
}

// VoidPayment voids a payment of the open session of who acts.
func (d *Duty) VoidPayment(s *ledger.State, by staff.Acting, c VoidPayment) ([]ledger.Draft, error) {
	session, err := d.working(s, by)
	if err != nil {
		return nil, err
	}
	e, body, err := d.undoable(s, by, c.Receipt, c.Reason)
	if err != nil {
		return nil, err
	}
	if body.Session != session.ID {
		return nil, ledger.Refuse("cash.void_other_session", "Receipt {no} is not of your open drawer session. It can only be reversed by a new document.", "no", string(c.Receipt)).At("receipt")
	}
	void := undo(s, by, e, body, c.Reason)
	// What lies sealed in a bag cannot be handed back: cash of that worth, and each
	// check or the like itself.
	gone := kept(void.Tenders, 0, Cash) > InDrawer(s, session.ID, Cash)
	back := make(map[TenderKind][]Item)
	for _, t := range void.Tenders {
		if t.Kind != Cash && t.Kind != Credit {
			back[t.Kind] = append(back[t.Kind], t.item(e.Receipt))
		}
	}
	for kind, asked := range back {
		there, err := allThere(s, session, kind, asked)
		if err != nil {
			return nil, err
		}
		gone = gone || !there
	}
	if gone {
		return nil, ledger.Refuse("cash.void_gone", "What was paid went to the safe in a bag. Reverse the receipt after the close.").At("receipt")
	}
	void.Drawer, void.Opens = session.Drawer, d.Policy.opens(void.Tenders)
	return []ledger.Draft{{Kind: KindVoid, Date: session.Date, Receipt: true, Returned: body.Total,
		Body: void, Lines: reversed(e.Lines)}}, nil
}

// ReversePayment reverses a payment of a closed session. Its money stays where it
// is, on its way to the bank, so that what came in is what goes out; it is owed
// to whoever paid until it is refunded, or put on another account.
func (d *Duty) ReversePayment(s *ledger.State, by staff.Acting, c ReversePayment) ([]ledger.Draft, error) {
	if err := d.Staff.Require(s, by, staff.TakeMoney); err != nil {
		return nil, err
	}
	e, body, err := d.undoable(s, by, c.Receipt, c.Reason)
	if err != nil {
		return nil, err
	}
	session, _, err := SessionByID(s, body.Session)
	if err != nil {
		return nil, err
	}
	if session.Closed == 0 {
		return nil, ledger.Refuse("cash.void_instead", "The drawer session of receipt {no} is still open. Void it there.", "no", string(c.Receipt)).At("receipt")
	}
	posted := reversed(e.Lines)
	owed := ledger.Posting{Account: accountReversed, Sub: reversedSub(s.Station(), e.Receipt)}
	posted = slices.DeleteFunc(posted, func(p ledger.Posting) bool {
		taken := strings.HasPrefix(p.Account, drawerAccount("")) || p.Account == accountRounding
		if taken {
			owed.Amount = owed.Amount.Plus(p.Amount)
		}
		return taken
	})
	posted = append(posted, owed)
	return []ledger.Draft{{Kind: KindReversal, Receipt: true, Returned: body.Total,
		Body: undo(s, by, e, body, c.Reason), Lines: lines(posted...)}}, nil
}

// undoable finds a payment that may be taken back, with an approver for it.
func (d *Duty) undoable(s *ledger.State, by staff.Acting, no ledger.ReceiptNo, reason string) (ledger.Entry, Payment, error) {
	refuse := func(r *ledger.Refusal) (ledger.Entry, Payment, error) { return ledger.Entry{}, Payment{}, r }
	if !slices.Contains(d.Policy.Reasons.Void, reason) {
		return refuse(ledger.Refuse("cash.reason", "Choose a reason from the list.").At("reason"))
	}
	if err := d.Staff.RequireApproval(by); err != nil {
		return ledger.Entry{}, Payment{}, err
	}
	e, body, err := FindPayment(s, no)
	if err != nil {
		return ledger.Entry{}, Payment{}, err
	}
	if UndoneBy(s, e.Seq) != 0 {
		return refuse(ledger.Refuse("cash.already_undone", "Receipt {no} was already taken back.", "no", string(no)).At("receipt"))
	}
	if returnedOf(s, e.Receipt, body) > 0 {
		return refuse(ledger.Refuse("cash.returned_before", "That check was returned before.").At("receipt"))
	}
	if err := notOwnParts(by, body.Parts, "receipt"); err != nil {
		return ledger.Entry{}, Payment{}, err
	}
	for _, p := range body.Parts {
		if p.Account != "" {
			continue // it owes what was used of its credit when the payment is gone
		}
		if left := -s.Balance(accountUnnumbered, reversedSub(s.Station(), e.Receipt)).Net(); left < p.Amount {
			return refuse(ledger.Refuse("cash.undo_used", "Of the money of receipt {no} {left} is left: the rest was used or given back, and cannot be taken back again.",
				"no", string(no), "left", left.String()).At("receipt"))
		}
	}
	return e, body, nil
}

// FindPayment finds a payment by the number on its receipt.
func FindPayment(s *ledger.State, no ledger.ReceiptNo) (ledger.Entry, Payment, error) {
	station, n, mark, ok := ReadReceiptNo(no)
	if !ok {
		return ledger.Entry{}, Payment{}, ledger.Refuse("cash.bad_receipt_number", "That is not a receipt number. It looks like A1-000123-K7QX.").At("receipt")
	}
	if station != s.Station() {
		return ledger.Entry{}, Payment{}, ledger.Refuse("cash.other_station", "Receipt {no} is of station {station}. It can be taken back only there.", "no", string(no), "station", string(station)).At("receipt")
	}
	e, err := s.Receipt(n)
	if err != nil {
		return ledger.Entry{}, Payment{}, err
	}
	if mark != "" && !strings.HasSuffix(string(e.ReceiptNo(s.Station())), "-"+mark) {
		return ledger.Entry{}, Payment{}, ledger.Refuse("cash.receipt_mark", "Receipt {n} of this station ends in other letters. Check the number on the paper.", "n", string(no)).At("receipt")
	}
	if e.Kind != KindPayment {
		return ledger.Entry{}, Payment{}, ledger.Refuse("cash.not_a_payment", "{no} is not the receipt of a payment.", "no", string(no)).At("receipt")
	}
	body, err := ledger.Unpack[Payment](&e)
	return e, body, err
}

// ReadReceiptNo reads a number as a person types it from paper: in small letters
// too, without the zeros in front, with or without the four letters at the end,
// and with O, I and L for the digits they look like.
func ReadReceiptNo(no ledger.ReceiptNo) (station ledger.StationID, n uint64, mark string, ok bool) {
	if len(no) > 32 {
		return "", 0, "", false
	}
	parts := strings.Split(strings.ToUpper(strings.TrimSpace(string(no))), "-")
	if len(parts) < 2 || len(parts) > 3 {
		return "", 0, "", false
	}
	n, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil || n == 0 {
		return "", 0, "", false
	}
	if len(parts) == 3 {
		mark = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(parts[2])
		if len(mark) != 4 {
			return "", 0, "", false
		}
	}
	return ledger.StationID(parts[0]), n, mark, true
}

func undo(s *ledger.State, by staff.Acting, e ledger.Entry, body Payment, reason string) Undone {
	var back []Tender
	for _, t := range body.Tenders {
		if t.Kind != Cash {
			back = append(back, t)
		}
	}
	if cash := kept(body.Tenders, body.Change, Cash); cash > 0 {
		back = append([]Tender{{Kind: Cash, Amount: cash}}, back...)
	}
	return Undone{Of: e.Seq, At: e.Micros, Receipt: e.ReceiptNo(s.Station()), Session: body.Session,
		Cashier: by.Who.Name, Approver: by.Approver.ID, ApproverName: by.Approver.Name,
		Reason: reason, Parts: body.Parts, Tenders: back, Total: body.Total}
}

// accountReversed is what is owed to those whose payments were reversed.
const accountReversed = "liabilities:reversed"

// reversedSub is whose money the money of a reversed receipt is, in the books.
func reversedSub(station ledger.StationID, receipt uint64) string {
	return fmt.Sprintf("%s-%06d", station, receipt)
}

func reversed(all []ledger.Posting) []ledger.Posting {
	out := slices.Clone(all)
	for i := range out {
		out[i].Amount = -out[i].Amount
	}
	return out
}
