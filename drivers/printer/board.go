package printer

import "sync"

// eventQueue is how many events wait for a slow subscriber.
const eventQueue = 64

// board is where the session's goroutine posts what it knows and everyone else
// reads it.
type board struct {
	mu     sync.Mutex
	status Status
	jobs   int // callers of Print
	subs   map[*subscriber]bool
	closed bool
}

type subscriber struct {
	events chan Event
	missed int
}

// post replaces the status and tells everyone, unless nothing changed.
func (b *board) post(e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.put(e)
}

func (b *board) put(e Event) {
	was := b.status
	was.At = e.Status.At
	if e.Kind == StatusChanged && was == e.Status {
		return
	}
	b.status = e.Status
	for sub := range b.subs {
		sub.tell(e)
	}
}

func (s *subscriber) tell(e Event) {
	if len(s.events) == cap(s.events) {
		select {
		case <-s.events:
			s.missed++
		default:
		}
	}
	e.Missed, s.missed = s.missed, 0
	s.events <- e // there is room, and nobody else sends
}

func (b *board) now() Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

func (b *board) subscribe() (<-chan Event, func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	sub := &subscriber{events: make(chan Event, eventQueue)}
	if b.closed {
		close(sub.events)
		return sub.events, func() {}
	}
	if b.subs == nil {
		b.subs = map[*subscriber]bool{}
	}
	b.subs[sub] = true
	sub.tell(Event{Kind: StatusChanged, Status: b.status})
	return sub.events, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.subs[sub] {
			delete(b.subs, sub)
			close(sub.events)
		}
	}
}

func (b *board) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for sub := range b.subs {
		delete(b.subs, sub)
		close(sub.events)
	}
}

// waiting counts callers of Print. While there is no line nobody serves them,
// so that they wait has to be told from here.
func (b *board) waiting(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.jobs += n
	if next := b.status; next.Link == LinkDown {
		next.Job = jobState(b.jobs)
		b.put(Event{Kind: StatusChanged, Status: next})
	}
}

// idleJob is the job state while nobody serves.
func (b *board) idleJob() JobState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return jobState(b.jobs)
}

func jobState(waiting int) JobState {
	if waiting > 0 {
		return JobWaiting
	}
	return JobNone
}
