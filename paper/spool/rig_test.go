package spool_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/desk"
	"gatehouse/drivers/emulator"
	"gatehouse/drivers/escpos"
	"gatehouse/drivers/link"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper"
	"gatehouse/paper/papertest"
	"gatehouse/paper/spool"
)

// office is a station with a printer that outlives it: the program can be killed
// and started again, the paper stays.
type office struct {
	t       testing.TB
	path    string
	profile escpos.Profile
	em      *emulator.Printer
	layouts *paper.Layouts
	port    string // of the printer, a real one; empty: a pipe
	change  func(*spool.Options)
	policy  func(*desk.Policy)

	desk    *papertest.Desk
	runs    byte // of the program
	session *printer.Session
	spooler *spool.Spooler
	states  <-chan spool.State
	life    *life
}

// newOffice must be called inside a synctest bubble, unless its printer is at a real
// port.
func newOffice(t testing.TB, profile string) *office {
	t.Helper()
	p, ok := escpos.ProfileNamed(profile)
	if !ok {
		t.Fatalf("no profile %q", profile)
	}
	l, err := paper.Standard()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, path: filepath.Join(t.TempDir(), "ledger.db"), profile: p, layouts: l,
		em: emulator.New(emulator.Config{Profile: p, Clock: link.WallClock{}, Baud: 115200, Speed: 1, Sensor: emulator.OpenIsHigh})}
	return o
}

// end stops everything.
func (o *office) end() {
	o.stop()
	if err := o.em.Close(); err != nil {
		o.t.Error(err)
	}
}

// open opens the ledger without a spooler, as gatehousectl does.
func (o *office) open() {
	o.t.Helper()
	o.desk = papertest.Open(o.t, papertest.Options{
		Path: o.path, Run: o.runs, Extra: []ledger.View{spool.View(o.layouts.Kinds())}, Clock: time.Now, Policy: o.policy,
		Register: func(d *desk.Desk) {
			spool.Register(d, spool.Clerk{Staff: d.Staff, Layouts: o.layouts})
		},
	})
	o.runs++
}

// start opens the ledger and begins to print. The program dies as life says.
func (o *office) start(l *life) {
	o.t.Helper()
	if o.desk == nil {
		o.open()
	}
	if l == nil {
		l = &life{}
	}
	o.life = l
	dialer := spool.Fresh(link.DialFunc(func(ctx context.Context) (link.Port, error) {
		if o.port != "" {
			return link.Serial{Name: o.port, Baud: 115200}.Dial(ctx)
		}
		pipe, err := o.em.Pipe()
		if err != nil {
			return nil, err
		}
		return &mortalPort{link.Stream(pipe), l}, nil
	}), o.profile)
	session, err := printer.New(printer.Config{Profile: o.profile, Baud: 115200, OpenLevel: printer.OpenHigh, Dialer: dialer})
	if err != nil {
		o.t.Fatal(err)
	}
	o.session = session
	s, err := paper.SheetOf(o.desk.Desk)
	if err != nil {
		o.t.Fatal(err)
	}
	options := spool.Options{Book: &mortalBook{o.desk.Book, l}, Printer: session, Profile: o.profile, Layouts: o.layouts, Sheet: s}
	if o.change != nil {
		o.change(&options)
	}
	o.spooler, err = spool.Start(options)
	if err != nil {
		if l.over() {
			return
		}
		o.t.Fatal(err)
	}
	o.states, _ = o.spooler.Subscribe()
}

// stop ends the program in good order, if it lives.
func (o *office) stop() {
	o.t.Helper()
	if o.spooler != nil {
		if err := o.spooler.Close(); err != nil {
			o.t.Error(err)
		}
		o.spooler = nil
	}
	if o.session != nil {
		if err := o.session.Close(); err != nil {
			o.t.Error(err)
		}
		o.session = nil
	}
	if o.desk != nil {
		if err := o.desk.Close(); err != nil {
			o.t.Error(err)
		}
		o.desk = nil
	}
}

// kill ends the program at once: nothing more reaches disk or wire.
func (o *office) kill() {
	o.life.die()
	o.stop()
}

// until waits for a state. What a subscriber heard may be older than the order
// just given, so each word of the spooler is a reason to look again.
func (o *office) until(what string, is func(spool.State) bool) spool.State {
	o.t.Helper()
	late := time.After(5 * time.Minute)
	for {
		if s := o.spooler.State(); is(s) {
			return s
		}
		select {
		case _, open := <-o.states:
			if !open {
				o.t.Fatalf("the spooler ended before: %s", what)
			}
		case <-late:
			o.t.Fatalf("waited in vain for: %s; state is %+v", what, o.spooler.State())
		}
	}
}

