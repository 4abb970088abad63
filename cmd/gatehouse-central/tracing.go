package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"time"

	"gatehouse/central/store"
	"gatehouse/central/trace"
)

// tracing is whom central tells how long each request took.
type tracing struct{ endpoint string }

func (t *tracing) flags(flags *flag.FlagSet) {
	flags.StringVar(&t.endpoint, "otlp-endpoint", "", "`URL` of an OpenTelemetry collector that takes traces over HTTP, like http://127.0.0.1:4318; without it none are made")
}

// traced is how the store and the door are traced: not at all without a collector.
type traced struct{ *trace.Traces }

func (m *Main) traced(ctx context.Context, c config) (traced, error) {
	if c.tracing.endpoint == "" {
		return traced{}, nil
	}
	t, err := trace.Open(ctx, c.tracing.endpoint, c.name, m.Log)
	if err != nil {
		return traced{}, fmt.Errorf("--otlp-endpoint: %w", err)
	}
	return traced{t}, nil
}

func (t traced) store(s store.Store) store.Store {
	if t.Traces == nil {
		return s
	}
	return t.Store(s)
}

func (t traced) door(h http.Handler) http.Handler {
	if t.Traces == nil {
		return h
	}
	return t.Requests(h)
}

// lastTraces is how long the collector gets for what is left at the end.
const lastTraces = 5 * time.Second

// endTraces sends what is left. A collector that is away is no fault of central's end.
func (m *Main) endTraces(ctx context.Context, t traced) {
	if t.Traces == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTraces)
	defer cancel()
	if err := t.Close(ctx); err != nil {
		m.Log.Warn("the last traces did not reach the collector", "err", err)
	}
}
