package worker

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/stream/enrich"
)

const prefix = "tiendi_stream_"

// seconds are the bounds of histograms: writing into Redis takes milliseconds, a
// large block into ClickHouse a second.
var seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// metrics are what is counted as it happens; all else is read off the status.
type metrics struct {
	writes   *prometheus.HistogramVec
	failures *prometheus.CounterVec
}

func newMetrics() *metrics {
	return &metrics{
		writes: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: prefix + "sink_write_duration_seconds", Help: "Writing a batch into a sink.", Buckets: seconds,
		}, []string{"stage"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: prefix + "task_failures_total", Help: "Interruptions of tasks; each is tried again.",
		}, []string{"stage"}),
	}
}

// gauge is a figure of a task's status.
type gauge struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(*TaskStatus, time.Time) (float64, bool)
}

func describe(name, help string) *prometheus.Desc {
	return prometheus.NewDesc(prefix+name, help, []string{"stage", "partition"}, nil)
}

func secondsSince(t, now time.Time) (float64, bool) { return now.Sub(t).Seconds(), !t.IsZero() }

var gauges = []gauge{
	{describe("task_running", "1 while the task works, 0 while it waits for its claim or fails."), prometheus.GaugeValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) {
			if t.State == running {
				return 1, true
			}
			return 0, true
		}},
	{describe("task_events_total", "Events, or windows and sessions, that the task has taken since it began here."), prometheus.CounterValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) { return float64(t.Events), true }},
	{describe("task_lag_seconds", "Age of what the task took last, when it took it."), prometheus.GaugeValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) { return t.Lag.Seconds(), t.Lag > 0 }},
	{describe("task_lag_messages", "Messages of the log that the task has not taken yet, at most."), prometheus.GaugeValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) { return float64(t.Messages), true }},
	{describe("watermark_timestamp_seconds", "Event time of the partition."), prometheus.GaugeValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) {
			return float64(t.Watermark.UnixMilli()) / 1000, !t.Watermark.IsZero()
		}},
	{describe("checkpoint_age_seconds", "Since the task's state was saved last."), prometheus.GaugeValue,
		func(t *TaskStatus, now time.Time) (float64, bool) { return secondsSince(t.Kept, now) }},
	{describe("checkpoint_bytes", "Size of the task's state when it was saved last."), prometheus.GaugeValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) { return float64(t.Size), t.Size > 0 }},
	{describe("late_total", "Events that came too late for their window or session; the warehouse has them."), prometheus.CounterValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) { return float64(t.Late), t.Late > 0 }},
	{describe("rejected_total", "Database changes that their table could not hold, and that were set aside."), prometheus.CounterValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) { return float64(t.Rejected), t.Stage == Changes }},
	{describe("other_total", "Windows that there was no room for, and which count as other."), prometheus.CounterValue,
		func(t *TaskStatus, _ time.Time) (float64, bool) { return float64(t.Other), t.Stage == Aggregate }},
}

// enriched are the counters of the enricher.
var enriched = map[string]struct {
	desc  *prometheus.Desc
	value func(enrich.Stats) uint64
}{
	"repeated":  {describe("events_repeated_total", "Events that had been seen before and were dropped."), func(s enrich.Stats) uint64 { return s.Repeated }},
	"unsettled": {describe("events_unsettled_total", "Events older than what is remembered; only the raw table takes them."), func(s enrich.Stats) uint64 { return s.Unsettled }},
	"refused":   {describe("events_refused_total", "Lines of the raw topic that are no events."), func(s enrich.Stats) uint64 { return s.Refused }},
}

// Describe implements prometheus.Collector.
func (w *Worker) Describe(into chan<- *prometheus.Desc) { prometheus.DescribeByCollect(w, into) }

// Collect implements prometheus.Collector.
func (w *Worker) Collect(into chan<- prometheus.Metric) {
	w.metrics.writes.Collect(into)
	w.metrics.failures.Collect(into)
	now := w.options.Clock()
	for task, t := range w.status.all() {
		labels := []string{string(task.Stage), strconv.Itoa(task.Partition)}
		for _, g := range gauges {
			if value, ok := g.value(&t, now); ok {
				into <- prometheus.MustNewConstMetric(g.desc, g.kind, value, labels...)
			}
		}
		if task.Stage != Enrich {
			continue
		}
		for _, c := range enriched {
			into <- prometheus.MustNewConstMetric(c.desc, prometheus.CounterValue, float64(c.value(t.enriched)), labels...)
		}
	}
}
