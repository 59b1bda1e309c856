{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    order_by=['id', '_version', 'updated_at'],
    settings={'non_replicated_deduplication_window': 10000},
    post_hook=default_ingested_at()
) }}
select
    {{ typed('UUID', 'id') }},
    {{ typed('LowCardinality(String)', 'city') }},
    {{ typed('LowCardinality(String)', 'state') }},
    {{ typed("DateTime64(3, 'UTC')", 'created_at') }},
    {{ typed("DateTime64(3, 'UTC')", 'updated_at') }},
    {{ change_columns() }},
    {{ arrival_columns() }}
from system.one
where 0
