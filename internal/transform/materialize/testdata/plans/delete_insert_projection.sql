-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` (`day`, `id`, `total`)
SELECT `day`, `id`, `total` FROM (
SELECT * FROM shop.source
);
-- ask: SELECT DISTINCT p FROM (SELECT _partition_id AS p FROM `shop`.`orders` WHERE (id) IN (SELECT (id) FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`) UNION ALL SELECT _partition_id AS p FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`) ORDER BY p
--   202401
-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1` AS `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- aside
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1` (`day`, `id`, `total`) SELECT `day`, `id`, `total` FROM `shop`.`orders` WHERE _partition_id = '202401' AND NOT ifNull(((id) IN (SELECT (id) FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`)), 0);
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_1` ATTACH PARTITION ID '202401' FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- swap
ALTER TABLE `shop`.`orders` REPLACE PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_1`;
--   on error 36: ALTER TABLE `shop`.`orders` DROP PARTITION ID '202401'
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
