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
    {{ typed('String', 'visitors') }}
from system.one
where 0
