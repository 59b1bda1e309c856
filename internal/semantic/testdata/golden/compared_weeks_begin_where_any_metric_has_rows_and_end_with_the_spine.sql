SELECT both.`metric_time__week` AS `metric_time__week`, coalesce(both.`revenue`, 0) AS `revenue`, coalesce(both.`revenue__previous`, 0) AS `revenue__previous`, toFloat64(coalesce(both.`revenue`, 0)) / nullIf(toFloat64(coalesce(both.`revenue__previous`, 0)), 0) - 1 AS `revenue__change`, coalesce(both.`order_count`, 0) AS `order_count`, coalesce(both.`order_count__previous`, 0) AS `order_count__previous`, toFloat64(coalesce(both.`order_count`, 0)) / nullIf(toFloat64(coalesce(both.`order_count__previous`, 0)), 0) - 1 AS `order_count__change`
FROM (
SELECT `metric_time__week`, max(_now) AS _now, any(`revenue`) AS `revenue`, any(`revenue__previous`) AS `revenue__previous`, any(`order_count`) AS `order_count`, any(`order_count__previous`) AS `order_count__previous`
FROM (
SELECT `metric_time__week`, 1 AS _now, `revenue`, NULL AS `revenue__previous`, `order_count`, NULL AS `order_count__previous` FROM (
SELECT parts.`metric_time__week` AS `metric_time__week`, coalesce(parts.`revenue`, 0) AS `revenue`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT `metric_time__week`, any(`revenue`) AS `revenue`, any(`order_count`) AS `order_count`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__week`
UNION ALL
SELECT DISTINCT toStartOfWeek(`day`, 1), NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__week`
) AS parts
QUALIFY ifNull(parts.`metric_time__week` >= minIf(parts.`metric_time__week`, parts.`revenue` IS NOT NULL OR parts.`order_count` IS NOT NULL) OVER (), 1)
)
UNION ALL
SELECT addDays(earlier.`metric_time__week`, 7) AS `metric_time__week`, 0 AS _now, NULL AS `revenue`, earlier.`revenue` AS `revenue__previous`, NULL AS `order_count`, earlier.`order_count` AS `order_count__previous` FROM (
SELECT parts.`metric_time__week` AS `metric_time__week`, coalesce(parts.`revenue`, 0) AS `revenue`, coalesce(parts.`order_count`, 0) AS `order_count`
FROM (
SELECT `metric_time__week`, any(`revenue`) AS `revenue`, any(`order_count`) AS `order_count`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__week`
UNION ALL
SELECT DISTINCT toStartOfWeek(`day`, 1), NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__week`
) AS parts
) AS earlier
)
GROUP BY `metric_time__week`
) AS both
QUALIFY ifNull(both.`metric_time__week` >= minIf(both.`metric_time__week`, both._now) OVER () AND both.`metric_time__week` <= maxIf(both.`metric_time__week`, both._now) OVER (), 1)
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
