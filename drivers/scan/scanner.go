package scan

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"gatehouse/drivers/link"
)

const (
	// Gap is the silence that ends a code without a suffix. At 9600 baud a
	// character takes one millisecond, and a USB adapter holds bytes back for
	// sixteen.
	Gap = 50 * time.Millisecond
	// Lockout is how long the same code is not told again. A code that stays
	// under a scanner which reads by itself begins the time anew.
	Lockout = 500 * time.Millisecond

	// waiting is how many codes a subscriber may be behind. What comes then is
	// lost, as a scan into a window that hangs is: the person scans again.
	waiting = 16
)

// Config is what a Scanner needs.
type Config struct {
	Dialer link.Dialer // required
	Clock  link.Clock  // required
	Prefix string      // see [Framer]
	Suffix string      // see [Framer]
	Log    *slog.Logger
}

// Scanner is one scanner on a line that is opened again when it was lost.
type Scanner struct {
	cfg  Config
	end  context.CancelFunc
	done chan struct{}

	mu      sync.Mutex
	hearers map[chan Code]bool

	last   string // told last; touched by the loop alone
	seenAt time.Time
}

// Open begins to keep the line open. A scanner that is not there yet is no
// error: it is found when it is plugged in.
func Open(cfg Config) *Scanner {
	ctx, end := context.WithCancel(context.Background())
	s := &Scanner{cfg: cfg, end: end, done: make(chan struct{}), hearers: map[chan Code]bool{}}
	keep := link.Supervisor{Dialer: cfg.Dialer, Clock: cfg.Clock, Serve: s.serve, Down: s.down()}
	go func() {
		defer close(s.done)
		keep.Run(ctx)
	}()
	return s
}

// down notes the first of a row of failures only: a scanner that stays unplugged
// would fill the log.
func (s *Scanner) down() func(error) {
	said := ""
	return func(cause error) {
		if text := cause.Error(); text != said {
			said = text
			s.cfg.Log.Warn("the scanner cannot be heard; check its cable", "cause", cause)
		}
	}
}

// Subscribe returns the codes from now on, until end is called.
func (s *Scanner) Subscribe() (codes <-chan Code, end func()) {
	c := make(chan Code, waiting)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hearers[c] = true
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.hearers, c)
	}
}

// Close gives the line up and returns when nothing is open any more.
func (s *Scanner) Close() error {
	s.end()
	<-s.done
	return nil
}

// serve frames what comes until the line is gone.
func (s *Scanner) serve(ctx context.Context, port link.Port) error {
	ctx, stop := context.WithCancel(ctx)
	heard := make(chan []byte)
	var cause error
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(heard)
		cause = read(ctx, port, heard)
	})
	defer reader.Wait()
	defer stop()
	framer := Framer{Prefix: s.cfg.Prefix, Suffix: s.cfg.Suffix}
	var idle <-chan time.Time
	for {
		select {
		case b, more := <-heard:
			if !more {
				return cause
			}
			for _, one := range b {
				if code, ended := framer.Push(one); ended {
					s.tell(code)
				}
			}
			idle = nil
			if !framer.Empty() {
				idle = s.cfg.Clock.After(Gap)
			}
		case <-idle:
			if code, ended := framer.Idle(); ended {
				s.tell(code)
			}
			idle = nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func read(ctx context.Context, port link.Port, heard chan<- []byte) error {
	for {
		b := make([]byte, 256)
		n, err := port.Read(b)
		if n > 0 {
			select {
			case heard <- b[:n]:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err != nil && !errors.Is(err, link.ErrTimeout) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// tell passes a code on, unless it is the last one seen again at once.
func (s *Scanner) tell(code Code) {
	now := s.cfg.Clock.Now()
	again := code.Text == s.last && now.Sub(s.seenAt) < Lockout
	s.last, s.seenAt = code.Text, now
	if again {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.hearers {
		select {
		case c <- code:
		default:
			s.cfg.Log.Warn("a scan was lost: nobody took the ones before it")
		}
	}
}
