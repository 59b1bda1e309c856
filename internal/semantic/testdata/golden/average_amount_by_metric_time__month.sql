SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`average_amount` AS `average_amount`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, avgOrNull(base.`m_average_amount`) AS `average_amount`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_average_amount` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
