SELECT coalesce(both.`revenue`, 0) AS `revenue`, coalesce(both.`revenue__previous`, 0) AS `revenue__previous`, toFloat64(coalesce(both.`revenue`, 0)) / nullIf(toFloat64(coalesce(both.`revenue__previous`, 0)), 0) - 1 AS `revenue__change`, coalesce(both.`order_count`, 0) AS `order_count`, coalesce(both.`order_count__previous`, 0) AS `order_count__previous`, toFloat64(coalesce(both.`order_count`, 0)) / nullIf(toFloat64(coalesce(both.`order_count__previous`, 0)), 0) - 1 AS `order_count__change`
FROM (
SELECT any(`revenue`) AS `revenue`, any(`revenue__previous`) AS `revenue__previous`, any(`order_count`) AS `order_count`, any(`order_count__previous`) AS `order_count__previous`
FROM (
SELECT `revenue`, NULL AS `revenue__previous`, `order_count`, NULL AS `order_count__previous` FROM (
SELECT coalesce(parts.`revenue`, 0) AS `revenue`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-03-01') AND toDate(`day`, 'UTC') < toDate('2026-04-01')) AS base
) AS parts
)
UNION ALL
SELECT NULL AS `revenue`, earlier.`revenue` AS `revenue__previous`, NULL AS `order_count`, earlier.`order_count` AS `order_count__previous` FROM (
SELECT coalesce(parts.`revenue`, 0) AS `revenue`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-01') AND toDate(`day`, 'UTC') < toDate('2026-03-01')) AS base
) AS parts
) AS earlier
)
) AS both
SETTINGS join_use_nulls = 1
