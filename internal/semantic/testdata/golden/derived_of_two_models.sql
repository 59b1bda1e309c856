SELECT toFloat64((parts.`line_revenue`)) / nullIf(toFloat64((parts.`raw_revenue`)), 0) AS `average_line_share`
FROM (
SELECT any(`line_revenue`) AS `line_revenue`, any(`raw_revenue`) AS `raw_revenue`
FROM (
SELECT `line_revenue`, NULL AS `raw_revenue` FROM (
SELECT sumOrNull(base.`m_line_revenue`) AS `line_revenue`
FROM (SELECT quantity * price AS `m_line_revenue` FROM `shop`.`order_lines`) AS base
)
UNION ALL
SELECT NULL, `raw_revenue` FROM (
SELECT sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT amount AS `m_revenue` FROM `shop`.`orders`) AS base
)
)
) AS parts
SETTINGS join_use_nulls = 1
