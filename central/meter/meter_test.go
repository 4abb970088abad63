package meter_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"gatehouse/central/meter"
	"gatehouse/central/store"
	"gatehouse/ledger"
	"gatehouse/sync/wire"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// look is what Prometheus reads.
func look(t *testing.T, m *meter.Meter) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func has(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("no line %q", line)
		}
	}
}

// row is a store with logs and nothing else.
type row struct {
	store.Store
	logs []store.Log
	err  error
}

func (r *row) Logs(context.Context) ([]store.Log, error) { return r.logs, r.err }

func (r *row) Append(context.Context, wire.Batch) (store.Log, error) { return store.Log{}, r.err }

// id numbers a log so that its first letters differ.
func id(n int) (id ledger.LogID) {
	binary.BigEndian.PutUint32(id[:], uint32(n))
	return id
}

func TestWhatHappensAtTheDoorIsCounted(t *testing.T) {
	m := meter.New()
	m.Taken(100, 7000, 3*time.Millisecond)
	m.Taken(1, 300, 40*time.Second)
	m.Refused(wire.ProblemFork)
	m.Refused(wire.ProblemFork)
	m.Refused(wire.ProblemGap)
	m.Limited()
	m.Letter("sent")
	text := look(t, m)
	has(t, text, "gatehouse_batches_total 2", "gatehouse_entries_total 101", "gatehouse_batch_bytes_total 7300",
		`gatehouse_problems_total{problem="fork"} 2`, `gatehouse_problems_total{problem="gap"} 1`, "gatehouse_rate_limited_total 1",
		`gatehouse_letters_total{result="sent"} 1`, "gatehouse_ack_seconds_count 2", `gatehouse_ack_seconds_bucket{le="+Inf"} 2`,
		`gatehouse_ack_seconds_bucket{le="0.00390625"} 1`)
	for _, want := range []string{"go_goroutines ", "process_open_fds ", "go_build_info"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestTheStoreIsTimed(t *testing.T) {
	m := meter.New()
	s := m.Store(&row{err: errors.New("away")})
	for range 3 {
		if _, err := s.Append(t.Context(), wire.Batch{}); err == nil {
			t.Error("the error is lost")
		}
	}
	s.Logs(t.Context())
	has(t, look(t, m), `gatehouse_store_seconds_count{op="append"} 3`, `gatehouse_store_seconds_count{op="logs"} 1`)
}

func TestEachStationsHeadHasAnAge(t *testing.T) {
	m := meter.New()
	s := &row{logs: []store.Log{
		{ID: id(1), Identity: ledger.Identity{Station: "A1"}, Received: noon.Add(-90 * time.Second)},
		{ID: id(2), Identity: ledger.Identity{Station: "A1"}, Received: noon.Add(-time.Hour), Evidence: 3},
		{ID: id(3), Identity: ledger.Identity{Station: "K1"}, Received: noon.Add(time.Minute)}, // a clock put back
		{ID: id(4), Identity: ledger.Identity{Station: "CENTRAL"}, Received: noon},
	}}
	m.Stations(s, id(4), func() time.Time { return noon })
	text := look(t, m)
	has(t, text, `gatehouse_station_head_age_seconds{log="00000001",station="A1"} 90`, `gatehouse_station_head_age_seconds{log="00000002",station="A1"} 3600`,
		`gatehouse_station_head_age_seconds{log="00000003",station="K1"} 0`, "gatehouse_stations 3", "gatehouse_evidence 3", "gatehouse_stations_unlisted 0", "gatehouse_store_up 1")
	if strings.Contains(text, "CENTRAL") {
		t.Error("central is listed as a station")
	}
	s.err = errors.New("away")
	has(t, look(t, m), "gatehouse_store_up 0")
}

// TestManyStationsDoNotFloodPrometheus: those that wrote last are listed.
func TestManyStationsDoNotFloodPrometheus(t *testing.T) {
	m := meter.New()
	s := &row{}
	for n := range 5000 {
		s.logs = append(s.logs, store.Log{ID: id(n), Identity: ledger.Identity{Station: ledger.StationID(fmt.Sprint("A", n))}, Received: noon.Add(time.Duration(n) * time.Second)})
	}
	m.Stations(s, id(9999), func() time.Time { return noon.Add(5000 * time.Second) })
	text := look(t, m)
	if n := strings.Count(text, "gatehouse_station_head_age_seconds{"); n != meter.MaxStations {
		t.Errorf("%d stations are listed", n)
	}
	has(t, text, "gatehouse_stations_unlisted 4000", `gatehouse_station_head_age_seconds{log="00001387",station="A4999"} 1`)
}

func TestNamesAreAsPrometheusWantsThem(t *testing.T) {
	m := meter.New()
	m.Stations(&row{logs: []store.Log{{ID: id(1), Identity: ledger.Identity{Station: "A1"}}}}, id(4), nil)
	m.Refused(wire.ProblemFork)
	m.Letter("sent")
	m.Gauge("gatehouse_connections", "Open.", func() float64 { return 1 })
	problems, err := promlint.New(strings.NewReader(look(t, m))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "gatehouse_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
