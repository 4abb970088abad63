package meter

import (
	"context"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gatehouse/central/store"
	"gatehouse/ledger"
)

// MaxStations is how many stations are listed one by one.
const MaxStations = 1000

// storeTime bounds how long a look at the stations may take.
const storeTime = 10 * time.Second

// stations asks the store when somebody looks.
type stations struct {
	logs  func(context.Context) ([]store.Log, error)
	own   ledger.LogID
	clock ledger.Clock

	age, enrolled, evidence, unlisted, up *prometheus.Desc
}

// Stations shows the stations of a store: how old their heads are, and how many
// batches did not fit. Own is central's own log, which is none of them.
func (m *Meter) Stations(s store.Store, own ledger.LogID, clock ledger.Clock) {
	if clock == nil {
		clock = time.Now
	}
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	m.registry.MustRegister(&stations{logs: s.Logs, own: own, clock: clock,
		age:      desc("gatehouse_station_head_age_seconds", "Since the last fresh entry of a station came.", "station", "log"),
		enrolled: desc("gatehouse_stations", "Logs of stations that are enrolled."),
		evidence: desc("gatehouse_evidence", "Batches that did not fit and were kept apart; above zero, a person has to look."),
		unlisted: desc("gatehouse_stations_unlisted", "Stations whose head age is not listed, for there are too many."),
		up:       desc("gatehouse_store_up", "1 if the store answered just now."),
	})
}

// Describe is for the registry.
func (s *stations) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.age, s.enrolled, s.evidence, s.unlisted, s.up} {
		out <- d
	}
}

// Collect is for the registry.
func (s *stations) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), storeTime)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	logs, err := s.logs(ctx)
	if err != nil {
		gauge(s.up, 0)
		return
	}
	gauge(s.up, 1)
	logs = slices.DeleteFunc(logs, func(l store.Log) bool { return l.ID == s.own })
	var evidence uint64
	for _, l := range logs {
		evidence += l.Evidence
	}
	gauge(s.enrolled, float64(len(logs)))
	gauge(s.evidence, float64(evidence))
	gauge(s.unlisted, float64(max(0, len(logs)-MaxStations)))
	if len(logs) > MaxStations {
		slices.SortFunc(logs, func(a, b store.Log) int { return b.Received.Compare(a.Received) })
		logs = logs[:MaxStations]
	}
	now := s.clock()
	for _, l := range logs {
		// The name alone may be there twice: a desk that was set up anew.
		gauge(s.age, max(0, now.Sub(l.Received).Seconds()), string(l.Identity.Station), l.ID.String()[:8])
	}
}
