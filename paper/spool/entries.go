package spool

import "gatehouse/ledger"

// The entries of printing.
const (
	KindOnDuty     ledger.Kind = "paper.on_duty.v1"
	KindOffDuty    ledger.Kind = "paper.off_duty.v1"
	KindSending    ledger.Kind = "paper.sending.v1"
	KindPrinted    ledger.Kind = "paper.printed.v1"
	KindNotStarted ledger.Kind = "paper.not_started.v1"
	KindDoubtful   ledger.Kind = "paper.doubtful.v1"
	KindResolved   ledger.Kind = "paper.resolved.v1"
	KindReprint    ledger.Kind = "paper.reprint.v1"
	KindReleased   ledger.Kind = "paper.released.v1"
	KindSkipped    ledger.Kind = "paper.skipped.v1"
	KindVoid       ledger.Kind = "paper.void.v1"
	KindVoided     ledger.Kind = "paper.voided.v1"
)

// Duty is the body of KindOnDuty and KindOffDuty.
type Duty struct {
	Printer string `json:"printer,omitempty"` // name of its profile
}

// Sending is the body of KindSending: from here on bytes may be out.
type Sending struct {
	Of   uint64 `json:"of"`   // number of the entry that is printed
	Copy int    `json:"copy"` // 0 is the original
}

// Proof is what is known of a paper that came out.
type Proof string

// The proofs, best first.
const (
	Confirmed Proof = "confirmed" // the printer says that it is on paper
	Parsed    Proof = "parsed"    // the printer says that it has read all of it
	Sent      Proof = "sent"      // all of it went to a printer that never answers
)

// Printed is the body of KindPrinted.
type Printed struct {
	Of    uint64 `json:"of"`
	Copy  int    `json:"copy"`
	Proof Proof  `json:"proof"`
}

// NotStarted is the body of KindNotStarted: not one byte went out, so the same
// job may be sent again.
type NotStarted struct {
	Of    uint64 `json:"of"`
	Copy  int    `json:"copy"`
	Cause string `json:"cause"`
	// Offer says that trying again by itself is of no use: the paper cannot be
	// laid out.
	Offer bool `json:"offer,omitempty"`
}

// Doubtful is the body of KindDoubtful.
type Doubtful struct {
	Of    uint64 `json:"of"`
	Copy  int    `json:"copy"`
	Cause string `json:"cause"`
}

// Resolved is the body of KindResolved: a person looked at the paper. If it did
// not come out whole, a marked copy is queued.
type Resolved struct {
	Of      uint64 `json:"of"`
	Copy    int    `json:"copy"`
	Printed bool   `json:"printed"`
	By      string `json:"by,omitempty"` // name of who looked
}

// Reprint is the body of KindReprint: somebody wants a paper again. Copy is 0
// only when nothing of the original was ever sent.
type Reprint struct {
	Of   uint64 `json:"of"`
	Copy int    `json:"copy"`
	By   string `json:"by,omitempty"` // name of who wants it
}

// Released is the body of KindReleased: an offered job is to be printed.
type Released struct {
	Of uint64 `json:"of"`
	By string `json:"by,omitempty"` // name of who wants it
}

// Skipped is the body of KindSkipped: nobody wants these offered jobs.
type Skipped struct {
	Of []uint64 `json:"of"`
}

// Void is the body of KindVoid: somebody decided that no more of a paper is to come
// out. Of one that waits nothing will; one in the printer is thrown away there.
type Void struct {
	Of   uint64 `json:"of"`
	Copy int    `json:"copy"`
	By   string `json:"by,omitempty"` // name of who decided
}

// Voided is the body of KindVoided: what became of a paper that was in the printer
// when it was voided.
type Voided struct {
	Of    uint64 `json:"of"`
	Copy  int    `json:"copy"`
	Began bool   `json:"began"`           // a part of it may be on paper
	Cause string `json:"cause,omitempty"` // what the printer said of it
}

// Bounds.
const (
	maxCopies = 99
	maxCause  = 160 // bytes of a cause kept
	maxSkip   = 500 // jobs skipped by one command
)
