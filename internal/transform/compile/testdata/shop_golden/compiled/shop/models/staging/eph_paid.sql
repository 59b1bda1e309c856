
-- only what was paid
select * from `shop_dev__staging`.`stg_orders` where status in ('paid', 'sent', 'delivered')