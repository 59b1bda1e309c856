SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`metric_time__quarter` AS `metric_time__quarter`, parts.`metric_time__year` AS `metric_time__year`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, toStartOfQuarter(base.`t_day`) AS `metric_time__quarter`, toStartOfYear(base.`t_day`) AS `metric_time__year`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`, `metric_time__quarter`, `metric_time__year`
) AS parts
ORDER BY `metric_time__month`, `metric_time__quarter`, `metric_time__year`
SETTINGS join_use_nulls = 1
