package book

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/ledger"
)

// Facts are what the acts come to.
type Facts struct {
	operators map[string]*Operator
	sessions  map[Secret]*Session
	codes     map[Secret]*Code
	restores  map[Secret]*restoreCode
	standings map[ledger.LogID]*Standing
	work      map[string]Work         // by exception
	billed    map[ledger.LogID]uint64 // last entry in a payment file
	files     []File
	published []Publication
	// rangesFrom is the first entry of the file that is being read; 0 between files.
	rangesFrom uint64
	seq        uint64
	folds      map[ledger.Kind]func(*ledger.Entry) error
}

func newFacts() *Facts {
	f := &Facts{
		operators: make(map[string]*Operator),
		sessions:  make(map[Secret]*Session),
		codes:     make(map[Secret]*Code),
		restores:  make(map[Secret]*restoreCode),
		standings: make(map[ledger.LogID]*Standing),
		work:      make(map[string]Work),
		billed:    make(map[ledger.LogID]uint64),
	}
	f.folds = map[ledger.Kind]func(*ledger.Entry) error{
		KindOperatorSet:     f.operatorSet,
		KindSignedIn:        f.signedIn,
		KindSignInFailed:    f.signInFailed,
		KindSignedOut:       f.signedOut,
		KindCodeIssued:      f.codeIssued,
		KindCodeUsed:        f.codeUsed,
		KindCodeWithdrawn:   f.codeWithdrawn,
		KindRestoreIssued:   f.restoreIssued,
		KindRestoreUsed:     f.restoreUsed,
		KindStationRevoked:  f.standingSet,
		KindStationApproved: f.standingSet,
		KindWorkedOff:       f.workedOff,
		KindFileRanges:      f.fileRanges,
		KindFileWritten:     f.fileWritten,
		KindPublished:       f.referencePublished,
	}
	return f
}

// fold takes one entry in. A kind that this program does not know, of a later
// version, changes nothing here.
func (f *Facts) fold(e *ledger.Entry) error {
	f.seq = e.Seq
	if fold := f.folds[e.Kind]; fold != nil {
		if err := fold(e); err != nil {
			return fmt.Errorf("entry %d: %w", e.Seq, err)
		}
	}
	return nil
}

// Seq is the number of the last act.
func (f *Facts) Seq() uint64 { return f.seq }

// Operators lists the operators by name, those who may not sign in any more
// included.
func (f *Facts) Operators() []Operator {
	var out []Operator
	for _, name := range slices.Sorted(maps.Keys(f.operators)) {
		out = append(out, *f.operators[name])
	}
	return out
}

// Operator finds an operator by name.
func (f *Facts) Operator(name string) (Operator, bool) {
	o := f.operators[name]
	if o == nil {
		return Operator{}, false
	}
	return *o, true
}

// Codes lists the codes that still admit a station at a time, the newest first.
func (f *Facts) Codes(at time.Time) []Code {
	var out []Code
	for _, c := range f.codes {
		if c.open(at) {
			out = append(out, *c)
		}
	}
	slices.SortFunc(out, func(x, y Code) int {
		if c := y.Issued.Compare(x.Issued); c != 0 {
			return c
		}
		return strings.Compare(x.Name, y.Name)
	})
	return out
}

// Standing says how a log stands; one that nobody spoke of stands as ordinary.
func (f *Facts) Standing(log ledger.LogID) Standing {
	if s := f.standings[log]; s != nil {
		return *s
	}
	return Standing{Log: log}
}
