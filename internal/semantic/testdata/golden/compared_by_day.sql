SELECT both.`metric_time__day` AS `metric_time__day`, coalesce(both.`revenue`, 0) AS `revenue`, coalesce(both.`revenue__previous`, 0) AS `revenue__previous`, toFloat64(coalesce(both.`revenue`, 0)) / nullIf(toFloat64(coalesce(both.`revenue__previous`, 0)), 0) - 1 AS `revenue__change`
FROM (
SELECT `metric_time__day`, any(`revenue`) AS `revenue`, any(`revenue__previous`) AS `revenue__previous`
FROM (
SELECT `metric_time__day`, `revenue`, NULL AS `revenue__previous` FROM (
SELECT parts.`metric_time__day` AS `metric_time__day`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT `metric_time__day`, any(`revenue`) AS `revenue`
FROM (
SELECT base.`t_day` AS `metric_time__day`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-02-10') AND toDate(`day`, 'UTC') < toDate('2026-02-20')) AS base
GROUP BY `metric_time__day`
UNION ALL
SELECT DISTINCT `day`, NULL FROM `shop`.`days` WHERE `day` >= toDate('2026-02-10') AND `day` < toDate('2026-02-20')
)
GROUP BY `metric_time__day`
) AS parts
)
UNION ALL
SELECT addDays(earlier.`metric_time__day`, 10) AS `metric_time__day`, NULL AS `revenue`, earlier.`revenue` AS `revenue__previous` FROM (
SELECT parts.`metric_time__day` AS `metric_time__day`, coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT `metric_time__day`, any(`revenue`) AS `revenue`
FROM (
SELECT base.`t_day` AS `metric_time__day`, sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-01-31') AND toDate(`day`, 'UTC') < toDate('2026-02-10')) AS base
GROUP BY `metric_time__day`
UNION ALL
SELECT DISTINCT `day`, NULL FROM `shop`.`days` WHERE `day` >= toDate('2026-01-31') AND `day` < toDate('2026-02-10')
)
GROUP BY `metric_time__day`
) AS parts
) AS earlier WHERE addDays(earlier.`metric_time__day`, 10) < toDate('2026-02-20') AND addDays(earlier.`metric_time__day`, 10) >= toDate('2026-02-10')
)
GROUP BY `metric_time__day`
) AS both
ORDER BY `metric_time__day`
SETTINGS join_use_nulls = 1
