package trace_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"gatehouse/central/store"
	"gatehouse/central/trace"
	"gatehouse/ledger"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// collected is a collector that keeps what it is told.
type collected struct {
	*httptest.Server
	mu    sync.Mutex
	raw   bytes.Buffer
	spans []*spans.Span
}

func newCollector(t *testing.T) *collected {
	c := &collected{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			unzipped, err := gzip.NewReader(r.Body)
			if err != nil {
				http.Error(w, "", http.StatusBadRequest)
				return
			}
			body = unzipped
		}
		text, err := io.ReadAll(body)
		var told collector.ExportTraceServiceRequest
		if err != nil || proto.Unmarshal(text, &told) != nil || r.URL.Path != "/v1/traces" {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.raw.Write(text)
		for _, from := range told.ResourceSpans {
			for _, scope := range from.ScopeSpans {
				c.spans = append(c.spans, scope.Spans...)
			}
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// one is a store with one log, that cannot list them.
type one struct{ store.Store }

func (one) Log(context.Context, ledger.LogID) (store.Log, error) { return store.Log{}, nil }
func (one) Logs(context.Context) ([]store.Log, error)            { return nil, errors.New("BLUE-HERON") }

func TestACollectorSeesARequestAndWhatTheStoreDidForIt(t *testing.T) {
	c := newCollector(t)
	traces, err := trace.Open(t.Context(), c.URL, "CENTRAL", slog.New(slog.DiscardHandler))
	must(t, err)
	kept := traces.Store(one{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/logs/{log}/head", func(w http.ResponseWriter, r *http.Request) {
		kept.Log(r.Context(), ledger.LogID{})
		kept.Logs(r.Context())
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	r := httptest.NewRequest(http.MethodGet, "/v1/logs/abc/head?code=RED-HERON", strings.NewReader("GREY-HERON"))
	r.Header.Set("Authorization", "Gatehouse PINK-HERON")
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	w := httptest.NewRecorder()
	traces.Requests(mux).ServeHTTP(w, r)
	kept.Log(t.Context(), ledger.LogID{}) // of no request
	must(t, traces.Close(t.Context()))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("answered %d", w.Code)
	}
	var names []string
	var request *spans.Span
	for _, s := range c.spans {
		names = append(names, s.Name)
		if len(s.ParentSpanId) == 0 {
			request = s
		}
	}
	slices.Sort(names)
	if want := []string{"GET /v1/logs/{log}/head", "store log", "store logs"}; !slices.Equal(names, want) {
		t.Fatalf("told %q, want %q", names, want)
	}
	if request == nil || request.Status.GetCode() != spans.Status_STATUS_CODE_ERROR {
		t.Errorf("the request is told as %v", request)
	}
	for _, s := range c.spans {
		if !bytes.Equal(s.TraceId, request.TraceId) || s != request && !bytes.Equal(s.ParentSpanId, request.SpanId) {
			t.Errorf("%s is not a part of the request", s.Name)
		}
	}
	for _, want := range []string{"gatehouse-central", "CENTRAL", "/v1/logs/abc/head"} {
		if !strings.Contains(c.raw.String(), want) {
			t.Errorf("not told: %s", want)
		}
	}
	if strings.Contains(c.raw.String(), "HERON") {
		t.Errorf("a secret was told:\n%q", c.raw.String())
	}
}

func TestWhereACollectorMayBe(t *testing.T) {
	for endpoint, ok := range map[string]bool{
		"http://127.0.0.1:4318": true, "https://collector.example/v1/traces": true,
		"": false, "127.0.0.1:4318": false, "ftp://collector.example": false, "https://name:BLUE-HERON@collector.example": false, "http://": false,
	} {
		traces, err := trace.Open(t.Context(), endpoint, "CENTRAL", slog.New(slog.DiscardHandler))
		if (err == nil) != ok || err != nil && strings.Contains(err.Error(), "HERON") {
			t.Errorf("%q: %v", endpoint, err)
		}
		if err == nil {
			must(t, traces.Close(t.Context()))
		}
	}
}
