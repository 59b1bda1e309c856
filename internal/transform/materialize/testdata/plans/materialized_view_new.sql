-- aside
CREATE TABLE `shop`.`orders` AS `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- ask: SELECT toString(now64(6, 'UTC') + toIntervalMillisecond(100))
--   2024-01-01 00:00:02.000000
-- aside
CREATE MATERIALIZED VIEW `shop`.`_tiendi_tmp_0123456789ab_1`
TO `shop`.`orders`
AS SELECT id, count() AS n FROM (SELECT * FROM `shop`.`source` WHERE ingested_at >= toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC')) AS `source` WHERE id > 0 GROUP BY id;
-- ask: SELECT toString(now64(6, 'UTC'))
--   2024-01-01 00:00:01.000000
-- wait
SELECT toUInt8(now64(6) >= toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC') OR (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:00:01.000000', 6, 'UTC')) = 0);
-- ask: SELECT toUInt8(now64(6) < toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC'))
--   1
-- wait
SELECT toUInt8(now64(6) > toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC') AND (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC')) = 0);
-- main
INSERT INTO `shop`.`orders`
SELECT id, count() AS n FROM (SELECT * FROM `shop`.`source` WHERE ingested_at < toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC')) AS `source` WHERE id > 0 GROUP BY id;
-- swap
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_1` MODIFY QUERY SELECT id, count() AS n FROM shop.source WHERE id > 0 GROUP BY id;
-- swap
RENAME TABLE `shop`.`_tiendi_tmp_0123456789ab_1` TO `shop`.`orders_mv`;
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
