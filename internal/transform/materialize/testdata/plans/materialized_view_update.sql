-- swap
ALTER TABLE `shop`.`orders_mv` MODIFY QUERY SELECT id, count() AS n FROM shop.source WHERE id > 0 GROUP BY id;
