SELECT parts.`metric_time__quarter` AS `metric_time__quarter`, parts.`orders` AS `orders`
FROM (
SELECT toStartOfQuarter(base.`t_day`) AS `metric_time__quarter`, count(base.`m_orders`) AS `orders`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__quarter`
) AS parts
ORDER BY `metric_time__quarter`
SETTINGS join_use_nulls = 1
