package station

import (
	"context"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Begin, Turn and End are what Run is made of, for a program that keeps time
// itself: a simulation. One goroutine calls them, and not Run besides.

// Rest is what a follower waits for between two turns.
type Rest struct {
	For         time.Duration
	UntilGrowth bool // the ledger's growth ends it
}

// Begin takes up the book, with what is remembered of central.
func (f *Follower) Begin(book *ledger.Book) {
	f.book = book
	f.recall()
	f.showKey()
	f.count()
}

// Turn is one try to bring central to the end of the ledger, or to show it this
// side of a fork. grew says that the rest before was ended by the ledger's
// growth; otherwise central is asked even if there is nothing to send. Nothing
// it meets is an error to its caller: what is wrong is in State.
func (f *Follower) Turn(ctx context.Context, grew bool) Rest {
	if f.State().Fork {
		if err := f.prove(ctx); err != nil {
			return f.again(asTrouble(err).after)
		}
		f.misses = 0
		return Rest{For: showAgain}
	}
	if !grew {
		f.fresh = false
	}
	err := f.round(ctx)
	if ctx.Err() != nil {
		return Rest{}
	}
	f.showKey()
	f.show(err)
	if err == nil {
		f.remember(false)
		return Rest{For: f.heartbeat(), UntilGrowth: true}
	}
	f.fresh = false
	return Rest{For: max(soonest(f.peers, f.o.Clock()), FirstRetry)}
}

// again is the pause after a fork could not be shown, besides what central asked for.
func (f *Follower) again(asked time.Duration) Rest {
	pause := wire.Pause(f.misses, f.o.Random)
	f.misses++
	return Rest{For: asked + pause}
}

// End keeps what is worth remembering of central.
func (f *Follower) End() { f.remember(true) }
