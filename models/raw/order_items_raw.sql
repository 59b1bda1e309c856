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
    {{ typed('UUID', 'order_id') }},
    {{ typed('UUID', 'product_id') }},
    {{ typed('Int32', 'quantity') }},
    {{ typed('Decimal(18, 2)', 'price') }},
    {{ typed('Decimal(18, 2)', 'subtotal') }},
    {{ typed("DateTime64(3, 'UTC')", 'updated_at') }},
    {{ change_columns() }},
    {{ arrival_columns() }}
from system.one
where 0
