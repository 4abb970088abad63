package exception

import (
	"fmt"
	"slices"
	"time"

	"gatehouse/central/store"
	"gatehouse/desk/cash"
	"gatehouse/ledger"
)

// take judges one entry.
func (j *Judge) take(in *judged, e *store.Stored) error {
	j.clock(in, e)
	switch e.Kind {
	case cash.KindPayment:
		return with(e, func(b cash.Payment) error { return j.payment(in, e, b) })
	case cash.KindVoid, cash.KindReversal:
		return with(e, func(b cash.Undone) error { j.undone[ref{in.log.ID, b.Of}] = true; return nil })
	case cash.KindDrawerOpened:
		return with(e, func(b cash.DrawerOpened) error {
			in.sessions[b.Session] = opened{e.Seq, e.At(), b.Name}
			return nil
		})
	case cash.KindDrawerClosed:
		return with(e, func(b cash.DrawerClosed) error { j.closed(in, e, b.Session); return nil })
	case ledger.KindClock:
		return with(e, func(b ledger.ClockStepped) error { j.stepped(in, e, b); return nil })
	}
	if !Known(e.Kind) {
		j.find(Exception{ID: in.id(UnknownKind, e.Kind), Kind: UnknownKind, At: e.At(), Where: []Place{in.at(e.Seq)},
			What: fmt.Sprintf("The station writes entries of kind %s, which this central does not read: bring it up to date.", e.Kind)})
	}
	return nil
}

// with runs a rule on a body. A body that cannot be read is no exception of money: it
// is stored as it came, and its kind is one that is not known.
func with[B any](e *store.Stored, rule func(B) error) error {
	b, err := ledger.Unpack[B](&e.Entry)
	if err != nil {
		return nil // the entry's own page shows its bytes
	}
	return rule(b)
}

func (j *Judge) payment(in *judged, e *store.Stored, b cash.Payment) error {
	for _, part := range b.Parts {
		if part.Account == "" {
			continue // it has none yet; the report of unapplied money has its age
		}
		j.twice(in, e, part)
		if j.o.Accounts == nil {
			continue
		}
		stands, err := j.o.Accounts(part.Account, e.At())
		if err != nil {
			return fmt.Errorf("look an account up: %w", err)
		}
		switch stands {
		case Absent:
			j.find(Exception{ID: in.id(UnknownAccount, fmt.Sprintf("%d %s", e.Seq, part.Account)), Kind: UnknownAccount, At: e.At(), Where: []Place{in.at(e.Seq)},
				What: fmt.Sprintf("%s was paid on account %s, which the reference data does not have.", part.Amount, part.Account)})
		case Closed:
			j.find(Exception{ID: in.id(ClosedAccount, fmt.Sprintf("%d %s", e.Seq, part.Account)), Kind: ClosedAccount, At: e.At(), Where: []Place{in.at(e.Seq)},
				What: fmt.Sprintf("%s was paid on account %s, which is closed.", part.Amount, part.Account)})
		}
	}
	return nil
}

// kept is how long a payment is remembered for a station that was away: as long as a
// station is provided to work alone, and some.
const kept = 35 * 24 * time.Hour

// twice looks for the same payment at another station.
func (j *Judge) twice(in *judged, e *store.Stored, part cash.Part) {
	if e.At().After(j.newest) {
		j.newest = e.At()
	}
	key := paidKey{part.Account, part.Amount}
	mine := paid{ref{in.log.ID, e.Seq}, in.log.Identity.Station, e.At()}
	others := slices.DeleteFunc(j.payments[key], func(p paid) bool { return j.newest.Sub(p.at) > kept })
	for _, other := range others {
		apart := mine.at.Sub(other.at).Abs()
		if other.log == mine.log || apart > j.o.Limits.Window {
			continue
		}
		// The pair has one name, whichever came first.
		first, second := other, mine
		if second.at.Before(first.at) || second.at.Equal(first.at) && second.log.String() < first.log.String() {
			first, second = second, first
		}
		j.pairs = append(j.pairs, pair{first.ref, second.ref, Exception{
			ID:   fmt.Sprintf("paid-twice %s %d %s %d %s", first.log, first.seq, second.log, second.seq, part.Account),
			Kind: Twice, At: second.at,
			What:  fmt.Sprintf("%s on account %s at station %s and, %s later, at station %s.", part.Amount, part.Account, first.station, apart.Round(time.Second), second.station),
			Where: []Place{{first.log, first.station, first.seq}, {second.log, second.station, second.seq}},
		}})
	}
	j.payments[key] = append(others, mine)
}

func (j *Judge) closed(in *judged, e *store.Stored, id cash.SessionID) {
	s, known := in.sessions[id]
	delete(in.sessions, id)
	if known && ledger.DateOf(s.at.In(j.o.Zone)) != ledger.DateOf(e.At().In(j.o.Zone)) {
		one := midnight(in, id, s, "and closed "+e.At().In(j.o.Zone).Format("on 2006-01-02 at 15:04"))
		one.Where = append(one.Where, in.at(e.Seq))
		j.find(one)
	}
}

// midnight is one exception of a session, open or closed by now.
func midnight(in *judged, id cash.SessionID, s opened, then string) Exception {
	return Exception{ID: in.id(OverMidnight, s.seq), Kind: OverMidnight, At: s.at, Where: []Place{in.at(s.seq)},
		What: fmt.Sprintf("Session %s of %s was open over midnight %s.", id, s.name, then)}
}

// stepped is a clock that somebody moved.
func (j *Judge) stepped(in *judged, e *store.Stored, b ledger.ClockStepped) {
	by := time.Duration(b.By) * time.Microsecond
	if by.Abs() <= j.o.Limits.Skew {
		return
	}
	way := "forward"
	if by < 0 {
		way = "back"
	}
	j.find(Exception{ID: in.id(Clock, e.Seq), Kind: Clock, At: e.At(), Where: []Place{in.at(e.Seq)},
		What: fmt.Sprintf("The station's clock was moved %s by %s.", way, by.Abs().Round(time.Second))})
}

// clock finds entries made later than they came: the station's clock runs ahead. One
// exception stands for all entries until it is right again.
func (j *Judge) clock(in *judged, e *store.Stored) {
	by := e.At().Sub(e.Received)
	ahead := by > j.o.Limits.Skew
	if ahead && !in.ahead {
		j.find(Exception{ID: in.id(Clock, e.Seq), Kind: Clock, At: e.At(), Where: []Place{in.at(e.Seq)},
			What: fmt.Sprintf("The station's clock runs %s or more ahead of central's.", by.Round(time.Second))})
	}
	in.ahead = ahead
}
