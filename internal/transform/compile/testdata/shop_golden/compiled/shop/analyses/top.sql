select * from `shop_dev`.`customers` order by total desc limit 10
-- south