package meter

import (
	"context"
	"time"

	"gatehouse/central/store"
)

// Store times a store.
func (m *Meter) Store(s store.Store) store.Store {
	return store.Around(s, func(ctx context.Context, op string) (context.Context, func(error)) {
		began := time.Now()
		return ctx, func(error) { m.store.WithLabelValues(op).Observe(time.Since(began).Seconds()) }
	})
}
