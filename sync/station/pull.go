package station

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Shelf is where a station keeps its reference data: desk.Live, in the words of the
// protocol.
type Shelf interface {
	// Have is the version of a feed that is in use; 0 is none.
	Have(feed string) uint64
	// Replace puts a fresh set in the place of the one in use. What goes wrong changes
	// nothing.
	Replace(ctx context.Context, fresh []Fresh) error
	// Look takes over a set that another program of this machine put there, and says
	// whether there was one.
	Look() (bool, error)
}

// Fresh is a version of a feed that is here as a whole.
type Fresh struct {
	Manifest wire.Manifest
	Records  iter.Seq2[wire.Record, error] // in the order of their keys; may be walked again
}

// PullState is what the screen shows about reference data.
type PullState struct {
	Asked    time.Time // when central last said what is in force; zero for never
	Fetched  uint64    // bytes of a fresh set that are here
	Total    uint64    // bytes of it in all; 0: no fresh one is known
	Building bool      // all is here, and the set is being made
	Replaced uint64    // how many sets took the place of the one before, since the start
	Heard    uint64    // how often something was heard of other stations' payments, since the start
	Code     string    // what is wrong, for ui/words; empty if nothing
	Err      string    // the same as an English sentence; empty if nothing
}

// The codes of PullState, besides those of State.
const (
	CodeReferenceOlder  = "sync.reference_older"   // central gives an older version than is here
	CodeReferenceTooNew = "sync.reference_too_new" // what central gives is for a later program
	CodeReferenceBroken = "sync.reference_broken"  // a set could not be made of what central gives
)

// PullOptions is what a Puller is made of.
type PullOptions struct {
	Feeds  []string
	Folder string // for chunks; made if it is not there
	Shelf  Shelf
	// Hears is told of payments at other stations; nil does not ask. anew says that
	// those told before are to be forgotten.
	Hears func(anew bool, paid []wire.Paid)
}

// Puller fetches reference data from where its Follower carries the ledger to.
type Puller struct {
	board[PullState]
	o       PullOptions
	carrier *Follower
	chunks  *wire.Chunks
	cache   cache
	nudge   chan struct{}

	// Run's goroutine's:
	sources []*source
	here    patience // after what failed before any of them was asked
	teller  *source  // of payments
	mark    string   // of what it told
}

// source is one address that reference data may come from.
type source struct {
	patience
	asker wire.Asker
}

// NewPuller makes a Puller beside a Follower, whose addresses, clock and trust it
// shares. It does nothing until Run.
func NewPuller(carrier *Follower, o PullOptions) (*Puller, error) {
	chunks, err := wire.NewChunks()
	if err != nil {
		return nil, err
	}
	p := &Puller{board: newBoard[PullState](), o: o, carrier: carrier, chunks: chunks, cache: cache{o.Folder}, nudge: make(chan struct{}, 1)}
	for _, feed := range o.Feeds {
		if err := wire.CheckFeed(feed); err != nil {
			return nil, err
		}
	}
	for _, address := range append([]string{carrier.o.URL}, carrier.o.Others...) {
		p.sources = append(p.sources, &source{asker: wire.Asker{URL: address, Client: carrier.o.Client, Clock: carrier.o.Clock}})
	}
	return p, nil
}

// TryNow ends a pause between two tries.
func (p *Puller) TryNow() { poke(p.nudge) }

// Run fetches what central has, and asks again at every heartbeat, until ctx ends. It
// is called once. What goes wrong is in State, and tried again.
func (p *Puller) Run(ctx context.Context, book *ledger.Book) {
	for _, s := range p.sources {
		s.asker.Signer, s.asker.Log = book.Signer(), book.Identity().Log
	}
	links, end := p.carrier.Subscribe()
	defer end()
	for ctx.Err() == nil {
		err := p.round(ctx)
		if ctx.Err() != nil {
			return
		}
		pause := Heartbeat
		if err != nil {
			now := p.carrier.o.Clock()
			pause = max(p.here.left(now), soonest(p.sources, now), FirstRetry)
		}
		p.show(err)
		p.rest(ctx, pause, links)
	}
}

