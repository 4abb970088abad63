package limit

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"gatehouse/ledger"
)

// rates hold one bucket for each sender, or sender and log. There are at most
// twice as many as generation holds: those that were not asked for while so many
// others came are forgotten, and begin anew with a full burst.
type rates struct {
	limit rate.Limit
	burst int
	clock ledger.Clock

	mu         sync.Mutex // guards what follows
	young, old map[key]*rate.Limiter
}

// key is who has a bucket.
type key struct {
	from netip.Prefix
	log  string // as it stands in the path; at most maxLog bytes
}

const (
	generation = 20_000
	maxLog     = 64
)

// newRates allows perSecond requests a second and four seconds' worth at once. 0
// or less is no limit, and nil.
func newRates(perSecond float64, clock ledger.Clock) *rates {
	if perSecond <= 0 {
		return nil
	}
	return &rates{limit: rate.Limit(perSecond), burst: max(1, int(math.Ceil(4*perSecond))), clock: clock,
		young: map[key]*rate.Limiter{}}
}

// take is 0 if a request may come in now, or how long it should wait.
func (r *rates) take(k key) time.Duration {
	if r == nil {
		return 0
	}
	now := r.clock()
	b := r.bucket(k)
	at := b.ReserveN(now, 1)
	wait := at.DelayFrom(now)
	if wait > 0 {
		at.CancelAt(now)
	}
	return wait
}

func (r *rates) bucket(k key) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.young[k]; ok {
		return b
	}
	b, ok := r.old[k]
	if !ok {
		b = rate.NewLimiter(r.limit, r.burst)
	}
	if len(r.young) >= generation {
		r.young, r.old = map[key]*rate.Limiter{}, r.young
	}
	r.young[k] = b
	return b
}

// Sender is who an address like 192.0.2.1:4711 belongs to: itself, or of IPv6 its /64.
// false for this machine itself, and for what is no address.
func Sender(address string) (netip.Prefix, bool) {
	from, err := netip.ParseAddrPort(address)
	if err != nil {
		return netip.Prefix{}, false
	}
	a := from.Addr().Unmap().WithZone("")
	if a.IsLoopback() {
		return netip.Prefix{}, false
	}
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, err := a.Prefix(bits)
	return p, err == nil
}
