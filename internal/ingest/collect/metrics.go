package collect

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/event"
)

// metrics are what /metrics tells.
type metrics struct {
	accepted *prometheus.CounterVec
	rejected *prometheus.CounterVec
	ignored  *prometheus.CounterVec
	requests *prometheus.HistogramVec
	publish  *prometheus.HistogramVec
	failures *prometheus.CounterVec
	damaged  prometheus.Counter
	busy     prometheus.Gauge
}

// seconds are the bounds of histograms, from a confirmation on loopback to a
// request that runs into its limits.
var seconds = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

const prefix = "tiendi_collect_"

func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, labels)
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: prefix + name, Help: help, Buckets: seconds}, labels)
	}
	m := &metrics{
		accepted: counter("events_accepted_total", "Events that are confirmed by the broker or lie in the spool.", "source"),
		rejected: counter("events_rejected_total", "Events that were refused and kept as rejected.", "source", "reason"),
		ignored:  counter("messages_ignored_total", "Messages that carry no event, such as identify calls.", "source"),
		requests: histogram("request_duration_seconds", "From a request's headers to its answer.", "route", "code"),
		publish:  histogram("publish_duration_seconds", "From sending a batch to its confirmation.", "topic"),
		failures: counter("publish_failures_total", "Batches that the broker did not confirm; they go to the spool.", "topic"),
		damaged:  prometheus.NewCounter(prometheus.CounterOpts{Name: prefix + "spool_damaged_total", Help: "Spool files that could not be read and were set aside."}),
		busy:     prometheus.NewGauge(prometheus.GaugeOpts{Name: prefix + "requests_in_flight", Help: "Requests under way."}),
	}
	return m, register(registry, m.accepted, m.rejected, m.ignored, m.requests, m.publish, m.failures, m.damaged, m.busy)
}

// watch adds what is read when somebody asks.
func (m *metrics) watch(registry *prometheus.Registry, inFlight *budget, s *spool) error {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: prefix + name, Help: help}, value)
	}
	return register(registry,
		gauge("in_flight_bytes", "Bytes of requests and events that are under way.", func() float64 { return float64(inFlight.used.Load()) }),
		gauge("spool_bytes", "Bytes on disk that wait for the broker.", func() float64 { return float64(s.bytes.used.Load()) }),
		gauge("spool_limit_bytes", "Bytes that the spool may have.", func() float64 { return float64(s.bytes.limit) }),
		gauge("spool_records", "Batches on disk that wait for the broker.", func() float64 { return float64(s.records.Load()) }),
	)
}

func register(registry *prometheus.Registry, all ...prometheus.Collector) error {
	for _, one := range all {
		if err := registry.Register(one); err != nil {
			return err
		}
	}
	return nil
}

func (m *metrics) published(topic string, took time.Duration, err error) {
	if err != nil {
		m.failures.WithLabelValues(topic).Inc()
		return
	}
	m.publish.WithLabelValues(topic).Observe(took.Seconds())
}

func (m *metrics) answered(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *metrics) counted(source string, a *answer) {
	m.accepted.WithLabelValues(source).Add(float64(a.Accepted))
	if a.Ignored > 0 {
		m.ignored.WithLabelValues(source).Add(float64(a.Ignored))
	}
	byReason := map[event.Reason]int{}
	for _, r := range a.Rejected {
		byReason[r.Reason]++
	}
	for reason, n := range byReason {
		m.rejected.WithLabelValues(source, string(reason)).Add(float64(n))
	}
}
