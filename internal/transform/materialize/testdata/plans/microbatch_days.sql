-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_3` CLONE AS `shop`.`orders`;
-- aside
DELETE FROM `shop`.`_tiendi_tmp_0123456789ab_3` IN PARTITION ID '202401' WHERE (`day` >= toDate32('2024-01-05') AND `day` < toDate32('2024-01-07'));
--   SETTINGS allow_nondeterministic_mutations = 1, lightweight_deletes_sync = 2
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_3` ATTACH PARTITION ALL FROM `shop`.`_tiendi_tmp_0123456789ab_1`, ATTACH PARTITION ALL FROM `shop`.`_tiendi_tmp_0123456789ab_2`;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_3` AND `shop`.`orders`;
--   done if: SELECT toUInt8(count() > 0) FROM system.tables WHERE database = 'shop' AND name = 'orders' AND toString(uuid) != 'u'
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_3`;
