SELECT both.`metric_time__month` AS `metric_time__month`, both.`raw_revenue` AS `raw_revenue`, both.`raw_revenue__previous` AS `raw_revenue__previous`, toFloat64(both.`raw_revenue`) / nullIf(toFloat64(both.`raw_revenue__previous`), 0) - 1 AS `raw_revenue__change`
FROM (
SELECT `metric_time__month`, max(_now) AS _now, any(`raw_revenue`) AS `raw_revenue`, any(`raw_revenue__previous`) AS `raw_revenue__previous`
FROM (
SELECT `metric_time__month`, 1 AS _now, `raw_revenue`, NULL AS `raw_revenue__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
) AS parts
)
UNION ALL
SELECT addMonths(earlier.`metric_time__month`, 1) AS `metric_time__month`, 0 AS _now, NULL AS `raw_revenue`, earlier.`raw_revenue` AS `raw_revenue__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `metric_time__month`
) AS parts
) AS earlier
)
GROUP BY `metric_time__month`
) AS both
QUALIFY ifNull(both.`metric_time__month` >= minIf(both.`metric_time__month`, both._now) OVER () AND both.`metric_time__month` <= maxIf(both.`metric_time__month`, both._now) OVER (), 1)
ORDER BY `metric_time__month`
SETTINGS join_use_nulls = 1
