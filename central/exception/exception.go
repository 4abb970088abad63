package exception

import (
	"time"

	"gatehouse/desk/account"
	"gatehouse/ledger"
)

// Kind is what an exception is about.
type Kind string

// The kinds.
const (
	UnknownAccount  Kind = "unknown account"
	ClosedAccount   Kind = "closed account"
	Twice           Kind = "paid twice"
	Clock           Kind = "clock"
	OverMidnight    Kind = "over midnight"
	Evidence        Kind = "evidence"
	AfterRevocation Kind = "after revocation"
	UnknownKind     Kind = "unknown kind"
)

// Kinds lists them in the order of a menu: what may move money first.
func Kinds() []Kind {
	return []Kind{Evidence, AfterRevocation, Twice, UnknownAccount, ClosedAccount, OverMidnight, Clock, UnknownKind}
}

// Exception is something that somebody has to look at.
type Exception struct {
	ID    string
	Kind  Kind
	At    time.Time // of the entry that raised it, by its station's clock; of evidence, when it came
	What  string    // a sentence
	Where []Place
}

// Place is an entry it is about. Seq 0 is the log as a whole.
type Place struct {
	Log     ledger.LogID
	Station ledger.StationID
	Seq     uint64
}

// Standing is what the reference data says of an account.
type Standing uint8

// What it may say.
const (
	Absent Standing = iota
	Open
	Closed
	// Unknowable: no reference data are in force, or those say nothing of that time.
	Unknowable
)

// Accounts looks an account up in the reference data in force, for a payment that was
// made at a time: accounts come and go, and an old payment is not judged by the
// customers of today.
type Accounts func(no account.No, at time.Time) (Standing, error)

// Limits are from where on something is an exception.
type Limits struct {
	// Window is how far apart two payments may be that are taken for one. Above zero.
	Window time.Duration
	// Skew is how far a station's clock may be moved, or run ahead of central's.
	Skew time.Duration
}

// Usual are the limits where nobody set others: people who pay twice do so within the
// hour, and a clock that is ten minutes wrong is wrong on a receipt.
func Usual() Limits { return Limits{Window: time.Hour, Skew: 10 * time.Minute} }
