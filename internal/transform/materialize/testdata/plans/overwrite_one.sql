-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` (`day`, `id`, `total`)
SELECT `day`, `id`, `total` FROM (
SELECT * FROM shop.source
);
-- ask: SELECT DISTINCT partition_id FROM system.parts WHERE database = 'shop' AND table = '_tiendi_hold_1c168adb00d208e4_0123456789ab' AND active AND rows > 0 ORDER BY partition_id
--   202401
-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1` CLONE AS `shop`.`orders`;
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_1` DROP PARTITION ID '202401';
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_1` ATTACH PARTITION ALL FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_1` AND `shop`.`orders`;
--   done if: SELECT toUInt8(count() > 0) FROM system.tables WHERE database = 'shop' AND name = 'orders' AND toString(uuid) != 'u'
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
