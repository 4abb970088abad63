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
	KindSkim         ledger.Kind = "cash.skim.v1"
	KindPaid         ledger.Kind = "cash.paid.v1"
	KindChanged      ledger.Kind = "cash.changed.v1"
	KindCounted      ledger.Kind = "cash.counted.v1"
	KindSurprise     ledger.Kind = "cash.surprise_count.v1"
	KindDrawerClosed ledger.Kind = "cash.drawer_closed.v1"
	KindRefunded     ledger.Kind = "cash.refunded.v1"
	KindAdjusted     ledger.Kind = "cash.adjusted.v1"
	KindReturned     ledger.Kind = "cash.check_returned.v1"
	KindLargeCash    ledger.Kind = "cash.large_cash.v1"
	KindSuspect      ledger.Kind = "cash.suspect_note.v1"
	KindCountBegun   ledger.Kind = "cash.count_begun.v1"
	KindRotaDrawn    ledger.Kind = "cash.rota_drawn.v1"
	KindRotaDue      ledger.Kind = "cash.rota_due.v1"
	KindRotaListed   ledger.Kind = "cash.rota_listed.v1"
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
	Cash          TenderKind = "cash"
	Check         TenderKind = "check"
	CashiersCheck TenderKind = "cashiers-check" // drawn by a bank on itself
	MoneyOrder    TenderKind = "money-order"
	Card          TenderKind = "card"
	Pledge        TenderKind = "pledge" // an assistance program's promise to pay
	Credit        TenderKind = "credit" // money the utility already has of the customer
)

// TenderKinds lists them in the order of reports.
func TenderKinds() []TenderKind {
	return []TenderKind{Cash, Check, CashiersCheck, MoneyOrder, Card, Pledge, Credit}
}

// PaperKinds lists those on paper that a bank takes: with cash, they are what can be seen
// in a drawer, a bag or the safe.
func PaperKinds() []TenderKind { return []TenderKind{Check, CashiersCheck, MoneyOrder} }

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
	// Left is whose count the float was left by; nil for a drawer never used.
	Left *Left `json:"left,omitempty"`
}

// Left is the close that a float comes from: with it the hand-over of a drawer is
// one chain, counted by who left it and counted again by who took it.
type Left struct {
	Session SessionID `json:"session"`
	Z       uint64    `json:"z"`
	Name    string    `json:"name"` // whose session it was
}

// Allocated is a part of a payment that paid one bucket.
type Allocated struct {
	Bucket account.Bucket `json:"bucket" doc:"past-due, penalties or current"`
	Amount ledger.Cents   `json:"amount" doc:"dollars and cents in quotes"`
}

// Part is what one account got of a payment, with what the cashier saw.
type Part struct {
	Account    account.No   `json:"account"` // empty: it has none yet
	Name       string       `json:"name"`    // without an account, whose it is and what for, as it was typed
	Service    string       `json:"service"`
	Amount     ledger.Cents `json:"amount"`
	Allocation []Allocated  `json:"allocation"`
	Why        string       `json:"why,omitempty"` // it was split as the customer asked, and not by the table
	Before     ledger.Cents `json:"before"`        // balance shown before
	After      ledger.Cents `json:"after"`         // and after
	AsOf       int64        `json:"as_of"`         // how old that balance is: microseconds since 1970 UTC
	Basis      uint64       `json:"basis"`         // version of the reference data it came from
}

