{{ config(
    materialized='incremental',
    incremental_strategy='delete_insert',
    unique_key='session_id',
    event_time='timestamp',
    meta={'backfill_key': 'session_id'},
    order_by=['session_id', 'timestamp', 'event_id'],
    query_settings=var('bulk_query_settings')
) }}
{#- Web events of people, each with the session that it belongs to. A run of events with
    no gap over the timeout is an island; an island is cut by fixed steps from its first
    event, which gives the same sessions whatever order events arrive in. All windows
    share one order, so that the rows are sorted once. -#}
{%- set in_session = 'is_web and not is_bot and session_id != ' ~ no_id() -%}
{%- set timeout_ms = var('session_timeout_minutes') | int * 60000 -%}
{%- set longest_ms = var('session_max_hours') | int * 3600000 -%}
with web_events as (
    select
        event_id, {{ id_order('event_id') }} as event_order, event_type, timestamp, session_id, user_id, store_id, product_id,
        purchased_product_ids, total, page_view_id, device_type, os, browser, country,
        traffic_source, ingested_at,
        {{ is_one_of('event_type', var('page_view_event_types')) }} as views_page
    from {{ ref('events_staging').render() }}
    where {{ in_session }}
      and {{ is_changed('session_id', ref('events_staging'), held='1', counted_where=in_session) }}
),

gaps as (
    select
        *,
        lagInFrame(timestamp, 1, toDateTime64(0, 3, 'UTC')) over in_session as previous_at
    from web_events
    window in_session as (
        partition by session_id order by timestamp, event_order
        rows between unbounded preceding and current row
    )
),

islands as (
    select
        *,
        max(if(dateDiff('millisecond', previous_at, timestamp) > {{ timeout_ms }}, timestamp, toDateTime64(0, 3, 'UTC')))
            over in_session as island_started_at
    from gaps
    window in_session as (
        partition by session_id order by timestamp, event_order
        rows between unbounded preceding and current row
    )
),

pieces as (
    select
        *,
        tuple(
            island_started_at,
            intDiv(dateDiff('millisecond', island_started_at, timestamp), {{ longest_ms }})
        ) as piece,
        lagInFrame(piece) over in_session as previous_piece
    from islands
    window in_session as (
        partition by session_id order by timestamp, event_order
        rows between unbounded preceding and current row
    )
),

sessions as (
    select
        *,
        if(piece != previous_piece, timestamp, toDateTime64(0, 3, 'UTC')) as begins_at,
        max(begins_at) over in_session as session_started_at,
        argMax(tuple(device_type, os, browser, country, traffic_source), begins_at) over in_session as origin
    from pieces
    window in_session as (
        partition by session_id order by timestamp, event_order
        rows between unbounded preceding and current row
    )
)

select
    event_id,
    event_type,
    timestamp,
    session_id,
    session_started_at,
    user_id,
    store_id,
    product_id,
    purchased_product_ids,
    total,
    {#- Events that carry one page_view_id are one page load, and its first event stands for it. -#}
    views_page and (page_view_id = '' or row_number() over page_load = 1) as is_page_view,
    views_page and (page_view_id = '' or row_number() over store_page_load = 1) as is_store_page_view,
    toLowCardinality(origin.1) as session_device_type,
    toLowCardinality(origin.2) as session_os,
    toLowCardinality(origin.3) as session_browser,
    toLowCardinality(origin.4) as session_country,
    toLowCardinality(origin.5) as session_traffic_source,
    ingested_at
from sessions
window
    page_load as (
        partition by session_id, session_started_at, page_view_id, views_page order by timestamp, event_order
    ),
    store_page_load as (
        partition by session_id, session_started_at, page_view_id, views_page, store_id order by timestamp, event_order
    )
