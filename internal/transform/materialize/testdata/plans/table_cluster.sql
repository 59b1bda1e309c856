-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1` ON CLUSTER `main`
ENGINE = MergeTree()
ORDER BY (tuple())
EMPTY AS (
SELECT * FROM shop.source
);
-- main
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1`
SELECT * FROM shop.source;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_1` AND `shop`.`orders` ON CLUSTER `main`;
--   on error 60: RENAME TABLE `shop`.`_tiendi_tmp_0123456789ab_1` TO `shop`.`orders` ON CLUSTER `main`
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1` ON CLUSTER `main`;
