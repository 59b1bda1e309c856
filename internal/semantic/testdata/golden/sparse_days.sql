SELECT parts.`metric_time__day` AS `metric_time__day`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT base.`t_day` AS `metric_time__day`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
