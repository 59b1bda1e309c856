{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    engine='ReplacingMergeTree(is_written)',
    order_by=['table_name', '_version', '_batch', '_position'],
    ttl=rejects_ttl_clause('ingested_at'),
    settings={'non_replicated_deduplication_window': 10000},
    post_hook=default_ingested_at()
) }}
select
    {{ typed('LowCardinality(String)', 'table_name') }},
    {{ typed('String', 'row_key') }},
    {{ typed('LowCardinality(String)', 'op') }},
    {{ typed('LowCardinality(String)', 'column_name') }},
    {{ typed('LowCardinality(String)', 'reason') }},
    {{ typed('String', 'row') }},
    {{ typed('String', 'message') }},
    {{ typed("DateTime64(3, 'UTC')", 'committed_at') }},
    {{ typed('UInt128', '_version') }},
    {{ typed('UInt8', 'is_written') }},
    {{ arrival_columns() }}
from system.one
where 0
