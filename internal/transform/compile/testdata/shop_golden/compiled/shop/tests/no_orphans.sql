
with __dbt__cte__eph_paid as (

-- only what was paid
select * from `shop_dev__staging`.`stg_orders` where status in ('paid', 'sent', 'delivered')
),  __dbt__cte__totals as (

select customer_id, sum(amount) as total from `__dbt__cte__eph_paid` group by customer_id
) select o.id from `shop_dev__staging`.`stg_orders` o
left join `__dbt__cte__totals` t using (customer_id)
where t.customer_id = 0