-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1` AS `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- main
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1`
SELECT * FROM shop.source;
-- aside
ALTER TABLE `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` ATTACH PARTITION ALL FROM `shop`.`_tiendi_tmp_0123456789ab_1`;
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
