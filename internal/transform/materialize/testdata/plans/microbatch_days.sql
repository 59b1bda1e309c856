-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_3` AS `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_3` ATTACH PARTITION ID '202401' FROM `shop`.`orders`;
-- aside
DELETE FROM `shop`.`_tiendi_tmp_0123456789ab_3` WHERE (`day` >= toDate32('2024-01-05') AND `day` < toDate32('2024-01-07'));
--   SETTINGS allow_nondeterministic_mutations = 1, lightweight_deletes_sync = 2
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_3` ATTACH PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_1`, ATTACH PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_2`;
-- swap
ALTER TABLE `shop`.`orders` REPLACE PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_3`;
--   on error 36: ALTER TABLE `shop`.`orders` DROP PARTITION ID '202401'
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_3`;
