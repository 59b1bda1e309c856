SELECT parts.`order__is_large` AS `order__is_large`, (round(toDecimal128((coalesce(parts.`revenue`, 0)), 6) / nullIf(toInt64((coalesce(parts.`order_count`, 0))), 0), 2)) * 2 + (toFloat64(coalesce(parts.`paid_revenue`, 0)) / nullIf(toFloat64(parts.`revenue`), 0)) AS `nested`, round(toDecimal128((coalesce(parts.`revenue`, 0)), 6) / nullIf(toInt64((coalesce(parts.`order_count`, 0))), 0), 2) AS `average_order`
FROM (
SELECT `order__is_large`, any(`revenue`) AS `revenue`, any(`order_count`) AS `order_count`, any(`paid_revenue`) AS `paid_revenue`
FROM (
SELECT `order__is_large`, `revenue`, `order_count`, NULL AS `paid_revenue` FROM (
SELECT base.`d_is_large` AS `order__is_large`, sumOrNull(base.`m_revenue`) AS `revenue`, count(base.`m_orders`) AS `order_count`
FROM (SELECT amount >= 500 AS `d_is_large`, amount AS `m_revenue`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `order__is_large`
)
UNION ALL
SELECT `order__is_large`, NULL, NULL, `paid_revenue` FROM (
SELECT base.`d_is_large` AS `order__is_large`, sumOrNull(base.`m_revenue`) AS `paid_revenue`
FROM (SELECT amount >= 500 AS `d_is_large`, amount AS `m_revenue`, `status` AS `d_status` FROM `shop`.`orders`) AS base
WHERE (base.`d_status` = 'paid')
GROUP BY `order__is_large`
)
)
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1
