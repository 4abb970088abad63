package cash

import (
	"gatehouse/desk/account"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// Refunded is the body of KindRefunded: money given back that was owed.
type Refunded struct {
	Session      SessionID    `json:"session"`
	Drawer       DrawerID     `json:"drawer,omitempty"` // the drawer opens, for a refund in cash
	From         string       `json:"from"`             // reversed receipt, or account
	Amount       ledger.Cents `json:"amount"`
	By           RefundBy     `json:"by"`
	Reason       string       `json:"reason"`
	Note         string       `json:"note,omitempty"`
	Name         string       `json:"name"`
	Approver     staff.ID     `json:"approver"`
	ApproverName string       `json:"approver_name"`
}

// Adjusted is the body of KindAdjusted.
type Adjusted struct {
	Account      account.No     `json:"account"`
	Name         string         `json:"name"` // the customer's
	Bucket       account.Bucket `json:"bucket"`
	Amount       ledger.Cents   `json:"amount"` // below zero the customer owes less
	Before       ledger.Cents   `json:"before"`
	After        ledger.Cents   `json:"after"`
	Reason       string         `json:"reason"`
	Note         string         `json:"note,omitempty"`
	By           string         `json:"by"`
	Approver     staff.ID       `json:"approver"`
	ApproverName string         `json:"approver_name"`
}

// Returned is the body of KindReturned: the bank returned a check.
type Returned struct {
	Receipt       ledger.ReceiptNo `json:"receipt"`
	Of            uint64           `json:"of"` // number of the payment's entry
	Item          Item             `json:"item"`
	Reason        string           `json:"reason"`
	Reopened      []Part           `json:"reopened"` // what is owed again
	Account       account.No       `json:"account"`  // that bears the fee and the flag
	Name          string           `json:"name"`
	Service       string           `json:"service,omitempty"` // their service address, for the letter
	Rank          int              `json:"rank"`              // 1 for the first within the rule's months
	Fee           ledger.Cents     `json:"fee"`
	NoChecksUntil ledger.Date      `json:"no_checks_until,omitempty"`
	AnswerBy      ledger.Date      `json:"answer_by"` // the letter asks for the money by this date
	Source        string           `json:"source"`
	By            string           `json:"by"`
	Waived        bool             `json:"waived,omitempty"`
	Approver      staff.ID         `json:"approver,omitempty"`
	ApproverName  string           `json:"approver_name,omitempty"`
}

// LargeCash is the body of KindLargeCash: the cash of an account came to more than
// may pass unseen. It follows the payment that made it so.
type LargeCash struct {
	Account account.No   `json:"account"`
	Name    string       `json:"name"`
	Cash    ledger.Cents `json:"cash"` // of this payment
	Day     ledger.Cents `json:"day"`  // within 24 hours, this payment included
	Year    ledger.Cents `json:"year"` // within 12 months, this payment included
	Above   ledger.Cents `json:"above"`
	FileBy  ledger.Date  `json:"file_by,omitempty"`
	Source  string       `json:"source,omitempty"`
}

// Suspect is the body of KindSuspect: a note that may be counterfeit was kept.
type Suspect struct {
	Session SessionID    `json:"session"`
	Name    string       `json:"name"` // who took it
	Value   ledger.Cents `json:"value"`
	Serial  string       `json:"serial"`
	Account account.No   `json:"account,omitempty"`
	Payer   string       `json:"payer,omitempty"`
	Note    string       `json:"note,omitempty"`
}
