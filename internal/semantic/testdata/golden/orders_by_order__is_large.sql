SELECT parts.`order__is_large` AS `order__is_large`, parts.`orders` AS `orders`
FROM (
SELECT base.`d_is_large` AS `order__is_large`, count(base.`m_orders`) AS `orders`
FROM (SELECT amount >= 500 AS `d_is_large`, id AS `m_orders` FROM `shop`.`orders`) AS base
GROUP BY `order__is_large`
) AS parts
ORDER BY `order__is_large`
SETTINGS join_use_nulls = 1
