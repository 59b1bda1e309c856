-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1`
ENGINE = MergeTree()
ORDER BY (tuple())
EMPTY AS (
SELECT * FROM shop.source
);
-- main
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1`
SELECT * FROM shop.source;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_1` AND `shop`.`orders`;
--   on error 60: RENAME TABLE `shop`.`_tiendi_tmp_0123456789ab_1` TO `shop`.`orders`
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