// Tender is one thing handed over.
type Tender struct {
	Kind      TenderKind   `json:"kind" doc:"cash, check, cashiers-check, money-order, card, pledge or credit"`
	Amount    ledger.Cents `json:"amount" doc:"as handed over, before change"`
	Number    string       `json:"number,omitempty" doc:"printed on a check or money order; of a pledge, the program's"`
	Reference string       `json:"reference,omitempty" doc:"the card processor's, from the terminal's slip; of a credit, the account or the reversed receipt it comes from"`
	LastFour  string       `json:"last_four,omitempty" doc:"last four digits of a card, never more"`
	// Of the magnetic line of a check no more is kept than this: whose bank it is is
	// public, the account is not.
	Routing     string `json:"routing,omitempty" doc:"routing number in the magnetic line of a check, nine digits"`
	AccountEnds string `json:"account_ends,omitempty" doc:"last four digits of the account in that line, never more"`
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
	// Rounding is what the cash taken differs from what was owed in cash: above
	// zero the customer paid more.
	Rounding ledger.Cents `json:"rounding,omitempty"`
	Rounded  string       `json:"rounded,omitempty"` // resolution that governs it
	Rule     string       `json:"rule"`              // version of the allocation table
	Offline  bool         `json:"offline,omitempty"` // central could not be reached
	Opens    bool         `json:"opens,omitempty"`   // the drawer opens for it
	// Approver is who approved a tender above its limit.
	Approver     staff.ID `json:"approver,omitempty"`
	ApproverName string   `json:"approver_name,omitempty"`
	// Seen are checks of it that look like one taken before.
	Seen []SeenCheck `json:"seen,omitempty"`
}

// Undone is the body of KindVoid and KindReversal.
type Undone struct {
	Of           uint64           `json:"of"` // number of the payment's entry
	At           int64            `json:"at"` // when the payment was made, microseconds since 1970 UTC
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
	// Skimmed went into bags.
	Skimmed ledger.Cents `json:"skimmed,omitempty"`
}

// Skimmed is the body of KindSkim: money sealed in a bag for the safe while the
// drawer stays open. The drawer opens for it.
type Skimmed struct {
	Session     SessionID       `json:"session"`
	Drawer      DrawerID        `json:"drawer"`
	Name        string          `json:"name"` // whose drawer it is
	Bag         string          `json:"bag"`
	Counted     Count           `json:"counted"`
	Other       []CountedTender `json:"other,omitempty"`
	Cash        ledger.Cents    `json:"cash"`
	Amount      ledger.Cents    `json:"amount"` // all tenders together
	Witness     staff.ID        `json:"witness"`
	WitnessName string          `json:"witness_name"`
}

// Way is whether money comes or goes.
type Way string

// The ways.
const (
	In  Way = "in"
	Out Way = "out"
)

// Place is where money is put into or taken out of.
type Place string

// The places.
const (
	PlaceDrawer Place = "drawer"
	PlaceSafe   Place = "safe"
)

// Paid is the body of KindPaid: money that is no customer's payment. The drawer
// opens for it, where it is a drawer's.
type Paid struct {
	Way          Way          `json:"way"`
	Place        Place        `json:"place"`
	Session      SessionID    `json:"session,omitempty"`
	Drawer       DrawerID     `json:"drawer,omitempty"`
	Name         string       `json:"name"`
	Reason       string       `json:"reason"`
	Amount       ledger.Cents `json:"amount"`
	Note         string       `json:"note,omitempty"`
	Approver     staff.ID     `json:"approver,omitempty"`
	ApproverName string       `json:"approver_name,omitempty"`
}

// Changed is the body of KindChanged: pieces changed for others of the same
// worth. The drawer opens for it.
type Changed struct {
	Session     SessionID    `json:"session"`
	Drawer      DrawerID     `json:"drawer"`
	Name        string       `json:"name"`
	With        DrawerID     `json:"with"` // Safe or the other drawer
	WithSession SessionID    `json:"with_session,omitempty"`
	Give        Count        `json:"give"`
	Get         Count        `json:"get"`
	Amount      ledger.Cents `json:"amount"`
	Witness     staff.ID     `json:"witness"`
	WitnessName string       `json:"witness_name"`
}

// Totals is what X and Z show of a session.
type Totals struct {
	Float        ledger.Cents     `json:"float"`
	Tenders      []TenderTotal    `json:"tenders"` // cash, and what else was taken
	Payments     int              `json:"payments"`
	Voids        int              `json:"voids"`
	NoSales      int              `json:"no_sales"`
	Unasked      int              `json:"unasked"` // openings nobody asked for
	Skims        int              `json:"skims,omitempty"`
	PaidIn       ledger.Cents     `json:"paid_in,omitempty"`
	PaidOut      ledger.Cents     `json:"paid_out,omitempty"`
	Refunds      int              `json:"refunds,omitempty"`
	Refunded     ledger.Cents     `json:"refunded,omitempty"`  // in cash
	Reversals    int              `json:"reversals,omitempty"` // of payments of closed sessions, by this session's person
	Reversed     ledger.Cents     `json:"reversed,omitempty"`
	Roundings    int              `json:"roundings,omitempty"`
	Rounding     ledger.Cents     `json:"rounding,omitempty"` // net
	First        ledger.ReceiptNo `json:"first,omitempty"`    // receipts of the session
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
	// Ticked are the ones found one by one, where they were ticked.
	Ticked []Item `json:"ticked,omitempty" doc:"those that were found one by one: receipt and number"`
}

