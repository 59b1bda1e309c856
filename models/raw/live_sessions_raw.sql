{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    engine='ReplacingMergeTree(revision)',
    order_by=['session_id', 'session_started_at'],
    partition_by='toYYYYMM(session_started_at)',
    ttl=live_ttl_clause('session_started_at')
) }}
select
    {{ typed('UUID', 'session_id') }},
    {{ typed("DateTime64(3, 'UTC')", 'session_started_at') }},
    {{ typed("DateTime64(3, 'UTC')", 'last_event_at') }},
    {{ typed('UUID', 'user_id') }},
    {{ typed('UInt64', 'revision') }},
    {{ typed('UInt8', 'is_closed') }},
    {{ typed('UInt8', 'is_gone') }},
    {{ typed('UInt64', 'events') }},
    {{ typed('UInt64', 'page_views') }},
    {{ typed('String', 'entry_url') }},
    {{ typed('String', 'exit_url') }},
    {{ typed('LowCardinality(String)', 'device_type') }},
    {{ typed('LowCardinality(String)', 'os') }},
    {{ typed('LowCardinality(String)', 'browser') }},
    {{ typed('LowCardinality(String)', 'country') }},
    {{ typed('LowCardinality(String)', 'traffic_source') }},
    {{ typed('Array(UUID)', 'store_ids') }},
    {{ typed('UInt8', 'has_product_view') }},
    {{ typed('UInt8', 'has_cart') }},
    {{ typed('UInt8', 'has_checkout') }},
    {{ typed('UInt8', 'has_purchase') }},
    {{ typed('UInt8', 'has_purchase_after_cart') }},
    {{ typed('UInt8', 'has_purchase_after_checkout') }},
    {{ typed('UInt8', 'is_bounce') }},
    {{ typed('UInt8', 'is_engaged') }},
    {{ typed('UInt8', 'reached_step') }},
    {{ typed('Decimal(18, 2)', 'live_revenue') }}
from system.one
where 0
