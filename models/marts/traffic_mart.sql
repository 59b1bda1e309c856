{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='date',
    event_time='date',
    partition_by='toYYYYMM(date)',
    order_by=['scope', 'store_id', 'date', 'device_type', 'os', 'browser', 'country', 'traffic_source', 'reached_step'],
    query_settings=var('bulk_query_settings')
) }}
{#- Web traffic by day, for the platform (whole sessions) and for each store (its slices).
    Sessions stand on the day of their first event and page views and other events on
    their own; a day with web events always has rows, so a day that a late event robs of
    its sessions is rebuilt, too. Event rows carry reached_step 0. -#}
with session_rows as (
    select 'platform' as scope, {{ no_id() }} as store_id, * from {{ ref('sessions') }}
    where {{ is_day_of_changed_sessions(ref('session_events'), held='web_events', held_where="scope = 'platform'") }}
    union all
    select 'store' as scope, store_id, * except (store_id) from {{ ref('store_sessions') }}
    where {{ is_day_of_changed_sessions(ref('session_events'), held='web_events', held_where="scope = 'platform'") }}
),

event_rows as (
    select
        arrayJoin({{ scopes('store_id') }}) as target,
        {{ day('timestamp') }} as date,
        *
    from {{ ref('session_events') }}
    where {{ is_day_of_changed_sessions(ref('session_events'), held='web_events', held_where="scope = 'platform'") }}
),

counted as (
    select
        scope, store_id, date, device_type, os, browser, country, traffic_source, reached_step,
        count() as sessions,
        sum(is_bounce) as bounced_sessions,
        sum(is_engaged) as engaged_sessions,
        sum(duration_ms) as session_duration_ms,
        sum(has_product_view) as sessions_with_product_view,
        sum(has_product_view and has_cart) as sessions_with_product_view_and_cart,
        sum(has_cart) as sessions_with_cart,
        sum(has_purchase_after_cart) as sessions_with_purchase_after_cart,
        sum(has_checkout) as sessions_with_checkout,
        sum(has_purchase_after_checkout) as sessions_with_purchase_after_checkout,
        sum(has_purchase) as sessions_with_purchase,
        toUInt64(0) as web_events,
        toUInt64(0) as page_views,
        toUInt64(0) as product_views,
        toUInt64(0) as add_to_carts,
        toUInt64(0) as purchases,
        toDecimal128(0, 2) as live_revenue,
        max(ingested_at) as ingested_at
    from session_rows
    group by scope, store_id, date, device_type, os, browser, country, traffic_source, reached_step
    union all
    select
        target.1 as scope, target.2 as target_store_id, date, session_device_type, session_os,
        session_browser, session_country, session_traffic_source, toUInt8(0),
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        count(),
        sum(if(scope = 'store', is_store_page_view, is_page_view)),
        countIf(event_type = 'product_viewed'),
        countIf(event_type = 'add_to_cart'),
        countIf(event_type = 'purchase_completed'),
        sum(total),
        max(ingested_at)
    from event_rows
    group by scope, target_store_id, date, session_device_type, session_os, session_browser, session_country, session_traffic_source
)

select * from counted
