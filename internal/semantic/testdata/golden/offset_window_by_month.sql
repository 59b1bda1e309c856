SELECT parts.`metric_time__month` AS `metric_time__month`, toFloat64((coalesce(parts.`revenue`, 0))) / nullIf(toFloat64((coalesce(parts.`revenue_2`, 0))), 0) - 1 AS `revenue_growth`
FROM (
SELECT `metric_time__month`, any(`revenue`) AS `revenue`, any(`revenue_2`) AS `revenue_2`
FROM (
SELECT `metric_time__month`, `revenue`, NULL AS `revenue_2` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT `metric_time__month`, NULL, `revenue_2` FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `revenue_2`
FROM (SELECT addMonths(toDate(`day`, 'UTC'), 1) AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE addMonths(toDate(`day`, 'UTC'), 1) <= (SELECT max(`day`) FROM `shop`.`days`)) AS base
GROUP BY `metric_time__month`
)
UNION ALL
SELECT DISTINCT toStartOfMonth(`day`), NULL, NULL FROM `shop`.`days`
)
GROUP BY `metric_time__month`
) AS parts
QUALIFY ifNull(parts.`metric_time__month` >= minIf(parts.`metric_time__month`, parts.`revenue` IS NOT NULL OR parts.`revenue_2` IS NOT NULL) OVER (), 1)
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
