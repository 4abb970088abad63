package book

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	random "math/rand/v2"
	"sync"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
)

// Options is what a Book is opened with.
type Options struct {
	Store  store.Store
	Signer ledger.Signer    // central's key
	Name   ledger.StationID // of this central; empty is "CENTRAL"
	Clock  ledger.Clock     // nil is time.Now
	Random io.Reader        // nil is crypto/rand
}

// Book is central's own log. Its methods may be called from any goroutine.
type Book struct {
	o   Options
	log ledger.LogID

	mu    sync.Mutex // guards what follows
	head  ledger.Head
	facts *Facts
}

// Itself is the actor of what central does without a person.
const Itself = "central"

// LogOf is the id of the log that the central with this key writes. It is made
// from the key, so that all its processes find the same one.
func LogOf(key []byte) ledger.LogID {
	sum := sha256.Sum256(append([]byte("gatehouse central log 1\x00"), key...))
	return ledger.LogID(sum[:16])
}

// Open finds central's own log, or begins it, and reads it.
func Open(ctx context.Context, o Options) (*Book, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Name == "" {
		o.Name = "CENTRAL"
	}
	if _, err := ledger.ParseStationID(string(o.Name)); err != nil {
		return nil, fmt.Errorf("central's name: %w", err)
	}
	b := &Book{o: o, log: LogOf(o.Signer.Public()), facts: newFacts()}
	if _, err := o.Store.Log(ctx, b.log); errors.Is(err, store.ErrUnknownLog) {
		if err := b.begin(ctx); err != nil {
			return nil, fmt.Errorf("begin central's own log: %w", err)
		}
	} else if err != nil {
		return nil, fmt.Errorf("open central's own log: %w", err)
	}
	if err := b.See(ctx, func(*Facts) {}); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *Book) begin(ctx context.Context) error {
	command, err := ledger.CommandIDAt(b.o.Random, b.o.Clock())
	if err != nil {
		return err
	}
	first, err := ledger.Begin(ledger.Identity{Station: b.o.Name, Log: b.log, Key: b.o.Signer.Public(), Software: "gatehouse-central 0.1"}, command, b.o.Clock())
	if err != nil {
		return err
	}
	// Another process that began it at the same moment did it for both.
	if _, err := b.o.Store.Enrol(ctx, first); !errors.Is(err, store.ErrOtherKey) {
		return err
	}
	return nil
}

// Log is the id of central's own log.
func (b *Book) Log() ledger.LogID { return b.log }

// See shows the facts as they are in the store now. read must not keep them.
func (b *Book) See(ctx context.Context, read func(*Facts)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.follow(ctx); err != nil {
		return err
	}
	read(b.facts)
	return nil
}

// follow takes in what other processes wrote.
func (b *Book) follow(ctx context.Context) error {
	log, err := b.o.Store.Log(ctx, b.log)
	if err != nil {
		return fmt.Errorf("read central's own log: %w", err)
	}
	for b.head.Seq < log.Head.Seq {
		entries, err := b.o.Store.Entries(ctx, b.log, b.head.Seq+1, 1000)
		if err != nil {
			return fmt.Errorf("read central's own log: %w", err)
		}
		if len(entries) == 0 {
			return fmt.Errorf("read central's own log: entry %d is missing", b.head.Seq+1)
		}
		for i := range entries {
			if err := b.take(&entries[i].Entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// take folds one entry, which must follow.
func (b *Book) take(e *ledger.Entry) error {
	if e.Seq != b.head.Seq+1 || e.Prev != b.head.Leaf {
		return fmt.Errorf("central's own log is damaged: entry %d does not follow entry %d", e.Seq, b.head.Seq)
	}
	if err := b.facts.fold(e); err != nil {
		return fmt.Errorf("central's own log: %w", err)
	}
	b.head = ledger.Head{Seq: e.Seq, Leaf: e.Leaf, Totals: e.Totals}
	return nil
}

// maxTries is how often an act is checked again because somebody else acted
// meanwhile; most of them after maxRest at the longest, so for some seconds.
const (
	maxTries = 100
	maxRest  = 100 * time.Millisecond
)

// stepAside waits a moment of random length before the next try, longer at
// most the more tries were in vain, so that of many processes none always loses.
func stepAside(ctx context.Context, tries int) error {
	longest := min(time.Millisecond<<min(tries, 10), maxRest)
	rest := time.NewTimer(random.N(longest))
	defer rest.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("enter an act: %w", ctx.Err())
	case <-rest.C:
		return nil
	}
}

// Do carries out an act: decide checks its rule against the facts and says what
// is to be entered. It may be called again, when another process acted
// meanwhile. Its refusal is Do's error; then nothing was stored. So is deciding
// nothing.
func (b *Book) Do(ctx context.Context, actor string, decide func(*Facts) ([]ledger.Draft, error)) ([]ledger.Entry, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	command, err := ledger.CommandIDAt(b.o.Random, b.o.Clock())
	if err != nil {
		return nil, err
	}
	for tries := range maxTries {
		if err := b.follow(ctx); err != nil {
			return nil, err
		}
		drafts, err := decide(b.facts)
		if err != nil || len(drafts) == 0 {
			return nil, err
		}
		entries, err := ledger.Continue(b.log, b.head, ledger.Act{ID: command, Actor: actor, At: b.o.Clock(), Drafts: drafts})
		if err != nil {
			return nil, fmt.Errorf("enter an act: %w", err)
		}
		switch _, err := b.o.Store.Extend(ctx, b.log, entries); {
		case errors.Is(err, store.ErrMoved):
			if err := stepAside(ctx, tries); err != nil {
				return nil, err
			}
			continue
		case err != nil:
			// It is not known whether it was stored; the next reading shows it.
			return nil, fmt.Errorf("enter an act: %w", err)
		}
		for i := range entries {
			if err := b.take(&entries[i]); err != nil {
				return nil, err
			}
		}
		return entries, nil
	}
	return nil, fmt.Errorf("enter an act: %w", store.ErrMoved)
}

// now is the time of an act, for rules about time.
func (b *Book) now() time.Time { return b.o.Clock().UTC() }
