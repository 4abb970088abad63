package spool

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"gatehouse/drivers/escpos"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/news"
)

// Printer is what a spooler prints on. *printer.Session is one.
type Printer interface {
	Print(ctx context.Context, segs []escpos.Segment) printer.Result
	// Discard makes it forget what it has not printed, or fails with
	// printer.ErrCannotDiscard.
	Discard(ctx context.Context) (printer.Result, error)
	Status() printer.Status
	Subscribe() (<-chan printer.Event, func())
}

// Book is the ledger as a spooler uses it. *ledger.Book is one.
type Book interface {
	Commit(ctx context.Context, c ledger.Command) ([]ledger.Entry, error)
	Read(read func(*ledger.State) error) error
	Wait(ctx context.Context, after uint64) error
	Head() ledger.Head
}

// Options is what a spooler is made of.
type Options struct {
	Book    Book
	Printer Printer
	Profile escpos.Profile // of the printer
	Layouts *paper.Layouts
	Sheet   paper.Sheet

	// Longest is how long a job may wait and still be printed by itself. 0 means
	// 12 h.
	Longest time.Duration
	// Unattended says that nobody is there to answer: an open question does not
	// hold up the papers after it. For kiosks.
	Unattended bool
	// Finish is how long Close lets papers come out while the printer can print.
	// 0 means 10 s.
	Finish time.Duration

	Clock  ledger.Clock                         // nil is time.Now
	After  func(time.Duration) <-chan time.Time // nil is time.After
	Random io.Reader                            // nil is crypto/rand
	Log    *slog.Logger                         // nil is silent
}

const (
	longestWait = 12 * time.Hour
	// again is when something that the disk refused is tried again.
	again      = time.Second
	finishWait = 10 * time.Second
	// lastWord bounds how long a spooler that is stopped takes to write down what
	// became of the job in the printer.
	lastWord = 5 * time.Second
	// glance is how often a waiting spooler looks whether jobs grew too old.
	glance = time.Minute
)

func longest(d time.Duration) time.Duration {
	if d <= 0 {
		return longestWait
	}
	return d
}

// actor is who writes the entries of printing.
const actor = "station"

// Spooler follows the ledger and prints. Its methods may be called from any
// goroutine.
type Spooler struct {
	o     Options
	stop  context.CancelFunc // ends the waiting for more
	cut   context.CancelFunc // and this the paper that is coming out
	done  chan struct{}
	board news.Board[State]

	fragments map[uint64]bool // entries whose paper a former run may have left half-way in the printer
	torn      bool            // a former run was voiding one of them: cut before whatever comes next
	lookedAt  uint64          // last entry that leaveOut looked at
	telling   sync.Mutex      // held from looking to telling, so that the last word is the newest

	mu      sync.Mutex
	current *Job // being printed
	failure *VoidFailure
	fault   error // of the ledger, while it refuses
	unable  []string
}

