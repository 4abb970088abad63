package safe

import (
	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// The entries of this duty.
const (
	KindCounted   ledger.Kind = "safe.counted.v1"
	KindDeposit   ledger.Kind = "safe.deposit.v1"
	KindStatement ledger.Kind = "safe.statement.v1"
	KindMatched   ledger.Kind = "safe.matched.v1"
)

// Counted is the body of KindCounted: a blind count of the safe by two people.
type Counted struct {
	Name        string       `json:"name"`
	Witness     staff.ID     `json:"witness"`
	WitnessName string       `json:"witness_name"`
	Counted     cash.Count   `json:"counted"`
	Expected    ledger.Cents `json:"expected"` // change fund by the books
	Over        ledger.Cents `json:"over"`
	There       []string     `json:"there,omitempty"`   // bags and sessions that should be there, and are
	Missing     []string     `json:"missing,omitempty"` // that should be there, and are not
	Unknown     []string     `json:"unknown,omitempty"` // that are there, and nobody knows why
}

// Amount is what is of one means of payment.
type Amount struct {
	Kind   cash.TenderKind `json:"kind"`
	Amount ledger.Cents    `json:"amount"`
}

// Waiting is money that no deposit has taken yet: of a closed session, or in a
// sealed bag.
type Waiting struct {
	ID      string         `json:"id"` // session, or number of the bag
	Bag     bool           `json:"bag,omitempty"`
	Session cash.SessionID `json:"session"`
	Date    ledger.Date    `json:"date"`  // business date
	Since   int64          `json:"since"` // microseconds since 1970 UTC
	Z       uint64         `json:"z,omitempty"`
	Amounts []Amount       `json:"amounts"`
}

// Of is what waits of one means of payment.
func (w Waiting) Of(kind cash.TenderKind) ledger.Cents {
	for _, a := range w.Amounts {
		if a.Kind == kind {
			return a.Amount
		}
	}
	return 0
}

// Deposit is the body of KindDeposit.
type Deposit struct {
	No      string    `json:"no"`   // like A1-D0012
	Bank    string    `json:"bank"` // id
	Name    string    `json:"name"` // of the bank
	Account string    `json:"account,omitempty"`
	Bag     string    `json:"bag,omitempty"`
	Parts   []Waiting `json:"parts"` // whole sessions and bags, of what this bank takes
	// Amounts is what is deposited, the cash as counted.
	Amounts     []Amount     `json:"amounts"`
	Count       cash.Count   `json:"count,omitempty"`
	Checks      []cash.Item  `json:"checks,omitempty"`
	Expected    ledger.Cents `json:"expected"` // cash by the books
	Over        ledger.Cents `json:"over"`     // cash counted less the books
	Total       ledger.Cents `json:"total"`
	By          string       `json:"by"`
	Witness     staff.ID     `json:"witness"`
	WitnessName string       `json:"witness_name"`
	Note        string       `json:"note,omitempty"`
}

// Line is one line of a bank's statement.
type Line struct {
	Date      ledger.Date  `json:"date" doc:"value date, like 20261124"`
	Amount    ledger.Cents `json:"amount" doc:"above zero for a deposit"`
	Reference string       `json:"reference,omitempty" doc:"what the bank says of it: bag, deposit number, customer reference"`
	Text      string       `json:"text,omitempty" doc:"the bank's words"`
}

// Statement is the body of KindStatement: lines of a bank's statement that were
// not seen before.
type Statement struct {
	Bank  string `json:"bank"`
	File  string `json:"file"`
	Lines []Line `json:"lines"`
	Known int    `json:"known,omitempty"` // lines of the file that were recorded before
	By    string `json:"by"`
}

// Matched is the body of KindMatched: a line of a statement is a deposit.
type Matched struct {
	Deposit    string       `json:"deposit"`
	Bank       string       `json:"bank"`
	Line       Line         `json:"line"`
	Sent       ledger.Cents `json:"sent"`       // what was deposited
	Difference ledger.Cents `json:"difference"` // what the bank counted less what was sent
	How        string       `json:"how"`        // "reference", "amount" or "by hand"
	Note       string       `json:"note,omitempty"`
	By         string       `json:"by"`
	// Approver is who approved a match by hand.
	Approver     staff.ID `json:"approver,omitempty"`
	ApproverName string   `json:"approver_name,omitempty"`
}
