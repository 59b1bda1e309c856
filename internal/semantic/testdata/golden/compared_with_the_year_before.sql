SELECT coalesce(both.`order_count`, 0) AS `order_count`, coalesce(both.`order_count__previous`, 0) AS `order_count__previous`, toFloat64(coalesce(both.`order_count`, 0)) / nullIf(toFloat64(coalesce(both.`order_count__previous`, 0)), 0) - 1 AS `order_count__change`
FROM (
SELECT any(`order_count`) AS `order_count`, any(`order_count__previous`) AS `order_count__previous`
FROM (
SELECT `order_count`, NULL AS `order_count__previous` FROM (
SELECT coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT count(base.`m_orders`) AS `order_count`
FROM (SELECT id AS `m_orders` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-01') AND toDate(`day`, 'UTC') < toDate('2026-03-01')) AS base
) AS parts
)
UNION ALL
SELECT NULL AS `order_count`, earlier.`order_count` AS `order_count__previous` FROM (
SELECT coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT count(base.`m_orders`) AS `order_count`
FROM (SELECT id AS `m_orders` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2025-02-01') AND toDate(`day`, 'UTC') < toDate('2025-03-01')) AS base
) AS parts
) AS earlier
)
) AS both
SETTINGS join_use_nulls = 1
