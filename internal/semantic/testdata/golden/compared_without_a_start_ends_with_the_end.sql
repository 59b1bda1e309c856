SELECT both.`metric_time__month` AS `metric_time__month`, both.`order__status` AS `order__status`, both.`raw_revenue` AS `raw_revenue`, both.`raw_revenue__previous` AS `raw_revenue__previous`, toFloat64(both.`raw_revenue`) / nullIf(toFloat64(both.`raw_revenue__previous`), 0) - 1 AS `raw_revenue__change`
FROM (
SELECT `metric_time__month`, `order__status`, max(_now) AS _now, any(`raw_revenue`) AS `raw_revenue`, any(`raw_revenue__previous`) AS `raw_revenue__previous`
FROM (
SELECT `metric_time__month`, `order__status`, 1 AS _now, `raw_revenue`, NULL AS `raw_revenue__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`order__status` AS `order__status`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `status` AS `d_status`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') < toDate('2026-04-01')) AS base
GROUP BY `metric_time__month`, `order__status`
) AS parts
)
UNION ALL
SELECT addMonths(earlier.`metric_time__month`, 1) AS `metric_time__month`, `order__status`, 0 AS _now, NULL AS `raw_revenue`, earlier.`raw_revenue` AS `raw_revenue__previous` FROM (
SELECT parts.`metric_time__month` AS `metric_time__month`, parts.`order__status` AS `order__status`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT toStartOfMonth(base.`t_day`) AS `metric_time__month`, base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `status` AS `d_status`, amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') < toDate('2026-03-01')) AS base
GROUP BY `metric_time__month`, `order__status`
) AS parts
) AS earlier
)
GROUP BY `metric_time__month`, `order__status`
) AS both
QUALIFY ifNull(both.`metric_time__month` >= minIf(both.`metric_time__month`, both._now) OVER (), 1)
ORDER BY `metric_time__month`, `order__status`
SETTINGS join_use_nulls = 1
