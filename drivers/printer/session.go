package printer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
)

// Config is what a session is made from.
type Config struct {
	Dialer  link.Dialer
	Profile escpos.Profile
	Clock   link.Clock   // nil: the time of this machine
	Log     *slog.Logger // nil: no log

	// Baud is the speed of the line in bits per second, by which bytes are
	// paced; 0 for lines that have none, such as TCP.
	Baud int
	// LineTime is how long the printer needs for a line of text at most, by
	// which it is judged where it cannot be asked. 0 means 100 ms.
	LineTime time.Duration
	// ConfirmWait is how long a ready printer may make no progress with a job
	// before its fate counts as Unknown. 0 means 30 s.
	ConfirmWait time.Duration
	// FormWait is how long a person has to put a sheet in, for documents that are
	// not for the roll. 0 means 30 s.
	FormWait time.Duration
	// OpenLevel is how the switch in the drawer is wired.
	OpenLevel OpenLevel
	// LeftOpen are the times after which a drawer that still stands open is
	// told of, in rising order. nil means 30, 60 and 120 s; none at all is an
	// empty slice.
	LeftOpen []time.Duration
}

// closeWait bounds Close: a second for the line, the rest for a busy machine.
const closeWait = 2 * time.Second

var (
	// ErrClosed means that the session was closed.
	ErrClosed = errors.New("printer: the session is closed")
	// ErrLineLost means that the printer was unplugged or its adapter failed.
	ErrLineLost = errors.New("printer: the line to the printer was lost; plug it in again")
	// ErrSilent means that the printer stopped answering.
	ErrSilent = errors.New("printer: the printer stopped answering; see whether it is switched on")
	// ErrRestarted means that the printer was switched off and on.
	ErrRestarted = errors.New("printer: the printer was switched off and on")
	// ErrNoConfirmation means that a printer that is otherwise well did not
	// say what became of a job.
	ErrNoConfirmation = errors.New("printer: the printer did not confirm; look at the paper")
	// ErrHeldUp means that a printer that is otherwise well asked for a pause and
	// never to go on (XOFF without XON).
	ErrHeldUp = errors.New("printer: the printer asked to wait and never went on; switch it off and on, and look at the paper")
	// ErrOverrun means that the printer stopped in the middle of something
	// larger than its buffer, and may have lost the end of it.
	ErrOverrun = errors.New("printer: the printer stopped and may have lost a part; look at the paper")
	// ErrEmptyJob means that there was nothing to print.
	ErrEmptyJob = errors.New("printer: nothing to print")
)

// Fate is what is known of a job when Print returns.
type Fate uint8

const (
	// Unknown: bytes may have reached the printer, and nobody can tell what it
	// did with them. Ask the person to look at the paper.
	Unknown Fate = iota
	// NotStarted: no byte was sent. The job can safely be printed again.
	NotStarted
	// Confirmed: the printer says that all of it, with the cut, is on paper.
	Confirmed
	// Parsed: the printer has taken in all of it; printed is likely.
	Parsed
	// SentOnly: all of it was sent to a printer that never answers.
	SentOnly
	// Blocked: the printer has all of it, and stopped. It prints the rest by
	// itself when the cause is mended, if it is not switched off.
	Blocked
	// Discarded: a person had the rest of it thrown away (Discard). A part may
	// be on paper; no more of it will come.
	Discarded
)

func (f Fate) String() string {
	return [...]string{"unknown", "not started", "confirmed", "parsed", "sent only", "blocked", "discarded"}[f]
}

// Result is what became of a job.
type Result struct {
	Fate Fate
	// Cause says why the job is Unknown, NotStarted, Blocked or Discarded.
	Cause error
	// BytesOut is how many bytes of the job may have left: an upper bound, 0
	// if and only if the job was not started.
	BytesOut int
}

// Session is the one user of one printer. Its methods may be called by any
// number of goroutines.
type Session struct {
	cfg   Config
	stop  context.CancelFunc
	done  chan struct{}
	jobs  chan *job
	kicks chan *kick
	mends chan struct{}
	board board

	discards chan *discard
	checks   chan *reading

	// What outlives a line. It belongs to whoever serves the line just now.
	after aftermath
}

// aftermath is what one line leaves for the next to know.
type aftermath struct {
	serial   uint32 // of process IDs
	fragment bool   // a job ended half-way: cut before the next
	broken   int    // bytes of a piece that was cut off, which the parser may still wait for
	till     till
	owed     int       // answers without a number that may still come
	printing time.Time // until when a printer that never answers is busy
}

