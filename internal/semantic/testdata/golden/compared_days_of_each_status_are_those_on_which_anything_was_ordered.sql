SELECT both.`metric_time__day` AS `metric_time__day`, both.`order__status` AS `order__status`, both.`raw_revenue` AS `raw_revenue`, both.`raw_revenue__previous` AS `raw_revenue__previous`, toFloat64(both.`raw_revenue`) / nullIf(toFloat64(both.`raw_revenue__previous`), 0) - 1 AS `raw_revenue__change`
FROM (
SELECT `metric_time__day`, `order__status`, max(_now) AS _now, any(`raw_revenue`) AS `raw_revenue`, any(`raw_revenue__previous`) AS `raw_revenue__previous`
FROM (
SELECT `metric_time__day`, `order__status`, 1 AS _now, `raw_revenue`, NULL AS `raw_revenue__previous` FROM (
SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`order__status` AS `order__status`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT base.`t_day` AS `metric_time__day`, base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `status` AS `d_status`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
WHERE (base.`d_status` IN ('open', 'cancelled') OR base.`t_day` < '2026-03-01')
GROUP BY `metric_time__day`, `order__status`
) AS parts
)
UNION ALL
SELECT addDays(earlier.`metric_time__day`, 1) AS `metric_time__day`, `order__status`, 0 AS _now, NULL AS `raw_revenue`, earlier.`raw_revenue` AS `raw_revenue__previous` FROM (
SELECT parts.`metric_time__day` AS `metric_time__day`, parts.`order__status` AS `order__status`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT base.`t_day` AS `metric_time__day`, base.`d_status` AS `order__status`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT toDate(`day`, 'UTC') AS `t_day`, `status` AS `d_status`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
WHERE (base.`d_status` IN ('open', 'cancelled') OR base.`t_day` < '2026-03-01')
GROUP BY `metric_time__day`, `order__status`
) AS parts
) AS earlier
)
GROUP BY `metric_time__day`, `order__status`
) AS both
QUALIFY ifNull(both.`metric_time__day` >= minIf(both.`metric_time__day`, both._now) OVER () AND both.`metric_time__day` <= maxIf(both.`metric_time__day`, both._now) OVER (), 1)
ORDER BY `metric_time__day`, `order__status`
SETTINGS join_use_nulls = 1
