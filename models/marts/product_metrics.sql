{{ config(order_by=['product_id', 'date']) }}
{#- A product's day over all stores, with its conversion rate and the stock of that day. -#}
with daily as (
    select
        date,
        product_id,
        sum(units_sold) as units_sold,
        sum(gmv) as gmv,
        sum(product_views) as product_views,
        sum(view_sessions) as view_sessions,
        sum(converted_sessions) as converted_sessions
    from {{ ref('product_mart') }}
    group by date, product_id
)

select
    daily.*,
    {{ rate('daily.converted_sessions', 'daily.view_sessions') }} as product_conversion_rate,
    stock.stock as stock_on_hand
from daily
left join (
    select product_id, date, toNullable(stock) as stock from {{ ref('stock_snapshots') }}
) as stock on stock.product_id = daily.product_id and stock.date = daily.date
