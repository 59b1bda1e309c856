SELECT parts.`metric_time__quarter` AS `metric_time__quarter`, parts.`largest` AS `largest`
FROM (
SELECT toStartOfQuarter(base.`t_day`) AS `metric_time__quarter`, maxOrNull(base.`m_largest`) AS `largest`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_largest` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__quarter`
) AS parts
ORDER BY `metric_time__quarter`
SETTINGS join_use_nulls = 1
