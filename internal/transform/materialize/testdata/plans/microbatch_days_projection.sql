-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_3` CLONE AS `shop`.`orders`;
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_3` DROP PARTITION ID '202401';
-- aside
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_3` (`day`, `id`, `total`) SELECT `day`, `id`, `total` FROM `shop`.`orders` WHERE _partition_id IN ('202401') AND NOT ifNull(((`day` >= toDate32('2024-01-05') AND `day` < toDate32('2024-01-07'))), 0);
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_3` ATTACH PARTITION ALL FROM `shop`.`_tiendi_tmp_0123456789ab_1`, ATTACH PARTITION ALL FROM `shop`.`_tiendi_tmp_0123456789ab_2`;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_3` AND `shop`.`orders`;
--   done if: SELECT toUInt8(count() > 0) FROM system.tables WHERE database = 'shop' AND name = 'orders' AND toString(uuid) != 'u'
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_3`;
