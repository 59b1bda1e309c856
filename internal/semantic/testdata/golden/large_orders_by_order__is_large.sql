SELECT parts.`order__is_large` AS `order__is_large`, parts.`large_orders` AS `large_orders`
FROM (
SELECT base.`d_is_large` AS `order__is_large`, sumOrNull(if(base.`m_large_orders`, 1, 0)) AS `large_orders`
FROM (SELECT amount >= 500 AS `d_is_large`, amount >= 500 AS `m_large_orders` FROM `shop`.`orders`) AS base
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1
