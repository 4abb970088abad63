package staff

import "gatehouse/ledger"

// The entries of this duty.
const (
	KindSignedIn  ledger.Kind = "staff.signed_in.v1"
	KindSignedOut ledger.Kind = "staff.signed_out.v1"
	KindWrongPIN  ledger.Kind = "staff.wrong_pin.v1"
	KindRightPIN  ledger.Kind = "staff.right_pin.v1"
)

// SignedIn is the body of KindSignedIn: who sits at this station now.
type SignedIn struct {
	Who  ID     `json:"who"`
	Name string `json:"name"`
	Role Role   `json:"role"`
}

// SignedOut is the body of KindSignedOut.
type SignedOut struct {
	Who ID `json:"who"`
}

// WrongPIN is the body of KindWrongPIN. The PIN itself is nowhere.
type WrongPIN struct {
	Who ID     `json:"who"`
	For string `json:"for"` // what it was typed for: "sign in", or the command to approve
}

// RightPIN is the body of KindRightPIN: an approver's right PIN after wrong ones.
// It ends the row of wrong ones, as signing in does.
type RightPIN struct {
	Who ID     `json:"who"`
	For string `json:"for"` // the command approved
}
