SELECT parts.`metric_time__week` AS `metric_time__week`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfWeek(base.`t_day`, 1) AS `metric_time__week`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-09') AND toDate(`day`, 'UTC') < toDate('2026-03-02')) AS base
GROUP BY `metric_time__week`
) AS parts
ORDER BY `metric_time__week`
SETTINGS join_use_nulls = 1
