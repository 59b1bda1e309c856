{{ config(order_by=['store_id', 'date']) }}
{#- The days on which stores are active, with each one's next such day: a store is lost
    to a period when it is active in the one before and its next day comes after. What
    orders tell of ends at orders_through. -#}
select
    store_id,
    date,
    any(toNullable(date)) over (
        partition by store_id order by date rows between 1 following and 1 following
    ) as next_date,
    (select {{ day('orders_through') }} from {{ ref('data_horizon') }}) as orders_through
from (
    select distinct store_id, date from {{ ref('sales_mart') }} where is_placed
)
