package meter

import (
	"context"
	"time"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// timed is a store whose answers are timed.
type timed struct {
	store.Store
	m *Meter
}

// Store times a store.
func (m *Meter) Store(s store.Store) store.Store { return timed{s, m} }

func (t timed) time(op string) func() {
	began := time.Now()
	return func() { t.m.store.WithLabelValues(op).Observe(time.Since(began).Seconds()) }
}

func (t timed) Enrol(ctx context.Context, first ledger.Entry) (store.Log, error) {
	defer t.time("enrol")()
	return t.Store.Enrol(ctx, first)
}

func (t timed) Append(ctx context.Context, batch wire.Batch) (store.Log, error) {
	defer t.time("append")()
	return t.Store.Append(ctx, batch)
}

func (t timed) Keep(ctx context.Context, batch wire.Batch, reason wire.Problem) error {
	defer t.time("keep")()
	return t.Store.Keep(ctx, batch, reason)
}

func (t timed) Extend(ctx context.Context, id ledger.LogID, entries []ledger.Entry) (store.Log, error) {
	defer t.time("extend")()
	return t.Store.Extend(ctx, id, entries)
}

func (t timed) Log(ctx context.Context, id ledger.LogID) (store.Log, error) {
	defer t.time("log")()
	return t.Store.Log(ctx, id)
}

func (t timed) Logs(ctx context.Context) ([]store.Log, error) {
	defer t.time("logs")()
	return t.Store.Logs(ctx)
}

func (t timed) Entries(ctx context.Context, id ledger.LogID, from uint64, limit int) ([]store.Stored, error) {
	defer t.time("entries")()
	return t.Store.Entries(ctx, id, from, limit)
}

func (t timed) Before(ctx context.Context, id ledger.LogID, before uint64, limit int) ([]store.Stored, error) {
	defer t.time("before")()
	return t.Store.Before(ctx, id, before, limit)
}
