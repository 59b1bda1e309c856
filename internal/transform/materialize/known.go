package materialize

import (
	"fmt"
	"slices"
	"strings"
)

// knownKeys are the configuration keys that dbt, dbt-clickhouse or tiendi act
// upon. Others are the project's own, which is allowed.
var knownKeys = strings.Fields(`
	access alias batch_size begin catchup codec column_types concurrent_batches
	contract database definer delimiter dictionary docs enabled engine error_if
	event_time fail_calc force_on_cluster full_refresh grants group
	incremental_predicates incremental_strategy indexes inserts_only layout
	lifetime limit lookback materialized meta mv_on_schema_change
	on_configuration_change on_schema_change order_by packages partition_by
	persist_docs post_hook pre_hook predicates primary_key projections
	query_settings quote_columns quoting refreshable
	repopulate_from_mvs_on_full_refresh schema settings severity sharding_key
	sql_header sql_security static_analysis store_failures store_failures_as
	tags ttl unique_key unique_tmp_table_suffix warn_if where`)

// unknownKeys notices keys that look like a misspelt known one.
func unknownKeys(values map[string]any) []string {
	var notices []string
	for key := range values {
		key = strings.ReplaceAll(key, "-", "_")
		if slices.Contains(knownKeys, key) {
			continue
		}
		if near := nearest(key); near != "" {
			notices = append(notices, fmt.Sprintf("unknown config %q has no effect; did you mean %q?", key, near))
		}
	}
	slices.Sort(notices)
	return notices
}

// nearest finds the known key at most two edits away, one for short keys.
func nearest(key string) string {
	best, bound := "", 3
	if len(key) < 6 {
		bound = 2
	}
	for _, known := range knownKeys {
		if d := distance(key, known); d < bound {
			best, bound = known, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := diagonal
			if a[i-1] != b[j-1] {
				change++
			}
			diagonal = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
