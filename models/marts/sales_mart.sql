{{ config(order_by=['date', 'store_id', 'status', 'payment_method']) }}
{#- Sales by day, store, status and payment method. -#}
select
    date,
    store_id,
    status,
    payment_method,
    is_placed,
    is_delivered,
    count() as orders,
    sum(units) as units,
    sum(gmv) as gmv,
    sum(delivery_fee) as delivery_fees,
    sum(commission) as commission
from {{ ref('order_facts') }}
group by date, store_id, status, payment_method, is_placed, is_delivered
