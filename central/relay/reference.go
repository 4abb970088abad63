package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// References gives the stations of an office the reference data of the real central:
// each piece crosses the line once, and what has crossed is there without a line. A
// relay cannot sign; what it gives, stations check by central's signature.
type References struct {
	relay *Relay

	// turn holds one token while upstream is asked: the line is thin, and one asks at a
	// time. It guards what follows.
	turn   chan struct{}
	asker  wire.Asker
	asked  map[string]time.Time // when upstream was asked for a feed
	failed time.Time            // when it did not answer
	chunks map[wire.Hash]bool   // that the kept manifests name; nil: not read yet
}

// How often upstream is asked for what many stations ask for.
const (
	askEvery   = wire.Heartbeat / 2
	failedFor  = wire.Heartbeat
	keepUnused = 24 * time.Hour // a station may be in the middle of an older version
)

// feedRelayed is what pieces of upstream are kept under in the relay's store.
const feedRelayed = "relayed"

// References makes the stock of a relay's reference data.
func (r *Relay) References() *References {
	return &References{relay: r, turn: make(chan struct{}, 1), asked: map[string]time.Time{},
		asker: wire.Asker{URL: r.o.Upstream, Client: r.o.Client, Signer: r.o.Signer, Log: r.o.Own, Clock: r.o.Clock}}
}

// take waits for one's turn, as long as ctx lasts.
func (s *References) take(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *References) leave() { <-s.turn }

// Manifest is the manifest of a feed that upstream has in force, or the last that was
// seen where upstream does not answer.
func (s *References) Manifest(ctx context.Context, feed string) ([]byte, wire.Hash, error) {
	if err := s.take(ctx); err != nil {
		return nil, wire.Hash{}, err
	}
	defer s.leave()
	kept, err := s.relay.box.value(bucketManifests, []byte(feed))
	if err != nil {
		return nil, wire.Hash{}, err
	}
	if now := s.relay.o.Clock(); now.Sub(s.asked[feed]).Abs() >= askEvery && now.Sub(s.failed).Abs() >= failedFor {
		fresh, err := s.ask(ctx, feed, kept)
		if err != nil {
			s.failed = now
			s.relay.o.Log.Warn("upstream gives no reference data; what is here is given", "feed", feed, "err", err)
		} else {
			s.asked[feed], kept = now, fresh
		}
	}
	if kept == nil {
		return nil, wire.Hash{}, store.ErrNoBlob
	}
	return kept, wire.HashOf(kept), nil
}

// ask asks upstream for a manifest, and keeps it if upstream signed it.
func (s *References) ask(ctx context.Context, feed string, kept []byte) ([]byte, error) {
	key := s.relay.upstreamKey()
	if key == nil {
		return nil, errors.New("upstream does not know this relay yet")
	}
	tag := ""
	if kept != nil {
		tag = wire.HashOf(kept).String()
	}
	signed, err := s.asker.Get(ctx, wire.ManifestPath(feed), tag, wire.MaxManifest)
	switch {
	case errors.Is(err, wire.ErrSame), errors.Is(err, wire.ErrNoReference):
		return kept, nil
	case err != nil:
		return nil, err
	}
	// A manifest for later stations is theirs to refuse.
	if m, err := wire.OpenManifest(key, signed); err != nil && !errors.Is(err, ledger.ErrTooNew) {
		return nil, err
	} else if m.Feed != feed {
		return nil, fmt.Errorf("the manifest is of %q, not of %q", m.Feed, feed)
	}
	if err := s.relay.box.setValue(bucketManifests, []byte(feed), signed); err != nil {
		return nil, err
	}
	if err := s.list(); err != nil {
		return nil, err
	}
	names := make([]wire.Hash, 0, len(s.chunks))
	for name := range s.chunks {
		names = append(names, name)
	}
	_, err = s.relay.Store.DropBlobs(ctx, feedRelayed, names, s.relay.o.Clock().Add(-keepUnused))
	return signed, err
}

// list notes what the kept manifests name. Only that is fetched for stations.
func (s *References) list() error {
	all, err := s.relay.box.values(bucketManifests)
	if err != nil {
		return err
	}
	s.chunks = map[wire.Hash]bool{}
	for _, signed := range all {
		m, err := wire.OpenManifest(s.relay.upstreamKey(), signed)
		if err != nil && !errors.Is(err, ledger.ErrTooNew) {
			continue
		}
		for _, c := range slices.Concat(m.Layers...) {
			s.chunks[c.Hash] = true
		}
	}
	return nil
}

// Chunk is a piece that crossed the line before, or is fetched now.
func (s *References) Chunk(ctx context.Context, name wire.Hash) ([]byte, error) {
	if packed, err := s.relay.Store.Blob(ctx, name); !errors.Is(err, store.ErrNoBlob) {
		return packed, err
	}
	if err := s.take(ctx); err != nil {
		return nil, err
	}
	defer s.leave()
	// Another station may have asked for it meanwhile.
	if packed, err := s.relay.Store.Blob(ctx, name); !errors.Is(err, store.ErrNoBlob) {
		return packed, err
	}
	if s.chunks == nil {
		if err := s.list(); err != nil {
			return nil, err
		}
	}
	if !s.chunks[name] {
		return nil, store.ErrNoBlob
	}
	packed, err := s.asker.Get(ctx, wire.ChunkPath(name), "", wire.MaxChunkPacked)
	if errors.Is(err, wire.ErrNoReference) {
		return nil, store.ErrNoBlob
	}
	if err != nil {
		return nil, fmt.Errorf("ask upstream for a chunk: %w", err)
	}
	if wire.HashOf(packed) != name {
		return nil, fmt.Errorf("upstream's chunk %s has other bytes", name)
	}
	_, err = s.relay.Store.PutBlob(ctx, feedRelayed, packed)
	return packed, err
}
