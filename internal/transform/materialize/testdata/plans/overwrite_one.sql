-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` (`day`, `id`, `total`)
SELECT `day`, `id`, `total` FROM (
SELECT * FROM shop.source
);
-- ask: SELECT DISTINCT partition_id FROM system.parts WHERE database = 'shop' AND table = '_tiendi_hold_1c168adb00d208e4_0123456789ab' AND active AND rows > 0 ORDER BY partition_id
--   202401
-- swap
ALTER TABLE `shop`.`orders` REPLACE PARTITION ID '202401' FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
