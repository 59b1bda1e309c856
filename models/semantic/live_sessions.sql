{{ config(materialized='view') }}
select
    session_id, session_started_at, {{ day('session_started_at') }} as date, last_event_at,
    dateDiff('millisecond', session_started_at, last_event_at) as duration_ms, is_closed, user_id,
    events, page_views, entry_url, exit_url, device_type, os, browser, country, traffic_source, store_ids,
    has_product_view, has_cart, has_checkout, has_purchase, has_purchase_after_cart, has_purchase_after_checkout,
    is_bounce, is_engaged, reached_step, live_revenue
from {{ ref('live_sessions_raw') }} final
where not is_gone