// idle waits until nothing more comes by itself: all printed, or a question.
func (o *office) idle() spool.State {
	o.t.Helper()
	return o.until("idle", func(s spool.State) bool {
		return s.Printing == nil && (s.WaitingCount == 0 || len(s.Questions) > 0)
	})
}

// roll is all that came out of the printer, and what is still in it.
func (o *office) roll() string {
	o.t.Helper()
	if err := o.em.WaitIdle(context.Background()); err != nil {
		o.t.Fatal(err)
	}
	return o.sofar()
}

// sofar is roll at this moment, of a printer that may not be able to go on.
func (o *office) sofar() string {
	var b strings.Builder
	for _, p := range o.em.Pieces() {
		b.WriteString(p.Text())
		b.WriteString("-- cut --\n")
	}
	b.WriteString(o.em.Unfinished().Text())
	return b.String()
}

// tally is what a roll shows of one number.
type tally struct {
	originals  int // begun without saying DUPLICATE
	duplicates int // begun, saying so
	ends       int // that carry the end mark
}

// count reads a roll as a person would.
func count(roll, number string) (c tally) {
	marked, banner := false, -100
	for i, l := range strings.Split(roll, "\n") {
		switch {
		case strings.Contains(l, "DUPLICATE - COPY"):
			banner = i
		case strings.Contains(l, "Millbrook Water District"):
			marked = i-banner <= 6
		case strings.HasPrefix(l, "No.") && strings.Contains(l, number):
			if marked {
				c.duplicates++
			} else {
				c.originals++
			}
		case strings.Contains(l, "END "+number):
			c.ends++
		}
	}
	return c
}

// kinds are the kinds of the entries of printing in the ledger, in order.
func (o *office) kinds() (all []ledger.Kind) {
	o.t.Helper()
	err := o.desk.Read(func(s *ledger.State) error {
		for seq := uint64(1); seq <= s.Head().Seq; seq++ {
			e, err := s.Entry(seq)
			if err != nil {
				return err
			}
			if strings.HasPrefix(string(e.Kind), "paper.") {
				all = append(all, e.Kind)
			}
		}
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

// fate is when a program dies: before or after a commit of the spooler, or when
// so many bytes have gone to the printer.
type fate struct {
	beforeCommit int // of the spooler, counted from 1; 0: never
	afterCommit  int
	afterBytes   int
}

// life is one run of the program.
type life struct {
	fate

	mu      sync.Mutex
	dead    bool
	commits int
	bytes   int
	hangUp  func()
}

var errDead = errors.New("the program is dead")

func (l *life) die() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dieLocked()
}

func (l *life) dieLocked() {
	l.dead = true
	if l.hangUp != nil {
		l.hangUp()
	}
}

func (l *life) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dead
}

// mortalBook is the ledger as the spooler sees it.
type mortalBook struct {
	*ledger.Book
	life *life
}

func (b *mortalBook) Commit(ctx context.Context, c ledger.Command) ([]ledger.Entry, error) {
	l := b.life
	l.mu.Lock()
	l.commits++
	if l.commits == l.beforeCommit {
		l.dieLocked()
	}
	dead, last := l.dead, l.commits == l.afterCommit
	l.mu.Unlock()
	if dead {
		return nil, errDead
	}
	entries, err := b.Book.Commit(ctx, c)
	if last {
		l.die()
		return nil, errDead
	}
	return entries, err
}

// mortalPort is the line to the printer as the session sees it.
type mortalPort struct {
	link.Port
	life *life
}

func (p *mortalPort) Write(b []byte) (int, error) {
	l := p.life
	l.mu.Lock()
	if l.hangUp == nil {
		l.hangUp = func() { _ = p.Port.Close() }
	}
	dead := l.dead
	if !dead && l.afterBytes > 0 && l.bytes+len(b) > l.afterBytes {
		b = b[:l.afterBytes-l.bytes]
	}
	l.bytes += len(b)
	last := !dead && l.afterBytes > 0 && l.bytes == l.afterBytes
	l.mu.Unlock()
	if dead {
		return 0, link.ErrGone
	}
	n, err := p.Port.Write(b)
	if last {
		l.die()
		return n, link.ErrGone
	}
	return n, err
}
