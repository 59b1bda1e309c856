SELECT parts.`metric_time__quarter` AS `metric_time__quarter`, parts.`buyers` AS `buyers`
FROM (
SELECT toStartOfQuarter(base.`t_day`) AS `metric_time__quarter`, uniqExact(base.`m_buyers`) AS `buyers`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, customer AS `m_buyers` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__quarter`
) AS parts
ORDER BY `metric_time__quarter`
SETTINGS join_use_nulls = 1
