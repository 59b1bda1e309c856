SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`buyers` AS `buyers`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, uniqExact(base.`m_buyers`) AS `buyers`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