// rest waits; shorter if central is reached again, or met at last.
func (p *Puller) rest(ctx context.Context, d time.Duration, links <-chan State) {
	online, met := p.carrier.State().Online, p.carrier.CentralKey() != nil
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case s := <-links:
			if s.Online && !online || !met && p.carrier.CentralKey() != nil {
				return
			}
			online = s.Online
		case <-p.nudge:
			for _, s := range p.sources {
				s.next = time.Time{}
			}
			return
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (p *Puller) show(err error) {
	p.change(func(s *PullState) {
		s.Building, s.Code, s.Err = false, "", ""
		if err == nil {
			s.Fetched, s.Total = 0, 0
			return
		}
		t := asTrouble(err)
		s.Code, s.Err = t.code, t.text
	})
	if err != nil {
		p.carrier.o.Log.Warn("no reference data fetched", "code", asTrouble(err).code, "err", err)
	}
}

// round takes over what another program of this machine fetched, and what central has.
func (p *Puller) round(ctx context.Context) error {
	unlock, mine, err := p.ready()
	if err != nil {
		p.here.failed(p.carrier.o.Clock(), err, p.carrier.o.Random)
		return err
	}
	p.here = patience{}
	if !mine {
		return nil // another program fetches
	}
	defer unlock()
	return p.fetch(ctx)
}

// ready looks at the shelf, and locks the folder unless another program has it.
func (p *Puller) ready() (unlock func(), mine bool, err error) {
	fresh, err := p.o.Shelf.Look()
	if err != nil {
		return nil, false, brokenSet(err)
	}
	if fresh {
		p.change(func(s *PullState) { s.Replaced++ })
	}
	if p.carrier.CentralKey() == nil {
		return nil, false, &trouble{code: CodeNotEnrolled, text: "Central does not know this station yet, and gives it no customers."}
	}
	if unlock, mine, err = p.cache.lock(); err != nil {
		return nil, false, brokenSet(err)
	}
	return unlock, mine, nil
}

// fetch asks what is in force, with the first address that answers, and takes it over.
func (p *Puller) fetch(ctx context.Context) error {
	now := p.carrier.o.Clock()
	least := soonest(p.sources, now)
	for _, s := range p.sources {
		if s.left(now) > least {
			continue
		}
		err := p.hear(ctx, s)
		if err == nil {
			err = p.take(ctx, s)
		}
		if err == nil {
			s.patience = patience{}
			p.change(func(s *PullState) { s.Asked = p.carrier.o.Clock() })
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
		s.failed(p.carrier.o.Clock(), err, p.carrier.o.Random)
	}
	return p.sources[0].err
}

// take fetches what is newer than what is here, and has the set made.
func (p *Puller) take(ctx context.Context, s *source) error {
	var wanted []wire.Manifest
	var older error
	for _, feed := range p.o.Feeds {
		m, found, err := p.manifest(ctx, s, feed)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		switch have := p.o.Shelf.Have(feed); {
		case m.Version > have:
			wanted = append(wanted, m)
		case m.Version < have:
			older = &trouble{code: CodeReferenceOlder, reached: true, cause: fmt.Errorf("version %d of %s, here is %d", m.Version, feed, have),
				text: "Central gives older customers or staff than this station has. Those here stay; ask the person who runs central."}
		}
	}
	if len(wanted) == 0 {
		return older
	}
	if err := p.fetchAll(ctx, s, wanted); err != nil {
		return err
	}
	if err := p.replace(ctx, wanted); err != nil {
		return err
	}
	return older
}

// fetchAll fetches the chunks that are not here, one after the other.
func (p *Puller) fetchAll(ctx context.Context, s *source, wanted []wire.Manifest) error {
	var missing []wire.Chunk
	var total, here uint64
	for _, m := range wanted {
		for _, c := range m.Chunks() {
			total += uint64(c.Size)
			if p.cache.has(c) {
				here += uint64(c.Size)
			} else {
				missing = append(missing, c)
			}
		}
	}
	p.change(func(s *PullState) { s.Fetched, s.Total = here, total })
	for _, c := range missing {
		answer, err := p.get(ctx, s, wire.ChunkPath(c.Hash), "", int64(c.Size))
		if err != nil {
			return err
		}
		if uint32(len(answer)) != c.Size || wire.HashOf(answer) != c.Hash {
			return badAnswer(fmt.Errorf("chunk %s came as %d other bytes", c.Hash, len(answer)))
		}
		if err := p.cache.put(c.Hash.String(), answer); err != nil {
			return brokenSet(err)
		}
		here += uint64(c.Size)
		p.change(func(s *PullState) { s.Fetched = here })
	}
	return nil
}

// replace has the set made and forgets what it does not need any more.
func (p *Puller) replace(ctx context.Context, wanted []wire.Manifest) error {
	p.change(func(s *PullState) { s.Building = true })
	var fresh []Fresh
	for _, m := range wanted {
		fresh = append(fresh, Fresh{m, p.chunks.Merge(m, p.cache.read)})
	}
	if err := p.o.Shelf.Replace(ctx, fresh); err != nil {
		// A chunk whose bytes changed on disk is fetched again next time.
		return errors.Join(brokenSet(err), p.cache.check(wanted))
	}
	p.change(func(s *PullState) { s.Replaced++ })
	for _, m := range wanted {
		p.carrier.o.Log.Info("reference data replaced", "feed", m.Feed, "version", m.Version, "records", m.Records, "bytes", m.Size())
	}
	return p.cache.sweep(p.o.Feeds, p.carrier.CentralKey())
}

func brokenSet(cause error) *trouble {
	if errors.Is(cause, ledger.ErrTooNew) {
		return tooNew(cause)
	}
	return &trouble{code: CodeReferenceBroken, reached: true, cause: cause,
		text: "Fresh customers or staff could not be put in place. Those of before are in use."}
}

func tooNew(cause error) *trouble {
	return &trouble{code: CodeReferenceTooNew, reached: true, cause: cause,
		text: "Central gives customers or staff for a later version of this program. Those of before are in use; bring this station up to date."}
}

// manifest asks for the manifest in force. One that was kept is not sent again.
func (p *Puller) manifest(ctx context.Context, s *source, feed string) (m wire.Manifest, found bool, err error) {
	kept := p.cache.manifest(feed)
	tag := ""
	if kept != nil {
		tag = wire.HashOf(kept).String()
	}
	signed, err := p.get(ctx, s, wire.ManifestPath(feed), tag, wire.MaxManifest)
	switch {
	case errors.Is(err, wire.ErrNoReference):
		return m, false, nil
	case errors.Is(err, wire.ErrSame):
		signed = kept
	case err != nil:
		return m, false, err
	}
	m, err = wire.OpenManifest(p.carrier.CentralKey(), signed)
	switch {
	case errors.Is(err, wire.ErrSignature):
		return m, false, otherKey(err)
	case errors.Is(err, ledger.ErrTooNew):
		return m, false, tooNew(err)
	case err == nil && m.Feed != feed:
		err = fmt.Errorf("the manifest is of %s, not of %s", m.Feed, feed)
	}
	if err != nil {
		return m, false, badAnswer(err)
	}
	if err := p.cache.putManifest(feed, signed); err != nil {
		return m, false, brokenSet(err)
	}
	return m, true, nil
}

// get asks a source for something that takes a token.
func (p *Puller) get(ctx context.Context, s *source, path, tag string, most int64) ([]byte, error) {
	content, err := s.asker.Get(ctx, path, tag, most)
	var no *wire.Refused
	switch {
	case err == nil, errors.Is(err, wire.ErrSame), errors.Is(err, wire.ErrNoReference):
		return content, err
	case errors.As(err, &no):
		t := refused(no.Answer)
		t.after = no.After
		return nil, t
	case errors.Is(err, wire.ErrSize), errors.Is(err, wire.ErrMalformed):
		return nil, badAnswer(err)
	}
	return nil, unreachable(err)
}