// New makes a session, which opens the line and keeps it open until Close.
func New(cfg Config) (*Session, error) {
	if cfg.Dialer == nil {
		return nil, errors.New("make printer session: no line is given")
	}
	if p := cfg.Profile; p.BufferBytes <= p.Slack || p.Slack < 0 {
		return nil, fmt.Errorf("make printer session: profile %q has no receive buffer", p.Name)
	}
	if cfg.Clock == nil {
		cfg.Clock = link.WallClock{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.LineTime <= 0 {
		cfg.LineTime = 100 * time.Millisecond
	}
	if cfg.FormWait <= 0 {
		cfg.FormWait = formWait
	}
	if cfg.ConfirmWait <= 0 {
		cfg.ConfirmWait = 30 * time.Second
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Session{
		cfg: cfg, stop: stop, done: make(chan struct{}),
		jobs: make(chan *job), kicks: make(chan *kick), mends: make(chan struct{}),
		discards: make(chan *discard), checks: make(chan *reading),
	}
	if cfg.LeftOpen == nil {
		s.cfg.LeftOpen = []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute}
	}
	s.board.status.At = cfg.Clock.Now()
	// Answers to a former run's questions may still be on their way; begin
	// where they did not.
	s.after.serial = uint32(cfg.Clock.Now().UnixMilli())
	s.after.owed = maxOwed
	go s.run(ctx)
	return s, nil
}

func (s *Session) run(ctx context.Context) {
	defer close(s.done)
	link.Supervisor{
		Dialer: s.cfg.Dialer, Clock: s.cfg.Clock, Serve: s.serve,
		Down: func(cause error) {
			s.cfg.Log.Info("printer line is down", "cause", cause)
			s.down()
		},
	}.Run(ctx)
	s.down()
}

// down tells that there is no line.
func (s *Session) down() {
	s.board.post(Event{Kind: StatusChanged, Status: Status{Job: s.board.idleJob(), At: s.cfg.Clock.Now()}})
}

// Close ends the session within two seconds. A job that has begun ends Unknown.
func (s *Session) Close() error {
	s.stop()
	select {
	case <-s.done:
		s.board.close()
		return nil
	case <-s.cfg.Clock.After(closeWait):
		return errors.New("close printer session: the system still holds the line")
	}
}

// Status is the newest state.
func (s *Session) Status() Status { return s.board.now() }

// Subscribe returns a channel of changes, which hears the present status first,
// and a function that ends it. The channel is closed by that function or by
// Close. A subscriber who does not read loses the oldest events.
func (s *Session) Subscribe() (<-chan Event, func()) { return s.board.subscribe() }

// Print prints one document and returns when its fate is known. Jobs wait for
// each other. A job begins only when the printer is ready; then it runs on
// through open covers and empty rolls, until ctx ends. Nothing is sent twice.
//
// A document for a sheet that is put in by hand waits for the sheet (FormAwaited) as
// long as Config.FormWait, and not a letter of it is sent before: without the sheet it
// ends NotStarted with ErrNoForm. Where the sheet is taken out half-way it ends Unknown
// with ErrFormGone, and the rest is not printed on another.
func (s *Session) Print(ctx context.Context, segs []escpos.Segment) Result {
	if len(segs) == 0 {
		return Result{Fate: NotStarted, Cause: ErrEmptyJob}
	}
	s.board.waiting(1)
	defer s.board.waiting(-1)
	for {
		j := &job{ctx: ctx, segs: segs, done: make(chan Result, 1)}
		select {
		case s.jobs <- j:
		case <-ctx.Done():
			return Result{Fate: NotStarted, Cause: s.whyNot(ctx.Err())}
		case <-s.done:
			return Result{Fate: NotStarted, Cause: ErrClosed}
		}
		r := <-j.done
		if r.Fate == NotStarted && errors.Is(r.Cause, ErrLineLost) {
			continue // not a byte went out: wait for the line
		}
		return r
	}
}

// Recover tells a printer that a person has freed its cutter: it goes on where
// it stopped. The status shows whether it could. A printer in no such trouble
// takes no notice.
func (s *Session) Recover(ctx context.Context) error {
	select {
	case s.mends <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("recover printer: %w", s.whyNot(ctx.Err()))
	case <-s.done:
		return fmt.Errorf("recover printer: %w", ErrClosed)
	}
}

// whyNot adds what kept a job from beginning.
func (s *Session) whyNot(err error) error {
	if h := s.Status().Hindrance(); h != Nothing {
		return fmt.Errorf("printer %v: %w", h, err)
	}
	return err
}
