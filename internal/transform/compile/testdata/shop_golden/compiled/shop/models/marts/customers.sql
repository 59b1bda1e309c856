/* a comment stands before it */
with  __dbt__cte__eph_paid as (

-- only what was paid
select * from `shop_dev__staging`.`stg_orders` where status in ('paid', 'sent', 'delivered')
),  __dbt__cte__totals as (

select customer_id, sum(amount) as total from `__dbt__cte__eph_paid` group by customer_id
), c as (
    select * from `shop_dev__staging`.`stg_customers`
), seen as (select 1 as x)

select c.id, c.name, t.total, p.code
from c
left join `__dbt__cte__totals` t on t.customer_id = c.id
left join `shop_dev`.`plans` p on p.id = c.id
left join `shop_dev__tools`.`tb_days` d on d.day = toDate(c.created_at)