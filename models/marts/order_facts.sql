{{ config(
    order_by=['created_at', 'order_id'],
    query_settings=var('bulk_query_settings')
) }}
{#- One row per order with what its items sum to, the commission at the rate of its day,
    and its place among the customer's placed orders. -#}
with items as (
    select
        order_id,
        sum(quantity) as units,
        sum(subtotal) as items_subtotal
    from {{ ref('order_items_staging') }}
    where is_deleted = 0
    group by order_id
),

orders as (
    select
        *,
        not {{ is_one_of('status', var('cancelled_statuses')) }} as is_placed,
        {{ is_one_of('status', var('sold_statuses')) }} as is_delivered
    from {{ ref('orders_staging') }}
    where is_deleted = 0
),

rated as (
    select orders.*, rates.commission_rate as commission_rate
    from orders
    asof left join {{ ref('commission_rates') }} as rates
        on orders.store_id = rates.store_id and orders.created_at >= rates.valid_from
),

placed as (
    select
        id,
        min(created_at) over customer as first_placed_at,
        row_number() over (customer order by created_at, {{ id_order('id') }}) as customer_order_number,
        min(created_at) over store_customer as store_first_placed_at,
        row_number() over (store_customer order by created_at, {{ id_order('id') }}) as store_order_number,
        any(created_at) over (
            customer order by created_at, {{ id_order('id') }} rows between 1 following and 1 following
        ) as next_placed_at
    from orders
    where is_placed
    window
        customer as (partition by user_id),
        store_customer as (partition by store_id, user_id)
)

select
    rated.id as order_id,
    {{ day('rated.created_at') }} as date,
    rated.store_id as store_id,
    rated.user_id as user_id,
    rated.status as status,
    rated.payment_method as payment_method,
    rated.is_placed as is_placed,
    rated.is_delivered as is_delivered,
    items.units as units,
    items.items_subtotal as gmv,
    rated.delivery_fee as delivery_fee,
    rated.total as total,
    rated.commission_rate as commission_rate,
    items.items_subtotal * rated.commission_rate as commission,
    rated.created_at as created_at,
    rated.updated_at as updated_at,
    placed.customer_order_number as customer_order_number,
    placed.store_order_number as store_order_number,
    if(placed.customer_order_number > 0, placed.first_placed_at, null) as first_placed_at,
    if(placed.store_order_number > 0, placed.store_first_placed_at, null) as store_first_placed_at,
    if(placed.next_placed_at > toDateTime64(0, 3, 'UTC'), placed.next_placed_at, null) as next_placed_at
from rated
left join items on items.order_id = rated.id
left join placed on placed.id = rated.id
