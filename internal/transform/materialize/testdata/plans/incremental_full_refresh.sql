-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`
SELECT * FROM shop.source;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` AND `shop`.`orders`;
--   on error 60: RENAME TABLE `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` TO `shop`.`orders`
