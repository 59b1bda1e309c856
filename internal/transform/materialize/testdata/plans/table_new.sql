-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1`
ENGINE = ReplacingMergeTree(version)
PARTITION BY (toYYYYMM(day))
PRIMARY KEY (id)
ORDER BY (id, day)
TTL day + INTERVAL 2 YEAR
SETTINGS index_granularity = 1024, storage_policy = 'hot'
EMPTY AS (
SELECT * FROM shop.source
);
--   SETTINGS join_use_nulls = 1
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_1` ADD PROJECTION p (SELECT _part_offset ORDER BY day), ADD INDEX ix id TYPE minmax;
-- main
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1`
SELECT * FROM shop.source;
--   SETTINGS join_use_nulls = 1
-- swap
RENAME TABLE `shop`.`_tiendi_tmp_0123456789ab_1` TO `shop`.`orders`;
--   on error 57: EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_1` AND `shop`.`orders`
--   spares: DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
