
select * from `shop_dev`.`customers` where total < 0 -- 2024-01-01
