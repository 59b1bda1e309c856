SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`metric_time__month` AS `metric_time__month`, coalesce(parts.`order_count`, 0) AS `order_count`, coalesce(parts.`new_customers`, 0) AS `new_customers`
FROM (
SELECT `metric_time__day`, `metric_time__month`, any(`order_count`) AS `order_count`, any(`new_customers`) AS `new_customers`
FROM (
SELECT `metric_time__day`, `metric_time__month`, `order_count`, NULL AS `new_customers` FROM (
SELECT base.`t_day` AS `metric_time__day`, toStartOfMonth(base.`t_day`) AS `metric_time__month`, count(base.`m_orders`) AS `order_count`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__day`, `metric_time__month`
)
UNION ALL
SELECT `metric_time__day`, `metric_time__month`, NULL, `new_customers` FROM (
SELECT base.`t_day` AS `metric_time__day`, toStartOfMonth(base.`t_day`) AS `metric_time__month`, count(base.`m_new_customers`) AS `new_customers`
FROM (SELECT toDate(`since`, 'UTC') AS `t_day`, 1 AS `m_new_customers` FROM `shop`.`customers`) AS base
GROUP BY `metric_time__day`, `metric_time__month`
)
UNION ALL
SELECT DISTINCT `day`, toStartOfMonth(`day`), NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__day`, `metric_time__month`
) AS parts
QUALIFY ifNull(parts.`metric_time__day` >= minIf(parts.`metric_time__day`, parts.`order_count` IS NOT NULL OR parts.`new_customers` IS NOT NULL) OVER (), 1)
ORDER BY `metric_time__day`, `metric_time__month`
SETTINGS join_use_nulls = 1
