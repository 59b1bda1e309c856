{{ config(order_by=['store_id', 'user_id']) }}
{#- What each customer did at each store, to date: a customer of a store has a placed
    order there. -#}
select
    store_id,
    user_id,
    count() as orders,
    sum(is_delivered) as delivered_orders,
    sum(facts.units) as units,
    sum(facts.gmv) as gmv,
    sumIf(facts.gmv, is_delivered) as delivered_gmv,
    min(created_at) as first_placed_at,
    max(created_at) as last_placed_at,
    min(customer_order_number) = 1 as is_acquired_here
from {{ ref('order_facts') }} as facts
where is_placed
group by store_id, user_id
