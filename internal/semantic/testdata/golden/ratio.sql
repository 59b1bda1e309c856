SELECT parts.`order__is_large` AS `order__is_large`, toFloat64(coalesce(parts.`paid_revenue`, 0)) / nullIf(toFloat64(parts.`raw_revenue`), 0) AS `paid_share`
FROM (
SELECT `order__is_large`, any(`paid_revenue`) AS `paid_revenue`, any(`raw_revenue`) AS `raw_revenue`
FROM (
SELECT `order__is_large`, `paid_revenue`, NULL AS `raw_revenue` FROM (
SELECT base.`d_is_large` AS `order__is_large`, sumOrNull(base.`m_revenue`) AS `paid_revenue`
FROM (SELECT amount >= 500 AS `d_is_large`, amount AS `m_revenue`, `status` AS `d_status` FROM `shop`.`orders`) AS base
WHERE (base.`d_status` = 'paid')
GROUP BY `order__is_large`
)
UNION ALL
SELECT `order__is_large`, NULL, `raw_revenue` FROM (
SELECT base.`d_is_large` AS `order__is_large`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT amount >= 500 AS `d_is_large`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `order__is_large`
)
)
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1
