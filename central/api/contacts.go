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
