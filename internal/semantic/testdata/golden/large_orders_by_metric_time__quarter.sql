SELECT parts.`metric_time__quarter` AS `metric_time__quarter`, parts.`large_orders` AS `large_orders`
FROM (
SELECT toStartOfQuarter(base.`t_day`) AS `metric_time__quarter`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__quarter`
) AS parts
ORDER BY `metric_time__quarter`
SETTINGS join_use_nulls = 1
