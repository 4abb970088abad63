package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gatehouse/desk/cash"
	"gatehouse/desk/staff"
	"gatehouse/ledger"
)

// run is one report being made.
type run struct {
	s        *ledger.State
	ask      Ask
	names    map[string]string // of actors, as they last signed in
	sessions map[cash.SessionID]*session
	order    []*session
	safe     safeBook
}

// session is a drawer's session, as far as the log has been read.
type session struct {
	cash.DrawerOpened
	date   ledger.Date
	opened int64
	closed int64 // 0 while open
	from   uint64
}

func newRun(s *ledger.State, ask Ask) *run {
	return &run{s: s, ask: ask, names: map[string]string{string(staff.StationActor): "Station"}, sessions: make(map[cash.SessionID]*session), safe: newSafeBook()}
}

// each walks the whole log, in its order. A report reads all of it: a session may be
// older than the period that its payments are in.
func (r *run) each(take func(*ledger.Entry) error) error {
	for seq := uint64(1); seq <= r.s.Head().Seq; seq++ {
		e, err := r.s.Entry(seq)
		if err != nil {
			return err
		}
		if err := r.learn(&e); err != nil {
			return err
		}
		if err := take(&e); err != nil {
			return err
		}
	}
	return nil
}

// within is each for the entries of the period.
func (r *run) within(take func(*ledger.Entry) error) error {
	return r.each(func(e *ledger.Entry) error {
		if !r.ask.Period.Has(e.Date) {
			return nil
		}
		return take(e)
	})
}

// learn takes in who is who, whose session is whose, and what lies in the safe.
func (r *run) learn(e *ledger.Entry) error {
	if err := r.safe.learn(e); err != nil {
		return err
	}
	switch e.Kind {
	case staff.KindSignedIn:
		body, err := ledger.Unpack[staff.SignedIn](e)
		if err != nil {
			return err
		}
		r.names[string(body.Who)] = body.Name
	case cash.KindDrawerOpened:
		body, err := ledger.Unpack[cash.DrawerOpened](e)
		if err != nil {
			return err
		}
		r.names[string(body.Who)] = body.Name
		one := &session{DrawerOpened: body, date: e.Date, opened: e.Micros, from: e.Seq}
		r.sessions[body.Session] = one
		r.order = append(r.order, one)
	case cash.KindDrawerClosed:
		body, err := ledger.Unpack[cash.DrawerClosed](e)
		if err != nil {
			return err
		}
		if one := r.sessions[body.Session]; one != nil {
			one.closed = e.Micros
		}
	}
	return nil
}

// openOf is a person's session that is open where the log has been read to, nil if none
// is.
func (r *run) openOf(actor string) *session {
	for _, one := range slices.Backward(r.order) {
		if string(one.Who) == actor {
			if one.closed != 0 {
				return nil
			}
			return one
		}
	}
	return nil
}

// name is an actor's name, or the id of one who never signed in here.
func (r *run) name(actor string) string { return cmp.Or(r.names[actor], actor) }

// minutes is how long a session was open, or has been until now. A clock that was
// set back counts as none.
func (r *run) minutes(one *session) int64 {
	end := one.closed
	if end == 0 {
		end = r.s.Now().UnixMicro()
	}
	return max(0, end-one.opened) / time.Minute.Microseconds()
}

// at writes a moment in the utility's time.
func (r *run) at(micros int64) string {
	return time.UnixMicro(micros).In(r.ask.Zone).Format("2006-01-02 15:04")
}

// word writes a code of the record as people read it: "money-order" as "Money order".
func word(code string) string {
	if said, own := map[string]string{string(cash.CashiersCheck): "Cashier's check", string(staff.CSS1): "CSS I", string(staff.CSS2): "CSS II"}[code]; own {
		return said
	}
	s := strings.ReplaceAll(code, "-", " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// tenths is part of all in tenths, rounded to the nearest: of a hundred, of an hour.
// It is empty where all is nothing.
func tenths(part, all, of int64) Cell {
	if all <= 0 {
		return Cell{}
	}
	scaled := part * of * 10
	if scaled < 0 {
		return Cell{Set: true, N: (scaled - all/2) / all}
	}
	return Cell{Set: true, N: (scaled + all/2) / all}
}

// inOrder lists the keys of a map in order.
func inOrder[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
