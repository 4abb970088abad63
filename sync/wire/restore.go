package wire

import (
	"fmt"
	"io"
	"strconv"

	"gatehouse/ledger"
)

// Restore asks to read a log back, for a station that was lost or forked.
type Restore struct {
	Code string `json:"code"` // an operator gave it out for that log
	// Claim is drawn by who asks. The same claim may come again with the same
	// code, for the first answer may have been lost; another may not.
	Claim []byte `json:"claim"`
}

// Restored lets its holder read one log for a time.
type Restored struct {
	Log     string `json:"log"`
	Token   string `json:"token"`
	Seconds int    `json:"seconds"` // that it is good for, from now
	Key     []byte `json:"key"`     // central's, which signs the pages
	Head    Head   `json:"head"`    // of the log, by central
}

// Bounds of them.
const (
	ClaimSize  = 16
	maxRestore = 1 << 10
)

// Paths of reading a log back. A page is a batch that central signed, from the
// entry that the query's "from" names.
const (
	PathRestore = "/v1/restore"
	PathEntries = "/v1/logs/{log}/entries"
)

// EntriesPath is where a page of a log is asked for.
func EntriesPath(log ledger.LogID, from uint64) string {
	return "/v1/logs/" + log.String() + "/entries?from=" + strconv.FormatUint(from, 10)
}

// ReadRestore reads what asks for a log, and no more than a kibibyte.
func ReadRestore(from io.Reader) (Restore, error) {
	var r Restore
	if err := readJSON(from, maxRestore, &r); err != nil {
		return r, err
	}
	if len(r.Claim) != ClaimSize || len(r.Code) > MaxCode {
		return r, fmt.Errorf("a claim of %d bytes, a code of %d: %w", len(r.Claim), len(r.Code), ErrMalformed)
	}
	return r, nil
}

// ReadRestored reads central's answer to it.
func ReadRestored(from io.Reader) (Restored, ledger.LogID, error) {
	var r Restored
	if err := readJSON(from, MaxAnswer, &r); err != nil {
		return r, ledger.LogID{}, err
	}
	log, err := ledger.ParseLogID(r.Log)
	if err != nil {
		return r, log, fmt.Errorf("%v: %w", err, ErrMalformed)
	}
	return r, log, r.Head.Check(r.Key, log)
}
