SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`largest` AS `largest`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, maxOrNull(base.`m_largest`) AS `largest`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_largest` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
