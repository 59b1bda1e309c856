{{ config(
    order_by=['store_id', 'product_id', 'date'],
    query_settings=var('bulk_query_settings')
) }}
{#- What each product did on each day: sales under the store of the order, views under the
    store whose page was looked at. -#}
with sales as (
    select
        date,
        store_id,
        product_id,
        sumIf(quantity, is_placed) as units,
        sumIf(subtotal, is_placed) as gmv,
        sumIf(quantity, is_delivered) as delivered_units,
        sumIf(subtotal, is_delivered) as delivered_gmv
    from {{ ref('order_item_facts') }}
    group by date, store_id, product_id
),

daily as (
    select
        date,
        store_id,
        product_id,
        sum(units) as units_sold,
        sum(gmv) as gmv,
        sum(delivered_units) as delivered_units,
        sum(delivered_gmv) as delivered_gmv,
        sum(product_views) as product_views,
        sum(view_sessions) as view_sessions,
        sum(converted_sessions) as converted_sessions
    from (
        select
            date, store_id, product_id, units, gmv, delivered_units, delivered_gmv,
            toUInt64(0) as product_views, toUInt64(0) as view_sessions, toUInt64(0) as converted_sessions
        from sales
        union all
        select date, store_id, product_id, 0, 0, 0, 0, product_views, view_sessions, converted_sessions
        from {{ ref('product_traffic') }}
        where product_id != {{ no_id() }}
          and (product_views > 0 or view_sessions > 0)
    )
    group by date, store_id, product_id
)

select
    daily.*,
    products.category as category
from daily
left join {{ ref('dim_product') }} as products on products.product_id = daily.product_id
