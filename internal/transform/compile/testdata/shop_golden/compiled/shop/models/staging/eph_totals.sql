
with __dbt__cte__eph_paid as (

-- only what was paid
select * from `shop_dev__staging`.`stg_orders` where status in ('paid', 'sent', 'delivered')
) select customer_id, sum(amount) as total from `__dbt__cte__eph_paid` group by customer_id