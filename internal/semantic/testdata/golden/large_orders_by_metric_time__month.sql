SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`large_orders` AS `large_orders`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
