package alarm

import (
	"context"
	"fmt"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Stations is what the rules about stations ask.
type Stations struct {
	Logs    func(context.Context) ([]store.Log, error)
	Contact func(ledger.LogID) time.Time // when a station last spoke to this process, zero if not
	Revoked func(context.Context, ledger.LogID) (bool, error)
	Own     ledger.LogID // central's own log, which is no station's
	Clock   ledger.Clock // nil is time.Now
}

func (s Stations) now() time.Time {
	if s.Clock == nil {
		return time.Now()
	}
	return s.Clock()
}

// settle is how long after the start nobody is called silent: within it every
// station that can speak does (station.LastRetry is five minutes).
const settle = 10 * time.Minute

// Silent finds stations that did not speak for so long. One that was revoked need
// not. A station that speaks with another central process and sends nothing new
// looks silent to this one.
func Silent(s Stations, after time.Duration) Rule {
	began := s.now()
	return Rule{
		Name:    "silent",
		Subject: "stations are silent",
		Advice:  "They may be switched off, or have no network. What they take is kept there and sent when they are back; nothing is lost as long as their disks are.",
		Find: func(ctx context.Context) ([]Notice, error) {
			now := s.now()
			if now.Sub(began) < settle {
				return nil, ErrTooEarly
			}
			return s.trusted(ctx, func(l store.Log) *Notice {
				last := l.Received
				if spoke := s.Contact(l.ID); spoke.After(last) {
					last = spoke
				}
				if now.Sub(last) < after {
					return nil
				}
				return &Notice{Key: l.ID.String(), Text: fmt.Sprintf("%s (log %s) was last heard %s", l.Identity.Station, short(l.ID), last.UTC().Format("2006-01-02 15:04 MST"))}
			})
		},
	}
}

// Apart finds stations of which batches were kept apart because they did not fit:
// forks, broken chains, and what revoked stations still send.
func Apart(s Stations) Rule {
	return Rule{
		Name:    "apart",
		Subject: "a ledger does not fit",
		Advice:  "Somebody has to look. After a fork there are two ledgers with one key: a station was copied, or an older copy of its disk was put back. Both sides are kept. Let no money be taken there until it is clear which one goes on.",
		Find: func(ctx context.Context) ([]Notice, error) {
			return s.all(ctx, func(l store.Log) *Notice {
				if l.Evidence == 0 {
					return nil
				}
				// The number is part of the key: each time there is more, it is told.
				return &Notice{Key: fmt.Sprintf("%s/%d", l.ID, l.Evidence), Text: fmt.Sprintf("%s (log %s): %d batches kept apart; the last one: %s", l.Identity.Station, short(l.ID), l.Evidence, reason(l.Trouble))}
			})
		},
	}
}

func reason(p wire.Problem) string {
	switch p {
	case wire.ProblemFork:
		return "fork: other entries under the same numbers"
	case wire.ProblemBroken:
		return "broken: the chain inside it does not hold"
	case wire.ProblemRevoked:
		return "the station was revoked"
	}
	return string(p)
}

// all asks about every station's log.
func (s Stations) all(ctx context.Context, about func(store.Log) *Notice) ([]Notice, error) {
	logs, err := s.Logs(ctx)
	if err != nil {
		return nil, err
	}
	var found []Notice
	for _, l := range logs {
		if l.ID == s.Own {
			continue
		}
		if n := about(l); n != nil {
			found = append(found, *n)
		}
	}
	return found, nil
}

// trusted is all without those that were revoked.
func (s Stations) trusted(ctx context.Context, about func(store.Log) *Notice) ([]Notice, error) {
	var failed error
	found, err := s.all(ctx, func(l store.Log) *Notice {
		n := about(l)
		if n == nil || failed != nil {
			return nil
		}
		revoked, err := s.Revoked(ctx, l.ID)
		if err != nil {
			failed = err
		}
		if revoked {
			return nil
		}
		return n
	})
	if err == nil {
		err = failed
	}
	return found, err
}

func short(id ledger.LogID) string { return id.String()[:8] }
