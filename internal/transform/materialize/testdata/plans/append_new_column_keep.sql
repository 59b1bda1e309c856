-- ask: DESCRIBE TABLE (
SELECT * FROM shop.source
)
--   note | String
--   day | Date
--   id | UInt64
--   total | Decimal(18, 2)
-- aside
ALTER TABLE `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` ADD COLUMN IF NOT EXISTS `note` String;
-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` (`day`, `id`, `total`, `note`)
SELECT `day`, `id`, `total`, `note` FROM (
SELECT * FROM shop.source
);
-- ask: SELECT toString(count()) FROM system.parts WHERE database = 'shop' AND table = '_tiendi_hold_1c168adb00d208e4_0123456789ab' AND active AND rows > 0
--   1
-- swap
ALTER TABLE `shop`.`orders` ADD COLUMN IF NOT EXISTS `note` String;
-- swap
ALTER TABLE `shop`.`orders` ATTACH PARTITION ALL FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
--   done if: SELECT toUInt8(count() > 0) FROM system.parts WHERE database = 'shop' AND table = 'orders'
AND hash_of_all_files IN (SELECT hash_of_all_files FROM system.parts WHERE database = 'shop' AND table = '_tiendi_hold_1c168adb00d208e4_0123456789ab' AND active)
AND modification_time >= (SELECT min(modification_time) FROM system.parts WHERE database = 'shop' AND table = '_tiendi_hold_1c168adb00d208e4_0123456789ab' AND active)
