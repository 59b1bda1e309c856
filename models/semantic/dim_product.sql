{{ config(
    materialized='table',
    order_by=['product_id'],
    query_settings=var('bulk_query_settings')
) }}
{#- Every product that a table or an event names. What the catalogue does not know, or
    knows no category of, takes the category that its events carry. -#}
with seen as (
    select
        product_id,
        argMaxIf(product_category, tuple(timestamp, {{ id_order('event_id') }}), product_category != '') as event_category,
        argMaxIf(store_id, tuple(timestamp, {{ id_order('event_id') }}), store_id != {{ no_id() }}) as event_store_id
    from {{ ref('events_staging') }}
    where product_id != {{ no_id() }}
      and event_type = 'product_viewed'
    group by product_id
),

catalogue as (
    select id, name, category, price, stock, store_id, created_at
    from {{ ref('products_staging') }}
    where is_deleted = 0
),

sold as (
    select distinct product_id from {{ ref('order_items_staging') }} where is_deleted = 0
),

known as (
    select product_id from seen
    union distinct
    select id as product_id from catalogue
    union distinct
    select product_id from sold
)

select
    known.product_id as product_id,
    catalogue.name as name,
    if(catalogue.store_id != {{ no_id() }}, catalogue.store_id, seen.event_store_id) as store_id,
    coalesce(nullIf(catalogue.category, ''), nullIf(seen.event_category, ''), 'uncategorized') as category,
    catalogue.price as price,
    catalogue.created_at as created_at
from known
left join catalogue on catalogue.id = known.product_id
left join seen on seen.product_id = known.product_id
