SELECT parts.`metric_time__quarter` AS `metric_time__quarter`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfQuarter(base.`t_day`) AS `metric_time__quarter`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__quarter`
) AS parts
ORDER BY `metric_time__quarter`
SETTINGS join_use_nulls = 1
