package materialize

import (
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// Spec is a node's configuration as far as building it needs, checked.
type Spec struct {
	Materialized string

	Engine                           string
	OrderBy, PartitionBy, PrimaryKey []string
	TTL                              string
	Settings, QuerySettings          map[string]any
	Indexes                          []Index
	Projections                      []Projection
	SQLHeader                        string
	SQLSecurity                      string // the clause, "" for none

	Strategy       string // append, delete_insert, insert_overwrite, microbatch
	UniqueKey      []string
	Predicates     []string
	OnSchemaChange string // ignore, fail, append_new_columns, sync_all_columns
	// Keep: the table is never replaced, since others write into it too.
	Keep bool

	Contract    bool
	Columns     []ColumnSpec // what properties say, in their order
	Constraints []string
	Docs        Docs

	EventTime, Begin, BatchSize string
	Lookback                    int
	// BackfillKey is the column of meta.backfill_key: a backfill of a range
	// builds all rows of each of its values that has a row in the range.
	BackfillKey string
	// Zone is the time zone in which days of the event time begin, where a
	// backfill sets it; nil is UTC.
	Zone *time.Location

	Seed SeedSpec

	// Of materialized views: whether a new table is filled from what is
	// there, and the mapping refreshable, nil for views that follow inserts.
	Catchup     bool
	Refreshable map[string]any
}

// Index is a data skipping index.
type Index struct{ Name, Definition string }

// Projection is a projection by query or, where Query is "", by index columns.
type Projection struct {
	Name, Query string
	Index       []string
}

// ColumnSpec is what properties say of a column's storage.
type ColumnSpec struct{ Name, Type, Codec, TTL string }

// ReadSpec reads and checks a node's configuration. Notices are worth telling
// the user and stop nothing.
func ReadSpec(n *project.Node) (spec Spec, notices []string, err error) {
	r := reader{values: n.Config.Values}
	spec = Spec{
		Materialized: n.Config.Materialized,
		Engine:       r.text("engine", "MergeTree()"),
		OrderBy:      r.list("order_by"), PartitionBy: r.list("partition_by"), PrimaryKey: r.list("primary_key"),
		TTL: strings.Join(r.list("ttl"), ", "), SQLHeader: r.text("sql_header", ""),
		Settings: r.mapping("settings"), QuerySettings: r.mapping("query_settings"),
		Catchup: r.boolean("catchup", true),
		Keep:    n.Config.FullRefresh != nil && !*n.Config.FullRefresh,
	}
	spec.Settings = withoutDeduplication(spec.Engine, spec.Settings)
	r.refreshable(&spec)
	r.indexes(&spec)
	r.security(&spec)
	r.columns(&spec, n)
	r.docs(&spec, n)
	r.microbatch(&spec)
	r.incremental(&spec)
	r.seed(&spec)
	if r.err != nil {
		return Spec{}, nil, fmt.Errorf("%s: %w", n.Place, r.err)
	}
	return spec, append(r.notices, unknownKeys(n.Config.Values)...), nil
}

func (r *reader) indexes(s *Spec) {
	for _, m := range r.mappings("indexes") {
		s.Indexes = append(s.Indexes, Index{Name: m.text("name", ""), Definition: m.text("definition", "")})
		r.require(m, "indexes", "name", "definition")
	}
	for _, m := range r.mappings("projections") {
		p := Projection{Name: m.text("name", ""), Query: m.text("query", ""), Index: m.list("index")}
		r.require(m, "projections", "name")
		if (p.Query == "") == (len(p.Index) == 0) {
			r.fail("projection %q needs either query or index", p.Name)
		}
		s.Projections = append(s.Projections, p)
	}
}

func (r *reader) refreshable(s *Spec) {
	if r.values["refreshable"] == false {
		return
	}
	s.Refreshable = r.mapping("refreshable")
	if interval := (&reader{values: s.Refreshable}).text("interval", ""); s.Refreshable != nil && interval == "" {
		r.fail("refreshable needs interval, such as EVERY 1 HOUR")
	}
}

func (r *reader) security(s *Spec) {
	switch security := r.text("sql_security", ""); security {
	case "":
	case "invoker":
		s.SQLSecurity = "SQL SECURITY INVOKER"
	case "definer":
		definer := r.text("definer", "")
		if definer == "" {
			r.fail("sql_security: definer needs definer: <user>")
		}
		s.SQLSecurity = "DEFINER = " + definer + " SQL SECURITY DEFINER"
	default:
		r.fail("sql_security %q: use definer or invoker", security)
	}
}

func (r *reader) columns(s *Spec, n *project.Node) {
	contract := reader{values: r.mapping("contract")}
	s.Contract = contract.boolean("enforced", false)
	for _, c := range n.Columns {
		extra := reader{values: c.Config}
		meta := reader{values: c.Meta}
		s.Columns = append(s.Columns, ColumnSpec{
			Name: c.Name, Type: c.DataType,
			Codec: extra.text("codec", meta.text("codec", "")),
			TTL:   extra.text("ttl", meta.text("ttl", "")),
		})
		if s.Contract && c.DataType == "" {
			r.fail("the contract of %s needs data_type for column %s", n.Name, c.Name)
		}
	}
	for _, m := range n.Constraints {
		c := reader{values: m}
		if c.text("type", "") != "check" {
			r.notices = append(r.notices, fmt.Sprintf("ClickHouse does not enforce %s constraints", c.text("type", "unnamed")))
			continue
		}
		if c.text("name", "") == "" {
			r.fail("a check constraint needs a name")
		}
		s.Constraints = append(s.Constraints, fmt.Sprintf("CONSTRAINT %s CHECK (%s)", c.text("name", ""), c.text("expression", "")))
	}
}

func (r *reader) microbatch(s *Spec) {
	s.EventTime, s.Begin, s.BatchSize = r.text("event_time", ""), r.text("begin", ""), r.text("batch_size", "")
	s.Lookback = r.integer("lookback", 1)
	meta := reader{values: r.mapping("meta")}
	s.BackfillKey = meta.text("backfill_key", "")
}

// withoutDeduplication lets replicated tables take equal batches twice, as
// dbt-clickhouse does: a model that gives the same rows again means it.
func withoutDeduplication(engine string, settings map[string]any) map[string]any {
	const window = "replicated_deduplication_window"
	if _, set := settings[window]; set || !strings.HasPrefix(engine, "Replicated") && !strings.HasPrefix(engine, "Shared") {
		return settings
	}
	out := map[string]any{window: int64(0)}
	for k, v := range settings {
		out[k] = v
	}
	return out
}
