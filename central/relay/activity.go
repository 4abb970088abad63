package relay

import (
	"context"
	"crypto/ed25519"

	"gatehouse/central/activity"
	"gatehouse/sync/wire"
)

// Activity tells the stations of an office what the others of it did, with or without a
// line, and what upstream tells of the rest.
func (r *Relay) Activity(from *References) *activity.Board {
	// Marks are asked for by one at a time, apart from the pieces of reference data.
	asker := wire.Asker{URL: r.o.Upstream, Client: r.o.Client, Signer: r.o.Signer, Log: r.o.Own, Clock: r.o.Clock}
	return activity.New(activity.Options{
		Store:    r,
		Manifest: from.Manifest,
		Key:      func() ed25519.PublicKey { return r.upstreamKey() },
		Upstream: func(ctx context.Context, after string) (wire.Activity, error) {
			content, err := asker.Get(ctx, wire.ActivityPath(after), "", wire.MaxActivity)
			if err != nil {
				return wire.Activity{}, err
			}
			return wire.ReadActivity(content)
		},
		Clock: r.o.Clock,
		Log:   r.o.Log,
	})
}
