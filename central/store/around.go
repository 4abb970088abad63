package store

import (
	"context"

	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// Begun is called before the store is asked for op, and returns the context for it
// and what is called with its outcome.
type Begun func(ctx context.Context, op string) (context.Context, func(error))

// Around is a store of which somebody sees each request that reads or writes logs:
// for times and traces.
func Around(s Store, begun Begun) Store { return around{s, begun} }

type around struct {
	Store
	begun Begun
}

func (a around) Enrol(ctx context.Context, first ledger.Entry) (Log, error) {
	ctx, done := a.begun(ctx, "enrol")
	log, err := a.Store.Enrol(ctx, first)
	done(err)
	return log, err
}

func (a around) Append(ctx context.Context, batch wire.Batch) (Log, error) {
	ctx, done := a.begun(ctx, "append")
	log, err := a.Store.Append(ctx, batch)
	done(err)
	return log, err
}

func (a around) Keep(ctx context.Context, batch wire.Batch, reason wire.Problem) error {
	ctx, done := a.begun(ctx, "keep")
	err := a.Store.Keep(ctx, batch, reason)
	done(err)
	return err
}

func (a around) Extend(ctx context.Context, id ledger.LogID, entries []ledger.Entry) (Log, error) {
	ctx, done := a.begun(ctx, "extend")
	log, err := a.Store.Extend(ctx, id, entries)
	done(err)
	return log, err
}

func (a around) Log(ctx context.Context, id ledger.LogID) (Log, error) {
	ctx, done := a.begun(ctx, "log")
	log, err := a.Store.Log(ctx, id)
	done(err)
	return log, err
}

func (a around) Logs(ctx context.Context) ([]Log, error) {
	ctx, done := a.begun(ctx, "logs")
	logs, err := a.Store.Logs(ctx)
	done(err)
	return logs, err
}

func (a around) Entries(ctx context.Context, id ledger.LogID, from uint64, limit int) ([]Stored, error) {
	ctx, done := a.begun(ctx, "entries")
	entries, err := a.Store.Entries(ctx, id, from, limit)
	done(err)
	return entries, err
}

func (a around) Before(ctx context.Context, id ledger.LogID, before uint64, limit int) ([]Stored, error) {
	ctx, done := a.begun(ctx, "before")
	entries, err := a.Store.Before(ctx, id, before, limit)
	done(err)
	return entries, err
}

func (a around) PutBlob(ctx context.Context, feed string, bytes []byte) (wire.Hash, error) {
	ctx, done := a.begun(ctx, "put_blob")
	name, err := a.Store.PutBlob(ctx, feed, bytes)
	done(err)
	return name, err
}

func (a around) Blob(ctx context.Context, name wire.Hash) ([]byte, error) {
	ctx, done := a.begun(ctx, "blob")
	bytes, err := a.Store.Blob(ctx, name)
	done(err)
	return bytes, err
}
