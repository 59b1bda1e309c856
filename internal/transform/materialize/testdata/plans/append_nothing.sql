-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` (`day`, `id`, `total`)
SELECT `day`, `id`, `total` FROM (
SELECT * FROM shop.source
);
-- ask: SELECT toString(count()) FROM system.parts WHERE database = 'shop' AND table = '_tiendi_hold_1c168adb00d208e4_0123456789ab' AND active AND rows > 0
--   0
