SELECT coalesce(both.`revenue`, 0) AS `revenue`, coalesce(both.`revenue__previous`, 0) AS `revenue__previous`, toFloat64(coalesce(both.`revenue`, 0)) / nullIf(toFloat64(coalesce(both.`revenue__previous`, 0)), 0) - 1 AS `revenue__change`
FROM (
SELECT any(`revenue`) AS `revenue`, any(`revenue__previous`) AS `revenue__previous`
FROM (
SELECT `revenue`, NULL AS `revenue__previous` FROM (
SELECT coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2024-02-29') AND toDate(`day`, 'UTC') < toDate('2024-03-01')) AS base
) AS parts
)
UNION ALL
SELECT NULL AS `revenue`, earlier.`revenue` AS `revenue__previous` FROM (
SELECT coalesce(parts.`revenue`, 0) AS `revenue`
FROM (
SELECT sumOrNull(base.`m_revenue`) AS `revenue`
FROM (SELECT amount AS `m_revenue` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2023-02-28') AND toDate(`day`, 'UTC') < toDate('2023-03-01')) AS base
) AS parts
) AS earlier
)
) AS both
SETTINGS join_use_nulls = 1
