SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`large_orders` AS `large_orders`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
