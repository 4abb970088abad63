package meter

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gatehouse/sync/wire"
)

// Meter counts. Its methods may be called from any goroutine.
type Meter struct {
	registry *prometheus.Registry

	batches, entries, bytes prometheus.Counter
	limited                 prometheus.Counter
	problems                *prometheus.CounterVec
	letters                 *prometheus.CounterVec
	ack                     prometheus.Histogram
	store                   *prometheus.HistogramVec
}

// seconds are the bounds of the histograms: from a tenth of a millisecond to 13
// seconds.
var seconds = prometheus.ExponentialBuckets(0.0001, 2.5, 13)

// New makes a Meter with nothing counted.
func New() *Meter {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	m := &Meter{
		registry: prometheus.NewRegistry(),
		batches:  counter("gatehouse_batches_total", "Batches of entries that are on disk."),
		entries:  counter("gatehouse_entries_total", "Entries in those batches; one that was sent twice counts twice."),
		bytes:    counter("gatehouse_batch_bytes_total", "Compressed bytes of those batches."),
		limited:  counter("gatehouse_rate_limited_total", "Requests refused because their sender sends too many."),
		problems: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gatehouse_problems_total", Help: "Requests of stations that were not taken, by problem."}, []string{"problem"}),
		letters:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "gatehouse_letters_total", Help: "Mail about what a person should look at: sent, failed (it is tried again) or dropped."}, []string{"result"}),
		ack:      prometheus.NewHistogram(prometheus.HistogramOpts{Name: "gatehouse_ack_seconds", Help: "From the first byte of a batch to the answer that it is on disk.", Buckets: seconds}),
		store:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "gatehouse_store_seconds", Help: "How long the store takes, by what it is asked for.", Buckets: seconds}, []string{"op"}),
	}
	m.registry.MustRegister(m.batches, m.entries, m.bytes, m.limited, m.problems, m.letters, m.ack, m.store,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	return m
}

// Taken counts a batch that is on disk.
func (m *Meter) Taken(entries, bytes int, took time.Duration) {
	m.batches.Inc()
	m.entries.Add(float64(entries))
	m.bytes.Add(float64(bytes))
	m.ack.Observe(took.Seconds())
}

// Refused counts a request that was not taken.
func (m *Meter) Refused(p wire.Problem) { m.problems.WithLabelValues(string(p)).Inc() }

// Limited counts a request of a sender that sends too many.
func (m *Meter) Limited() { m.limited.Inc() }

// Letter counts what became of a letter: "sent", "failed" or "dropped".
func (m *Meter) Letter(result string) { m.letters.WithLabelValues(result).Inc() }

// Gauge shows a number that is asked for when somebody looks.
func (m *Meter) Gauge(name, help string, now func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, now))
}

// ServeHTTP shows what was counted, in the form of Prometheus.
func (m *Meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4}).ServeHTTP(w, r)
}
