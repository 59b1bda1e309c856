SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`largest` AS `largest`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, maxOrNull(base.`m_largest`) AS `largest`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_largest` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
