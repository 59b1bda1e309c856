package materialize

import (
	"fmt"
	"slices"
	"strings"
)

var strategies = []string{"append", "delete_insert", "insert_overwrite", "microbatch"}

// incremental settles the strategy as dbt-clickhouse does, except that
// microbatch needs no unique_key: its slices are replaced by event time.
func (r *reader) incremental(s *Spec) {
	s.UniqueKey = r.list("unique_key")
	s.Predicates = r.list("incremental_predicates")
	if len(s.Predicates) == 0 {
		s.Predicates = r.list("predicates")
	}
	s.OnSchemaChange = r.text("on_schema_change", "ignore")
	if s.Materialized != "incremental" && s.Materialized != "materialized_view" {
		return
	}
	switch s.OnSchemaChange {
	case "ignore", "fail", "append_new_columns", "sync_all_columns":
	default:
		r.fail("on_schema_change %q: use ignore, fail, append_new_columns or sync_all_columns", s.OnSchemaChange)
	}
	if s.Materialized == "incremental" {
		r.strategy(s)
	}
}

func (r *reader) strategy(s *Spec) {
	written := strings.ReplaceAll(r.text("incremental_strategy", "default"), "+", "_")
	s.Strategy = written
	switch written {
	case "default":
		s.Strategy = "delete_insert"
	case "legacy":
		s.Strategy = "delete_insert"
		r.notices = append(r.notices, "incremental_strategy legacy is run as delete_insert, which gives the same rows")
	}
	if !slices.Contains(strategies, s.Strategy) {
		r.fail("incremental_strategy %q: use %s", written, strings.Join(strategies, ", "))
	}
	// Without a key there is nothing to replace: dbt-clickhouse appends.
	if s.Strategy == "delete_insert" && (len(s.UniqueKey) == 0 || r.boolean("inserts_only", false)) {
		s.Strategy = "append"
	}
	switch s.Strategy {
	case "insert_overwrite":
		if len(s.PartitionBy) == 0 {
			r.fail("incremental_strategy insert_overwrite needs partition_by")
		}
		if len(s.UniqueKey) > 0 {
			r.fail("incremental_strategy insert_overwrite replaces whole partitions and takes no unique_key")
		}
	case "microbatch":
		r.checkMicrobatch(s)
	case "append":
		if written == "append" {
			s.UniqueKey = nil
		}
	}
	if len(s.Predicates) > 0 && s.Strategy != "delete_insert" && s.Strategy != "microbatch" {
		r.fail("incremental_predicates do not apply to the strategy %s", s.Strategy)
	}
}

func (r *reader) checkMicrobatch(s *Spec) {
	for _, key := range []struct{ name, value string }{
		{"event_time", s.EventTime}, {"begin", s.Begin}, {"batch_size", s.BatchSize},
	} {
		if key.value == "" {
			r.fail("incremental_strategy microbatch needs %s", key.name)
		}
	}
	switch s.BatchSize {
	case "hour", "day", "month", "year", "":
	default:
		r.fail("batch_size %q: use hour, day, month or year", s.BatchSize)
	}
	if s.Lookback < 0 {
		r.fail("lookback %d: give 0 or more", s.Lookback)
	}
}

// key is the unique key as one expression.
func (s Spec) key() string { return fmt.Sprintf("(%s)", strings.Join(s.UniqueKey, ", ")) }
