SELECT both.`metric_time__month` AS `metric_time__month`, coalesce(both.`revenue`, 0) AS `revenue`, coalesce(both.`revenue__previous`, 0) AS `revenue__previous`, toFloat64(coalesce(both.`revenue`, 0)) / nullIf(toFloat64(coalesce(both.`revenue__previous`, 0)), 0) - 1 AS `revenue__change`
FROM (
SELECT `metric_time__month`, max(_now) AS _now, any(`revenue`) AS `revenue`, any(`revenue__previous`) AS `revenue__previous`
FROM (
SELECT `metric_time__month`, 1 AS _now, `revenue`, NULL AS `revenue__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT `metric_time__month`, any(`revenue`) AS `revenue`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-03-01')) AS base
GROUP BY `metric_time__month`
UNION ALL
SELECT DISTINCT toStartOfMonth(`day`), NULL FROM `shop`.`days` WHERE `day` >= toDate('2026-03-01')
)
GROUP BY `metric_time__month`
) AS parts
)
UNION ALL
SELECT addMonths(earlier.`metric_time__month`, 1) AS `metric_time__month`, 0 AS _now, NULL AS `revenue`, earlier.`revenue` AS `revenue__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT `metric_time__month`, any(`revenue`) AS `revenue`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-01')) AS base
GROUP BY `metric_time__month`
UNION ALL
SELECT DISTINCT toStartOfMonth(`day`), NULL FROM `shop`.`days` WHERE `day` >= toDate('2026-02-01')
)
GROUP BY `metric_time__month`
) AS parts
) AS earlier
)
GROUP BY `metric_time__month`
) AS both
QUALIFY ifNull(both.`metric_time__month` <= maxIf(both.`metric_time__month`, both._now) OVER (), 1)
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
