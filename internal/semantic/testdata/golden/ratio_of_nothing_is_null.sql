SELECT toFloat64(coalesce(parts.`paid_revenue`, 0)) / nullIf(toFloat64(parts.`raw_revenue`), 0) AS `paid_share`, round(toDecimal128((coalesce(parts.`raw_revenue`, 0)), 6) / nullIf(toInt64((coalesce(parts.`order_count`, 0))), 0), 2) AS `average_order`
FROM (
SELECT any(`paid_revenue`) AS `paid_revenue`, any(`raw_revenue`) AS `raw_revenue`, any(`order_count`) AS `order_count`
FROM (
SELECT `paid_revenue`, NULL AS `raw_revenue`, NULL AS `order_count` FROM (
SELECT sumOrNull(base.`m_revenue`) AS `paid_revenue`
FROM (SELECT amount AS `m_revenue`, `status` AS `d_status` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2025-01-01') AND toDate(`day`, 'UTC') < toDate('2025-02-01')) AS base
WHERE (base.`d_status` = 'paid')
)
UNION ALL
SELECT NULL, `raw_revenue`, `order_count` FROM (
SELECT sumOrNull(base.`m_revenue`) AS `raw_revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders` WHERE toDate(`day`, 'UTC') >= toDate('2025-01-01') AND toDate(`day`, 'UTC') < toDate('2025-02-01')) AS base
)
)
) AS parts
SETTINGS join_use_nulls = 1
