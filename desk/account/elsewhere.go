package account

import (
	"slices"
	"sync"
	"time"

	"gatehouse/desk/reference"
	"gatehouse/ledger"
)

// Elsewhere is what other stations did to accounts since the reference data were true,
// as far as central told. It is for people to see and is booked nowhere. Its methods may
// be called from any goroutine. A nil one knows nothing.
type Elsewhere struct {
	mu   sync.Mutex
	rows []Paid // the oldest first
	by   map[No][]Paid
}

// Paid is what one entry of another station did to an account.
type Paid struct {
	Account No
	Log     ledger.LogID
	Seq     uint64
	Station ledger.StationID
	At      time.Time
	Amount  ledger.Cents // that the account owes less; below zero for what was given or taken back
}

// Pending is what one other station took for an account, less what it took back.
type Pending struct {
	Station ledger.StationID
	Amount  ledger.Cents
	At      time.Time // of the last
}

// MaxElsewhere bounds what is kept: the oldest are dropped.
const MaxElsewhere = 200_000

// Forget forgets all.
func (e *Elsewhere) Forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rows, e.by = nil, nil
}

// Note keeps what is not known yet, and drops what reference data count.
func (e *Elsewhere) Note(about reference.About, paid []Paid) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.by == nil {
		e.by = map[No][]Paid{}
	}
	for _, p := range paid {
		if !slices.ContainsFunc(e.by[p.Account], p.same) {
			e.rows = append(e.rows, p)
			e.by[p.Account] = append(e.by[p.Account], p)
		}
	}
	through := throughOf(about)
	kept := slices.DeleteFunc(e.rows, func(p Paid) bool { return p.Seq <= through[p.Log] })
	if len(kept) > MaxElsewhere {
		kept = slices.Clone(kept[len(kept)-MaxElsewhere*3/4:]) // some room, so that it is not done each time
	} else if len(kept) == len(e.rows) {
		return
	}
	e.rows, e.by = kept, make(map[No][]Paid, len(kept))
	for _, p := range kept {
		e.by[p.Account] = append(e.by[p.Account], p)
	}
}

func throughOf(about reference.About) map[ledger.LogID]uint64 {
	out := make(map[ledger.LogID]uint64, len(about.Counted))
	for _, c := range about.Counted {
		out[c.Log] = c.Through
	}
	return out
}

func (p Paid) same(q Paid) bool { return p.Log == q.Log && p.Seq == q.Seq }

// Of is what is pending on an account, by station, that reference data do not count. What
// was taken and taken back again is left out.
func (e *Elsewhere) Of(no No, about reference.About) (out []Pending) {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range e.by[no] {
		if p.Seq <= about.Through(p.Log) {
			continue
		}
		i := slices.IndexFunc(out, func(q Pending) bool { return q.Station == p.Station })
		if i < 0 {
			i = len(out)
			out = append(out, Pending{Station: p.Station})
		}
		out[i].Amount = out[i].Amount.Plus(p.Amount)
		if p.At.After(out[i].At) {
			out[i].At = p.At
		}
	}
	return slices.DeleteFunc(out, func(p Pending) bool { return p.Amount == 0 })
}
