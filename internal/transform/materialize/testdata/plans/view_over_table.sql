-- main
CREATE VIEW `shop`.`_tiendi_tmp_0123456789ab_1`
AS (
SELECT * FROM shop.source
);
-- swap
EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_1` AND `shop`.`orders`;
--   on error 60: RENAME TABLE `shop`.`_tiendi_tmp_0123456789ab_1` TO `shop`.`orders`
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
