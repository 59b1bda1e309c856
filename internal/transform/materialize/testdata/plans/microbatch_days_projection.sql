-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_3` AS `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- aside
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_3` (`day`, `id`, `total`) SELECT `day`, `id`, `total` FROM `shop`.`orders` WHERE _partition_id = '202401' AND NOT ifNull(((`day` >= toDate32('2024-01-05') AND `day` < toDate32('2024-01-07'))), 0);
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_3` ATTACH PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_1`, ATTACH PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_2`;
-- swap
ALTER TABLE `shop`.`orders` REPLACE PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_3`;
--   on error 36: ALTER TABLE `shop`.`orders` DROP PARTITION ID '202401'
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_3`;
