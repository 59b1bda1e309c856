-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` (`day`, `id`, `total`)
SELECT `day`, `id`, `total` FROM (
SELECT * FROM shop.source
);
-- ask: SELECT DISTINCT p FROM (SELECT _partition_id AS p FROM `shop`.`orders` WHERE (id) IN (SELECT (id) FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`) UNION ALL SELECT _partition_id AS p FROM `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`) ORDER BY p
