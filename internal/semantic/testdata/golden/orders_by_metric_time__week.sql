SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`orders` AS `orders`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, count(base.`m_orders`) AS `orders`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
