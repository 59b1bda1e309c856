{{ config(
    order_by=['store_id', 'date', 'product_id', 'order_item_id'],
    query_settings=var('bulk_query_settings')
) }}
{#- One row per line of an order, with what is known of its order: what can be asked by
    product and category is asked here. -#}
select
    items.id as order_item_id,
    items.order_id as order_id,
    items.product_id as product_id,
    orders.store_id as store_id,
    orders.user_id as user_id,
    orders.date as date,
    orders.status as status,
    orders.payment_method as payment_method,
    orders.is_placed as is_placed,
    orders.is_delivered as is_delivered,
    items.quantity as quantity,
    items.subtotal as subtotal,
    items.subtotal * orders.commission_rate as commission
from {{ ref('order_items_staging') }} as items
inner join {{ ref('order_facts') }} as orders on orders.order_id = items.order_id
where items.is_deleted = 0
