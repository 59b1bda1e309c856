package clickhouse

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/sink/pgtext"
)

// noModel says which model a table needs.
func noModel(r *change.Relation) error {
	return fmt.Errorf("the table %s.%s has no raw model: write models/raw/%s.sql and start again\n%s", r.Schema, r.Name, rawName(r), ModelText(r))
}

// ModelText is a raw model of a table: what is known of it, to be made narrower by who
// knows more.
func ModelText(r *change.Relation) string {
	var key, columns []string
	for _, c := range r.Columns {
		typ := pgtext.TypeOf(c.Type)
		if c.Key {
			key = append(key, "'"+c.Name+"'")
		} else {
			typ = "Nullable(" + typ + ")"
		}
		columns = append(columns, fmt.Sprintf("    {{ typed(%q, '%s') }},\n", typ, c.Name))
	}
	return fmt.Sprintf(`{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    order_by=[%s, '_version'],
    settings={'non_replicated_deduplication_window': %d},
    post_hook=default_ingested_at()
) }}
select
%s    {{ change_columns() }},
    {{ arrival_columns() }}
from system.one
where 0
`, strings.Join(key, ", "), tokenWindow, strings.Join(columns, ""))
}
