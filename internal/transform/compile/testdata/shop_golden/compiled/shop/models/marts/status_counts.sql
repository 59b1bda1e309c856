with __dbt__cte__eph_paid as (

-- only what was paid
select * from `shop_dev__staging`.`stg_orders` where status in ('paid', 'sent', 'delivered')
) select
    status,
    count(amount) as n_amount,
    count(id) as n_id,
    (count(*)) * 2 as doubled,
    'the shop' as stamp,
    'dev/shop_dev/shop_dev__reporting.counts_by_status' as place,
    String as t,
    date_trunc('month', updated_at) as month
from `__dbt__cte__eph_paid`
group by status