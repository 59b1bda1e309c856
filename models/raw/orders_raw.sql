{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    event_time='created_at',
    order_by=['id', '_version', 'updated_at'],
    settings={'non_replicated_deduplication_window': 10000},
    post_hook=default_ingested_at()
) }}
select
    {{ typed('UUID', 'id') }},
    {{ typed('UUID', 'store_id') }},
    {{ typed('UUID', 'user_id') }},
    {{ typed('LowCardinality(String)', 'status') }},
    {{ typed('Decimal(18, 2)', 'subtotal') }},
    {{ typed('Decimal(18, 2)', 'delivery_fee') }},
    {{ typed('Decimal(18, 2)', 'total') }},
    {{ typed('LowCardinality(String)', 'payment_method') }},
    {{ typed("DateTime64(3, 'UTC')", 'created_at') }},
    {{ typed("DateTime64(3, 'UTC')", 'updated_at') }},
    {{ change_columns() }},
    {{ arrival_columns() }}
from system.one
where 0
