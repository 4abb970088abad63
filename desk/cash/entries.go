package cash

import (
	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// The entries of this duty.
const (
	KindDrawerOpened ledger.Kind = "cash.drawer_opened.v1"
	KindPayment      ledger.Kind = "cash.payment.v1"
	KindVoid         ledger.Kind = "cash.void.v1"
	KindReversal     ledger.Kind = "cash.reversal.v1"
	KindNoSale       ledger.Kind = "cash.no_sale.v1"
	KindUnasked      ledger.Kind = "cash.drawer_unasked.v1"
	KindXReport      ledger.Kind = "cash.x_report.v1"
	KindDrawerClosed ledger.Kind = "cash.drawer_closed.v1"
)

// SessionID names a drawer session for ever: station and running number, like
// "A1-S0012". It is the sub-account of the session's money.
type SessionID string

// DrawerID is a drawer of the station: "1" or "2".
type DrawerID string

// TenderKind is a means of payment.
type TenderKind string

// The means of payment.
const (
	Cash       TenderKind = "cash"
	Check      TenderKind = "check"
	Card       TenderKind = "card"
	MoneyOrder TenderKind = "money-order"
)

// TenderKinds lists them in the order of reports.
func TenderKinds() []TenderKind { return []TenderKind{Cash, Check, Card, MoneyOrder} }

// Pieces is a number of coins or notes of one value.
type Pieces struct {
	Value ledger.Cents `json:"value" doc:"what one is worth: \"20.00\""`
	N     int          `json:"n" doc:"how many, 0 to 10000"`
}

// Count is a drawer's money as counted, piece by piece.
type Count []Pieces

// Total is what the pieces are worth.
func (c Count) Total() ledger.Cents {
	var sum ledger.Cents
	for _, p := range c {
		sum = sum.Plus(p.Value.Times(int64(p.N)))
	}
	return sum
}

// DrawerOpened is the body of KindDrawerOpened. The drawer opens for it.
type DrawerOpened struct {
	Session  SessionID    `json:"session"`
	Drawer   DrawerID     `json:"drawer"`
	Who      staff.ID     `json:"who"`
	Name     string       `json:"name"`
	Expected ledger.Cents `json:"expected"` // float the drawer should begin with
	Counted  Count        `json:"counted"`
	Float    ledger.Cents `json:"float"` // what was counted
	Reason   string       `json:"reason,omitempty"`
}

// Allocated is a part of a payment that paid one bucket.
type Allocated struct {
	Bucket account.Bucket `json:"bucket"`
	Amount ledger.Cents   `json:"amount"`
}

// Part is what one account got of a payment, with what the cashier saw.
type Part struct {
	Account    account.No   `json:"account"`
	Name       string       `json:"name"`
	Service    string       `json:"service"`
	Amount     ledger.Cents `json:"amount"`
	Allocation []Allocated  `json:"allocation"`
	Before     ledger.Cents `json:"before"` // balance shown before
	After      ledger.Cents `json:"after"`  // and after
	AsOf       int64        `json:"as_of"`  // how old that balance is: microseconds since 1970 UTC
	Basis      uint64       `json:"basis"`  // version of the reference data it came from
}

// Tender is one thing handed over.
type Tender struct {
	Kind      TenderKind   `json:"kind" doc:"cash, check, card or money-order"`
	Amount    ledger.Cents `json:"amount" doc:"as handed over, before change"`
	Number    string       `json:"number,omitempty" doc:"printed on a check or money order"`
	Reference string       `json:"reference,omitempty" doc:"the card processor's, from the terminal's slip"`
	LastFour  string       `json:"last_four,omitempty" doc:"last four digits of a card, never more"`
}

// Payment is the body of KindPayment. It has all that the receipt shows.
type Payment struct {
	Session SessionID    `json:"session"`
	Drawer  DrawerID     `json:"drawer"`
	Cashier string       `json:"cashier"` // name
	Parts   []Part       `json:"parts"`
	Tenders []Tender     `json:"tenders"`
	Total   ledger.Cents `json:"total"`
	Change  ledger.Cents `json:"change,omitempty"`
	Rule    string       `json:"rule"`              // version of the allocation table
	Offline bool         `json:"offline,omitempty"` // central could not be reached
	Opens   bool         `json:"opens,omitempty"`   // the drawer opens for it
}

// Undone is the body of KindVoid and KindReversal.
type Undone struct {
	Of           uint64           `json:"of"` // number of the payment's entry
	Receipt      ledger.ReceiptNo `json:"receipt"`
	Session      SessionID        `json:"session"` // of the payment
	Drawer       DrawerID         `json:"drawer,omitempty"`
	Cashier      string           `json:"cashier"`
	Approver     staff.ID         `json:"approver"`
	ApproverName string           `json:"approver_name"`
	Reason       string           `json:"reason"`
	Parts        []Part           `json:"parts"`   // of the payment
	Tenders      []Tender         `json:"tenders"` // what is given back, change taken off
	Total        ledger.Cents     `json:"total"`
	Opens        bool             `json:"opens,omitempty"`
}

// NoSale is the body of KindNoSale: the drawer opens without a payment.
type NoSale struct {
	Session SessionID `json:"session"`
	Drawer  DrawerID  `json:"drawer"`
	Reason  string    `json:"reason"`
}

// Unasked is the body of KindUnasked: the drawer was opened and nothing in the
// ledger had asked for it.
type Unasked struct {
	Drawer  DrawerID  `json:"drawer"`
	Session SessionID `json:"session,omitempty"`
}

// TenderTotal is what a session took by one means of payment.
type TenderTotal struct {
	Kind   TenderKind   `json:"kind"`
	Count  int          `json:"count"`  // tenders taken, voided ones included
	Taken  ledger.Cents `json:"taken"`  // net of change, voided ones included
	Voided ledger.Cents `json:"voided"` // given back by voids
	Net    ledger.Cents `json:"net"`
}

// Totals is what X and Z show of a session.
type Totals struct {
	Float        ledger.Cents     `json:"float"`
	Tenders      []TenderTotal    `json:"tenders"`
	Payments     int              `json:"payments"`
	Voids        int              `json:"voids"`
	NoSales      int              `json:"no_sales"`
	Unasked      int              `json:"unasked"`         // openings nobody asked for
	First        ledger.ReceiptNo `json:"first,omitempty"` // receipts of the session
	Last         ledger.ReceiptNo `json:"last,omitempty"`
	CashInDrawer ledger.Cents     `json:"cash_in_drawer"` // expected
}

// XReport is the body of KindXReport.
type XReport struct {
	Session SessionID `json:"session"`
	Drawer  DrawerID  `json:"drawer"`
	Who     staff.ID  `json:"who"`
	Name    string    `json:"name"`
	Opened  int64     `json:"opened"` // microseconds since 1970 UTC
	Totals  Totals    `json:"totals"`
	// ShowsCash says whether its paper shows the cash: Policy.XShowsCash.
	ShowsCash bool `json:"shows_cash,omitempty"`
}

// CountedTender is what was counted of a means of payment other than cash.
type CountedTender struct {
	Kind   TenderKind   `json:"kind" doc:"check, card or money-order"`
	Count  int          `json:"count" doc:"how many"`
	Amount ledger.Cents `json:"amount" doc:"their sum"`
}

// Difference is counted less expected for one means of payment.
type Difference struct {
	Kind     TenderKind   `json:"kind"`
	Expected ledger.Cents `json:"expected"`
	Counted  ledger.Cents `json:"counted"`
	Over     ledger.Cents `json:"over"` // below zero: short
}

// DrawerClosed is the body of KindDrawerClosed: the count, and the Z.
type DrawerClosed struct {
	Session     SessionID       `json:"session"`
	Drawer      DrawerID        `json:"drawer"`
	Who         staff.ID        `json:"who"`
	Name        string          `json:"name"`
	Opened      int64           `json:"opened"` // microseconds since 1970 UTC
	Z           uint64          `json:"z"`      // Z number of the station, from 1, never reset
	Counted     Count           `json:"counted"`
	Other       []CountedTender `json:"other,omitempty"`
	Totals      Totals          `json:"totals"`
	Differences []Difference    `json:"differences"`
	Over        ledger.Cents    `json:"over"` // sum of the differences
	Note        string          `json:"note,omitempty"`
	Taken       ledger.Cents    `json:"taken"`      // grand total of the log
	Returned    ledger.Cents    `json:"returned"`   // grand total of the log
	PreviousZ   ledger.Leaf     `json:"previous_z"` // hash of the entry of the Z before; zero for the first
	Head        ledger.Leaf     `json:"head"`       // hash of the entry before this one
}

// Opens says whether the drawer is to open for an entry, and which.
func Opens(e *ledger.Entry) (DrawerID, bool, error) {
	switch e.Kind {
	case KindDrawerOpened:
		b, err := ledger.Unpack[DrawerOpened](e)
		return b.Drawer, true, err
	case KindPayment:
		b, err := ledger.Unpack[Payment](e)
		return b.Drawer, b.Opens, err
	case KindVoid:
		b, err := ledger.Unpack[Undone](e)
		return b.Drawer, b.Opens, err
	case KindNoSale:
		b, err := ledger.Unpack[NoSale](e)
		return b.Drawer, true, err
	}
	return "", false, nil
}
