-- ask: DESCRIBE TABLE (
SELECT * FROM shop.source
)
--   id | UInt32
--   day | Date
--   note | String
-- aside
ALTER TABLE `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` DROP COLUMN IF EXISTS `total`, ADD COLUMN IF NOT EXISTS `note` String, MODIFY COLUMN IF EXISTS `id` UInt32;
-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` (`day`, `id`, `note`)
SELECT `day`, `id`, `note` FROM (
SELECT * FROM shop.source
);
-- ask: SELECT DISTINCT p FROM (SELECT _partition_id AS p FROM `shop`.`orders` WHERE (id) IN (SELECT (id) FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`) UNION ALL SELECT _partition_id AS p FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`) ORDER BY p
--   202401
-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1` CLONE AS `shop`.`orders`;
-- aside
DELETE FROM `shop`.`_tiendi_tmp_0123456789ab_1` IN PARTITION ID '202401' WHERE (id) IN (SELECT (id) FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`);
--   SETTINGS allow_nondeterministic_mutations = 1, lightweight_deletes_sync = 2
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_1` DROP COLUMN IF EXISTS `total`, ADD COLUMN IF NOT EXISTS `note` String, MODIFY COLUMN IF EXISTS `id` UInt32;
--   SETTINGS alter_sync = 2, mutations_sync = 2
-- aside
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_1` ATTACH PARTITION ALL FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_1` AND `shop`.`orders`;
--   done if: SELECT toUInt8(count() > 0) FROM system.tables WHERE database = 'shop' AND name = 'orders' AND toString(uuid) != 'u'
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
