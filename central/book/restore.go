package book

import (
	"bytes"
	"context"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// The entries of giving a log back to a station that was lost or forked.
const (
	KindRestoreIssued ledger.Kind = "central.restore_issued.v1"
	KindRestoreUsed   ledger.Kind = "central.restore_used.v1"
)

// RestoreIssued is the body of KindRestoreIssued: a code that reads one log back.
// The code itself is shown once, to the operator, and is nowhere.
type RestoreIssued struct {
	Log   ledger.LogID `json:"log"`
	Hash  Secret       `json:"hash"`  // of the code
	Until int64        `json:"until"` // microseconds since 1970 UTC
}

// RestoreUsed is the body of KindRestoreUsed.
type RestoreUsed struct {
	Hash  Secret       `json:"hash"`
	Log   ledger.LogID `json:"log"`
	Claim []byte       `json:"claim"` // drawn by who used it
}

// restoreCode reads one log back, for one claim.
type restoreCode struct {
	log   ledger.LogID
	until time.Time
	claim []byte // nil while it is open
}

// IssueRestore makes a code with which one log may be read back, once, within a
// day. Whoever holds it sees all that the station's ledger says of customers.
func (b *Book) IssueRestore(ctx context.Context, by string, log ledger.LogID) (string, error) {
	if log == b.log {
		return "", ledger.Refuse("central.own_log", "This is central's own log.")
	}
	if _, err := b.o.Store.Log(ctx, log); err != nil {
		return "", err
	}
	code, err := wire.DrawCode(b.o.Random)
	if err != nil {
		return "", err
	}
	_, err = b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.must(by, MayEnrol); err != nil {
			return nil, err
		}
		return []ledger.Draft{{Kind: KindRestoreIssued, Body: RestoreIssued{log, secretOf(string(code)), b.now().Add(codeTime).UnixMicro()}}}, nil
	})
	if err != nil {
		return "", err
	}
	return code.String(), nil
}

// Restore says which log a code reads back. It is used up by the first claim;
// the same claim may come again while the code lasts.
func (b *Book) Restore(ctx context.Context, typed string, claim []byte) (log ledger.LogID, err error) {
	code, ok := wire.ReadCode(typed)
	if !ok {
		return log, badCode()
	}
	hash := secretOf(string(code))
	_, err = b.Do(ctx, Itself, func(f *Facts) ([]ledger.Draft, error) {
		c := f.restores[hash]
		if c == nil || !b.now().Before(c.until) || (c.claim != nil && !bytes.Equal(c.claim, claim)) {
			return nil, badCode()
		}
		log = c.log
		if c.claim != nil {
			return nil, nil
		}
		return []ledger.Draft{{Kind: KindRestoreUsed, Body: RestoreUsed{hash, c.log, claim}}}, nil
	})
	return log, err
}

func (f *Facts) restoreIssued(e *ledger.Entry) error {
	in, err := ledger.Unpack[RestoreIssued](e)
	if err == nil {
		f.restores[in.Hash] = &restoreCode{log: in.Log, until: time.UnixMicro(in.Until).UTC()}
	}
	return err
}

func (f *Facts) restoreUsed(e *ledger.Entry) error {
	in, err := ledger.Unpack[RestoreUsed](e)
	if c := f.restores[in.Hash]; err == nil && c != nil {
		c.claim = in.Claim
	}
	return err
}
