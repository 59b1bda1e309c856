package warehouse

import (
	"maps"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
)

// Option changes how one statement is run.
type Option func(*statement)

// WithSettings sends ClickHouse settings with the statement, above Config.Settings.
func WithSettings(s map[string]any) Option {
	return func(q *statement) { maps.Copy(q.settings, s) }
}

// WithQueryID names the query on the server. Without it a random UUID is used.
// Two running queries cannot share an id.
func WithQueryID(id string) Option {
	return func(q *statement) { q.id = id }
}

// WithProgress calls f with running totals, several times a second, from one
// goroutine at a time. f must not block.
func WithProgress(f func(Progress)) Option {
	return func(q *statement) { q.onProgress = f }
}

// Progress holds totals of a statement so far. TotalRows is the server's
// estimate of what will be read, 0 when unknown.
type Progress struct {
	ReadRows, ReadBytes       uint64
	WrittenRows, WrittenBytes uint64
	TotalRows                 uint64
	Elapsed                   time.Duration
}

// Stats says what a finished statement did. Elapsed is measured by the client,
// from before the statement is sent. Bytes are uncompressed.
type Stats struct {
	ReadRows, ReadBytes       uint64
	WrittenRows, WrittenBytes uint64
	Elapsed                   time.Duration
}

// statement is what the options of one call come to.
type statement struct {
	id         string
	settings   map[string]any
	onProgress func(Progress)
	started    time.Time
	total      Progress
}

func newStatement(opts []Option) *statement {
	q := &statement{settings: map[string]any{}, started: time.Now()}
	for _, o := range opts {
		o(q)
	}
	if q.id == "" {
		q.id = uuid.NewString()
	}
	return q
}

// engineQueryBytes is the length from which the engine refuses a statement by itself.
const engineQueryBytes = 256 << 10

// fit makes room for a long statement: lists of ids, of tables, or a compiled model. How
// long it may be was up to whoever made it.
func (q *statement) fit(sql string) {
	if _, set := q.settings["max_query_size"]; !set && len(sql) >= engineQueryBytes {
		q.settings["max_query_size"] = len(sql) + 1
	}
}

func (q *statement) driverOptions() []clickhouse.QueryOption {
	return []clickhouse.QueryOption{
		clickhouse.WithQueryID(q.id),
		clickhouse.WithSettings(q.settings),
		clickhouse.WithProgress(q.add),
	}
}

// add sums up the increments that the server sends.
func (q *statement) add(p *clickhouse.Progress) {
	q.total.ReadRows += p.Rows
	q.total.ReadBytes += p.Bytes
	q.total.TotalRows += p.TotalRows
	q.total.WrittenRows += p.WroteRows
	q.total.WrittenBytes += p.WroteBytes
	q.total.Elapsed = time.Since(q.started)
	if q.onProgress != nil {
		q.onProgress(q.total)
	}
}

func (q *statement) stats() Stats {
	return Stats{
		ReadRows: q.total.ReadRows, ReadBytes: q.total.ReadBytes,
		WrittenRows: q.total.WrittenRows, WrittenBytes: q.total.WrittenBytes,
		Elapsed: time.Since(q.started),
	}
}
