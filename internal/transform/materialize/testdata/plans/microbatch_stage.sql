-- aside
CREATE TABLE `shop`.`_tiendi_tmp_0123456789ab_1` AS `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- main
INSERT INTO `shop`.`_tiendi_tmp_0123456789ab_1` (`day`, `id`, `total`)
SELECT `day`, `id`, `total` FROM (
SELECT * FROM shop.source
);
