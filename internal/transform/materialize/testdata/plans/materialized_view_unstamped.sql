-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`
SELECT id, count() AS n FROM shop.source WHERE id > 0 GROUP BY id;
-- aside
DROP TABLE IF EXISTS `shop`.`orders_mv`;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` AND `shop`.`orders`;
--   on error 60: RENAME TABLE `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` TO `shop`.`orders`
-- aside
CREATE MATERIALIZED VIEW `shop`.`orders_mv`
TO `shop`.`orders`
AS SELECT id, count() AS n FROM shop.source WHERE id > 0 GROUP BY id;
