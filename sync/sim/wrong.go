package sim

import (
	"context"
	"errors"

	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

// faulty is a store with a fault put into it.
type faulty struct {
	store.Store
	wrong wrongs
	said  map[ledger.LogID]ledger.Head // the highest heads that were ever said
}

// proud puts the highest head that was ever said into what is known of a log.
func (f faulty) proud(log store.Log, err error) (store.Log, error) {
	if f.wrong.proud && err == nil {
		if highest := f.said[log.ID]; highest.Seq > log.Head.Seq {
			log.Head = highest
		}
		f.said[log.ID] = log.Head
	}
	return log, err
}

func (f faulty) Enrol(ctx context.Context, first ledger.Entry) (store.Log, error) {
	return f.proud(f.Store.Enrol(ctx, first))
}

func (f faulty) Append(ctx context.Context, b wire.Batch) (store.Log, error) {
	log, err := f.Store.Append(ctx, b)
	var conflict *store.Conflict
	switch {
	case !errors.As(err, &conflict):
		return f.proud(log, err)
	case f.wrong.blind && conflict.Problem == wire.ProblemFork:
		log, err = f.Store.Log(ctx, b.Header.Log)
		log.Head.Seq, log.Head.Leaf = b.Header.From+uint64(b.Header.Count)-1, b.Header.Last
		return log, err
	case f.wrong.proud:
		conflict.Log, _ = f.proud(conflict.Log, nil)
	}
	return log, err
}

func (f faulty) Log(ctx context.Context, id ledger.LogID) (store.Log, error) {
	log, err := f.Store.Log(ctx, id)
	if highest := f.said[id]; err == nil && highest.Seq > log.Head.Seq {
		log.Head = highest
	}
	return log, err
}

func (f faulty) Evidence(ctx context.Context, id ledger.LogID) ([]store.Evidence, error) {
	if f.wrong.careless {
		return nil, nil
	}
	return f.Store.Evidence(ctx, id)
}
