SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`stock_at_end` AS `stock_at_end`, parts.`stock_at_begin` AS `stock_at_begin`
FROM (
SELECT `metric_time__month`, any(`stock_at_end`) AS `stock_at_end`, any(`stock_at_begin`) AS `stock_at_begin`
FROM (
SELECT `metric_time__month`, `stock_at_end`, NULL AS `stock_at_begin` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_stock_at_end`) AS `stock_at_end`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, level AS `m_stock_at_end`, toDate(`day`, 'UTC') AS `t_last` FROM `shop`.`stock`) AS base
WHERE (base.`t_last`) IN (SELECT max(toDate(`day`, 'UTC')) FROM `shop`.`stock` GROUP BY toStartOfMonth(toDate(`day`, 'UTC')))
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `stock_at_begin` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_stock_at_begin`) AS `stock_at_begin`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, level AS `m_stock_at_begin`, toDate(`day`, 'UTC') AS `t_last` FROM `shop`.`stock`) AS base
WHERE (base.`t_last`) IN (SELECT min(toDate(`day`, 'UTC')) FROM `shop`.`stock` GROUP BY toStartOfMonth(toDate(`day`, 'UTC')))
GROUP BY `metric_time__month`
)
)
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
