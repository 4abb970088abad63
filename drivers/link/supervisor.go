package link

import (
	"context"
	"time"
)

// The pause before dialling again: doubled after every failure. The longest is
// short enough for a device that is back to be open again within a second.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 500 * time.Millisecond
	// goodFor is how long a line must have been open to count as good.
	goodFor = time.Second
)

// Clock is the time a device lives by.
type Clock interface {
	Now() time.Time
	// After delivers once, when d has passed.
	After(d time.Duration) <-chan time.Time
}

// WallClock is the time of this machine.
type WallClock struct{}

// Now is time.Now.
func (WallClock) Now() time.Time { return time.Now() }

// After is time.After.
func (WallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Supervisor keeps one line open for as long as it runs.
type Supervisor struct {
	Dialer Dialer
	Clock  Clock
	// Serve uses the line until it is of no more use and says why. It must
	// return soon after ctx ends or the port is gone, and leave nothing behind
	// that uses the port.
	Serve func(ctx context.Context, port Port) error
	// Down, if set, hears the cause of every failed opening and every loss. It
	// must not block.
	Down func(cause error)
}

// Run dials, serves and closes, over and over, until ctx ends; it returns when
// nothing is open any more. A line that failed is tried again after 100 ms,
// later after at most 500 ms.
func (s Supervisor) Run(ctx context.Context) {
	for pause := firstPause; ctx.Err() == nil; {
		began := s.Clock.Now()
		cause := s.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if s.Down != nil {
			s.Down(cause)
		}
		// A line that was good for a while starts with a short pause again;
		// one that opens only to fail at once does not.
		if s.Clock.Now().Sub(began) >= goodFor {
			pause = firstPause
		}
		select {
		case <-s.Clock.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, lastPause)
	}
}

func (s Supervisor) once(ctx context.Context) error {
	port, err := s.Dialer.Dial(ctx)
	if err != nil {
		return err
	}
	// The old line must be given up before the next dial: while it is held a
	// replugged adapter comes back under another name.
	defer port.Close()
	return s.Serve(ctx, port)
}
