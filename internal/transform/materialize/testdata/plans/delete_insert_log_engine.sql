-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` (`day`, `id`, `total`)
SELECT `day`, `id`, `total` FROM (
SELECT * FROM shop.source
);
-- ask: 
-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1` AS `shop`.`orders`;
-- aside
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1` (`day`, `id`, `total`) SELECT `day`, `id`, `total` FROM `shop`.`orders` WHERE NOT ifNull(((id) IN (SELECT (id) FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`)), 0);
-- aside
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1` (`day`, `id`, `total`) SELECT `day`, `id`, `total` FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- swap
EXCHANGE TABLES `shop`.`_tiendi_tmp_0123456789ab_1` AND `shop`.`orders`;
--   done if: SELECT toUInt8(count() > 0) FROM system.tables WHERE database = 'shop' AND name = 'orders' AND toString(uuid) != 'u'
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
