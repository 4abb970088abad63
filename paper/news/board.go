package news

import "sync"

// Board tells subscribers of states. Its zero value has none. Its methods may be
// called from any goroutine.
type Board[S any] struct {
	mu     sync.Mutex
	subs   map[chan S]bool
	closed bool
}

// Subscribe returns a channel that hears the state now first and keeps only the
// newest for a slow reader, and a function that ends it. The channel is closed by
// that function or by Close; of a closed board it is closed already.
func (b *Board[S]) Subscribe(now S) (<-chan S, func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := make(chan S, 1)
	if b.closed {
		close(c)
		return c, func() {}
	}
	if b.subs == nil {
		b.subs = make(map[chan S]bool)
	}
	b.subs[c] = true
	c <- now
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.subs[c] {
			delete(b.subs, c)
			close(c)
		}
	}
}

// Tell gives every subscriber a new state. It never blocks.
func (b *Board[S]) Tell(now S) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.subs {
		select {
		case <-c: // what nobody has read is out of date
		default:
		}
		c <- now
	}
}

// Close ends all subscriptions.
func (b *Board[S]) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for c := range b.subs {
		delete(b.subs, c)
		close(c)
	}
}
