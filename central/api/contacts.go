package api

import (
	"sync"
	"time"

	"gatehouse/ledger"
)

// contacts remembers when each station last spoke. Only logs that the store
// knows are noted, so it is as large as the list of stations.
type contacts struct {
	mu   sync.Mutex
	seen map[ledger.LogID]time.Time
}

func (c *contacts) note(log ledger.LogID, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[log] = at
}

func (c *contacts) last(log ledger.LogID) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[log]
}

// limiter stops enrolment for the rest of a minute after maxWrong wrong codes
// in it.
type limiter struct {
	mu     sync.Mutex
	minute time.Time
	count  int
}

const maxWrong = 10

func (l *limiter) full(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count >= maxWrong && l.minute.Equal(now.Truncate(time.Minute))
}

func (l *limiter) note(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Truncate(time.Minute); !l.minute.Equal(minute) {
		l.minute, l.count = minute, 0
	}
	l.count++
}
