package till

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"gatehouse/desk"
	"gatehouse/desk/cash"
	"gatehouse/drivers/printer"
	"gatehouse/ledger"
	"gatehouse/paper/news"
)

// Kicker opens drawers. *printer.Session is one.
type Kicker interface {
	Kick(ctx context.Context, pin int) (printer.Outcome, error)
	Subscribe() (<-chan printer.Event, func())
}

// Desk is what takes the note of an opening nobody asked for. *desk.Desk is one.
type Desk interface {
	NewID() (ledger.CommandID, error)
	Do(ctx context.Context, o desk.Order) ([]ledger.Entry, error)
}

// Book is the ledger as it is followed. *ledger.Book is one.
type Book interface {
	Read(read func(*ledger.State) error) error
	Wait(ctx context.Context, after uint64) error
	Head() ledger.Head
}

// Drawer says where a drawer is plugged in. Where a printer has two, one switch
// serves both: an opening goes by the last kick, and in the entry of one that
// nobody asked for the first in the list is named where no kick tells.
type Drawer struct {
	ID      cash.DrawerID
	Printer Kicker
	Pin     int // of the printer's connector: 2 or 5
}

// Kick is what came of an order to open a drawer.
type Kick struct {
	Drawer  cash.DrawerID
	Of      uint64 // entry that asked for it
	Outcome printer.Outcome
	Err     error // set when no pulse was sent
}

// Options is what a follower is made of.
type Options struct {
	Book    Book
	Desk    Desk
	Drawers []Drawer
	// Kicked hears what came of each order, from a goroutine of the follower; it
	// must not block. Nil: nobody.
	Kicked func(Kick)
	After  func(time.Duration) <-chan time.Time // nil is time.After
	Log    *slog.Logger                         // nil is silent
}

const (
	// patience is how long an order to open is good for. A drawer that springs
	// open later does so beside somebody who does not expect it.
	patience = 2 * time.Second
	// tries are made, a second apart, to write that a drawer was opened.
	tries = 10
)

// Follower opens drawers until it is closed.
type Follower struct {
	o     Options
	stop  context.CancelFunc
	work  sync.WaitGroup
	board news.Board[State]

	mu     sync.Mutex
	levers []*lever
	faults map[cash.DrawerID]Fault
	told   State // last
}

// Follow begins to follow the ledger from its present end.
func Follow(o Options) (*Follower, error) {
	if o.Book == nil || o.Desk == nil {
		return nil, errors.New("follow the ledger for the drawer: it needs a ledger and a desk")
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Kicked == nil {
		o.Kicked = func(Kick) {}
	}
	ctx, stop := context.WithCancel(context.Background())
	f := &Follower{o: o, stop: stop, faults: make(map[cash.DrawerID]Fault)}
	from := o.Book.Head().Seq
	watched := make(map[Kicker]bool)
	for _, d := range o.Drawers {
		if watched[d.Printer] {
			continue
		}
		watched[d.Printer] = true
		l := &lever{printer: d.Printer}
		f.levers = append(f.levers, l)
		events, unsubscribe := d.Printer.Subscribe()
		f.work.Go(func() {
			defer unsubscribe()
			f.watch(ctx, l, d.ID, events)
		})
	}
	f.work.Go(func() { f.follow(ctx, from) })
	return f, nil
}

// Close ends the following and waits for what is under way, a few seconds at
// most. Close it before the printer and the ledger.
func (f *Follower) Close() error {
	f.stop()
	f.work.Wait()
	f.board.Close()
	return nil
}

// follow opens a drawer for each new entry that asks for it.
func (f *Follower) follow(ctx context.Context, done uint64) {
	for {
		if err := f.o.Book.Wait(ctx, done); err != nil {
			return
		}
		opens, head, err := f.opens(done)
		if err != nil {
			f.o.Log.Error("an entry cannot be read; its drawer is not opened", "after", done, "cause", err)
		}
		for _, k := range opens {
			f.open(ctx, k)
		}
		done = head
	}
}

// opens lists what the entries after one ask for, and where the ledger ends.
func (f *Follower) opens(done uint64) (all []Kick, head uint64, err error) {
	head = f.o.Book.Head().Seq
	err = f.o.Book.Read(func(s *ledger.State) error {
		for seq := done + 1; seq <= head; seq++ {
			e, err := s.Entry(seq)
			if err != nil {
				return err
			}
			drawer, opens, err := cash.Opens(&e)
			if err != nil {
				return err
			}
			if opens {
				all = append(all, Kick{Drawer: drawer, Of: seq})
			}
		}
		return nil
	})
	return all, head, err
}

// errNoDrawer: the ledger names a drawer that is not plugged in here.
var errNoDrawer = errors.New("open drawer: no printer is configured for it; use the key")

func (f *Follower) open(ctx context.Context, k Kick) {
	for _, d := range f.o.Drawers {
		if d.ID != k.Drawer {
			continue
		}
		f.work.Go(func() {
			kick, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			k.Outcome, k.Err = d.Printer.Kick(kick, d.Pin)
			f.kicked(k)
		})
		return
	}
	k.Err = errNoDrawer
	f.kicked(k)
}

// watch follows a printer's switch, and writes down openings that nobody asked
// for.
func (f *Follower) watch(ctx context.Context, l *lever, drawer cash.DrawerID, events <-chan printer.Event) {
	for {
		select {
		case e, open := <-events:
			if !open {
				return
			}
			if e.Missed > 0 {
				f.o.Log.Warn("the printer said more than could be heard", "missed", e.Missed)
			}
			f.see(l, e)
			if e.Kind == printer.UnexpectedOpen {
				f.noteUnasked(ctx, cmp.Or(f.last(l), drawer))
			}
		case <-ctx.Done():
			return
		}
	}
}

func (f *Follower) noteUnasked(ctx context.Context, drawer cash.DrawerID) {
	id, err := f.o.Desk.NewID()
	for try := 1; err == nil; try++ {
		_, err = f.o.Desk.Do(ctx, desk.Order{ID: id, By: desk.StationActor, Do: cash.NoteUnasked{Drawer: drawer}})
		if _, refused := ledger.AsRefusal(err); err == nil || refused || try == tries || ctx.Err() != nil {
			break
		}
		f.o.Log.Warn("an opening of the drawer could not be written yet", "drawer", drawer, "cause", err)
		select {
		case <-f.o.After(time.Second):
			err = nil
		case <-ctx.Done():
		}
	}
	if err != nil {
		f.o.Log.Error("an opening of the drawer that nobody asked for could not be written", "drawer", drawer, "cause", err)
	}
}
