package trace

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"gatehouse/central/store"
)

// Traces are on their way to a collector. When the collector is away, those that
// find no place in a queue are dropped, and nothing waits.
type Traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// exportTime bounds how long one try to reach the collector may take.
const exportTime = 10 * time.Second

// Open makes traces for a collector that speaks OTLP over HTTP, like
// http://127.0.0.1:4318. What else it needs, like a token in a header, comes from the
// environment, as OpenTelemetry has it: OTEL_EXPORTER_OTLP_HEADERS.
func Open(ctx context.Context, endpoint, name string, log *slog.Logger) (*Traces, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return nil, errors.New("the address of the collector: want one like http://127.0.0.1:4318, without a password")
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/traces"
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(u.String()), otlptracehttp.WithTimeout(exportTime))
	if err != nil {
		return nil, fmt.Errorf("the way to the collector: %w", err)
	}
	// The library has one place for its errors, for the whole program.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces did not reach the collector", "err", err) }))
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(resource.NewSchemaless(
		attribute.String("service.name", "gatehouse-central"), attribute.String("service.instance.id", name))))
	return &Traces{provider: provider, tracer: provider.Tracer("gatehouse/central")}, nil
}

// Close sends what is still here, until ctx ends.
func (t *Traces) Close(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// Requests traces each request.
func (t *Traces) Requests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// What a sender says about traces of its own is not believed.
		ctx, span := t.tracer.Start(r.Context(), r.Method, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer),
			trace.WithAttributes(attribute.String("http.request.method", r.Method), attribute.String("url.path", clip(r.URL.Path))))
		defer span.End()
		r = r.WithContext(ctx)
		seen := &status{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(seen, r)
		if r.Pattern != "" {
			span.SetName(r.Pattern)
		}
		span.SetAttributes(attribute.Int("http.response.status_code", seen.code))
		if seen.code >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, http.StatusText(seen.code))
		}
	})
}

// maxPath is how much of a path is told, in bytes.
const maxPath = 200

func clip(path string) string { return path[:min(len(path), maxPath)] }

// Store traces what a store is asked for, as a part of the request it is for.
func (t *Traces) Store(s store.Store) store.Store {
	return store.Around(s, func(ctx context.Context, op string) (context.Context, func(error)) {
		if !trace.SpanContextFromContext(ctx).IsValid() {
			return ctx, func(error) {}
		}
		ctx, span := t.tracer.Start(ctx, "store "+op)
		return ctx, func(err error) {
			if err != nil {
				// The error's words may name what it was about.
				span.SetStatus(codes.Error, "")
			}
			span.End()
		}
	})
}

// status remembers the status of an answer.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap is for http.ResponseController.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
