{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    settings={'auto_statistics_types': ''},
    engine='ReplacingMergeTree(revision)',
    order_by=['grain', 'dimensions', 'store_id', 'window_start', 'product_id', 'traffic_source', 'stream_partition'],
    partition_by='toYYYYMM(window_start)',
    ttl=live_ttl_clause('window_start')
) }}
select
    {{ window_columns() }},
    {{ typed('UInt64', 'views') }},
    {{ typed('UInt64', 'carts') }},
    {{ typed('UInt64', 'checkouts') }},
    {{ typed('UInt64', 'purchases') }},
    {{ typed('UInt64', 'units') }},
    {{ typed('Decimal(18, 2)', 'live_revenue') }}
from system.one
where 0
