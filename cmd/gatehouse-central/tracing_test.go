package main_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"gatehouse/central/storetest"
	"gatehouse/sync/station"
)

// TestACollectorIsTold: what is told is tested in central/trace.
func TestACollectorIsTold(t *testing.T) {
	var told atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/traces" {
			told.Add(1)
		}
	}))
	defer collector.Close()
	data := t.TempDir()
	code := issue(t, data)
	address, _, stop := running(t, data, "--otlp-endpoint", collector.URL)
	s := storetest.NewStation(t, "A1")
	f, _ := follow(t, s, station.Options{URL: "http://" + address, Code: code})
	until(t, f, "carried", carried(s))
	stop()
	if told.Load() == 0 {
		t.Error("the collector was told nothing")
	}
}

func TestACollectorThatIsAwayChangesNothing(t *testing.T) {
	collector := httptest.NewServer(http.NotFoundHandler())
	collector.Close()
	data := t.TempDir()
	code := issue(t, data)
	address, _, stop := running(t, data, "--otlp-endpoint", collector.URL)
	s := storetest.NewStation(t, "A1")
	s.Pay(t, 3, 100)
	f, _ := follow(t, s, station.Options{URL: "http://" + address, Code: code})
	until(t, f, "carried", carried(s))
	stop()
}
