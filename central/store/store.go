package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Store keeps the logs of stations. Its methods may be called from any
// goroutine. Whatever a method returned without error is on disk.
type Store interface {
	// Claim binds the store to the key that central signs its heads with, when it
	// is new; a store that is bound to another is ErrOtherCentral. All central
	// processes on one store need one key, for a station knows it by that.
	Claim(ctx context.Context, key ed25519.PublicKey) error

	// Enrol makes a log known by its first entry, which becomes its head. A log
	// that is known stays as it is; with another first entry it is ErrOtherKey.
	Enrol(ctx context.Context, first ledger.Entry) (Log, error)

	// Append takes a batch in, in one transaction: signature, chain, and the
	// hashes of what overlaps are checked, fresh entries stored, the new head
	// returned. A batch that is there already is no error. The error is
	// ErrUnknownLog, a *Conflict, or one of wire.Codec.Open's; after any other
	// nobody knows whether it was stored: ask for the head.
	Append(ctx context.Context, batch wire.Batch) (Log, error)

	// Keep keeps a batch as evidence, for a reason that the chain does not show: its
	// station was revoked, or it goes on where a fork is not central's. The station must have signed it; the error is
	// ErrUnknownLog, one of wire.Codec.Open's, or a *Conflict with the reason.
	Keep(ctx context.Context, batch wire.Batch, reason wire.Problem) error

	// Extend adds entries that central made itself to its own log: they must follow
	// the head, or the error is ErrMoved, and nothing is kept. So any number of
	// central processes can write one log.
	Extend(ctx context.Context, id ledger.LogID, entries []ledger.Entry) (Log, error)

	// Log returns one log, or ErrUnknownLog.
	Log(ctx context.Context, id ledger.LogID) (Log, error)
	// Logs returns all logs, in the order of their stations' names.
	Logs(ctx context.Context) ([]Log, error)

	// Entries returns up to limit entries of a log in order, beginning with
	// number from.
	Entries(ctx context.Context, id ledger.LogID, from uint64, limit int) ([]Stored, error)
	// Before returns up to limit entries newest first, beginning with the one
	// before number before; 0 begins at the end.
	Before(ctx context.Context, id ledger.LogID, before uint64, limit int) ([]Stored, error)

	// Evidence returns what was kept of a log besides its entries, oldest first.
	Evidence(ctx context.Context, id ledger.LogID) ([]Evidence, error)

	// PutBlob keeps bytes of a feed, of at most MaxBlob bytes, and names them. What
	// is kept already is as fresh as if it were new.
	PutBlob(ctx context.Context, feed string, bytes []byte) (wire.Hash, error)
	// Blob returns what has a name, or ErrNoBlob. Whether the bytes still have that
	// name is for the reader to check.
	Blob(ctx context.Context, name wire.Hash) ([]byte, error)
	// DropBlobs drops what belongs to a feed, was put before a time, and is not to be
	// kept. It says how many there were.
	DropBlobs(ctx context.Context, feed string, keep []wire.Hash, before time.Time) (int, error)

	Close() error
}

// MaxBlob bounds a blob: a chunk or a manifest of a feed, or the draft of one.
const MaxBlob = 4 << 20

var (
	// ErrUnknownLog: no station enrolled this log here.
	ErrUnknownLog = errors.New("central does not know this log")
	// ErrOtherCentral: another key than this one signed for what is stored here.
	ErrOtherCentral = errors.New("this store belongs to a central with another key: copy its central.key into the folder of this one")
	// ErrMoved: another process extended the log meanwhile. Read it and try again.
	ErrMoved = errors.New("the log went on meanwhile")
	// ErrNoBlob: nothing is kept under this name.
	ErrNoBlob = errors.New("central does not keep this piece of reference data")
	// ErrOtherKey: the log is known with another first entry, so another key.
	ErrOtherKey = errors.New("this log is enrolled already, by another key")
)

// Log is one station's ledger as central knows it.
type Log struct {
	ID       ledger.LogID
	Identity ledger.Identity
	Head     ledger.Head // last entry on disk here, with its totals
	Enrolled time.Time
	Received time.Time // when the last fresh entry came
	// Evidence counts the batches that did not fit, those beyond what is kept
	// included. Above zero, a person has to look.
	Evidence uint64
	// Trouble is the reason of the last piece of evidence, empty without.
	Trouble wire.Problem
}

// Stored is an entry at central.
type Stored struct {
	ledger.Entry
	Received time.Time
}

// Evidence is a batch that the station signed and that does not fit.
type Evidence struct {
	Reason   wire.Problem
	Received time.Time
	Batch    wire.Batch
}

// MaxEvidence is how many different batches are kept as evidence for one log; a
// station that has gone wrong must not fill central's disk. Later ones are
// counted, and the station keeps them.
const MaxEvidence = 64

// Conflict is the answer to a batch that does not continue the log.
type Conflict struct {
	Problem wire.Problem // wire.ProblemGap, ProblemFork, ProblemBroken, ProblemMalformed or ProblemRevoked
	Log     Log          // as it stands
	At      uint64       // number of the first entry that does not fit
	Cause   error        // for a broken chain, what is wrong with it
}

func (c *Conflict) Error() string {
	switch c.Problem {
	case wire.ProblemGap:
		return fmt.Sprintf("entries %d to %d are missing before these", c.Log.Head.Seq+1, c.At-1)
	case wire.ProblemRevoked:
		return "this station was revoked at central; what it sends is kept apart"
	case wire.ProblemFork:
		return fmt.Sprintf("central has another entry %d of this log than the station", c.At)
	}
	return fmt.Sprintf("batch from entry %d: %v", c.At, c.Cause)
}

func (c *Conflict) Unwrap() error { return c.Cause }
