package book

import (
	"context"
	"strings"
	"time"

	"gatehouse/ledger"
)

// KindWorkedOff says what was done about an exception.
const KindWorkedOff ledger.Kind = "central.exception_worked_off.v1"

// WorkedOff is its body. What keeps the exception's sentence: it stays readable when
// nothing raises it any more.
type WorkedOff struct {
	Exception string `json:"exception"` // its id
	What      string `json:"what"`
	Reason    string `json:"reason"`
}

// Work is an exception that somebody worked off.
type Work struct {
	WorkedOff
	By string
	At time.Time
}

// WorkOff says what was done about an exception. It can be said once.
func (b *Book) WorkOff(ctx context.Context, by string, w WorkedOff) error {
	if w.Reason = strings.TrimSpace(w.Reason); w.Reason == "" || len(w.Reason) > 500 {
		return ledger.Refuse("central.reason", "Say why, in 1 to 500 characters.").At("reason")
	}
	_, err := b.Do(ctx, by, func(f *Facts) ([]ledger.Draft, error) {
		if err := f.must(by, MayWorkOff); err != nil {
			return nil, err
		}
		if _, done := f.WorkedOff(w.Exception); done {
			return nil, ledger.Refuse("central.worked_off", "Somebody worked this off already.")
		}
		return []ledger.Draft{{Kind: KindWorkedOff, Body: w}}, nil
	})
	return err
}

// WorkedOff finds what was done about an exception.
func (f *Facts) WorkedOff(exception string) (Work, bool) {
	w, done := f.work[exception]
	return w, done
}

// Work lists what was worked off, by the exception's id. The caller must not change
// or keep it.
func (f *Facts) Work() map[string]Work { return f.work }

func (f *Facts) workedOff(e *ledger.Entry) error {
	in, err := ledger.Unpack[WorkedOff](e)
	if err == nil {
		f.work[in.Exception] = Work{in, e.Actor, e.At()}
	}
	return err
}
