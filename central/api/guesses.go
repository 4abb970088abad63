package api

import (
	"net/netip"
	"sync"
	"time"

	"gatehouse/central/limit"
)

// guesses stop a sender from trying codes for the rest of a minute after maxWrong wrong
// ones in it, and everybody after maxWrongOfAll: a stranger's guesses must not shut the
// door for others. So many senders at most are remembered.
type guesses struct {
	mu     sync.Mutex
	minute time.Time
	wrong  map[netip.Prefix]int // in that minute; what has no address of its own shares one
	all    int
}

// A code has 80 bits: even maxWrongOfAll a minute would take longer than the world.
const (
	maxWrong      = 10
	maxWrongOfAll = 1000
)

// full says whether no code of who sent a request is to be looked at now.
func (g *guesses) full(address string, now time.Time) bool {
	from, _ := limit.Sender(address)
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.minute.Equal(now.Truncate(time.Minute)) && (g.wrong[from] >= maxWrong || g.all >= maxWrongOfAll)
}

// note counts a wrong code.
func (g *guesses) note(address string, now time.Time) {
	from, _ := limit.Sender(address)
	g.mu.Lock()
	defer g.mu.Unlock()
	if minute := now.Truncate(time.Minute); !g.minute.Equal(minute) {
		g.minute, g.wrong, g.all = minute, make(map[netip.Prefix]int), 0
	}
	g.wrong[from]++
	g.all++
}
