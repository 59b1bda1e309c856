SELECT toFloat64((coalesce(parts.`revenue`, 0))) / nullIf(toFloat64((coalesce(parts.`revenue_2`, 0))), 0) - 1 AS `revenue_growth`
FROM (
SELECT any(`revenue`) AS `revenue`, any(`revenue_2`) AS `revenue_2`
FROM (
SELECT `revenue`, NULL AS `revenue_2` FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2026-03-01') AND toDate(`day`, 'UTC') < toDate('2026-04-01')) AS base
)
UNION ALL
SELECT NULL, `revenue_2` FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue_2`
FROM (SELECT amount AS `m_revenue` FROM `shop`.`orders` WHERE addMonths(toDate(`day`, 'UTC'), 1) >= toDate('2026-03-01') AND addMonths(toDate(`day`, 'UTC'), 1) < toDate('2026-04-01')) AS base
)
)
) AS parts
SETTINGS join_use_nulls = 1
