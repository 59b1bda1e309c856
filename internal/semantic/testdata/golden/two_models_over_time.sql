SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`raw_revenue` AS `raw_revenue`, coalesce(parts.`new_customers`, 0) AS `new_customers`
FROM (
SELECT `metric_time__month`, any(`raw_revenue`) AS `raw_revenue`, any(`new_customers`) AS `new_customers`
FROM (
SELECT `metric_time__month`, `raw_revenue`, NULL AS `new_customers` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `new_customers` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, count(base.`m_new_customers`) AS `new_customers`
FROM (SELECT toDate(`since`, 'UTC') AS `t_day`, 1 AS `m_new_customers` FROM `shop`.`customers`) AS base
GROUP BY `metric_time__month`
)
)
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
