SELECT parts.`order__is_large` AS `order__is_large`, parts.`largest` AS `largest`
FROM (
SELECT base.`d_is_large` AS `order__is_large`, maxOrNull(base.`m_largest`) AS `largest`
FROM (SELECT amount >= 500 AS `d_is_large`, amount AS `m_largest` FROM `shop`.`orders`) AS base
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1
