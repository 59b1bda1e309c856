{{ config(order_by=['store_id', 'date']) }}
{#- A store's day in one row: its sales, its traffic and its live revenue. -#}
select
    date,
    store_id,
    sum(orders) as orders,
    sum(units_sold) as units_sold,
    sum(gmv) as gmv,
    sum(delivered_orders) as delivered_orders,
    sum(delivered_gmv) as delivered_gmv,
    sum(store_visits) as store_visits,
    sum(page_views) as page_views,
    sum(product_views) as product_views,
    sum(purchases) as purchases,
    sum(live_revenue) as live_revenue
from (
    select
        date, store_id,
        orders * is_placed as orders, units * is_placed as units_sold, if(is_placed, gmv, toDecimal128(0, 2)) as gmv,
        orders * is_delivered as delivered_orders, if(is_delivered, gmv, toDecimal128(0, 2)) as delivered_gmv,
        toUInt64(0) as store_visits, toUInt64(0) as page_views, toUInt64(0) as product_views,
        toUInt64(0) as purchases, toDecimal128(0, 2) as live_revenue
    from {{ ref('sales_mart') }} as sales
    union all
    select
        date, store_id, 0, 0, 0, 0, 0,
        sessions, page_views, product_views, purchases, live_revenue
    from {{ ref('traffic_mart') }}
    where scope = 'store'
)
group by date, store_id
