-- ask: SELECT toString(now64(6, 'UTC') + toIntervalMillisecond(100))
--   2024-01-01 00:00:02.000000
-- aside
CREATE MATERIALIZED VIEW `shop`.`_tiendi_tmp_0123456789ab_1`
TO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`
AS SELECT id, count() AS n FROM (SELECT * FROM `shop`.`source` WHERE ingested_at >= toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC')) AS `source` WHERE id > 0 GROUP BY id;
-- ask: SELECT toString(now64(6, 'UTC'))
--   2024-01-01 00:00:01.000000
-- wait
SELECT toUInt8(now64(6) >= toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC') OR (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:00:01.000000', 6, 'UTC')) = 0);
-- ask: SELECT toUInt8(now64(6) < toDateTime64('2024-01-01 00:00:02.000000', 6, 'UTC'))
--   0
-- aside
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
-- ask: SELECT toString(now64(6, 'UTC'))
--   2024-01-01 00:00:03.000000
-- wait
SELECT toUInt8((SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:00:03.000000', 6, 'UTC')) = 0);
-- aside
TRUNCATE TABLE `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`;
-- ask: SELECT toString(now64(6, 'UTC') + toIntervalMillisecond(400))
--   2024-01-01 00:00:06.000000
-- aside
CREATE MATERIALIZED VIEW `shop`.`_tiendi_tmp_0123456789ab_2`
TO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`
AS SELECT id, count() AS n FROM (SELECT * FROM `shop`.`source` WHERE ingested_at >= toDateTime64('2024-01-01 00:00:06.000000', 6, 'UTC')) AS `source` WHERE id > 0 GROUP BY id;
-- ask: SELECT toString(now64(6, 'UTC'))
--   2024-01-01 00:00:05.000000
-- wait
SELECT toUInt8(now64(6) >= toDateTime64('2024-01-01 00:00:06.000000', 6, 'UTC') OR (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:00:05.000000', 6, 'UTC')) = 0);
-- ask: SELECT toUInt8(now64(6) < toDateTime64('2024-01-01 00:00:06.000000', 6, 'UTC'))
--   1
-- wait
SELECT toUInt8(now64(6) > toDateTime64('2024-01-01 00:00:06.000000', 6, 'UTC') AND (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:00:06.000000', 6, 'UTC')) = 0);
-- main
INSERT INTO `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab`
SELECT id, count() AS n FROM (SELECT * FROM `shop`.`source` WHERE ingested_at < toDateTime64('2024-01-01 00:00:06.000000', 6, 'UTC')) AS `source` WHERE id > 0 GROUP BY id;
-- ask: SELECT toString(now64(6, 'UTC') + toIntervalMillisecond(500)), toString(now64(6, 'UTC') + toIntervalMillisecond(1000))
--   2024-01-01 00:10:00.000000 | 2024-01-01 00:10:00.500000
-- swap
ALTER TABLE `shop`.`_tiendi_tmp_0123456789ab_2` MODIFY QUERY SELECT id, count() AS n FROM (SELECT * FROM `shop`.`source` WHERE ingested_at >= toDateTime64('2024-01-01 00:00:06.000000', 6, 'UTC') AND (ingested_at < toDateTime64('2024-01-01 00:10:00.000000', 6, 'UTC') OR ingested_at >= toDateTime64('2024-01-01 00:10:00.500000', 6, 'UTC'))) AS `source` WHERE id > 0 GROUP BY id;
-- swap
ALTER TABLE `shop`.`orders_mv` MODIFY QUERY SELECT id, count() AS n FROM (SELECT * FROM `shop`.`source` WHERE ((ingested_at < toDateTime64('2024-01-01 00:10:00.000000', 6, 'UTC') OR ingested_at >= toDateTime64('2024-01-01 00:10:00.500000', 6, 'UTC')) OR 'tiendi: rebuild unfinished' = '')) AS `source` WHERE id > 0 GROUP BY id;
-- ask: SELECT toString(now64(6, 'UTC'))
--   2024-01-01 00:09:59.600000
-- wait
SELECT toUInt8(now64(6) >= toDateTime64('2024-01-01 00:10:00.000000', 6, 'UTC') OR (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:09:59.600000', 6, 'UTC')) = 0);
-- ask: SELECT toUInt8(now64(6) < toDateTime64('2024-01-01 00:10:00.000000', 6, 'UTC'))
--   1
-- wait
SELECT toUInt8(now64(6) > toDateTime64('2024-01-01 00:10:00.000000', 6, 'UTC') AND (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:10:00.000000', 6, 'UTC')) = 0);
-- swap
EXCHANGE TABLES `shop`.`_tiendi_hold_1c168adb00d208e4_0123456789ab` AND `shop`.`orders`;
-- ask: SELECT toString(now64(6, 'UTC'))
--   2024-01-01 00:10:00.100000
-- wait
SELECT toUInt8(now64(6) >= toDateTime64('2024-01-01 00:10:00.500000', 6, 'UTC') OR (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:10:00.100000', 6, 'UTC')) = 0);
-- ask: SELECT toUInt8(now64(6) < toDateTime64('2024-01-01 00:10:00.500000', 6, 'UTC'))
--   1
-- wait
SELECT toUInt8(now64(6) > toDateTime64('2024-01-01 00:10:00.500000', 6, 'UTC') AND (SELECT count() FROM system.processes WHERE match(query, '(?is)^\\s*insert\\s+into\\s+(table\\s+)?[^\\s(]*source') AND now64(6) - toIntervalMicrosecond(toUInt64(elapsed * 1000000)) <= toDateTime64('2024-01-01 00:10:00.500000', 6, 'UTC')) = 0);
-- main
INSERT INTO `shop`.`orders`
SELECT id, count() AS n FROM (SELECT * FROM `shop`.`source` WHERE ingested_at >= toDateTime64('2024-01-01 00:10:00.000000', 6, 'UTC') AND ingested_at < toDateTime64('2024-01-01 00:10:00.500000', 6, 'UTC')) AS `source` WHERE id > 0 GROUP BY id;
-- swap
ALTER TABLE `shop`.`orders_mv` MODIFY QUERY SELECT id, count() AS n FROM shop.source WHERE id > 0 GROUP BY id;
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_2`;
-- at the end
DROP TABLE IF EXISTS `shop`.`_tiendi_tmp_0123456789ab_1`;
