
select id, created_at from `raw`.`customers`
union all
select id, created_at from `shop_dev__staging`.`stg_customers`