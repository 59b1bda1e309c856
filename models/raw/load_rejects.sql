{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    order_by=['rejected_at', 'batch', 'line'],
    ttl=rejects_ttl_clause('rejected_at'),
    settings={'non_replicated_deduplication_window': 10000}
) }}
select
    {{ typed('String', 'batch') }},
    {{ typed('LowCardinality(String)', 'table_name') }},
    {{ typed('String', 'file') }},
    {{ typed('UInt64', 'line') }},
    {{ typed('LowCardinality(String)', 'reason') }},
    {{ typed('String', 'pointer') }},
    {{ typed('String', 'raw') }},
    {{ typed("DateTime64(3, 'UTC')", 'rejected_at') }}
from system.one
where 0
