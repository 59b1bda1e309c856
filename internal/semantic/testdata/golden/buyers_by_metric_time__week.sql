SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`buyers` AS `buyers`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, uniqExact(base.`m_buyers`) AS `buyers`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
