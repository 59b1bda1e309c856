SELECT parts.`metric_time__month` AS `metric_time__month`, coalesce(parts.`sessions`, 0) AS `sessions`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_sessions`) AS `sessions`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `sessions` AS `m_sessions` FROM `shop`.`traffic` WHERE `scope` = 'all') AS base
GROUP BY `metric_time__month`
) AS parts
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