// Item is one check, money order or card slip of a session.
type Item struct {
	Receipt uint64       `json:"receipt" doc:"running number of the receipt it paid"`
	Number  string       `json:"number" doc:"number of the check or money order, or the card's reference"`
	Amount  ledger.Cents `json:"amount" doc:"what it is worth"`
}

// Difference is counted less expected for one means of payment.
type Difference struct {
	Kind     TenderKind   `json:"kind"`
	Expected ledger.Cents `json:"expected"`
	Counted  ledger.Cents `json:"counted"`
	Over     ledger.Cents `json:"over"` // below zero: short
}

// CountBegun is the body of KindCountBegun: somebody is about to count a drawer,
// which opens for it.
type CountBegun struct {
	Session SessionID `json:"session"`
	Drawer  DrawerID  `json:"drawer"`
	Counter string    `json:"counter"`
}

// Counted is the body of KindCounted and KindSurprise: a blind count of a drawer.
// Any count is accepted and kept, the second one too.
type Counted struct {
	Session     SessionID       `json:"session"`
	Drawer      DrawerID        `json:"drawer"`
	Who         staff.ID        `json:"who"` // whose drawer it is
	Name        string          `json:"name"`
	Counter     string          `json:"counter"` // name of who counted
	Witness     staff.ID        `json:"witness,omitempty"`
	WitnessName string          `json:"witness_name,omitempty"`
	Round       int             `json:"round"` // 1, or 2 for the recount
	Counted     Count           `json:"counted"`
	Other       []CountedTender `json:"other,omitempty"`
	Totals      Totals          `json:"totals"` // what the books said
	Differences []Difference    `json:"differences"`
	Over        ledger.Cents    `json:"over"`              // sum of the differences
	Off         ledger.Cents    `json:"off"`               // sum of their sizes: a check that stands for cash is off twice
	Missing     []Item          `json:"missing,omitempty"` // not ticked
	Note        string          `json:"note,omitempty"`
	// Rota is the draw that a surprise count keeps.
	Rota *RotaKept `json:"rota,omitempty"`
}

// DrawerClosed is the body of KindDrawerClosed: the count that holds, and the Z.
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
	Over        ledger.Cents    `json:"over"`          // sum of the differences
	Off         ledger.Cents    `json:"off,omitempty"` // sum of their sizes
	Missing     []Item          `json:"missing,omitempty"`
	Note        string          `json:"note,omitempty"`
	Counts      []uint64        `json:"counts"`           // entries of the counts; the last one holds
	Reason      string          `json:"reason,omitempty"` // coded, where the difference needs one
	Memo        string          `json:"memo,omitempty"`
	// Report says that finance must be told, by the table of Tier.
	Report       bool         `json:"report,omitempty"`
	Tier         string       `json:"tier,omitempty"`       // source of the rule that was applied
	YearShort    ledger.Cents `json:"year_short,omitempty"` // the person's shortages in the fiscal year, this one included
	FiscalYear   int          `json:"fiscal_year"`          // named by the year it ends in
	ClosedBy     string       `json:"closed_by,omitempty"`  // name, where it was not the person
	Approver     staff.ID     `json:"approver,omitempty"`
	ApproverName string       `json:"approver_name,omitempty"`
	Taken        ledger.Cents `json:"taken"`      // grand total of the log
	Returned     ledger.Cents `json:"returned"`   // grand total of the log
	PreviousZ    ledger.Leaf  `json:"previous_z"` // hash of the entry of the Z before; zero for the first
	Head         ledger.Leaf  `json:"head"`       // hash of the entry before this one
}
