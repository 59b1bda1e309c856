SELECT parts.`metric_time` AS `metric_time`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT base.`t_day` AS `metric_time`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time`
) AS parts
ORDER BY `metric_time`
SETTINGS join_use_nulls = 1
