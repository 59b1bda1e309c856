SELECT parts.`order__is_large` AS `order__is_large`, parts.`raw_revenue` AS `raw_revenue`
FROM (
SELECT base.`d_is_large` AS `order__is_large`, sumOrNull(base.`m_revenue`) AS `raw_revenue`
FROM (SELECT amount >= 500 AS `d_is_large`, amount AS `m_revenue` FROM `shop`.`orders`) AS base
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1
