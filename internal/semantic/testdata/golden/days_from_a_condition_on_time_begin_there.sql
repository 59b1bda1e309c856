SELECT parts.`metric_time__day` AS `metric_time__day`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT `metric_time__day`, any(`revenue`) AS `revenue`
FROM (
SELECT base.`t_day` AS `metric_time__day`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
WHERE (base.`t_day` >= '2026-01-01') AND (base.`t_day` < '2026-01-20')
GROUP BY `metric_time__day`
UNION ALL
SELECT DISTINCT `day`, NULL FROM `shop`.`days` WHERE (`day` >= '2026-01-01') AND (`day` < '2026-01-20')
)
GROUP BY `metric_time__day`
) AS parts
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
