{{ config(materialized='view') }}
select
    window_start as minute,
    dimensions,
    store_id,
    product_id,
    traffic_source,
    sum(views) as views,
    sum(carts) as carts,
    sum(checkouts) as checkouts,
    sum(purchases) as purchases,
    sum(units) as units,
    sum(live_revenue) as live_revenue
from {{ ref('live_windows_raw') }} final
where grain = 'minute'
group by minute, dimensions, store_id, product_id, traffic_source
