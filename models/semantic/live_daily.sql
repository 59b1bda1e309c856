{{ config(materialized='view') }}
select
    {{ day('window_start') }} as date,
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
where grain = 'day'
group by date, dimensions, store_id, product_id, traffic_source