// Start begins to follow. First it judges what a former spooler left: a job that
// was being sent is doubtful now.
func Start(o Options) (*Spooler, error) {
	if o.Book == nil || o.Printer == nil || o.Layouts == nil {
		return nil, errors.New("start the spooler: it needs a ledger, a printer and layouts")
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Longest = longest(o.Longest)
	if o.Finish <= 0 {
		o.Finish = finishWait
	}
	printing, cut := context.WithCancel(context.Background())
	ctx, stop := context.WithCancel(printing)
	s := &Spooler{o: o, stop: stop, cut: cut, done: make(chan struct{})}
	if err := s.takeOver(ctx); err != nil {
		cut()
		return nil, fmt.Errorf("start the spooler: %w", err)
	}
	go s.run(ctx, printing)
	return s, nil
}

// Close stops the spooler and waits until it has. Papers that can come out still
// do, for as long as Options.Finish. One that is cut off, and is not known to be
// out, is doubtful. Close the spooler before the printer and the ledger.
func (s *Spooler) Close() error {
	s.stop()
	s.finish()
	s.cut()
	<-s.done
	return nil
}

// finish returns when all papers are out, the printer stands still, or it took
// too long.
func (s *Spooler) finish() {
	events, unsubscribe := s.o.Printer.Subscribe()
	defer unsubscribe()
	enough := s.o.After(s.o.Finish)
	for s.o.Printer.Status().Ready() {
		select {
		case _, open := <-events:
			if !open {
				return
			}
		case <-s.done:
			return
		case <-enough:
			return
		}
	}
}

// takeOver judges what a former spooler left, and goes on duty.
func (s *Spooler) takeOver(ctx context.Context) error {
	return s.write(ctx, func(st *ledger.State) ([]ledger.Draft, error) {
		var out []ledger.Draft
		s.fragments = make(map[uint64]bool)
		for k, v := range ledger.Prefixed(st.Rows(viewName), []byte("J")) {
			j, ok := readJob(v)
			if !ok {
				continue
			}
			const cause = "the program ended while it was being printed"
			switch of := ledger.KeySeq(k[1:]); j.state {
			case sending:
				s.fragments[of] = true
				out = append(out, ledger.Draft{Kind: KindDoubtful, Body: Doubtful{Of: of, Copy: j.copy, Cause: cause}})
			case voiding:
				s.torn = true
				out = append(out, ledger.Draft{Kind: KindVoided, Body: Voided{Of: of, Copy: j.copy, Began: true, Cause: cause}})
			}
		}
		return append(out, ledger.Draft{Kind: KindOnDuty, Body: Duty{Printer: s.o.Profile.Name}}), nil
	})
}

// OffDuty says that no spooler is here, if the last one did not say so itself.
// A program that writes to the ledger and prints nothing calls it first: what it
// makes is then offered, not printed.
func OffDuty(ctx context.Context, b Book, random io.Reader) error {
	if random == nil {
		random = rand.Reader
	}
	needed := false
	if err := b.Read(func(st *ledger.State) error {
		needed = onDuty(st.Rows(viewName), st.Head().Seq)
		return nil
	}); err != nil || !needed {
		return err
	}
	return write(ctx, b, random, goOff)
}

func goOff(*ledger.State) ([]ledger.Draft, error) {
	return []ledger.Draft{{Kind: KindOffDuty, Body: Duty{}}}, nil
}

func write(ctx context.Context, b Book, random io.Reader, decide func(*ledger.State) ([]ledger.Draft, error)) error {
	id, err := ledger.NewCommandID(random)
	if err != nil {
		return err
	}
	_, err = b.Commit(ctx, ledger.Command{ID: id, Actor: actor, Input: id.String(), Decide: decide})
	return err
}

func (s *Spooler) write(ctx context.Context, decide func(*ledger.State) ([]ledger.Draft, error)) error {
	return write(ctx, s.o.Book, s.o.Random, decide)
}

// run prints one job after the other until it is stopped, and then what can still
// be printed before printing ends too.
func (s *Spooler) run(ctx, printing context.Context) {
	defer close(s.done)
	defer s.board.Close()
	changed := make(chan struct{}, 1)
	var watch sync.WaitGroup
	watch.Go(func() { s.watch(ctx, changed) })
	for printing.Err() == nil {
		head := s.o.Book.Head().Seq
		var next uint64
		var found bool
		err := s.leaveOut(printing)
		if err == nil {
			next, found, err = s.next()
		}
		s.note(err)
		s.tell()
		switch {
		case err == nil && found && s.o.Printer.Status().Ready() && s.print(printing, next):
			continue
		case ctx.Err() != nil:
			s.cut() // nothing is left that can come out
		case err != nil:
			s.pause(ctx)
		default:
			s.wait(ctx, head, changed)
		}
	}
	watch.Wait()
	last, cancel := lastWords(ctx)
	defer cancel()
	if err := s.write(last, goOff); err != nil {
		s.o.Log.Warn("the spooler could not say that it goes", "cause", err)
	}
}

// watch tells subscribers what the printer says, also in the middle of a job.
func (s *Spooler) watch(ctx context.Context, changed chan<- struct{}) {
	events, unsubscribe := s.o.Printer.Subscribe()
	defer unsubscribe()
	for {
		select {
		case _, open := <-events:
			if !open {
				return
			}
		case <-ctx.Done():
			return
		}
		select {
		case changed <- struct{}{}:
		default:
		}
		s.tell()
	}
}

// wait returns when the ledger grew, the printer changed, or some time went by.
func (s *Spooler) wait(ctx context.Context, head uint64, changed <-chan struct{}) {
	waiting, cancel := context.WithCancel(ctx)
	grew := make(chan error, 1)
	go func() { grew <- s.o.Book.Wait(waiting, head) }()
	select {
	case err := <-grew:
		cancel()
		if err != nil {
			s.pause(ctx) // the book is closed, or we are
		}
		return
	case <-changed:
	case <-s.o.After(glance):
	}
	cancel()
	<-grew
}

func (s *Spooler) pause(ctx context.Context) {
	select {
	case <-s.o.After(again):
	case <-ctx.Done():
	}
}

// next finds the first job to print, if one may be printed now.
func (s *Spooler) next() (of uint64, found bool, err error) {
	now := s.o.Clock()
	err = s.o.Book.Read(func(st *ledger.State) error {
		rows := st.Rows(viewName)
		for k, v := range ledger.Prefixed(rows, []byte("J")) {
			j, ok := readJob(v)
			if !ok {
				continue
			}
			switch j.stands(rows, now, s.o.Longest) {
			case doubtful:
				if !s.o.Unattended {
					found = false
					return nil
				}
			case queued:
				if !found {
					of, found = ledger.KeySeq(k[1:]), true
				}
			}
		}
		return nil
	})
	return of, found && err == nil, err
}

// lastWords is a context for what must still be written when we are stopped.
func lastWords(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), lastWord)
}

// note keeps what the ledger said last, for the screen.
func (s *Spooler) note(err error) {
	if _, refused := ledger.AsRefusal(err); refused {
		err = nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = err
}

func (s *Spooler) tell() {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.board.Tell(s.State())
}

func (s *Spooler) hold(j *Job) {
	s.mu.Lock()
	s.current = j
	s.mu.Unlock()
	s.tell()
}
