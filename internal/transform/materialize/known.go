package materialize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
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
		if near := spelling.Near(key, knownKeys); near != "" {
			notices = append(notices, fmt.Sprintf("unknown config %q has no effect; did you mean %q?", key, near))
		}
	}
	slices.Sort(notices)
	return notices
}
