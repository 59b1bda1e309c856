{{ config(materialized='view') }}
select
    event_id, event_type, timestamp, session_id, user_id, store_id, product_id, page_view_id,
    page_url, referrer, device_type, os, browser, country, traffic_source, properties
from {{ ref('events_staging') }}
where not is_bot
