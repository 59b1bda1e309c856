SELECT parts.`metric_time__quarter` AS `metric_time__quarter`, parts.`average_amount` AS `average_amount`
FROM (
SELECT toStartOfQuarter(base.`t_day`) AS `metric_time__quarter`, avgOrNull(base.`m_average_amount`) AS `average_amount`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_average_amount` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__quarter`
) AS parts
ORDER BY `metric_time__quarter`
SETTINGS join_use_nulls = 1
