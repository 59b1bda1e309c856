SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`orders` AS `orders`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, count(base.`m_orders`) AS `orders`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
