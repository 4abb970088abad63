package replica

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
)

// Options is what Replicas are made of.
type Options struct {
	Store    store.Store
	Folder   string        // of the copies; made if it is not there. No other process may use it
	Views    []ledger.View // of the desk and its papers
	Location *time.Location
	Clock    ledger.Clock // nil is time.Now
	Log      *slog.Logger // nil is silent
	// Open is how many copies are kept open; the one that was not asked for
	// longest is closed first. 0 is 64.
	Open int
}

// Replicas are the copies. Their methods may be called from any goroutine.
type Replicas struct {
	o Options

	mu    sync.Mutex // guards what follows
	open  map[ledger.LogID]*copyOf
	count uint64
}

// copyOf is one copy; its lock is held while it is read or brought up to date.
type copyOf struct {
	mu   sync.Mutex
	file *ledger.Replica
	used uint64
	busy int // readers that hold or await it
}

// New makes no copy yet.
func New(o Options) (*Replicas, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Open == 0 {
		o.Open = 64
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of ledgers' copies: %w", err)
	}
	return &Replicas{o: o, open: make(map[ledger.LogID]*copyOf)}, nil
}

// step is how many entries are taken into a copy in one transaction.
const step = 2000

// Read brings the copy of a log up to the store's end and runs a function on it.
// The first reading of a long log takes as long as folding all of it. The
// function must not keep what it was given. A log that nobody enrolled is
// store.ErrUnknownLog.
func (r *Replicas) Read(ctx context.Context, log ledger.LogID, read func(*ledger.State) error) error {
	c := r.borrow(log)
	defer r.giveBack(c)
	c.mu.Lock()
	defer c.mu.Unlock()
	// Asked under the lock: a head of before another reader's would make the copy look
	// as if it were ahead of the store.
	known, err := r.o.Store.Log(ctx, log)
	if err != nil {
		return err
	}
	err = r.follow(ctx, known, c)
	var unread *unusable
	if errors.As(err, &unread) {
		r.o.Log.Warn("the copy of a ledger could not be used; making it anew", "log", log, "cause", err)
		if err := r.discard(log, c); err != nil {
			return err
		}
		err = r.follow(ctx, known, c)
	}
	if err != nil {
		return fmt.Errorf("read the ledger of station %s: %w", known.Identity.Station, err)
	}
	return c.file.Read(read)
}

// unusable says that the copy is at fault, not the store.
type unusable struct{ error }

func (u *unusable) Unwrap() error { return u.error }

func (r *Replicas) path(log ledger.LogID) string {
	return filepath.Join(r.o.Folder, log.String()+".db")
}

// follow opens the copy and takes in what the store has more, to the known head and no
// further: the station may write meanwhile.
func (r *Replicas) follow(ctx context.Context, known store.Log, c *copyOf) error {
	if c.file == nil {
		file, err := ledger.OpenReplica(ledger.ReplicaOptions{
			Path: r.path(known.ID), Views: r.o.Views, Location: r.o.Location, Clock: r.o.Clock,
		})
		if err != nil {
			return &unusable{err}
		}
		c.file = file
	}
	for c.file.Head().Seq < known.Head.Seq {
		missing := known.Head.Seq - c.file.Head().Seq
		entries, err := r.o.Store.Entries(ctx, known.ID, c.file.Head().Seq+1, int(min(step, missing)))
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return fmt.Errorf("entry %d is not in the store", c.file.Head().Seq+1)
		}
		plain := make([]ledger.Entry, len(entries))
		for i := range entries {
			plain[i] = entries[i].Entry
		}
		if err := c.file.Append(plain); err != nil {
			return &unusable{err}
		}
	}
	if c.file.Head().Seq > known.Head.Seq {
		return &unusable{errors.New("it is ahead of the store, which was restored from an older copy")}
	}
	// Nothing follows the last entry that would hold it in its place.
	if c.file.Head().Leaf != known.Head.Leaf {
		return &unusable{errors.New("its last entry is not the one that the store says is the head")}
	}
	return nil
}

func (r *Replicas) discard(log ledger.LogID, c *copyOf) error {
	if c.file != nil {
		if err := c.file.Close(); err != nil {
			r.o.Log.Warn("close the copy of a ledger", "log", log, "cause", err)
		}
		c.file = nil
	}
	if err := os.Remove(r.path(log)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the copy of a ledger: %w", err)
	}
	return nil
}

// borrow finds a copy's place and keeps it from being closed.
func (r *Replicas) borrow(log ledger.LogID) *copyOf {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.open[log]
	if c == nil {
		r.makeRoom()
		c = &copyOf{}
		r.open[log] = c
	}
	r.count++
	c.used = r.count
	c.busy++
	return c
}

func (r *Replicas) giveBack(c *copyOf) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.busy--
}

// makeRoom closes the copy that was not asked for longest, if there are as many
// as may be and one is not being read.
func (r *Replicas) makeRoom() {
	for len(r.open) >= r.o.Open {
		var oldest ledger.LogID
		var least *copyOf
		for log, c := range r.open {
			if c.busy == 0 && (least == nil || c.used < least.used) {
				oldest, least = log, c
			}
		}
		if least == nil {
			return
		}
		delete(r.open, oldest)
		if least.file != nil {
			if err := least.file.Close(); err != nil {
				r.o.Log.Warn("close the copy of a ledger", "log", oldest, "cause", err)
			}
		}
	}
}

// Close lets go of the files. Nobody may be reading.
func (r *Replicas) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all error
	for _, c := range r.open {
		if c.file != nil {
			all = errors.Join(all, c.file.Close())
		}
	}
	clear(r.open)
	return all
}
