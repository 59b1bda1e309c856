SELECT both.`metric_time__month` AS `metric_time__month`, coalesce(both.`order_count`, 0) AS `order_count`, coalesce(both.`order_count__previous`, 0) AS `order_count__previous`, toFloat64(coalesce(both.`order_count`, 0)) / nullIf(toFloat64(coalesce(both.`order_count__previous`, 0)), 0) - 1 AS `order_count__change`, coalesce(both.`new_customers`, 0) AS `new_customers`, coalesce(both.`new_customers__previous`, 0) AS `new_customers__previous`, toFloat64(coalesce(both.`new_customers`, 0)) / nullIf(toFloat64(coalesce(both.`new_customers__previous`, 0)), 0) - 1 AS `new_customers__change`
FROM (
SELECT `metric_time__month`, max(_now) AS _now, any(`order_count`) AS `order_count`, any(`order_count__previous`) AS `order_count__previous`, any(`new_customers`) AS `new_customers`, any(`new_customers__previous`) AS `new_customers__previous`
FROM (
SELECT `metric_time__month`, 1 AS _now, `order_count`, NULL AS `order_count__previous`, `new_customers`, NULL AS `new_customers__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, coalesce(parts.`order_count`, 0) AS `order_count`, coalesce(parts.`new_customers`, 0) AS `new_customers`
FROM (
SELECT `metric_time__month`, any(`order_count`) AS `order_count`, any(`new_customers`) AS `new_customers`
FROM (
SELECT `metric_time__month`, `order_count`, NULL AS `new_customers` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `new_customers` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, count(base.`m_new_customers`) AS `new_customers`
FROM (SELECT toDate(`since`, 'UTC') AS `t_day`, 1 AS `m_new_customers` FROM `shop`.`customers`) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT DISTINCT toStartOfMonth(`day`), NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__month`
) AS parts
QUALIFY ifNull(parts.`metric_time__month` >= minIf(parts.`metric_time__month`, parts.`order_count` IS NOT NULL OR parts.`new_customers` IS NOT NULL) OVER (), 1)
)
UNION ALL
SELECT addMonths(earlier.`metric_time__month`, 1) AS `metric_time__month`, 0 AS _now, NULL AS `order_count`, earlier.`order_count` AS `order_count__previous`, NULL AS `new_customers`, earlier.`new_customers` AS `new_customers__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, coalesce(parts.`order_count`, 0) AS `order_count`, coalesce(parts.`new_customers`, 0) AS `new_customers`
FROM (
SELECT `metric_time__month`, any(`order_count`) AS `order_count`, any(`new_customers`) AS `new_customers`
FROM (
SELECT `metric_time__month`, `order_count`, NULL AS `new_customers` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `new_customers` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, count(base.`m_new_customers`) AS `new_customers`
FROM (SELECT toDate(`since`, 'UTC') AS `t_day`, 1 AS `m_new_customers` FROM `shop`.`customers`) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT DISTINCT toStartOfMonth(`day`), NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__month`
) AS parts
) AS earlier
)
GROUP BY `metric_time__month`
) AS both
QUALIFY ifNull(both.`metric_time__month` >= minIf(both.`metric_time__month`, both._now) OVER () AND both.`metric_time__month` <= maxIf(both.`metric_time__month`, both._now) OVER (), 1)
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
