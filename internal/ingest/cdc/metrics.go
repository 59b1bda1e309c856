package cdc

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/change"
)

// opNames are the labels of kinds of changes.
var opNames = map[change.Op]string{
	change.Read: "read", change.Insert: "insert", change.Update: "update", change.Delete: "delete", change.Truncate: "truncate",
}

// counts are what grows.
type counts struct {
	changes             *prometheus.CounterVec
	reconnects, retries prometheus.Counter
}

func newCounts() *counts {
	return &counts{
		changes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tiendi_cdc_changes_total", Help: "Changes read, by table and kind; those read again after a failure count again.",
		}, []string{"table", "op"}),
		reconnects: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tiendi_cdc_reconnects_total", Help: "Times that the source database was away or the slot in use.",
		}),
		retries: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tiendi_cdc_append_retries_total", Help: "Batches that the log did not confirm at once.",
		}),
	}
}

var (
	descConfirmed = prometheus.NewDesc("tiendi_cdc_confirmed_lsn_bytes", "Place in PostgreSQL's log up to which tiendi's log has every change.", nil, nil)
	descLagBytes  = prometheus.NewDesc("tiendi_cdc_lag_bytes", "Bytes of PostgreSQL's log that are not confirmed.", nil, nil)
	descLag       = prometheus.NewDesc("tiendi_cdc_lag_seconds", "Time since which changes may be unconfirmed.", nil, nil)
	descChunks    = prometheus.NewDesc("tiendi_cdc_snapshot_chunks", "Chunks of the snapshot, by table and state.", []string{"table", "state"}, nil)
	descSnapshot  = prometheus.NewDesc("tiendi_cdc_snapshotting", "1 while a snapshot is taken.", nil, nil)
)

// Describe implements prometheus.Collector.
func (s *Source) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descConfirmed, descLagBytes, descLag, descChunks, descSnapshot} {
		out <- d
	}
	s.counts.changes.Describe(out)
	s.counts.reconnects.Describe(out)
	s.counts.retries.Describe(out)
}

// Collect implements prometheus.Collector.
func (s *Source) Collect(out chan<- prometheus.Metric) {
	s.counts.changes.Collect(out)
	s.counts.reconnects.Collect(out)
	s.counts.retries.Collect(out)
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	s.mu.Lock()
	at, snapshot := s.place, s.taking
	s.mu.Unlock()
	if at.confirmed > 0 {
		gauge(descConfirmed, float64(at.confirmed))
		gauge(descLagBytes, float64(max(at.walEnd, at.confirmed)-at.confirmed))
	}
	if !at.caught.IsZero() {
		gauge(descLag, max(0, s.Clock().Sub(at.caught).Seconds()))
	}
	taking := 0.0
	if snapshot {
		taking = 1
	}
	gauge(descSnapshot, taking)
	for _, t := range s.Snapshot() {
		gauge(descChunks, float64(t.Done), t.Table, "done")
		gauge(descChunks, float64(t.Chunks-t.Done), t.Table, "left")
	}
}

// TableProgress is how far a table's snapshot is.
type TableProgress struct {
	Table   string `json:"table"`
	Planned bool   `json:"planned"`
	Chunks  int    `json:"chunks"` // 0 until they are planned
	Done    int    `json:"done"`
	Rows    int64  `json:"rows"` // that the log has of it
}

// Snapshot says how far the snapshot of each table is.
func (s *Source) Snapshot() (all []TableProgress) {
	s.keeper.look(func(st *state) { all = st.progress() })
	return all
}

func (s *state) progress() []TableProgress {
	all := []TableProgress{}
	if s == nil {
		return all
	}
	for _, name := range s.names() {
		m := s.Tables[name]
		p := TableProgress{Table: name, Planned: m.Planned, Chunks: len(m.Chunks), Rows: m.Rows}
		for _, c := range m.Chunks {
			if c.Done {
				p.Done++
			}
		}
		all = append(all, p)
	}
	return all
}
