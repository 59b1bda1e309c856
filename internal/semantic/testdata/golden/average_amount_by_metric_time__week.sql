SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`average_amount` AS `average_amount`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, avgOrNull(base.`m_average_amount`) AS `average_amount`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_average_amount` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
