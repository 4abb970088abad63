package wire

import (
	"fmt"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"gatehouse/ledger"
)

// Bounds of activity.
const (
	MaxPayments     = 2000      // in one answer
	MaxActivity     = 512 << 10 // bytes of an answer
	MaxPending      = 200_000   // payments that anybody keeps: the oldest are dropped
	MaxMark         = 64        // bytes of a mark
	maxAccountBytes = 32
	maxPaid         = 1e13 // cents: what one posting may have
)

// Paid is what one entry of another station did to one account.
type Paid struct {
	_       struct{} `cbor:",toarray"`
	Log     ledger.LogID
	Station ledger.StationID
	Seq     uint64       // number of the entry
	Micros  int64        // when, by that station's clock
	Account string       // number of the customer's account
	Amount  ledger.Cents // that the account owes less; below zero for what was given or taken back
}

// Activity is an answer about what other stations did that the balances may not count
// yet. It is not signed, and nothing is booked by it.
type Activity struct {
	_        struct{} `cbor:",toarray"`
	After    string   // to ask with the next time
	Anew     bool     // these begin from nothing: what was given before is to be forgotten
	More     bool     // there are more now
	Payments []Paid
}

// CheckMark refuses what cannot be a mark. Empty is: from the beginning.
func CheckMark(mark string) error {
	if len(mark) > MaxMark || strings.Trim(mark, "0123456789abcdef-") != "" {
		return fmt.Errorf("mark %.70q: want at most %d digits, letters a to f and hyphens: %w", mark, MaxMark, ErrMalformed)
	}
	return nil
}

// PackActivity makes the bytes of an answer.
func PackActivity(a Activity) ([]byte, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	return ledger.Pack(a)
}

// ReadActivity reads an answer. The error wraps ErrSize or ErrMalformed.
func ReadActivity(content []byte) (Activity, error) {
	var a Activity
	if len(content) > MaxActivity {
		return a, fmt.Errorf("activity of %d bytes, more than %d: %w", len(content), MaxActivity, ErrSize)
	}
	mode, err := cbor.DecOptions{IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden, MaxNestedLevels: 4,
		MaxArrayElements: MaxPayments, MaxMapPairs: 16}.DecMode()
	if err != nil {
		return a, fmt.Errorf("prepare to read activity: %w", err)
	}
	if err := mode.Unmarshal(content, &a); err != nil {
		return a, fmt.Errorf("read activity: %v: %w", err, ErrMalformed)
	}
	return a, a.check()
}

// Valid says whether an answer may hold it.
func (p Paid) Valid() bool {
	return p.Seq > 0 && p.Account != "" && len(p.Account) <= maxAccountBytes && -maxPaid <= p.Amount && p.Amount <= maxPaid
}

func (a Activity) check() error {
	if err := CheckMark(a.After); err != nil {
		return err
	}
	if len(a.Payments) > MaxPayments {
		return fmt.Errorf("%d payments: %w", len(a.Payments), ErrSize)
	}
	for _, p := range a.Payments {
		if _, err := ledger.ParseStationID(string(p.Station)); err != nil || !p.Valid() {
			return fmt.Errorf("entry %d of %.40q: account %.40q, %d cents: %w", p.Seq, string(p.Station), p.Account, int64(p.Amount), ErrMalformed)
		}
	}
	return nil
}
