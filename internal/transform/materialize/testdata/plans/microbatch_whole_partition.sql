-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_1` ATTACH PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_2`;
-- swap
ALTER TABLE `shop`.`orders` REPLACE PARTITION ID '202401' FROM `shop`.`_tiendi_tmp_0123456789ab_1`;
--   on error 36: ALTER TABLE `shop`.`orders` DROP PARTITION ID '202401'
