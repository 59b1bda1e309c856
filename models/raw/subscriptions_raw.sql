{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    order_by=['store_id', 'started_at', '_version', 'updated_at'],
    settings={'non_replicated_deduplication_window': 10000},
    post_hook=default_ingested_at()
) }}
select
    {{ typed('UUID', 'store_id') }},
    {{ typed('LowCardinality(String)', 'plan') }},
    {{ typed('Decimal(18, 2)', 'monthly_fee') }},
    {{ typed("DateTime64(3, 'UTC')", 'started_at') }},
    {{ typed("Nullable(DateTime64(3, 'UTC'))", 'ended_at') }},
    {{ typed("DateTime64(3, 'UTC')", 'updated_at') }},
    {{ change_columns() }},
    {{ arrival_columns() }}
from system.one
where 0
